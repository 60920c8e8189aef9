"""用了几天：what pauses took out is counted apart, and the verdict is the clock's – never that of a gross figure."""

from typing import Any

import pytest

from approvals.spent import spent
from portal.limits import Unit
from services.definition import LimitUnit, OnTimeout, StageKind
from tests.approvals.folding import Row, filed, state_at
from tests.instants import at
from tests.rules import days, definition, mode, stage

ACCEPTED: Row = ("accepted", at("2026-11-02", "11:00"), {})  # Monday; day 15 of the promise is Monday the 23rd


def decided(day: str, outcome: str = "approve") -> Row:
    return ("decided", at(day, "14:00"), {"step": "decide", "outcome": outcome})


def paused(day: str, until: str) -> Row:
    return ("paused", at(day), {"id": "p1", "reason": "听证", "clocks": ["promised", "statutory"], "until": until})


@pytest.mark.parametrize(
    ("between", "day", "expected", "late"),
    [
        ([], "2026-11-02", (0, 0, 0), False),  # the day of receipt is not counted
        ([], "2026-11-10", (6, 0, 0), False),  # 3, 4, 5, 6, 9, 10
        ([], "2026-11-23", (15, 0, 0), False),
        ([], "2026-11-24", (16, 0, 0), True),
        ([], "2026-11-28", (19, 0, 0), True),  # a Saturday: no day more, but late
        # eight working days stood still (6, 9-13, 16, 17): 20 days by the calendar, 12 by the clock
        ([paused("2026-11-05", "2026-11-17")], "2026-11-30", (12, 8, 0), False),
        ([paused("2026-11-05", "2026-11-17")], "2026-12-03", (15, 8, 0), False),
        ([paused("2026-11-05", "2026-11-17")], "2026-12-04", (16, 8, 0), True),
        # begun on what would have been the last day: that day is held back with the two after it
        ([paused("2026-11-23", "2026-11-25")], "2026-11-26", (15, 3, 0), False),
        # inside a weekend it costs nothing
        ([paused("2026-11-06", "2026-11-08")], "2026-11-10", (6, 0, 0), False),
        # ended by hand on the 9th, and decided while it was still open
        ([paused("2026-11-05", "2026-11-17"), ("resumed", at("2026-11-09"), {"id": "p1"})], "2026-11-10", (4, 2, 0), False),
        ([paused("2026-11-05", "2026-11-17")], "2026-11-10", (3, 3, 0), False),
        # an extension moves the verdict, not the count
        ([("extended", at("2026-11-20"), {"length": 5})], "2026-11-30", (20, 0, 5), False),
        ([("extended", at("2026-11-20"), {"length": 5})], "2026-12-01", (21, 0, 5), True),
    ],
)
def test_the_days_are_those_of_the_clock(between: list[Row], day: str, expected: tuple[int, ...], late: bool) -> None:
    for outcome in ("approve", "refuse"):
        state = state_at(definition(), at(day, "15:00"), filed("2026-11-02"), ACCEPTED, *between, decided(day, outcome))

        found = spent(state)

        assert found is not None
        assert (found.days, found.paused, found.extended_by) == expected
        assert (found.unit, found.handed_up, state.is_late) == (Unit.WORKDAY, False, late)


def test_a_correction_starts_the_count_anew() -> None:
    rows = [
        filed("2026-11-02"),
        ("corrected", at("2026-11-04"), {}),
        ("supplied", at("2026-11-16"), {"complete": True}),
        ("accepted", at("2026-11-17"), {}),
        decided("2026-11-19"),
    ]

    found = spent(state_at(definition(), at("2026-11-20"), *rows))

    assert found is not None
    assert (found.days, found.paused) == (3, 0)  # 17, 18, 19


@pytest.mark.parametrize(
    ("day", "expected", "late"),
    [
        ("2026-11-12", 10, False),
        ("2026-11-16", 12, False),  # day 12 is Saturday the 14th, so Monday is still in time
        ("2026-11-17", 13, True),
    ],
)
def test_a_promise_in_calendar_days_is_counted_in_them(day: str, expected: int, late: bool) -> None:
    rules = definition(promised=days(12, LimitUnit.DAY), statutory=None)

    state = state_at(rules, at(day, "15:00"), filed("2026-11-02"), ACCEPTED, decided(day))

    found = spent(state)
    assert found is not None
    assert (found.days, found.unit, state.is_late) == (expected, Unit.DAY, late)


def test_a_default_counts_on_the_day_its_limit_ended() -> None:
    rules = definition(promised=days(3), timeout=mode(OnTimeout.RECORD), licence=False, positive="recorded")

    state = state_at(rules, at("2026-11-20"), filed("2026-11-02"))

    found = spent(state)
    assert found is not None
    assert (state.state, found.days, state.is_late) == ("recorded", 3, False)


def test_what_was_handed_up_is_counted_until_then() -> None:
    deciding = stage("decide", 2, StageKind.DECIDE, external=True)
    rules = definition(stages=(stage("check", 1, limit=days(5)), deciding), decided_elsewhere=True, statutory=None)
    opinion: Row = ("opinion", at("2026-11-05"), {"step": "check", "outcome": "agree"})

    state = state_at(rules, at("2027-02-01"), filed("2026-11-02"), ACCEPTED, opinion, decided("2027-01-29"))

    found = spent(state)
    assert found is not None
    assert (found.days, found.handed_up, state.is_late) == (3, True, False)


@pytest.mark.parametrize(
    "last",
    [
        ("rejected", {"outcome": "not_accepted"}),
        ("withdrawn", {}),
        ("terminated", {}),
        ("reason_published", {}),
    ],
)
def test_what_was_not_decided_has_no_figure(last: tuple[str, dict[str, Any]]) -> None:
    kind, data = last

    assert spent(state_at(definition(), at("2026-11-05"), filed("2026-11-02"), (kind, at("2026-11-04"), data))) is None
