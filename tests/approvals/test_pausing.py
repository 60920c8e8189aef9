"""中止的账：which pauses run, whose end is near, and how many days of a reason are left."""

from datetime import date
from typing import Any

import pytest

from approvals.facts import CaseState, PauseView
from approvals.pausing import clocks_stopped, days_left, days_of, needs_second, running_notices
from services.definition import PauseReason, StageKind
from tests.approvals.folding import Row, filed, state_at
from tests.instants import at
from tests.rules import days, definition, stage

HEARING = PauseReason("hearing", "听证", ("promised",), "行政许可法第四十五条", 60)


def told(start: int, until: int, ended: int | None = None, **more: Any) -> PauseView:
    """2026年11月里的一次中止"""
    ended_on = date(2026, 11, ended) if ended else None
    usual = {"id": "pause1", "reason": "听证", "clocks": ("promised",), "step": "own"}
    return PauseView(start=date(2026, 11, start), until=date(2026, 11, until), ended_on=ended_on, **{**usual, **more})


@pytest.mark.parametrize(
    ("pauses", "left"),
    [
        ([], 60),
        ([told(2, 22)], 40),  # until the planned end, as long as it runs
        ([told(2, 22, 12)], 50),  # resumed early: only what it took
        ([told(2, 12, 12), told(16, 26)], 40),
        ([told(2, 12), told(7, 17, id="pause2", step="branch")], 45),  # beside each other: each day once
        ([told(2, 22, reason="现场踏勘")], 60),
        ([told(2, 22, id="post#1")], 60),  # a stage that stops the clock by itself is no notice
    ],
)
def test_the_maximum_is_of_the_reason_in_the_case(pauses: list[PauseView], left: int) -> None:
    assert days_left(pauses, HEARING) == left
    assert len(days_of(pauses, "听证")) == 60 - left


def test_no_days_are_left_of_a_reason_that_has_had_more_than_its_maximum() -> None:
    assert days_left([told(2, 29)], PauseReason("visit", "听证", (), "", 20)) == 0


def test_a_pause_runs_until_it_has_ended_and_is_known_by_its_step() -> None:
    found = running_notices([told(2, 9, 9), told(9, 12, step="branch"), told(9, 12, id="post#1", step="post")])

    assert list(found) == ["branch"]


STEPS = (stage("own", 1, limit=days(3)), stage("decide", 2, StageKind.DECIDE, days(3)))
ACCEPTED: Row = ("accepted", at("2026-11-02", "11:00"), {})


def seen(day: str, *rows: Row) -> CaseState:
    """2026-11-02（周一）受理; the step ends on Thursday the 5th, the promise of 15 days on Monday the 23rd"""
    return state_at(definition(stages=STEPS), at(day), filed("2026-11-02"), ACCEPTED, *rows)


def test_a_pause_stops_what_its_reason_names_and_its_step_as_far_as_they_run() -> None:
    early, late = seen("2026-11-04"), seen("2026-11-24")

    assert [c.key for c in clocks_stopped(early, ("promised", "expiry"), early.step("own"))] == ["promised", "step:own"]
    assert [c.key for c in clocks_stopped(early, ("promised",), None)] == ["promised"]
    assert clocks_stopped(late, ("promised",), late.step("own")) == []  # both have lapsed
    assert [c.key for c in clocks_stopped(late, ("statutory",), late.step("own"))] == ["statutory"]


@pytest.mark.parametrize(
    ("day", "second"),
    [("2026-11-04", False), ("2026-11-05", True), ("2026-11-06", False), ("2026-11-19", False), ("2026-11-20", True)],
)
def test_a_second_signer_from_the_ninetieth_percent_of_case_or_step(day: str, second: bool) -> None:
    state = seen(day)  # counted day 3 of 3 is the 5th, day 14 of 15 the 20th

    assert needs_second(state, clocks_stopped(state, ("promised",), state.step("own"))) == second


def test_the_clock_of_the_case_asks_for_a_second_signer_whatever_is_stopped() -> None:
    short = definition(stages=STEPS, statutory=days(5), promised=days(4))
    state = state_at(short, at("2026-11-09"), filed("2026-11-02"), ACCEPTED)

    assert state.case_clock == state.clock("statutory")
    assert needs_second(state, [])


@pytest.mark.parametrize(("begun", "second"), [("2026-11-05", True), ("2026-11-04", False)])
def test_a_clock_that_stands_still_is_where_it_was_stopped(begun: str, second: bool) -> None:
    """A sibling's pause must not hide that the end was near."""
    row = ("paused", at(begun), {"id": "p", "reason": "听证", "clocks": ["promised"], "until": "2026-11-30", "step": "own"})

    state = seen("2026-11-12", row)

    step = state.step("own")
    assert step is not None
    assert (step.clock and step.clock.due_on) is None
    assert needs_second(state, clocks_stopped(state, (), step)) == second
