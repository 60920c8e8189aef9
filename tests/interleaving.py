"""交错：two real processes, stepped statement by statement, meet at every place where it can make a difference.

A schedule: the first goes to some place and stops there; meanwhile something may happen (the limit ends, a reader
looks); the second starts and goes on until it ends or waits for a lock; then the first ends, then the second. Run
for every such place, in both orders. Two neighbouring places are one where the statement between them touches no
table that the other process touches too (with a write or a lock on either side), reads no clock and locks nothing.
"""

import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from approvals.facts import CaseState
from approvals.loading import fold_application
from approvals.models import Case, SweepFailure
from approvals.sweeping import sweep
from portal.clock import portal_now
from tests.conftest import CLONE, TestClock
from tests.keeping import broken, kept
from tests.killing import REFUSALS, Act, stepped
from tests.stepping import Point, Stepped
from tests.world import World, find_world

TABLE = re.compile(r"\b(?:portal|services|approvals|disclosure)_[a-z]+\b")
WRITE = re.compile(r"^\s*(?:INSERT|UPDATE|DELETE|WITH\b.*\b(?:INSERT|UPDATE|DELETE))", re.DOTALL)
LOCK = re.compile(r"FOR (?:NO KEY )?UPDATE|FOR (?:KEY )?SHARE|advisory|portal_now|clock_timestamp")
# What a reader has been shown as settled by law; a card or an overdue mark is no promise to anybody.
PROMISED = frozenset({"accept", "consent", "record", "complete", "renew", "grant", "lapse", "decide"})
PATIENCE = 20.0


@dataclass
class Meeting:
    """一次相遇: who started first, where, what each answered, and in which order they committed."""

    first: str
    place: int
    answers: dict[str, str] = field(default_factory=dict)
    committed: dict[str, float] = field(default_factory=dict)
    seen_at: datetime | None = None
    seen: dict[int, CaseState] = field(default_factory=dict)

    def refused(self, name: str) -> bool:
        """被拒绝了, with a sentence of the product."""
        return self.answers[name].split(" ")[0] in REFUSALS

    def done(self, name: str) -> bool:
        """办成了"""
        return self.answers[name] == "OK"

    def came_before(self, one: str, other: str) -> bool:
        """谁先提交"""
        return self.committed[one] < self.committed[other]


@dataclass(frozen=True)
class Race:
    """一对动作: two acts by name, when the limit ends, what is wrong with an outcome, which locks the control lacks."""

    acts: dict[str, Act]
    judge: Callable[[Meeting], list[str]]
    locks: Collection[str] = ("row",)
    ends_at: datetime | None = None  # the limit that ends while the first stands still; None: no limit is near
    ended_for: Collection[str] = ()  # for these, going first, it has ended before they start
    unguard: Callable[[], None] = lambda: None


Prepare = Callable[[World, TestClock], Race]


def meet_everywhere(prepare: Prepare) -> dict[str, int]:
    """在每一处相遇; the number of places for each order. AssertionError names every unlawful outcome."""
    met: dict[str, int] = {}
    wrong: list[str] = []
    with _staged(prepare) as stage:
        for first, second in stage.orders():
            places = stage.places(first, second)
            met[f"{first}→{second}"] = len(places)
            for place in places:
                wrong += [f"{first}到第{place}处时{second}开始：{fault}" for fault in stage.meet(first, second, place)]
    assert wrong == [], "\n".join(wrong)
    return met


def find_fault_without_locks(prepare: Prepare) -> str:
    """反证: the first unlawful outcome or surfaced integrity error when neither takes its lock; empty if there is none.

    The same meeting with the locks does not have it, so that it is they that make the difference.
    """
    with _staged(prepare) as stage:
        stage.race.unguard()
        for first, second in stage.orders():
            for place in reversed(stage.places(first, second)):
                faults = stage.meet(first, second, place, without=stage.race.locks)
                spared = stage.meet(first, second, place) if faults else []
                for fault in faults:
                    if fault not in spared:
                        return f"{first}到第{place}处时{second}开始：{fault}"
    return ""


@contextmanager
def _staged(prepare: Prepare) -> Iterator["_Stage"]:
    clock = TestClock(CLONE)
    sweep()  # so that there is a heartbeat to move, and not for two to make
    race = prepare(find_world(), clock)
    starts_at = portal_now()
    with kept() as restore:
        yield _Stage(race, clock, starts_at, restore)


@dataclass(frozen=True)
class _Stage:
    """一对动作的台面, had back before every meeting – with its hour, which a long test would outlast."""

    race: Race
    clock: TestClock
    starts_at: datetime
    restore: Callable[[], None]

    def orders(self) -> list[tuple[str, str]]:
        """谁先谁后; two who do the same need not change places."""
        one, other = self.race.acts
        alike = self.race.acts[one] is self.race.acts[other]
        return [(one, other)] if alike else [(one, other), (other, one)]

    def places(self, first: str, second: str) -> list[int]:
        """第一个走到哪几处停下才有区别, from a run of each alone."""
        way = self._way(first, self._hour(first))
        others = [point for at in {self.starts_at, self.race.ends_at or self.starts_at} for point in self._way(second, at)]
        return [place for place in range(len(way) + 1) if place == 0 or _matters(way[place - 1], others)]

    def meet(self, first: str, second: str, place: int, without: Collection[str] = ()) -> list[str]:
        """一次相遇的不合法之处"""
        self.restore()
        self.clock(self._hour(first))
        meeting = Meeting(first, place)
        return _meet(self.race, meeting, second, self.clock, without)

    def _hour(self, first: str) -> datetime:
        """第一个几点开始"""
        ended = self.race.ends_at is not None and first in self.race.ended_for
        return self.race.ends_at if ended and self.race.ends_at else self.starts_at

    def _way(self, name: str, at: datetime) -> list[Point]:
        """独自走一遍"""
        self.restore()
        self.clock(at)
        with stepped(self.race.acts[name]) as child:
            child.run()
        return child.passed


def _matters(point: Point, others: Iterable[Point]) -> bool:
    if point.kind != "statement" or LOCK.search(point.sql):
        return True
    mine, writes = set(TABLE.findall(point.sql)), bool(WRITE.match(point.sql))
    return any(
        mine & set(TABLE.findall(other.sql)) and (writes or WRITE.match(other.sql) or LOCK.search(other.sql)) for other in others
    )


def _meet(race: Race, meeting: Meeting, second: str, clock: TestClock, without: Collection[str]) -> list[str]:
    """相遇一次，说出不合法之处"""
    first = meeting.first
    with stepped(race.acts[first], without=without) as one, stepped(race.acts[second], without=without) as other:
        one.advance(meeting.place)
        if race.ends_at is not None:
            clock(race.ends_at)
        _look(meeting)
        other.run()
        _finish(one, other)
    for name, child in ((first, one), (second, other)):
        meeting.answers[name], meeting.committed[name] = child.answer, child.committed_at
    surfaced = [f"{name}碰上了{error}" for name, child in ((first, one), (second, other)) for error in child.errors]
    return surfaced or _faults(race, meeting)


def _finish(one: Stepped, other: Stepped) -> None:
    """都走完; a deadlock is ended by the database, and the one it ends answers with its error."""
    limit = time.monotonic() + PATIENCE
    while not (one.is_finished and other.is_finished):
        one.run()
        other.run()
        assert time.monotonic() < limit, "两个进程互相等着"


def _look(meeting: Meeting) -> None:
    """这一刻有人在看: what the fold tells a reader of every case."""
    meeting.seen_at = portal_now()
    for case in Case.objects.select_related("application__township", "application__version"):
        meeting.seen[case.pk] = fold_application(case.application, meeting.seen_at)


def _faults(race: Race, meeting: Meeting) -> list[str]:
    """不合法之处: any error that is no sentence, any case put off, rows unlike the fold, a default undone, a wrong outcome."""
    answers = meeting.answers.items()
    found = [f"{name}出了错：{answer}" for name, answer in answers if not (meeting.done(name) or meeting.refused(name))]
    found += [f"巡查没做成：{failure.error}" for failure in SweepFailure.objects.all()]
    if found:
        return found
    sweep()
    found += broken()
    for case in Case.objects.select_related("application__township", "application__version"):
        found += _undone(meeting, case)
    return found or race.judge(meeting)


def _undone(meeting: Meeting, case: Case) -> list[str]:
    """读者看见过的默认，后来没有了"""
    assert meeting.seen_at is not None
    after = {effect.key for effect in fold_application(case.application, meeting.seen_at).effects}
    before = [effect for effect in meeting.seen[case.pk].effects if effect.kind in PROMISED]
    return [f"读者看见过的{effect.key}后来没有了" for effect in before if effect.key not in after]
