"""案件的另一种算法 – a second, slow and literal reading of the engine, to compare with the fold.

It walks from day to day. Every midnight it counts every open clock again from nothing (tests.naive_limits),
fires what has ended, and between midnights takes the facts one by one. It never asks the fold, its parts,
or portal.limits to count anything.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from approvals.facts import LADDER, Calendars, CaseState, Fact
from portal.limits import Pause, TimeLimit, Unit
from portal.workdays import WorkCalendar
from services.definition import Citation, ItemDefinition, Limit, OnTimeout, Stage, StageKind, Timeout
from tests.naive_limits import DAY, SHANGHAI, naive_is_workday, naive_reading

AFTER_THE_OUTCOME = ("opinion", "died", "reason_published", "rectified", "revoked", "renounced", "delivered")
FINAL_BY_REJECTION = ("not_accepted", "not_required", "not_ours", "forwarded")
CASE_CLOCKS = ("promised", "statutory", "expiry")
STOPPABLE = (OnTimeout.CONSENT, OnTimeout.RECORD, OnTimeout.COMPLETE, OnTimeout.GRANT)
# at the same end: accept, consent, record or complete, renew, grant; what only lapses or runs out comes last
PLAIN = (
    "state", "outcome", "manner", "effective_at", "counts_from", "accepted_at", "acceptance_deemed",
    "corrections", "extended", "dead", "reason_due_on", "reason_published",
    "linked",
)  # fmt: skip
RANKS = {"accept": 0, "consent": 1, "record": 2, "complete": 2, "renew": 3, "grant": 4}


def midnight_after(day: date) -> datetime:
    """24:00 of the day."""
    return datetime.combine(day + DAY, time(), SHANGHAI).astimezone(UTC)


def local_day(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()


def next_working_day(day: date, calendar: WorkCalendar) -> date:
    day += DAY
    while not naive_is_workday(day, calendar):
        day += DAY
    return day


@lru_cache(maxsize=100_000)
def last_day(limit: TimeLimit, calendar: WorkCalendar) -> date | None:
    return naive_reading(limit, calendar)[0]


@dataclass
class Clock:
    key: str
    round: int
    mode: OnTimeout
    citation: Citation | None
    day_zero: date
    length: int
    unit: Unit
    opened_under: int
    step: str = ""
    fixed_day: date | None = None
    extended_by: int = 0
    ended_at: datetime | None = None
    how: str = ""
    over: bool = False  # declared receipt: it had ended before the paper was entered
    floor: date | None = None  # the working day after its receipt was confirmed by a second person
    last_due: date | None = None  # as it stood when the clock stopped


@dataclass
class Step:
    stage: Stage
    round: int
    opened_at: datetime
    opened_on: date
    clock: Clock | None
    status: str = "open"
    ended_at: datetime | None = None
    outcome: str = ""
    late: bool = False
    objection: bool = False


@dataclass
class Halt:
    """A pause: by notice, or the stage that does not count and stops clocks while it runs."""

    id: str
    clocks: tuple[str, ...]
    step: str
    start: date
    until: date  # planned
    ended_on: date | None = None


@dataclass
class NaiveCase:
    rules: ItemDefinition
    calendars: Calendars
    now: datetime
    entry: datetime | None = None  # of a paper that came earlier
    looking: bool = False  # not walking: everything that ended by now has been fired
    state: str = "draft"
    outcome: str = ""
    manner: str = ""
    effective_at: datetime | None = None
    counts_from: date | None = None
    accepted_at: datetime | None = None
    acceptance_deemed: bool = False
    received_on: date = date.min
    receipt_day: date = date.min  # day on which the complete application was received
    complete: bool = False
    owed: bool = False  # a correction notice has not been answered in full
    corrections: int = 0
    extended: bool = False
    dead: bool = False
    duplicate: bool = False
    reason_due_on: date | None = None
    reason_published: bool = False
    clocks: list[Clock] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    halts: list[Halt] = field(default_factory=list)
    effects: list[tuple[str, str, str, int, datetime]] = field(default_factory=list)
    linked: tuple[str, ...] = ()  # acts that stand beside the outcome

    # -- counting ---------------------------------------------------------------------------------

    def known(self) -> int:
        """How many calendars are in force; one published at the instant of an end is too late for it."""
        now = max(self.now, self.entry or self.now)
        return max(
            1, sum(v.at <= now if self.looking else v.at < now for v in self.calendars.versions)
        )

    def calendar(self) -> WorkCalendar:
        return self.calendars.versions[self.known() - 1].calendar

    def pauses_of(self, clock: Clock) -> tuple[Pause, ...]:
        found = []
        for halt in self.halts:
            if clock.key in halt.clocks or (clock.step and clock.step == halt.step):
                found.append(Pause(halt.start, halt.ended_on, ""))
        return tuple(found)

    def due(self, clock: Clock) -> date | None:
        """The last day of the clock as it stands now, counted from nothing; None while it is paused."""
        if clock.ended_at is not None:
            return clock.last_due
        if not clock.over or clock.mode not in (*STOPPABLE, OnTimeout.RENEW):
            return self.fixed_or_counted(clock)
        if clock.floor is None:
            return None  # a second person has yet to confirm the scan
        day = clock.floor - DAY
        return self.moved(clock, self.next_unpaused(clock, day, self.calendar()), self.calendar())

    def fixed_or_counted(self, clock: Clock) -> date | None:
        """The last day as if the paper had been entered when it came."""
        if clock.fixed_day is not None:
            return clock.fixed_day
        limit = TimeLimit(clock.day_zero, clock.length, clock.unit, clock.extended_by, self.pauses_of(clock))
        calendar = self.calendars.versions[clock.opened_under - 1].calendar
        due = self.moved(clock, last_day(limit, calendar), calendar)
        for version in self.calendars.versions[clock.opened_under : self.known()]:
            fresh = self.moved(clock, last_day(limit, version.calendar), version.calendar)
            if due is None or fresh is None:
                return None
            floor = self.next_unpaused(clock, local_day(version.at), version.calendar)
            due = fresh if fresh >= due else max(fresh, min(floor or due, due))
            calendar = version.calendar
        return self.moved(clock, due, calendar)

    def moved(self, clock: Clock, due: date | None, calendar: WorkCalendar) -> date | None:
        """Only an outage and a freeze move an end, and only one that would bring a default."""
        while due is not None and clock.mode in STOPPABLE:
            if due in self.calendars.outages:
                due = self.next_unpaused(clock, due, calendar)
                continue
            end = midnight_after(due)
            frozen = [f for f in self.calendars.freezes if f[0] < end and (not f[1] or end < f[1])]
            if not frozen:
                return due
            due = (
                None if frozen[0][1] is None else self.next_unpaused(clock, local_day(frozen[0][1]), calendar)
            )
        return due

    def next_unpaused(self, clock: Clock, day: date, calendar: WorkCalendar) -> date | None:
        """The next working day on which no pause runs or begins; None while one is open."""
        day = next_working_day(day, calendar)
        for pause in sorted(self.pauses_of(clock), key=lambda pause: pause.start):
            if pause.end is None and day >= pause.start:
                return None
            while pause.end is not None and (pause.covers(day) or pause.start == day < pause.end):
                day = next_working_day(day, calendar)
        return day

    def provisional(self, clock: Clock) -> bool:
        due = self.due(clock)
        calendar = self.calendar()
        return bool(
            due and clock.fixed_day is None and due > clock.day_zero and due > calendar.published_through
        )

    # -- clocks ------------------------------------------------------------------------------------

    def start(
        self,
        key: str,
        limit: Limit,
        timeout: Timeout,
        day_zero: date,
        *,
        step: str = "",
        number: int = 0,
        by_end: bool = False,
    ) -> Clock:
        day = self.on_the_spot(day_zero, by_end) if limit.length == 0 else day_zero
        number = number or 1 + sum(c.key == key for c in self.clocks)
        unit = Unit(limit.unit)
        clock = Clock(
            key, number, timeout.mode, timeout.citation, day, limit.length, unit, self.known(), step
        )
        self.clocks.append(clock)
        return clock

    def on_the_spot(self, day: date, by_end: bool) -> date:
        calendar = self.calendar()
        # the day is over: an end at midnight, or a paper of which only the day of receipt is known
        after_hours = local_day(self.now) > day or self.now.astimezone(SHANGHAI).time() >= self.calendars.closes_at
        if after_hours or not naive_is_workday(day, calendar):
            return next_working_day(day, calendar)
        return day

    def running(self, key: str) -> Clock | None:
        for clock in self.clocks:
            if clock.key == key and clock.ended_at is None:
                return clock
        return None

    def end_clock(self, clock: Clock, how: str) -> None:
        clock.last_due = self.due(clock)
        clock.ended_at, clock.how = self.now, how

    def stop(self, clock: Clock | None, how: str) -> None:
        """Stops a running clock; one that has lapsed becomes late when the act it waited for is done."""
        if clock is None:
            return
        if clock.ended_at is None:
            self.end_clock(clock, how)
        elif clock.how == "lapsed" and how == "met":
            clock.how = "late"

    def latest(self, key: str) -> Clock | None:
        for clock in reversed(self.clocks):
            if clock.key == key:
                return clock
        return None

    def open_case_clocks(self, day_zero: date, *, by_end: bool = False) -> None:
        timeout = self.rules.timeout
        plain = Timeout()
        promise = timeout if timeout.mode in (OnTimeout.RECORD, OnTimeout.COMPLETE) else plain
        self.start("promised", self.rules.promised, promise, day_zero, by_end=by_end)
        if self.rules.statutory is not None and timeout.mode != OnTimeout.GRANT:
            self.start("statutory", self.rules.statutory, plain, day_zero, by_end=by_end)

    # -- what ends by itself ------------------------------------------------------------------------

    def midnight(self) -> None:
        """Everything whose last day ended now, as it stood just before now, in the order of the engine."""
        due = [
            c
            for c in self.clocks
            if c.ended_at is None and (day := self.due(c)) and midnight_after(day) == self.now
        ]
        due.sort(key=lambda c: RANKS.get(c.mode, 9))
        for halt in self.halts:
            if halt.ended_on is None and midnight_after(halt.until) == self.now:
                halt.ended_on = halt.until
        for clock in due:
            if clock.ended_at is None:
                self.fire(clock)

    def fire(self, clock: Clock) -> None:
        provisional = self.provisional(clock)
        if clock.step:
            self.fire_step(clock, provisional)
        elif clock.key == "intake":
            repealed = self.repealed(clock) and not self.rules.licence
            if clock.mode == OnTimeout.ACCEPT and not repealed:
                self.default(clock, "accept")
                self.accept(by_end=True)
                self.acceptance_deemed = True
            else:
                self.lapse(clock, "escalate")
        elif clock.key == "answer":
            self.fire_answer(clock)
        elif clock.key == "expiry":
            self.fire_renewal(clock)
        elif clock.mode == OnTimeout.ESCALATE or self.blocked(clock, provisional):
            self.lapse(clock, "escalate")
        else:
            self.default(clock, clock.mode.value)
            states = {"record": "recorded", "complete": "completed", "grant": "approved"}
            if clock.mode == OnTimeout.RECORD:
                self.counts_from = self.receipt_day
            self.finish(states[clock.mode.value], "deemed")

    def fire_answer(self, clock: Clock) -> None:
        if self.rules.on_no_answer == "withdrawn" and self.rules.no_answer_citation and not self.dead:
            self.lapse(clock, "lapse")
            self.finish("withdrawn_deemed", "deemed")
            return
        self.lapse(clock, "decide")
        self.open_case_clocks(local_day(self.now) - DAY, by_end=True)
        self.accept(by_end=True)

    def fire_renewal(self, clock: Clock) -> None:
        early = (
            clock.fixed_day is not None
            and (clock.fixed_day - self.received_on).days >= self.rules.renewal_days
        )
        repealed = self.repealed(clock) and not self.rules.licence
        if (
            self.state == "accepted"
            and early
            and not self.owed
            and not repealed
            and clock.mode == OnTimeout.RENEW
        ):
            self.default(clock, "renew")
            self.finish("renewed", "deemed")
        else:
            self.lapse(clock, "escalate")

    def fire_step(self, clock: Clock, provisional: bool) -> None:
        step = next(s for s in self.steps if s.clock is clock)
        if step.stage.kind == StageKind.POSTING and step.objection:
            self.end_clock(clock, "met")  # it waits for the finding
        elif step.stage.kind == StageKind.POSTING:
            self.end_clock(clock, "met")
            self.effects.append(("posted", clock.key, clock.step, clock.round, self.now))
            self.end_step(step, "done", "posted")
        elif clock.mode == OnTimeout.CONSENT and not self.blocked(clock, provisional):
            self.default(clock, "consent")
            self.end_step(step, "deemed", "consent")
        else:
            self.lapse(clock, "escalate")

    def default(self, clock: Clock, kind: str) -> None:
        self.end_clock(clock, "default")
        self.effects.append((kind, clock.key, clock.step, clock.round, self.now))

    def lapse(self, clock: Clock, kind: str) -> None:
        self.end_clock(clock, "lapsed")
        self.effects.append((kind, clock.key, clock.step, clock.round, self.now))
        if clock.key in CASE_CLOCKS and self.reason_due_on is None:
            day = local_day(self.now) - DAY
            for _ in range(3):
                day = next_working_day(day, self.calendar())
            self.reason_due_on = day

    def repealed(self, clock: Clock) -> bool:
        if clock.citation is None:
            return False
        on = self.due(clock) or local_day(self.now) - DAY
        until = clock.citation.in_force_until
        known = self.calendars.repealed.get(clock.citation.title)
        return bool(until and date.fromisoformat(until) < on) or bool(known and known < on)

    def blocked(self, clock: Clock, provisional: bool) -> bool:
        """Does one of the things that stop a default hold at this end?"""
        postings = [s for s in self.steps if s.stage.kind == StageKind.POSTING]
        unfinished = any(s.status == "open" for s in postings)
        if clock.key in CASE_CLOCKS:
            done = {s.stage.key for s in postings if s.status == "done"}
            unfinished |= any(
                s.kind == StageKind.POSTING and s.key not in done for s in self.rules.running_stages()
            )
        wanting = clock.mode in (OnTimeout.RECORD, OnTimeout.COMPLETE) and not self.complete
        if clock.key in CASE_CLOCKS:
            unfinished |= any(s.stage.kind == StageKind.REVIEW and s.outcome == "object" for s in self.steps)
        return self.repealed(clock) or provisional or unfinished or wanting or self.dead or self.duplicate

    # -- the course of the case -----------------------------------------------------------------------

    def accept(self, *, by_end: bool) -> None:
        self.state, self.accepted_at, self.counts_from = "accepted", self.now, self.receipt_day
        day = local_day(self.now - timedelta(microseconds=int(by_end)))
        if self.rules.timeout.mode == OnTimeout.GRANT and self.rules.statutory is not None:
            deemed = by_end and not self.owed
            clock = self.start(
                "statutory", self.rules.statutory, self.rules.timeout, self.receipt_day if deemed else day
            )
            due = self.due(clock)
            if due is not None and midnight_after(due) <= self.now:
                clock.day_zero = day
        groups = sorted({s.group for s in self.rules.running_stages() if s.kind != StageKind.DELIVER})
        if groups:
            self.open_group(groups[0], deliver=False, by_end=by_end)

    def open_group(self, group: int, *, deliver: bool, by_end: bool) -> None:
        for stage in self.rules.running_stages():
            if stage.group == group and (stage.kind == StageKind.DELIVER) == deliver:
                self.open_step(stage, 1, by_end=by_end)

    def open_step(self, stage: Stage, number: int, *, by_end: bool) -> None:
        day = local_day(self.now - timedelta(microseconds=int(by_end)))
        clock = None
        if stage.limit is not None:
            clock = self.start(
                stage.key, stage.limit, stage.timeout, day, step=stage.key, number=number, by_end=by_end
            )
        self.steps.append(Step(stage, number, self.now, day, clock))
        if clock is not None and stage.pauses and not stage.counts:
            planned = self.due(clock)
            clocks = tuple(key for key in stage.pauses if not self.ends_now(key))
            if planned is not None and planned > day:
                self.halts.append(Halt(f"stage:{stage.key}:{number}", clocks, "", day, planned))

    def ends_now(self, key: str) -> bool:
        """Does this clock end at this very instant? Then nothing that happens now can move it."""
        clock = self.running(key)
        due = self.due(clock) if clock else None
        return due is not None and midnight_after(due) <= self.now

    def end_step(self, step: Step, status: str, outcome: str) -> None:
        step.status, step.outcome, step.ended_at = status, outcome, self.now
        by_end = outcome in ("posted", "consent")
        if step.clock is not None:
            step.late = step.clock.how == "lapsed"
            self.stop(step.clock, "met")
        self.end_pauses_of(step, local_day(self.now - timedelta(microseconds=int(by_end))))
        if any(s.status == "open" for s in self.steps):
            return
        deliver = step.stage.kind == StageKind.DELIVER
        stages = [s for s in self.rules.running_stages() if (s.kind == StageKind.DELIVER) == deliver]
        later = [s.group for s in stages if s.group > step.stage.group]
        if later and (deliver or self.outcome == ""):
            self.open_group(min(later), deliver=deliver, by_end=by_end)

    def end_pauses_of(self, step: Step, day: date) -> None:
        for halt in self.halts:
            own = halt.id == f"stage:{step.stage.key}:{step.round}" or halt.step == step.stage.key
            if own and halt.ended_on is None:
                halt.ended_on = day

    def finish(self, state: str, manner: str, *, how: str = "stopped") -> None:
        """The case has its outcome; delivery follows a decision and a default that gives something."""
        self.state = self.outcome = state
        self.manner, self.effective_at = manner, self.now
        for clock in self.clocks:
            self.stop(clock, how if clock.key in CASE_CLOCKS else "stopped")
        for step in self.steps:
            if step.status == "open":
                step.status, step.ended_at = "superseded", self.now
        for halt in self.halts:
            last = local_day(self.now - timedelta(microseconds=int(manner == "deemed")))
            halt.ended_on = halt.ended_on or max(halt.start, last)
        if state in ("approved", "refused", "recorded", "completed", "renewed"):
            groups = [s.group for s in self.rules.running_stages() if s.kind == StageKind.DELIVER]
            if groups:
                self.open_group(min(groups), deliver=True, by_end=manner == "deemed")
            if self.rules.delivery_days:
                day = local_day(self.now - timedelta(microseconds=int(manner == "deemed")))
                self.start("delivery", Limit(self.rules.delivery_days), Timeout(), day)

    # -- facts -----------------------------------------------------------------------------------------

    def take(self, fact: Fact) -> None:
        taker = getattr(self, f"on_{fact.kind}", None)
        if taker is None:
            return
        if self.outcome and fact.kind not in AFTER_THE_OUTCOME:
            return
        taker(fact.data)

    def on_filed(self, data: Any) -> None:
        if self.state != "draft":
            return
        self.state, self.complete = "submitted", bool(data.get("complete"))
        self.received_on = self.receipt_day = date.fromisoformat(data["received_on"])
        self.start("intake", self.rules.intake, self.rules.intake_timeout, self.received_on)
        self.open_case_clocks(self.received_on)
        if data.get("expires_on"):
            timeout = self.rules.timeout if self.rules.timeout.mode == OnTimeout.RENEW else Timeout()
            day = date.fromisoformat(data["expires_on"])
            if day >= self.received_on:
                self.start("expiry", Limit(1), timeout, self.received_on).fixed_day = day
        if self.received_on < local_day(self.now):
            self.enter_late(data)

    def enter_late(self, data: Any) -> None:
        """Paper that came earlier: what has ended by the entry ends at its own end, acceptance at the entry."""
        self.entry = entry = self.now
        over = [(day, c) for c in self.clocks if (day := self.due(c)) and midnight_after(day) <= entry]
        for _, clock in over:
            clock.over = True
        if data.get("confirmed"):
            self.on_receipt_confirmed({})
        ending = [row for row in over if row[1].mode not in (*STOPPABLE, OnTimeout.RENEW)]
        for day, clock in sorted(ending, key=lambda row: (row[1].mode == OnTimeout.ACCEPT, row[0])):
            self.now = entry if clock.mode == OnTimeout.ACCEPT else midnight_after(day)
            if clock.ended_at is None:
                self.fire(clock)
        self.now = entry

    def on_receipt_confirmed(self, data: Any) -> None:
        for clock in self.clocks:
            if clock.over and clock.floor is None:
                clock.floor = next_working_day(local_day(self.now), self.calendar())

    def on_accepted(self, data: Any) -> None:
        if self.state == "submitted":
            self.stop(self.latest("intake"), "met")
            self.accept(by_end=False)

    def on_corrected(self, data: Any) -> None:
        if data.get("override"):
            self.corrections += 1
            return
        if self.state != "submitted" or self.running("intake") is None or self.corrections:
            return
        promised = self.latest("promised")
        if (
            promised is not None
            and promised.mode in (OnTimeout.RECORD, OnTimeout.COMPLETE)
            and promised.ended_at
        ):
            return
        self.corrections += 1
        self.owed, self.complete, self.state = True, False, "correcting"
        self.stop(self.latest("intake"), "met")
        self.stop(self.running("promised"), "stopped")
        self.stop(self.running("statutory"), "stopped")
        self.start("answer", Limit(self.rules.answer_days, Unit.DAY), Timeout(), local_day(self.now))

    def on_supplied(self, data: Any) -> None:
        if not data.get("complete"):
            return
        self.owed, self.complete = False, True
        if self.state == "correcting":
            self.state = "submitted"
            self.stop(self.running("answer"), "met")
            day = self.receipt_day = local_day(self.now)
            self.start("intake", self.rules.intake, self.rules.intake_timeout, day)
            self.open_case_clocks(day)

    def on_rejected(self, data: Any) -> None:
        if self.state == "submitted":
            self.stop(self.latest("intake"), "met")
            self.finish(data["outcome"], "signed")

    def on_opinion(self, data: Any) -> None:
        for step in self.steps:
            fits = step.stage.kind in (StageKind.REVIEW, StageKind.DELIVER)
            if fits and step.stage.key == data["step"] and step.status == "open":
                self.end_step(step, "done", data["outcome"])
                return

    def on_decided(self, data: Any) -> None:
        for step in self.steps:
            if step.stage.kind == StageKind.DECIDE and step.status == "open":
                step.status, step.outcome, step.ended_at = "done", data["outcome"], self.now
                if step.clock is not None:
                    step.late = step.clock.how == "lapsed"
                    self.stop(step.clock, "met")
                state = self.rules.positive if data["outcome"] == "approve" else "refused"
                self.finish(state, "signed", how="met")
                return

    def on_paused(self, data: Any) -> None:
        if self.state == "accepted":
            until = date.fromisoformat(data["until"])
            own = [s for s in self.steps if s.stage.key == data.get("step") and s.status == "open"]
            halt = Halt(
                data["id"], tuple(data["clocks"]), own[0].stage.key if own else "", local_day(self.now), until
            )
            self.halts.append(halt)

    def on_resumed(self, data: Any) -> None:
        for halt in self.halts:
            if halt.id == data["id"] and halt.ended_on is None:
                halt.ended_on = local_day(self.now)

    def on_extended(self, data: Any) -> None:
        ruling = self.running("statutory" if self.latest("statutory") else "promised")
        if self.extended or ruling is None or ruling.over:
            return
        self.extended = True
        for key in ("promised", "statutory"):
            clock = self.running(key)
            if clock is not None and not clock.over:
                clock.extended_by += data["length"]

    def on_withdrawn(self, data: Any) -> None:
        if self.state != "draft":
            self.finish("withdrawn", "signed")

    def on_terminated(self, data: Any) -> None:
        if self.state != "draft":
            self.finish("terminated", "signed")

    def on_objected(self, data: Any) -> None:
        for step in self.steps:
            if (
                step.stage.kind == StageKind.POSTING
                and step.stage.key == data["step"]
                and step.status == "open"
            ):
                step.objection = True

    def on_found(self, data: Any) -> None:
        for step in list(self.steps):
            if step.stage.key == data["step"] and step.status == "open" and step.objection:
                step.status, step.outcome, step.ended_at = "done", "object", self.now
                self.stop(step.clock, "met")
                self.end_pauses_of(step, local_day(self.now))
                self.open_step(step.stage, step.round + 1, by_end=False)

    def on_died(self, data: Any) -> None:
        self.dead = True

    def on_duplicate(self, data: Any) -> None:
        self.duplicate = True

    def beside(self, kind: str, *, handed_out: bool) -> None:
        """An act beside the outcome changes nothing of it; a result that is gone is not handed out any more."""
        if not self.outcome or kind in self.linked:
            return
        self.linked += (kind,)
        for step in self.steps:
            if step.status == "open" and not handed_out:
                step.status, step.ended_at = "superseded", self.now
                self.stop(step.clock, "stopped")
        if not handed_out:
            self.stop(self.running("delivery"), "stopped")

    def on_delivered(self, data: Any) -> None:
        self.stop(self.latest("delivery"), "met")

    def on_rectified(self, data: Any) -> None:
        self.beside("rectified", handed_out=True)

    def on_revoked(self, data: Any) -> None:
        self.beside("revoked", handed_out=False)

    def on_renounced(self, data: Any) -> None:
        self.beside("renounced", handed_out=False)

    def on_reason_published(self, data: Any) -> None:
        self.reason_published = True


def naive_view(case: NaiveCase) -> dict[str, Any]:
    """The legal fields, in the words of the fold's own state."""
    case.looking = True
    view = {
        **{name: getattr(case, name) for name in PLAIN},
        "clocks": {
            (c.key, c.round): (
                c.fixed_day and "fixed" or c.day_zero,
                case.due(c),
                c.extended_by,
                c.ended_at,
                c.how,
            )
            for c in case.clocks
        },
        "steps": [
            (
                s.stage.key,
                s.round,
                s.opened_at,
                s.opened_on,
                s.status,
                s.ended_at,
                s.outcome,
                s.late,
                s.objection,
            )
            for s in case.steps
        ],
        "pauses": [(h.start, h.until, h.ended_on) for h in case.halts],
        "effects": sorted(case.effects),
    }
    case.looking = False
    return view


def fold_view(state: CaseState) -> dict[str, Any]:
    """The same fields, as the fold gives them."""
    clocks = [(c.key, c) for c in state.clocks]
    clocks += [(s.stage.key, s.clock) for s in state.steps if s.clock is not None]
    return {
        **{name: getattr(state, name) for name in PLAIN},
        "clocks": {
            (key, c.round): (
                "fixed" if c.key == "expiry" else c.limit.started_on,
                c.due_on,
                c.limit.extended_by,
                c.ended_at,
                c.how.value if c.how else "",
            )
            for key, c in clocks
        },
        "steps": [
            (
                s.stage.key,
                s.round,
                s.opened_at,
                s.opened_on,
                s.status,
                s.ended_at,
                s.outcome,
                s.late,
                s.objection,
            )
            for s in state.steps
        ],
        "pauses": [(p.start, p.until, p.ended_on) for p in state.pauses],
        "effects": sorted(
            (e.kind, e.clock, e.step, e.round, e.at)
            for e in state.effects
            if e.kind not in LADDER
        ),
    }


def walk(case: NaiveCase, facts: list[Fact], until: datetime) -> None:
    """Walks on to an instant: every midnight on the way, and every fact of the way (they must be later)."""
    instants = {fact.at for fact in facts}
    day = local_day(case.now)
    while midnight_after(day) <= until:
        if midnight_after(day) > case.now:
            instants.add(midnight_after(day))
        day += DAY
    for instant in sorted(instants):
        case.now = instant
        if instant.astimezone(SHANGHAI).time() == time():
            case.midnight()
        for fact in facts:
            if fact.at == instant:
                case.looking = True
                case.take(fact)
                case.looking = False
    case.now = until


def naive_case(facts: list[Fact], rules: ItemDefinition, calendars: Calendars, at: datetime) -> NaiveCase:
    """The case at an instant, walked day by day from its first fact."""
    known = sorted((f for f in facts if f.at <= at), key=lambda f: (f.at, f.id))
    case = NaiveCase(rules, calendars, known[0].at - timedelta(microseconds=1) if known else at)
    walk(case, known, at)
    return case
