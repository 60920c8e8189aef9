"""默认的推演：what a proposed default would have done in a case that ran without it. Pure; nothing of it is ever written.

The same facts are folded twice, under the version as it stood and under the version with the mode in force. Up to
the end of the limit asked about the two are one and the same, so what the second says at that end is what would
have happened; what it says later is idle, for nobody acted in that world.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from approvals.facts import Calendars, CaseState, Effect, Fact
from approvals.fold import fold
from approvals.wording import OUTCOMES
from portal.limits import day_ended, day_of
from services.definition import ItemDefinition, OnTimeout
from services.lifecycle import State
from services.modes import INTAKE, ITEM, mode_of, with_timeout

ITEM_CLOCKS = {
    OnTimeout.RECORD: "promised",
    OnTimeout.COMPLETE: "promised",
    OnTimeout.GRANT: "statutory",
    OnTimeout.RENEW: "expiry",
}
AGAINST = frozenset({State.REFUSED, State.NOT_ACCEPTED, State.NOT_REQUIRED, State.NOT_OURS, State.FORWARDED})
ENDED_EARLIER = "按这种方式，这个期限走不到头"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """一个没有人答复就到了头的期限: what the default would have done at its end, and what came of it without one.

    `workdays` runs from the last day to the day of the answer, or to today while there is none.
    """

    ended_at: datetime
    takes_effect: bool
    blocked_by: str
    answered_at: datetime | None
    answer: str
    against: bool
    workdays: int

    @property
    def is_contrary(self) -> bool:
        """默认会生效，而后来办的人说的是不: the evidence against switching on."""
        return self.takes_effect and self.against


@dataclass(frozen=True, slots=True)
class Counts:
    """几个数"""

    looked: int
    effective: int
    blocked: int
    contrary: int
    waiting: int
    longest: int


def clock_of(target: str, mode: OnTimeout) -> str:
    """这种方式看哪个时钟: "intake", a stage key, or one of the whole case's. KeyError for a mode no item may carry."""
    return ITEM_CLOCKS[mode] if target == ITEM else target


def is_in_force(rules: ItemDefinition, target: str, mode: OnTimeout) -> bool:
    """这一版是不是已经照这种方式办; a version without the step is not."""
    return mode_of(rules, target) == mode


def foresee(
    facts: Sequence[Fact], rules: ItemDefinition, calendars: Calendars, at: datetime, *, target: str, mode: OnTimeout, key: str
) -> Foreseen:
    """推演一个到了头的期限; `key` is that of its end, "intake#1:escalate". LookupError if the case has no such end."""
    real = fold(facts, rules, calendars, at)
    end = _end_of(real, key, {OnTimeout.ESCALATE})
    if end is None:
        raise LookupError(key)
    imagined = fold(facts, with_timeout(rules, target, mode, None), calendars, at)
    found = _end_of(imagined, key, {OnTimeout.ESCALATE, mode})
    answered_at, answer, against = _answer(real, target, end)
    last, until = day_ended(end.at), day_of(answered_at or at)
    assert real.calendar is not None  # a filed case has been folded with one
    return Foreseen(
        ended_at=found.at if found else end.at,
        takes_effect=found is not None and found.kind == mode,
        blocked_by=found.blocked_by if found else ENDED_EARLIER,
        answered_at=answered_at,
        answer=answer,
        against=against,
        workdays=real.calendar.count_workdays(last, max(last, until)),
    )


def count(rows: Sequence[Foreseen]) -> Counts:
    """推演的几个数"""
    return Counts(
        looked=len(rows),
        effective=sum(row.takes_effect for row in rows),
        blocked=sum(not row.takes_effect for row in rows),
        contrary=sum(row.is_contrary for row in rows),
        waiting=sum(row.answered_at is None for row in rows),
        longest=max((row.workdays for row in rows), default=0),
    )


def _end_of(state: CaseState, key: str, kinds: set[OnTimeout]) -> Effect | None:
    limit = key.rpartition(":")[0]
    return next((e for e in state.effects if e.key.rpartition(":")[0] == limit and e.kind in kinds), None)


def _answer(state: CaseState, target: str, end: Effect) -> tuple[datetime | None, str, bool]:
    """后来怎么办的: when, in words, and whether it was a no."""
    if target == INTAKE and state.accepted_at is not None:
        return state.accepted_at, "受理", False
    if target not in {INTAKE, ITEM}:
        step = next((s for s in state.steps if (s.stage.key, s.round) == (end.step, end.round)), None)
        if step is not None and step.status == "done":
            return step.ended_at, OUTCOMES.get(step.outcome, "已办"), step.outcome == "object"
    if state.outcome:
        outcome = State(state.outcome)
        return state.effective_at, str(outcome.label), outcome in AGAINST
    return None, "", False
