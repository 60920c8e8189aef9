"""走动中的案件：the mutable case inside one replay – its clocks, steps and pauses. Pure.

`approvals.fold` drives it; nothing else may.
"""

from dataclasses import replace
from datetime import date, datetime

from approvals.facts import Calendars, CaseState, Effect, Fact, HowEnded, PauseView
from approvals.running import RunningStep
from approvals.timers import RUNGS, HourTimer, Timer, morning
from approvals.validity import reminded_on, valid_until
from portal.limits import LEGAL_ZONE, Pause, day_ended, day_of
from services.definition import (
    ItemDefinition,
    Limit,
    LimitUnit,
    OnTimeout,
    Required,
    Stage,
    StageKind,
    Timeout,
)
from services.lifecycle import POSITIVE, Manner, State

DECIDED = frozenset({State.APPROVED, State.REFUSED, State.RECORDED, State.COMPLETED, State.RENEWED})
CASE_CLOCKS = ("promised", "statutory", "expiry")
PLAIN = Timeout()


class RunningCase:
    """一件在推算中的案件: what facts and ended limits do to it."""

    def __init__(self, rules: ItemDefinition, calendars: Calendars) -> None:
        self.rules, self.calendars = rules, calendars
        self.calendar = calendars.versions[0].calendar
        self.state: State = State.DRAFT
        self.outcome = self.manner = ""
        self.effective_at: datetime | None = None
        self.accepted_at: datetime | None = None
        self.acceptance_deemed = False
        self.received_on: date  # of the filing, like the two without a value below
        self.counts_from: date | None = None
        self.expires_on: date | None = None
        self.opens_on: date  # of an item accepted on some days of the month only: not before this one
        self.complete_on: date  # day on which the complete application was received
        self.complete = self.owed = False
        self.to_bring: frozenset[str] = frozenset()
        self.not_waited_for = {m.key for m in rules.materials if m.filled_here or m.required == Required.OPTIONAL}
        self.corrections = 0
        self.extended = self.dead = self.passed = self.duplicate = self.reason_published = False
        self.raised = self.delivered = False
        self.reason_due_on: date | None = None
        self.timers: list[Timer] = []
        self.steps: list[RunningStep] = []
        self.pauses: dict[str, PauseView] = {}
        self.effects: list[Effect] = []
        self.linked: list[str] = []
        self.granted_until: date | None = None
        self.expiring_at: datetime | None = None  # until the reminder has come, or is not due any more
        self.receipt_waits = False
        self.now: datetime

    def result(self, at: datetime, next_look_at: datetime | None) -> CaseState:
        """到 at 为止的结果"""
        views = {timer.name: timer.view(at) for timer in self.timers}
        return CaseState(
            at=at,
            state=self.state,
            outcome=self.outcome,
            manner=self.manner,
            effective_at=self.effective_at,
            counts_from=self.counts_from,
            granted_until=self.granted_until,
            accepted_at=self.accepted_at,
            acceptance_deemed=self.acceptance_deemed,
            clocks=tuple(views[t.name] for t in self.timers if not t.step),
            steps=tuple(step.view(views) for step in self.steps),
            pauses=tuple(self.pauses.values()),
            effects=tuple(self.effects),
            next_look_at=next_look_at,
            complete=self.complete,
            to_bring=tuple(sorted(self.to_bring)),
            gathered=self._is_gathered(),
            corrections=self.corrections,
            extended=self.extended,
            dead=self.dead,
            passed=self.passed,
            duplicate=self.duplicate,
            reason_due_on=self.reason_due_on,
            reason_published=self.reason_published,
            linked=tuple(self.linked),
            receipt_waits=self.receipt_waits,
            calendar=self.calendar,
        )

    def _is_gathered(self) -> bool:
        """必须交的材料都在了: what is only to be brought is not; a form filled in here is, its signature is checked after."""
        return self.complete and self.to_bring <= self.not_waited_for

    def _is_posting(self, *, whole: bool) -> bool:
        """公示没有做完: one is running; for the whole case also one that has not had its turn."""
        if not whole:
            return any(s.is_posting and s.status == "open" for s in self.steps)
        posted = {s.stage.key for s in self.steps if s.outcome == "posted"}
        return any(s.kind == StageKind.POSTING and s.key not in posted for s in self.rules.running_stages())

    def _is_objected(self) -> bool:
        """会签里有不同意见: it goes to the decider, so silence must not decide."""
        return any(s.stage.kind == StageKind.REVIEW and s.outcome == "object" for s in self.steps)

    def _note(self, kind: str, timer: Timer, at: datetime, blocked: str = "") -> None:
        key = f"{timer.step or timer.key}#{timer.round}:{kind}"
        self.effects.append(
            Effect(key, kind, at, timer.step or timer.key, timer.step, timer.round, timer.citation, blocked)
        )

    def _accept(self, at: datetime, day: date, *, deemed: bool = False) -> None:
        self.state, self.accepted_at, self.acceptance_deemed = State.ACCEPTED, at, deemed
        self.counts_from = self.complete_on
        if self.rules.timeout.mode == OnTimeout.GRANT and self.rules.statutory:
            # formal acceptance if later; a deemed one is of the day of receipt and moves no date
            self._start_statutory(self._day_zero() if deemed else day, at).start_by(day, at)
        self._open_group(self._stages(), at, day)

    def _close_step(
        self, step: RunningStep, at: datetime, day: date, status: str, outcome: str, *, fact: int = 0
    ) -> None:
        """办完一步: its pauses end with it, and before its clock stops, or the step would have no last day for good."""
        self._end_step_pauses(step, day)
        step.close(at, status, outcome, fact=fact)

    def _after_step(self, step: RunningStep, at: datetime, day: date) -> None:
        """这一组都完了，开下一组 (a step's day 0 is the day its predecessor ended)."""
        if not any(s.status == "open" for s in self.steps):
            self._open_group([stage for stage in self._stages() if stage.group > step.stage.group], at, day)

    def _stages(self) -> list[Stage]:
        """现在走得到的环节：what hands out the result once there is one, until then all others; of a refusal only its telling."""
        decided, refused = self.state in DECIDED, self.state == State.REFUSED
        stages = [s for s in self.rules.running_stages() if (s.kind == StageKind.DELIVER) == decided]
        stages = [s for s in stages if not (refused and s.positive_only)]
        return [s for s in stages if not (self.delivered and s.hands_over)]  # what has been delivered is not again

    def _open_group(self, stages: list[Stage], at: datetime, day: date) -> None:
        for stage in stages:
            if stage.group == stages[0].group:
                self._open_stage(stage, at, day)

    def _open_stage(self, stage: Stage, at: datetime, day: date, round: int = 1) -> None:
        step = RunningStep(stage, round, at, day)
        self.steps.append(step)
        if stage.limit is None:
            if stage.external and stage.kind in {StageKind.REVIEW, StageKind.DECIDE}:
                self._hand_up(step, at, day)
            return
        posting = stage.kind == StageKind.POSTING
        step.timer = self._start(
            "posting" if posting else f"step:{stage.key}",
            day,
            stage.limit,
            started_at=at,
            timeout=stage.timeout,
            step=stage.key,
            rungs=() if posting else RUNGS,
        )
        due = step.timer.due
        if not stage.counts and stage.pauses and due and due > day:
            step.pause = f"{stage.key}#{round}"
            self._pause(PauseView(step.pause, stage.name, stage.pauses, day, due, None))

    def _hand_up(self, step: RunningStep, at: datetime, day: date) -> None:
        """已转报，上级的期限不知道：the township's own promise ends here if they decide; a review day stands in."""
        if step.stage.kind == StageKind.DECIDE:
            self._close("promised", at, HowEnded.MET)
        self._look_again(step, at, day)

    def _look_again(self, step: RunningStep, at: datetime, day: date) -> None:
        limit = Limit(step.stage.review_days, LimitUnit.DAY)
        step.timer = self._start("review", day, limit, started_at=at, step=step.stage.key, rungs=())

    def _end(self, state: State, manner: Manner, at: datetime) -> None:
        """整件有了结果: clocks stop, what is still open falls away, delivery begins."""
        self.state, self.outcome, self.manner, self.effective_at = state, state.value, manner.value, at
        signed = manner == Manner.SIGNED and state in DECIDED
        for timer in self.timers:
            timer.close(at, HowEnded.MET if signed and timer.key in CASE_CLOCKS else HowEnded.STOPPED)
        for step in self.steps:
            if step.status == "open":
                step.close(at, "superseded")
        day = day_ended(at) if manner == Manner.DEEMED else day_of(at)
        for pause in list(self.pauses.values()):
            self._end_pause(pause.id, day)
        if state in POSITIVE and self.rules.validity_months:
            self.granted_until = valid_until(self.rules, day, self.expires_on if state == State.RENEWED else None)
            self.expiring_at = morning(reminded_on(self.rules, day, self.granted_until))
        if state in DECIDED:
            self._open_group(self._stages(), at, day)
            if self.rules.delivery_days:
                self._start("delivery", day, Limit(self.rules.delivery_days), started_at=at)

    def _day_zero(self) -> date:
        """起算日: the day of receipt or supply, or the first on which the item is accepted again."""
        return max(self.complete_on, self.opens_on)

    def _start_clocks(self, day: date, at: datetime, *, intake: bool = True) -> None:
        """收件（或补齐）起表: intake, promised, statutory, expiry (engine section 4)."""
        if intake:
            self._start("intake", day, self.rules.intake, started_at=at, timeout=self.rules.intake_timeout)
        promise = self._timeout_of(OnTimeout.RECORD, OnTimeout.COMPLETE)
        self._start("promised", day, self.rules.promised, started_at=at, timeout=promise)
        if self.rules.statutory and self.rules.timeout.mode != OnTimeout.GRANT:
            self._start_statutory(day, at)
        if self.expires_on and self.expires_on >= self.received_on and not any(t.key == "expiry" for t in self.timers):
            renew = self._timeout_of(OnTimeout.RENEW)
            self._start("expiry", self.received_on, None, started_at=at, timeout=renew, fixed_on=self.expires_on)

    def _timeout_of(self, *modes: OnTimeout) -> Timeout:
        """整件的默认方式，是这几种才算: which clock of the case carries it."""
        return self.rules.timeout if self.rules.timeout.mode in modes else PLAIN

    def _enter(self, at: datetime, *, confirmed: bool) -> None:
        """补登：the clocks run from the declared day of receipt; what they would give by silence waits for the second person."""
        for timer in self.timers:
            if timer.ends_at <= at:
                timer.entered_at = at
                timer.changed()
        self.receipt_waits = True
        if confirmed:
            self._confirm(at)

    def _confirm(self, at: datetime) -> None:
        self.receipt_waits = False
        for timer in self.timers:
            if timer.floor_on is None and timer.ended_at is None:
                timer.confirmed(at)

    def _start_statutory(self, day: date, at: datetime) -> Timer:
        grant = self._timeout_of(OnTimeout.GRANT)
        rungs = () if grant is PLAIN else RUNGS  # the promise, which is the earlier, has its own cards
        return self._start("statutory", day, self.rules.statutory, started_at=at, timeout=grant, rungs=rungs)

    def _spot_day(self, day: date, at: datetime) -> date:
        """即办: after closing hour (a default's end is), or on a rest day, it starts on the next working day."""
        closed = at >= datetime.combine(day, self.calendars.closing_on(day, at), LEGAL_ZONE)
        return self.calendar.next_workday(day) if closed or not self.calendar.is_workday(day) else day

    def _start(
        self,
        key: str,
        day: date,
        limit: Limit | None,
        *,
        started_at: datetime,
        timeout: Timeout = PLAIN,
        fixed_on: date | None = None,
        step: str = "",
        rungs: tuple[str, ...] = RUNGS,
    ) -> Timer:
        kind = HourTimer if limit and limit.unit == LimitUnit.HOUR else Timer
        timer = kind(
            key,
            calendars=self.calendars,
            calendar=self.calendar,
            started_on=self._spot_day(day, started_at) if limit and limit.length == 0 else day,
            started_at=started_at,
            limit=limit,
            fixed_on=fixed_on,
            mode=timeout.mode,
            citation=timeout.citation,
            round=1 + sum((t.key, t.step) == (key, step) for t in self.timers),
            step=step,
            rungs=rungs,
        )
        self.timers.append(timer)
        return timer

    def _open(self, *keys: str) -> list[Timer]:
        return [timer for timer in self.timers if timer.key in keys and timer.ended_at is None]

    def _stop(self, *keys: str) -> None:
        for timer in self._open(*keys):
            timer.close(self.now, HowEnded.STOPPED)

    def _close(self, key: str, at: datetime, how: HowEnded) -> None:
        """停最近的一轮"""
        for timer in [t for t in self.timers if t.key == key][-1:]:
            timer.close(at, how)

    def _pause(self, pause: PauseView) -> None:
        self.pauses[pause.id] = pause
        for timer in self.timers:
            paused = timer.key in pause.clocks or (pause.step and pause.step == timer.step)
            # what happens at an end, or later, does not move it
            if paused and timer.ended_at is None and timer.ends_at > self.now:
                timer.pauses[pause.id] = Pause(pause.start, None, pause.reason)
                timer.planned[pause.id] = pause.until
                timer.changed()

    def _end_pause(self, key: str, day: date) -> None:
        pause = self.pauses.get(key)
        if pause is None or pause.ended_on is not None:
            return
        day = max(day, pause.start)
        self.pauses[key] = replace(pause, ended_on=day)
        for timer in self.timers:
            if key in timer.pauses and timer.ended_at is None:
                timer.pauses[key] = Pause(pause.start, day, pause.reason)
                timer.changed()

    def _end_step_pauses(self, step: RunningStep, day: date) -> None:
        for pause in list(self.pauses.values()):
            if step.pause == pause.id or step.stage.key == pause.step:
                self._end_pause(pause.id, day)

    def _at(self, fact: Fact, *kinds: StageKind) -> list[RunningStep]:
        """这件事实说的环节，还开着、是这几种才算; none when it comes too late."""
        found = [s for s in self.steps if s.stage.key == fact.data["step"] and s.status == "open"]
        return [step for step in found if step.stage.kind in kinds]
