"""案件的另一种算法 – a second, slow and literal reading of the engine, to compare with the fold.

It walks from day to day. Every midnight it counts every open clock again from nothing (tests.naive_limits),
fires what has ended, and between midnights takes the facts one by one. It never asks the fold, its parts,
or portal.limits to count anything.
"""


from datetime import date, datetime, time, timedelta
from typing import Any

from approvals.facts import Calendars, Fact
from portal.limits import Unit
from services.definition import ItemDefinition, Limit, OnTimeout, StageKind, Timeout
from tests.naive_clock import Halt, local_day, midnight_after, next_working_day
from tests.naive_counting import STOPPABLE
from tests.naive_ends import NaiveCourse
from tests.naive_limits import DAY, SHANGHAI

AFTER_THE_OUTCOME = (
    "opinion", "died", "passed", "reason_published", "rectified", "revoked", "renounced", "delivered"
)  # fmt: skip


class NaiveCase(NaiveCourse):
    """The case: what each fact does to it."""

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
        self.promised_papers = list(data.get("to_bring") or [])
        self.received_on = self.receipt_day = date.fromisoformat(data["received_on"])
        self.window_day = date.fromisoformat(data.get("opens_on") or data["received_on"])
        self.start("intake", self.rules.intake, self.rules.intake_timeout, self.window_day)
        self.open_case_clocks(self.window_day)
        if data.get("expires_on"):
            self.old_end = date.fromisoformat(data["expires_on"])
            timeout = self.rules.timeout if self.rules.timeout.mode == OnTimeout.RENEW else Timeout()
            if self.old_end >= self.received_on:
                self.start("expiry", Limit(1), timeout, self.received_on).fixed_day = self.old_end
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
                clock.floored_under = self.known()

    def on_accepted(self, data: Any) -> None:
        if self.state == "submitted":
            self.promised_papers = []
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
        brought = data.get("points") or []
        self.promised_papers = [paper for paper in self.promised_papers if paper not in brought]
        if not data.get("complete"):
            return
        self.owed, self.complete = False, True
        if self.state == "correcting":
            self.state = "submitted"
            self.stop(self.running("answer"), "met")
            self.receipt_day = local_day(self.now)
            day = max(self.receipt_day, self.window_day)
            self.start("intake", self.rules.intake, self.rules.intake_timeout, day)
            self.open_case_clocks(day)

    def on_rejected(self, data: Any) -> None:
        if self.state in ("submitted", "correcting"):
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
                self.end_pauses_of(step, local_day(self.now))
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
        unit = str(self.rules.extension.unit)
        if self.extended or ruling is None or ruling.over or str(ruling.unit) != unit:
            return
        self.extended = True
        for key in ("promised", "statutory"):
            clock = self.running(key)
            if clock is not None and not clock.over and str(clock.unit) == unit:
                clock.reached = self.due(clock)
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
                self.end_pauses_of(step, local_day(self.now))
                self.stop(step.clock, "met")
                self.open_step(step.stage, step.round + 1, by_end=False)

    def on_died(self, data: Any) -> None:
        self.dead, self.passed = True, bool(data.get("passes"))

    def on_passed(self, data: Any) -> None:
        self.passed = True

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
        if self.latest("delivery") is None:
            return
        self.handed_over = True
        self.stop(self.latest("delivery"), "met")
        waiting = [step for step in self.steps if step.stage.hands_over and step.status == "open"]
        for step in waiting:
            self.end_step(step, "done", "done")

    def on_rectified(self, data: Any) -> None:
        self.beside("rectified", handed_out=True)

    def on_revoked(self, data: Any) -> None:
        self.beside("revoked", handed_out=False)

    def on_renounced(self, data: Any) -> None:
        self.beside("renounced", handed_out=False)

    def on_reason_published(self, data: Any) -> None:
        self.reason_published = True


def walk(case: NaiveCase, facts: list[Fact], until: datetime) -> None:
    """Walks on to an instant: every midnight on the way, and every fact of the way (they must be later)."""
    instants = {fact.at for fact in facts}
    day = local_day(case.now)
    while midnight_after(day) <= until:
        if midnight_after(day) > case.now:
            instants.add(midnight_after(day))
        day += DAY
    for instant in sorted(instants):
        midnight = instant.astimezone(SHANGHAI).time() == time()
        case.between_midnights(instant - timedelta(microseconds=int(midnight)))
        case.now = instant
        if midnight:
            case.midnight()
        for fact in facts:
            if fact.at == instant:
                case.looking = True
                case.take(fact)
                case.looking = False
    case.between_midnights(until)
    case.now = until


def naive_case(facts: list[Fact], rules: ItemDefinition, calendars: Calendars, at: datetime) -> NaiveCase:
    """The case at an instant, walked day by day from its first fact."""
    known = sorted((f for f in facts if f.at <= at), key=lambda f: (f.at, f.id))
    case = NaiveCase(rules, calendars, known[0].at - timedelta(microseconds=1) if known else at)
    walk(case, known, at)
    return case
