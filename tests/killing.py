"""强杀每一处：runs an act, killing it (SIGKILL) at every point it passes, and looks at what is left.

After each kill either nothing has happened – the whole database is what it was, and doing it again works – or it
has happened once, and doing it again changes nothing. Either way the next sweep leaves exactly the rows of an
undisturbed run: nothing lost, nothing doubled.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from approvals.sweeping import sweep
from services.storage import clear_loose_files
from tests.conftest import CLONE, TestClock
from tests.keeping import broken, census, fingerprint, kept
from tests.stepping import Point, Stepped
from tests.world import World, find_world

Act = Callable[[], Any]
REFUSED, SAME, ADDS = "refused", "same", "adds"
REFUSALS = frozenset({"InvalidInput", "NotAllowed", "WrongState", "DeadlinePassed"})


@dataclass(frozen=True)
class Deed:
    """一个动作: `prepare` makes its stage and answers with the act; `again` is what a second one meets.

    REFUSED with a sentence, SAME answer and no new row, or ADDS where a second one is lawful in its own right.
    """

    name: str
    prepare: Callable[[World, TestClock], Act]
    again: str = REFUSED

    def __str__(self) -> str:
        return self.name


def kill_everywhere(deed: Deed) -> list[Point]:
    """在每一处杀一次; the points hit."""
    return _kill(deed, lambda point: True)


def kill_around_commit(deed: Deed) -> list[Point]:
    """在提交前后各杀一次; the points hit."""
    return _kill(deed, lambda point: point.kind != "statement")


def _kill(deed: Deed, chosen: Callable[[Point], bool]) -> list[Point]:
    act = deed.prepare(find_world(), TestClock(CLONE))
    hit = []
    with kept() as restore:
        before = fingerprint()
        points, undisturbed = _undisturbed(act)
        for place, point in enumerate(points):
            if chosen(point):
                restore()
                _kill_at(deed, act, points[: place + 1], before)
                assert census() == undisturbed, f"{point}：{_difference(census(), undisturbed)}"
                assert broken() == []
                hit.append(point)
    return hit


def _undisturbed(act: Act) -> tuple[list[Point], Counter[str]]:
    """没有人打扰的一次: the points it passes, and what is there afterwards."""
    before = census()
    with stepped(act, single=True) as child:
        child.run()
        assert child.answer == "OK", child.answer
    assert answer_of(recover) == "OK"
    after = census()
    assert after != before, "这个动作什么也没写，杀它没有意义"
    assert broken() == []
    return child.passed, after


@contextmanager
def stepped(act: Act, **options: Any) -> Iterator[Stepped]:
    """走一步停一步的进程, cleared away whatever happens."""
    child = Stepped(act, **options)
    try:
        yield child
    finally:
        child.clear_away()


def answer_of(act: Act) -> str:
    """在一个新进程里做完它: OK, or the error and its words."""
    with stepped(act, free=True) as child:
        assert child.run(), "没有人在，却要等别人的锁"
    return child.answer


def _kill_at(deed: Deed, act: Act, way: list[Point], before: dict[str, str]) -> None:
    """走完 way 除了最后一处，站在那里被杀；然后再办一次、巡查一遍"""
    with stepped(act, single=True) as child:
        child.advance(len(way) - 1)
        assert [*child.passed, child.standing] == way, f"走的不是同样的路：{child.standing}"
        child.kill()
    if fingerprint() == before:
        assert answer_of(lambda: (act(), recover())) == "OK"  # nothing has happened, and doing it again works
        return
    assert any(point.kind == "committed" for point in way), "没有提交就留下了东西"
    if deed.again != ADDS:
        refused = answer_of(act).split(" ")[0] in REFUSALS
        assert refused is (deed.again == REFUSED), f"{deed.name}再办一次{'' if refused else '没有'}被拒绝"
    assert answer_of(recover) == "OK"


def recover() -> None:
    """后台接着做: the next sweep, and what is cleared away each hour."""
    sweep()
    clear_loose_files(after=timedelta(0))


def say(capsys: pytest.CaptureFixture[str], line: str) -> None:
    """印出一行, in the quiet run too."""
    with capsys.disabled():
        sys.stdout.write(f"\n{line}\n")


def _difference(found: Counter[str], wanted: Counter[str]) -> dict[str, tuple[int, int]]:
    return {key: (found[key], wanted[key]) for key in found | wanted if found[key] != wanted[key]}
