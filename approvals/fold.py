"""案件推算：`fold(facts, rules, calendars, at)` is the legal state of a case at an instant. Pure.

The facts are replayed in the order they were recorded; before each one, every limit that has
ended by its instant takes its effect, in the order of the ends (engine sections 1, 4 and 5).
A late fact therefore never undoes a default, and a worker that sleeps for a week changes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from operator import attrgetter, itemgetter
from typing import Any

from approvals.facts import (
    EXPIRING,
    TO_BRING,
    Calendars,
    CaseState,
    Effect,
    Fact,
    HowEnded,
    PauseView,
    Publication,
)
from approvals.replay import CASE_CLOCKS, RunningCase
from approvals.timers import FAR, ORDER, RUNGS, STOPPABLE, Timer
from portal.limits import day_ended, day_of, end_of_day
from services.definition import Citation, ItemDefinition, Limit, LimitUnit, OnTimeout, StageKind
from services.lifecycle import ENDS_VALIDITY, FINAL, Linked, Manner, State

REASON_DAYS = 3  # 公开说明逾期理由，工作日
SERVE_DAYS = 2  # 一次性告知书没送到的，代办员几个工作日内送上门
ENDING = {
    OnTimeout.RECORD: State.RECORDED,
    OnTimeout.COMPLETE: State.COMPLETED,
    OnTimeout.RENEW: State.RENEWED,
    OnTimeout.GRANT: State.APPROVED,
}
AFTER_ENDS = len(OnTimeout)  # rank of cards: at one and the same instant limits end first
Event = tuple[datetime, int, Callable[..., None], tuple[Any, ...]]
NEVER: Event = (FAR, AFTER_ENDS, lambda: None, ())
POSITIVE_STATE = {
    "approved": State.APPROVED,
    "recorded": State.RECORDED,
    "completed": State.COMPLETED,
    "renewed": State.RENEWED,
}


def fold(facts: Sequence[Fact], rules: ItemDefinition, calendars: Calendars, at: datetime) -> CaseState:
    """案件推算 – the case at `at` (aware): state, clocks, steps, effects that have taken place, next look.

    ValueError for a naive instant. Facts recorded after `at` are not looked at.
    """
    if at.tzinfo is None:
        raise ValueError("时刻必须带时区")
    return Replay(rules, calendars).run(facts, at)


class Replay(RunningCase):
    """一次推算: mutable inside, thrown away afterwards."""

    def run(self, facts: Sequence[Fact], at: datetime) -> CaseState:
        """重放到 at 为止"""
        # the sort is stable: a calendar published at the instant of a fact is known to it
        stream: list[Publication | Fact] = [*self.calendars.versions, *facts]
        for row in sorted((row for row in stream if row.at <= at), key=attrgetter("at")):
            self._elapse(row.at)
            self.now = row.at
            if isinstance(row, Fact):
                self._apply(row)
            else:
                self._publish(row)
        self._elapse(at)
        upcoming = self._next_event()[0]
        return self.result(at, None if upcoming == FAR else upcoming)

    def _elapse(self, until: datetime) -> None:
        """所有到 until 为止的到期，按先后生效 (an act is in time iff strictly before the end)."""
        while (event := self._next_event())[0] <= until:
            self.now, _, happen, what = event
            happen(*what)

    def _next_event(self) -> Event:
        """下一件到时候的事: the earliest, and of those at one instant the one of the lowest rank."""
        return min(self._events(), key=itemgetter(0, 1), default=NEVER)

    def _events(self) -> Iterator[Event]:
        for pause in self.pauses.values():
            if pause.ended_on is None:
                yield end_of_day(pause.until), 0, self._end_pause, (pause.id, pause.until)
        for timer in self.timers:
            if timer.ended_at is None:
                end = timer.ends_at
                yield end, ORDER[timer.mode], self._timeout, (timer, end)
                card_at, kind = timer.next_card()
                card_at = max(card_at, self.now)
                yield card_at, AFTER_ENDS, self._card, (timer, kind, card_at)
        if self.reason_due_on and not self.reason_published and not self.raised:
            raised_at = max(end_of_day(self.reason_due_on), self.now)
            yield raised_at, AFTER_ENDS, self._raise, (raised_at,)
        if self.expiring_at and (self.passed or not self.dead):
            yield max(self.expiring_at, self.now), AFTER_ENDS, self._expiring, ()

    def _publish(self, version: Publication) -> None:
        self.calendar = version.calendar
        for timer in self.timers:
            if timer.ended_at is None:
                timer.republished(version.calendar, day_of(version.at))

    # -- facts --------------------------------------------------------------------------------

    def _apply(self, fact: Fact) -> None:
        """`Kind` 里的每一种有一个 `_on_`; other events of the stream leave the legal state alone."""
        handler = getattr(self, f"_on_{fact.kind}", None)
        if handler is not None:
            handler(fact)

    def _on_filed(self, fact: Fact) -> None:
        self.state = State.SUBMITTED
        self.received_on = self.complete_on = date.fromisoformat(fact.data["received_on"])
        self.complete = bool(fact.data.get("complete", True))
        self.to_bring = frozenset(fact.data.get(TO_BRING, ()))
        if fact.data.get("expires_on"):
            self.expires_on = date.fromisoformat(fact.data["expires_on"])
        self.opens_on = date.fromisoformat(fact.data.get("opens_on", fact.data["received_on"]))
        self._start_clocks(self.opens_on, fact.at)
        if self.received_on < day_of(fact.at):
            self._enter(fact.at, confirmed=bool(fact.data.get("confirmed")))

    def _on_receipt_confirmed(self, fact: Fact) -> None:
        self._confirm(fact.at)

    def _on_accepted(self, fact: Fact) -> None:
        if self.state == State.SUBMITTED:
            self.to_bring = frozenset()  # the window has looked and taken it in; silence acknowledges no paper
            self._close("intake", fact.at, HowEnded.MET)
            self._accept(fact.at, day_of(fact.at))

    def _on_corrected(self, fact: Fact) -> None:
        if fact.data.get("override") and self.state not in FINAL:
            self.corrections += 1  # a second notice, under a supervisor's override, stops nothing
        elif self._may_correct():
            self.corrections += 1
            self._await_answer(fact)

    def _may_correct(self) -> bool:
        """一次性告知只有一次，且在受理期限之内; a default of the promise must not have come up yet (engine 6)."""
        promised = self._open("promised") or self.rules.timeout.mode not in {
            OnTimeout.RECORD,
            OnTimeout.COMPLETE,
        }
        return not self.corrections and bool(self._open("intake") and promised)

    def _await_answer(self, fact: Fact) -> None:
        self.state, self.complete, self.owed = State.CORRECTING, False, True
        self._close("intake", fact.at, HowEnded.MET)
        self._stop("promised", "statutory")
        if fact.data.get("served", True):
            self._start_answer(fact.at)
        else:  # the applicant's term runs from delivery; until then the agent has two days to bring the notice
            limit = Limit(SERVE_DAYS, LimitUnit.WORKDAY)
            self._start("serve", day_of(fact.at), limit, started_at=fact.at, rungs=())

    def _start_answer(self, at: datetime) -> None:
        limit = Limit(self.rules.answer_days, LimitUnit.DAY)
        self._start("answer", day_of(at), limit, started_at=at, rungs=RUNGS[:1])  # the applicant is reminded once

    def _on_served(self, fact: Fact) -> None:
        if self.state == State.CORRECTING and not any(timer.key == "answer" for timer in self.timers):
            self._close("serve", fact.at, HowEnded.MET)
            self._start_answer(fact.at)

    def _on_supplied(self, fact: Fact) -> None:
        self.to_bring -= frozenset(fact.data.get("points", ()))
        if fact.data.get("complete"):
            self.complete, self.owed = not fact.data.get("lacking"), False
            if self.state == State.CORRECTING:
                self.state, self.complete_on = State.SUBMITTED, day_of(fact.at)
                self._close("answer", fact.at, HowEnded.MET)
                self._stop("serve")
                self._start_clocks(self._day_zero(), fact.at)

    def _on_rejected(self, fact: Fact) -> None:
        """不予受理、转送等: also while material is awaited; nobody has to answer the notice any more."""
        if self.state in {State.SUBMITTED, State.CORRECTING}:
            self._close("intake", fact.at, HowEnded.MET)
            self._end(State(fact.data["outcome"]), Manner.SIGNED, fact.at)

    def _on_withdrawn(self, fact: Fact) -> None:
        if self.state not in FINAL | {State.DRAFT}:
            self._end(State.WITHDRAWN, Manner.SIGNED, fact.at)

    def _on_terminated(self, fact: Fact) -> None:
        if self.state not in FINAL | {State.DRAFT}:
            self._end(State.TERMINATED, Manner.SIGNED, fact.at)

    def _on_opinion(self, fact: Fact) -> None:
        for step in self._at(fact, StageKind.REVIEW, StageKind.DELIVER):
            self._close_step(step, fact.at, day_of(fact.at), "done", fact.data.get("outcome", "done"), fact=fact.id)
            self._after_step(step, fact.at, day_of(fact.at))

    def _on_decided(self, fact: Fact) -> None:
        for step in self._at(fact, StageKind.DECIDE):
            self._close_step(step, fact.at, day_of(fact.at), "done", fact.data["outcome"], fact=fact.id)
            positive = fact.data["outcome"] == "approve"
            outcome = POSITIVE_STATE[self.rules.positive] if positive else State.REFUSED
            self._end(outcome, Manner.SIGNED, fact.at)

    def _on_paused(self, fact: Fact) -> None:
        if self.state != State.ACCEPTED:
            return
        self._pause(
            PauseView(
                id=fact.data["id"],
                reason=fact.data["reason"],
                clocks=tuple(fact.data["clocks"]),
                start=day_of(fact.at),
                until=date.fromisoformat(fact.data["until"]),
                ended_on=None,
                step=fact.data.get("step", ""),
            )
        )

    def _on_resumed(self, fact: Fact) -> None:
        self._end_pause(fact.data["id"], day_of(fact.at))

    def _on_extended(self, fact: Fact) -> None:
        ruling = "statutory" if any(timer.key == "statutory" for timer in self.timers) else "promised"
        # in the limit's own unit (engine 3): ten working days are nothing that could be added to two months
        unit = self.rules.extension.unit
        running = [t for t in self._open("promised", "statutory") if t.entered_at is None and t.unit == unit]
        if self.extended or not any(timer.key == ruling for timer in running):
            return
        self.extended = True
        for timer in running:
            timer.extend(int(fact.data["length"]))

    def _on_objected(self, fact: Fact) -> None:
        for step in self._at(fact, StageKind.POSTING):
            step.objection = True

    def _on_found(self, fact: Fact) -> None:
        for step in self._at(fact, StageKind.POSTING):
            if step.objection:
                self._close_step(step, fact.at, day_of(fact.at), "done", "object", fact=fact.id)
                self._open_stage(step.stage, fact.at, day_of(fact.at), round=step.round + 1)

    def _on_absent(self, fact: Fact) -> None:
        """上门没见着人：the visit still has to be made, but its limit counts as kept (only before its end)."""
        for step in self._at(fact, StageKind.REVIEW):
            if step.stage.is_visit and step.timer is not None and step.timer.ended_at is None:
                step.absent = True
                step.timer.close(fact.at, HowEnded.MET)

    def _on_died(self, fact: Fact) -> None:
        self.dead = True
        self.passed = bool(fact.data.get("passes"))

    def _on_passed(self, fact: Fact) -> None:
        self.passed = True

    def _on_duplicate(self, fact: Fact) -> None:
        self.duplicate = True

    def _on_reason_published(self, fact: Fact) -> None:
        self.reason_published = True

    def _stand_beside(self, fact: Fact) -> None:
        """附后的行为: the outcome stays; what was to be handed out is not, unless it is handed out corrected."""
        if self.state not in FINAL or fact.kind in self.linked:
            return
        self.linked.append(fact.kind)
        if fact.kind in ENDS_VALIDITY:
            self.expiring_at = None
        if fact.kind != Linked.CORRECTED:
            self._stop("delivery")
            for step in self.steps:
                if step.status == "open":
                    step.close(fact.at, "superseded")

    def _on_delivered(self, fact: Fact) -> None:
        """送达：ends its own clock and the step that is this very act (发证、告知), in time or late."""
        if not any(timer.key == "delivery" for timer in self.timers):
            return
        self.delivered = True
        self._close("delivery", fact.at, HowEnded.MET)
        for step in [step for step in self.steps if step.status == "open" and step.stage.hands_over]:
            self._close_step(step, fact.at, day_of(fact.at), "done", "done", fact=fact.id)
            self._after_step(step, fact.at, day_of(fact.at))

    _on_rectified = _on_revoked = _on_renounced = _stand_beside

    # -- limits that end ----------------------------------------------------------------------

    def _timeout(self, timer: Timer, end: datetime) -> None:
        own = {"posting": self._posting_over, "answer": self._unanswered, "review": self._review}
        own.get(timer.key, self._default)(timer, end)

    def _default(self, timer: Timer, end: datetime) -> None:
        """到期的默认，或者逾期督办 (engine section 5)."""
        blocked = self._blocked(timer, end)
        kind = timer.mode if not blocked else OnTimeout.ESCALATE
        timer.close(end, HowEnded.DEFAULT if kind != OnTimeout.ESCALATE else HowEnded.LAPSED)
        self._note(kind.value, timer, end, blocked)
        if timer.rungs or timer.key in CASE_CLOCKS:  # the law's own end too, which has no other card
            self._note("red", timer, end)
        if kind == OnTimeout.ACCEPT:
            self._accept(end, day_ended(end), deemed=True)
        elif kind == OnTimeout.CONSENT:
            step = next(s for s in self.steps if s.timer is timer)
            self._close_step(step, end, day_ended(end), "deemed", "consent")
            self._after_step(step, end, day_ended(end))
        elif kind in ENDING:
            if kind == OnTimeout.RECORD:
                self.counts_from = self.complete_on
            self._end(ENDING[kind], Manner.DEEMED, end)
        elif timer.key in CASE_CLOCKS and self.reason_due_on is None:
            self.reason_due_on = self.calendar.add_workdays(day_ended(end), REASON_DAYS)

    def _blocked(self, timer: Timer, end: datetime) -> str:
        """默认不能生效的原因, in Chinese; empty when it takes effect (engine section 5)."""
        mode, due = timer.mode, timer.due or day_ended(end)
        if mode == OnTimeout.ESCALATE:
            return "逾期不产生同意效果"
        repealed = timer.citation is not None and self._repealed(timer.citation, due)
        if repealed and not (self.rules.licence and mode not in STOPPABLE):
            return "所依据的文件到期时已失效"
        if mode == OnTimeout.RENEW:
            return self._renewal_blocked()
        if mode not in STOPPABLE:
            return ""
        reasons = {
            "公示还没有结束": self._is_posting(whole=timer.key in CASE_CLOCKS),
            "有异议没有处理": timer.key in CASE_CLOCKS and self._is_objected(),
            "到期日是暂定的": timer.provisional,
            "申请人已去世": self.dead,
            "与先前的申请重复": self.duplicate,
            "必要材料没有交齐": mode in {OnTimeout.RECORD, OnTimeout.COMPLETE} and not self._is_gathered(),
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    def _repealed(self, citation: Citation, due: date) -> bool:
        """依据在到期日已经失效: by its own term, or by a later document."""
        last = date.fromisoformat(citation.in_force_until) if citation.in_force_until else date.max
        return min(last, self.calendars.repealed.get(citation.title, date.max)) < due

    def _renewal_blocked(self) -> str:
        if self.state != State.ACCEPTED or self.expires_on is None:
            return "延续申请没有受理"
        if self.owed:
            return "要补的材料没有补齐"
        ahead = (self.expires_on - self.received_on).days
        return (
            "" if ahead >= self.rules.renewal_days else f"没有提前{self.rules.renewal_days}个自然日申请延续"
        )

    def _unanswered(self, timer: Timer, end: datetime) -> None:
        timer.close(end, HowEnded.LAPSED)
        if self.rules.on_no_answer == "withdrawn" and self.rules.no_answer_citation and not self.dead:
            self._note("lapse", timer, end)
            self._end(State.WITHDRAWN_DEEMED, Manner.DEEMED, end)
            return
        self._note("decide", timer, end)
        self._start_clocks(day_ended(end), end, intake=False)
        self._accept(end, day_ended(end))

    def _review(self, timer: Timer, end: datetime) -> None:
        """到了复看的日子：ask the county, write down what they say, and look again."""
        timer.close(end, HowEnded.MET)
        self._note("review", timer, end)
        step = next(s for s in self.steps if s.timer is timer)
        self._look_again(step, end, day_ended(end))

    def _posting_over(self, timer: Timer, end: datetime) -> None:
        timer.close(end, HowEnded.MET)
        step = next(s for s in self.steps if s.timer is timer)
        if not step.objection:
            self._close_step(step, end, day_ended(end), "done", "posted")
            self._note("posted", timer, end)
            self._after_step(step, end, day_ended(end))

    def _card(self, timer: Timer, kind: str, at: datetime) -> None:
        timer.fired.add(kind)
        self._note(kind, timer, at)

    def _raise(self, at: datetime) -> None:
        """公开理由的期限过了还没有理由: to the leader, once; the reason is still owed."""
        self.raised = True
        self.effects.append(Effect("reason#1:raised", "raised", at, "reason"))

    def _expiring(self) -> None:
        """有效期快到了：the applicant is reminded, once."""
        self.expiring_at = None
        self.effects.append(Effect(f"validity#1:{EXPIRING}", EXPIRING, self.now, "validity"))
