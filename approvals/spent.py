"""用了几天：the days a result took as its promise counts them, and whether the promise was kept. Pure."""

from dataclasses import dataclass, replace
from datetime import date

from approvals.clock import TimeLimit, Unit, day_ended, day_of, paused_days, used
from approvals.facts import CaseState, ClockView
from approvals.replay import DECIDED
from services.definition import StageKind
from services.lifecycle import Manner


@dataclass(frozen=True, slots=True)
class Spent:
    """承诺期限用掉的: in the promise's own unit; what pauses took out is counted apart, an extension is none of it."""

    days: int
    paused: int
    extended_by: int
    unit: Unit
    handed_up: bool  # the promise ended when the case was handed up; what came after is not the township's


def spent(state: CaseState) -> Spent | None:
    """结果出来时承诺期限用了几天; None where nothing was decided. After a correction only the last round counts."""
    clock = state.clock("promised")
    if clock is None or state.effective_at is None or state.state not in DECIDED:
        return None
    handed_up = _handed_up_on(state)
    day = day_ended(state.effective_at) if state.manner == Manner.DEEMED else day_of(state.effective_at)
    on = handed_up or day
    limit = _closed(clock.days, on)
    return Spent(
        days=used(limit, clock.calendar, on) + _past(clock, on),
        paused=paused_days(limit, clock.calendar, on),
        extended_by=limit.extended_by,
        unit=limit.unit,
        handed_up=handed_up is not None,
    )


def _handed_up_on(state: CaseState) -> date | None:
    """转报上级的那天: the county decides and has published no limit."""
    opened = (
        step.opened_on
        for step in state.steps
        if step.stage.kind == StageKind.DECIDE and step.stage.external and step.stage.limit is None
    )
    return next(opened, None)


def _closed(limit: TimeLimit, on: date) -> TimeLimit:
    """还开着的中止算到那一天: a clock that stopped while it was paused keeps its pause open."""
    pauses = tuple(pause if pause.end else replace(pause, end=max(pause.start, on)) for pause in limit.pauses)
    return replace(limit, pauses=pauses)


def _past(clock: ClockView, on: date) -> int:
    """过了最后一天以后的天数: of the day the clock itself gives, so that the figure never contradicts its verdict."""
    if clock.due_on is None or on <= clock.due_on:
        return 0
    return clock.calendar.count_workdays(clock.due_on, on) if clock.days.unit is Unit.WORKDAY else (on - clock.due_on).days
