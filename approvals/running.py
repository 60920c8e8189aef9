"""走动中的环节：the mutable steps inside one replay; nothing outside the fold sees them. Pure."""

from collections.abc import Mapping
from datetime import date, datetime

from approvals.facts import ClockView, HowEnded, StepView
from approvals.timers import Timer
from services.definition import Stage, StageKind


class RunningStep:
    """一个打开过的环节"""

    def __init__(self, stage: Stage, round: int, opened_at: datetime, opened_on: date) -> None:
        self.stage, self.round, self.opened_at, self.opened_on = stage, round, opened_at, opened_on
        self.timer: Timer | None = None
        self.status, self.outcome = "open", ""
        self.ended_at: datetime | None = None
        self.late = self.objection = self.absent = False
        self.fact = 0
        self.pause = ""

    @property
    def is_posting(self) -> bool:
        """是不是公示"""
        return self.stage.kind == StageKind.POSTING

    def close(self, at: datetime, status: str, outcome: str = "", *, fact: int = 0) -> None:
        """环节结束; late if its limit had ended before."""
        self.status, self.outcome, self.ended_at, self.fact = status, outcome, at, fact
        if self.timer is not None:
            self.timer.close(at, HowEnded.STOPPED if status == "superseded" else HowEnded.MET)
            self.late = self.timer.how == HowEnded.LATE

    def view(self, clocks: Mapping[str, ClockView]) -> StepView:
        """给页面和接口看的样子"""
        return StepView(
            stage=self.stage,
            round=self.round,
            opened_at=self.opened_at,
            opened_on=self.opened_on,
            clock=clocks[self.timer.name] if self.timer else None,
            status=self.status,
            ended_at=self.ended_at,
            outcome=self.outcome,
            late=self.late,
            objection=self.objection,
            absent=self.absent,
            fact=self.fact,
        )
