"""期限的性质：random limits, pauses and calendars against a second, literal reading, and against themselves.

The 10,000 limits come in blocks, each with its own chances, always the same ones.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from portal.limits import (
    Light,
    Pause,
    TimeLimit,
    Unit,
    counted_length,
    due_at,
    due_on,
    explain,
    is_provisional,
    light,
    remaining,
    rung_on,
    used,
)
from portal.workdays import WorkCalendar
from tests.calendars import AS_OF_2025, NATIONAL, PLAIN_WEEKS, RANDOM_CALENDARS
from tests.naive_limits import naive_due_at, naive_reading, naive_total

ONE_DAY = timedelta(days=1)
LIMITS, BLOCKS = 10_000, 20
FEW = settings(max_examples=500, deadline=None, database=None, derandomize=True)
CALENDARS = st.sampled_from([NATIONAL, AS_OF_2025, PLAIN_WEEKS, *RANDOM_CALENDARS])
SIZES = {
    Unit.WORKDAY: (30, 10),
    Unit.DAY: (45, 15),
    Unit.MONTH: (2, 1),
    Unit.YEAR: (1, 0),
}  # length, extension
UNITS = [Unit.WORKDAY] * 4 + [Unit.DAY] * 3 + [Unit.MONTH] * 2 + [Unit.YEAR]


@st.composite
def histories(draw: st.DrawFn, shortest: int = -1) -> tuple[TimeLimit, WorkCalendar]:
    """A limit that starts between November 2025 and January 2027 and pauses around it; -1 days is open."""
    start = date(2025, 11, 1) + draw(st.integers(0, 440)) * ONE_DAY
    unit = draw(st.sampled_from(UNITS))
    length, more = (draw(st.integers(0, most)) for most in SIZES[unit])
    spans = draw(st.lists(st.tuples(st.integers(-5, 60), st.integers(shortest, 15)), max_size=4))
    pauses = tuple(
        Pause(start + first * ONE_DAY, None if days < 0 else start + (first + days) * ONE_DAY, "听证")
        for first, days in spans
    )
    return TimeLimit(start, length, unit, more, pauses), draw(CALENDARS)


def pause_on_the_last_day(history: tuple[TimeLimit, WorkCalendar], days: int) -> TimeLimit:
    """The same limit with one more pause, begun on its last day."""
    plain, calendar = history
    due = due_on(plain, calendar)
    if due is None:
        return plain
    return replace(plain, pauses=(*plain.pauses, Pause(due, due + days * ONE_DAY, "公示")))


def agrees_with_the_naive_reading(history: tuple[TimeLimit, WorkCalendar], late: int) -> None:
    calendar = history[1]
    paused = pause_on_the_last_day(history, late) if late >= 0 else history[0]
    due, counted = naive_reading(paused, calendar)

    lines = explain(paused, calendar)

    assert due_on(paused, calendar) == due
    assert due_at(paused, calendar) == naive_due_at(due)
    assert [line.day for line in lines if line.counted] == counted
    assert [line.day for line in lines] == [paused.started_on + n * ONE_DAY for n in range(len(lines))]
    if due is not None:
        assert lines[-1].day == due
        assert len(counted) == naive_total(paused) == counted_length(paused)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_random_histories_agree_with_the_naive_reading(block: int) -> None:
    @seed(block)
    @settings(max_examples=LIMITS // BLOCKS, deadline=None, database=None)
    @given(history=histories(), late=st.integers(-3, 9))
    def compare(history: tuple[TimeLimit, WorkCalendar], late: int) -> None:
        agrees_with_the_naive_reading(history, late)

    compare()


def test_a_pause_begun_on_a_rolled_last_day_agrees_with_the_naive_reading() -> None:
    rolled = TimeLimit(date(2026, 7, 1), 10, Unit.DAY)  # the tenth day is a Saturday

    agrees_with_the_naive_reading((rolled, NATIONAL), 2)


@FEW
@given(history=histories(), offset=st.integers(-3, 120), share=st.sampled_from([0.1, 0.5, 0.9, 1]))
def test_used_light_and_rungs_follow_the_explanation(
    history: tuple[TimeLimit, WorkCalendar], offset: int, share: float
):
    paused, calendar = history
    on = paused.started_on + offset * ONE_DAY
    due, counted = naive_reading(paused, calendar)
    spent = sum(day <= on for day in counted)
    number = -(-round(share * 10) * naive_total(paused) // 10)

    assert used(paused, calendar, on) == spent
    assert remaining(paused, calendar, on) == naive_total(paused) - spent
    assert (light(paused, calendar, on) is Light.OVERDUE) is (due is not None and on > due)
    if number:
        assert rung_on(paused, calendar, share) == (counted[number - 1] if number <= len(counted) else None)


@FEW
@given(history=histories(shortest=0), more=st.integers(1, 5))
def test_extension_and_pause_never_bring_the_end_forward(history: tuple[TimeLimit, WorkCalendar], more: int):
    paused, calendar = history
    extended = replace(paused, extended_by=paused.extended_by + more)
    unpaused = replace(paused, pauses=())

    assert due_on(extended, calendar) >= due_on(paused, calendar) >= due_on(unpaused, calendar)
    rests_on_unpublished = due_on(paused, calendar) > max(paused.started_on, calendar.published_through)
    assert is_provisional(paused, calendar) is rests_on_unpublished
