"""另一种算法里自己到期的事 – what ends, what stops a default, and what follows (see tests.naive_case)."""

from datetime import UTC, date, datetime, time, timedelta

from services.definition import Limit, OnTimeout, Required, Stage, StageKind, Timeout
from tests.naive_clock import Clock, Halt, Step, local_day, midnight_after, next_working_day
from tests.naive_counting import NaiveClocks
from tests.naive_limits import DAY, SHANGHAI, naive_same_day_later

CASE_CLOCKS = ("promised", "statutory", "expiry")
# at the same end: accept, consent, record or complete, renew, grant; what only lapses or runs out comes last
RANKS = {"accept": 0, "consent": 1, "record": 2, "complete": 2, "renew": 3, "grant": 4}


class NaiveCourse(NaiveClocks):
    """What happens to the case without anybody doing anything."""

    # -- what ends by itself ------------------------------------------------------------------------

    def midnight(self) -> None:
        """Everything whose last day ended now, as it stood just before now, in the order of the engine."""
        due = [
            c
            for c in self.clocks
            if c.ended_at is None and (c.until or ((day := self.due(c)) and midnight_after(day))) == self.now
        ]
        due.sort(key=lambda c: RANKS.get(c.mode, 9))
        for halt in self.halts:
            if halt.ended_on is None and midnight_after(halt.until) == self.now:
                halt.ended_on = halt.until
        for clock in due:
            if clock.ended_at is None:
                self.fire(clock)

    def between_midnights(self, until: datetime) -> None:
        """Terms in hours end between the midnights; on one of them each has its place among the others."""
        self.remind(until)
        while ending := [c for c in self.clocks if c.ended_at is None and c.until is not None and c.until <= until]:
            clock = min(ending, key=lambda c: (c.until, self.clocks.index(c)))
            self.now = clock.until or until
            self.lapse(clock, "escalate")

    def remind(self, until: datetime) -> None:
        """At nine in the morning, once, whoever holds a result that will end is told; the dead are told nothing."""
        if self.valid_until is None or self.reminded or (self.dead and not self.passed):
            return
        nine = datetime.combine(self.day_of_reminder(), time(9), SHANGHAI).astimezone(UTC)
        if nine <= until:
            self.reminded = True
            self.effects.append(("expiring", "validity", "", 1, max(nine, self.now)))

    def day_of_reminder(self) -> date:
        """From the middle of the term on, the first day that is no more than a month before renewal is due."""
        assert self.term is not None
        day, back = self.term
        while (back - day).days > 1:
            day, back = day + DAY, back - DAY
        while (self.term[1] - day).days > self.rules.renewal_days + 30:
            day += DAY
        return day

    @property
    def valid_until(self) -> date | None:
        gone = "revoked" in self.linked or "renounced" in self.linked
        return self.term[1] if self.term is not None and not gone else None

    def give_term(self, last: date) -> None:
        """The months of the item from the day of effect; of a renewal from the old permit's last day, if that is later."""
        start = last
        if self.outcome == "renewed" and self.old_end is not None:
            while start < self.old_end:
                start += DAY
        self.term = last, naive_same_day_later(start, self.rules.validity_months)

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
        must = [m.key for m in self.rules.materials if m.required != Required.OPTIONAL and not m.filled_here]
        papers = [paper for paper in self.promised_papers if paper in must]
        wanting = clock.mode in (OnTimeout.RECORD, OnTimeout.COMPLETE) and (not self.complete or bool(papers))
        if clock.key in CASE_CLOCKS:
            unfinished |= any(s.stage.kind == StageKind.REVIEW and s.outcome == "object" for s in self.steps)
        return self.repealed(clock) or provisional or unfinished or wanting or self.dead or self.duplicate

    # -- the course of the case -----------------------------------------------------------------------

    def accept(self, *, by_end: bool) -> None:
        self.state, self.accepted_at, self.counts_from = "accepted", self.now, self.receipt_day
        day = local_day(self.now - timedelta(microseconds=int(by_end)))
        if self.rules.timeout.mode == OnTimeout.GRANT and self.rules.statutory is not None:
            deemed = by_end and not self.owed
            opened = max(self.receipt_day, self.window_day)
            clock = self.start(
                "statutory", self.rules.statutory, self.rules.timeout, opened if deemed else day
            )
            due = self.due(clock)
            if due is not None and midnight_after(due) <= self.now:
                clock.day_zero = day
        groups = sorted({s.group for s in self.rules.running_stages() if s.kind != StageKind.DELIVER})
        if groups:
            self.open_group(groups[0], deliver=False, by_end=by_end)

    def open_group(self, group: int, *, deliver: bool, by_end: bool) -> None:
        for stage in self.rules.running_stages():
            if stage.group == group and (stage.kind == StageKind.DELIVER) == deliver and not self.is_spent(stage):
                self.open_step(stage, 1, by_end=by_end)

    def is_spent(self, stage: Stage) -> bool:
        """Handed over already, or a thing that only who was granted something gets: such a step never opens."""
        if self.outcome == "refused" and stage.positive_only:
            return True
        return stage.hands_over and self.handed_over

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
        self.end_pauses_of(step, local_day(self.now - timedelta(microseconds=int(by_end))))
        if step.clock is not None:
            step.late = step.clock.how == "lapsed"
            self.stop(step.clock, "met")
        if any(s.status == "open" for s in self.steps):
            return
        deliver = step.stage.kind == StageKind.DELIVER
        stages = [s for s in self.rules.running_stages() if (s.kind == StageKind.DELIVER) == deliver]
        later = [s.group for s in stages if s.group > step.stage.group and not self.is_spent(s)]
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
        if state in ("approved", "recorded", "completed", "renewed") and self.rules.validity_months:
            self.give_term(local_day(self.now - timedelta(microseconds=int(manner == "deemed"))))
        if state in ("approved", "refused", "recorded", "completed", "renewed"):
            chain = self.rules.running_stages()
            groups = [s.group for s in chain if s.kind == StageKind.DELIVER and not self.is_spent(s)]
            if groups:
                self.open_group(min(groups), deliver=True, by_end=manner == "deemed")
            if self.rules.delivery_days:
                day = local_day(self.now - timedelta(microseconds=int(manner == "deemed")))
                self.start("delivery", Limit(self.rules.delivery_days), Timeout(), day)
