"""期限走到哪里：days used and left, the light, the days of the cards, and limits in hours."""

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest

from portal.limits import (
    HourLimit,
    Light,
    Unit,
    due_at,
    due_on,
    hour_light,
    hour_rung_at,
    is_provisional,
    light,
    paused_days,
    remaining,
    rung_on,
    used,
)
from tests.calendars import NATIONAL
from tests.portal.spans import d, limit

SHANGHAI = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("on", "spent", "left", "state"),
    [
        ("06-30", 0, 10, Light.NORMAL),  # before day 0
        ("07-01", 0, 10, Light.NORMAL),  # Wednesday, day 0
        ("07-02", 1, 9, Light.NORMAL),
        ("07-05", 2, 8, Light.NORMAL),  # Sunday
        ("07-13", 8, 2, Light.NORMAL),
        ("07-14", 9, 1, Light.DUE_SOON),  # Tuesday, ninth of ten
        ("07-15", 10, 0, Light.DUE_SOON),  # Wednesday, the last day
        ("07-16", 10, 0, Light.OVERDUE),
    ],
)
def test_used_remaining_and_light(on: str, spent: int, left: int, state: Light):
    ten = limit("07-01", 10)

    assert used(ten, NATIONAL, d(on)) == spent
    assert remaining(ten, NATIONAL, d(on)) == left
    assert light(ten, NATIONAL, d(on)) is state


@pytest.mark.parametrize(
    ("on", "spent"), [("06-30", 0), ("07-01", 0), ("07-02", 1), ("07-05", 4), ("07-11", 10), ("07-13", 10)]
)
def test_natural_days_are_used_up_on_rest_days_too(on: str, spent: int):
    ten = limit("07-01", 10, Unit.DAY)  # its tenth day is Saturday the 11th, its end Monday

    assert (used(ten, NATIONAL, d(on)), remaining(ten, NATIONAL, d(on))) == (spent, 10 - spent)


@pytest.mark.parametrize(
    ("length", "unit", "on", "state"),
    [
        (0, Unit.WORKDAY, "07-01", Light.DUE_SOON),
        (0, Unit.WORKDAY, "07-02", Light.OVERDUE),
        (1, Unit.WORKDAY, "07-01", Light.NORMAL),
        (1, Unit.WORKDAY, "07-02", Light.DUE_SOON),
        (1, Unit.WORKDAY, "07-03", Light.OVERDUE),
        (5, Unit.WORKDAY, "07-07", Light.NORMAL),  # fourth of five
        (5, Unit.WORKDAY, "07-08", Light.DUE_SOON),  # ceil(4.5) = 5
        (20, Unit.WORKDAY, "07-24", Light.NORMAL),  # seventeenth
        (20, Unit.WORKDAY, "07-25", Light.NORMAL),  # Saturday
        (20, Unit.WORKDAY, "07-27", Light.DUE_SOON),  # eighteenth
        (10, Unit.DAY, "07-09", Light.NORMAL),
        (10, Unit.DAY, "07-10", Light.DUE_SOON),
        (10, Unit.DAY, "07-13", Light.DUE_SOON),  # rolled from Saturday the 11th
        (10, Unit.DAY, "07-14", Light.OVERDUE),
        (1, Unit.MONTH, "07-28", Light.NORMAL),  # 27 of 31; ceil(27.9) = 28
        (1, Unit.MONTH, "07-29", Light.DUE_SOON),
    ],
)
def test_light_turns_on_the_ninety_percent_day(length: int, unit: Unit, on: str, state: Light):
    assert light(limit("07-01", length, unit), NATIONAL, d(on)) is state


@pytest.mark.parametrize(
    ("end", "on", "spent", "state"),
    [
        ("07-08", "06-30", 0, Light.NORMAL),  # before day 0
        ("07-08", "07-03", 2, Light.NORMAL),  # Friday, the day it began still counts
        ("07-08", "07-04", 2, Light.PAUSED),  # Saturday
        ("07-08", "07-08", 2, Light.PAUSED),  # Wednesday, the day it ended does not count
        ("07-08", "07-09", 3, Light.NORMAL),
        ("07-08", "07-13", 5, Light.DUE_SOON),
        ("07-08", "07-14", 5, Light.OVERDUE),
        (None, "07-02", 1, Light.NORMAL),
        (None, "07-03", 2, Light.PAUSED),  # opened that day
        (None, "2027-07-03", 2, Light.PAUSED),
    ],
)
def test_light_while_paused(end: str | None, on: str, spent: int, state: Light):
    paused = limit("07-01", 5, Unit.WORKDAY, ("07-03", end))

    assert used(paused, NATIONAL, d(on)) == spent
    assert remaining(paused, NATIONAL, d(on)) == 5 - spent
    assert light(paused, NATIONAL, d(on)) is state


def test_light_on_a_last_day_held_back_by_a_pause():
    held = limit("07-01", 5, Unit.WORKDAY, ("07-08", "07-10"))

    assert light(held, NATIONAL, d("07-08")) is Light.PAUSED
    assert light(held, NATIONAL, d("07-13")) is Light.DUE_SOON
    assert light(limit("07-01", 5, Unit.WORKDAY, ("07-08", "07-08")), NATIONAL, d("07-08")) is Light.DUE_SOON


def test_light_before_an_open_pause_begins():
    opened = limit("07-01", 10, Unit.WORKDAY, ("07-15", None))

    assert due_on(opened, NATIONAL) is None
    assert light(opened, NATIONAL, d("07-13")) is Light.NORMAL
    assert light(opened, NATIONAL, d("07-14")) is Light.DUE_SOON  # Tuesday, the ninth day
    assert light(opened, NATIONAL, d("07-15")) is Light.PAUSED


@pytest.mark.parametrize(
    ("length", "share", "day"),
    [
        (10, 0.5, "07-08"),  # fifth working day
        (10, 0.9, "07-14"),  # ninth
        (10, 0.7, "07-10"),  # exactly seven, whatever binary fractions say
        (10, Fraction(1), "07-15"),
        (5, 0.5, "07-06"),  # ceil(2.5) = 3
        (1, 0.5, "07-02"),
        (0, 0.5, "07-01"),
        (10, 0, "07-01"),
    ],
)
def test_rung_is_the_counted_day(length: int, share: float | Fraction, day: str):
    assert rung_on(limit("07-01", length), NATIONAL, share) == d(day)


def test_rung_waits_for_pauses():
    assert rung_on(limit("07-01", 10, Unit.WORKDAY, ("07-03", "07-08")), NATIONAL, 0.5) == d("07-13")
    assert rung_on(limit("07-01", 10, Unit.WORKDAY, ("07-03", None)), NATIONAL, 0.5) is None
    assert rung_on(limit("07-01", 10, Unit.WORKDAY, ("07-10", None)), NATIONAL, 0.5) == d("07-08")
    assert rung_on(limit("07-01", 10, Unit.DAY), NATIONAL, 0.5) == d("07-06")
    assert rung_on(limit("07-01", 10, Unit.DAY), NATIONAL, 1) == d("07-11")  # Saturday, before the roll


@pytest.mark.parametrize(
    ("length", "pause", "on", "days"),
    [
        (10, ("07-03", "07-08"), "07-05", 0),  # the weekend costs nothing
        (10, ("07-03", "07-08"), "07-06", 1),
        (10, ("07-03", "07-08"), "07-08", 3),
        (10, ("07-03", "07-08"), "07-31", 3),
        (2, ("07-03", "07-07"), "07-07", 3),  # begun on the last day, which it holds back
        (10, None, "07-31", 0),
    ],
)
def test_days_that_a_pause_took_out(length: int, pause: tuple[str, str] | None, on: str, days: int):
    counted = limit("07-01", length, Unit.WORKDAY, *([pause] if pause else []))

    assert paused_days(counted, NATIONAL, d(on)) == days


def test_hour_limits_run_through_rest_days():
    four = HourLimit(datetime(2026, 10, 3, 22, tzinfo=SHANGHAI), 4)  # Saturday in National Day

    assert due_at(four, NATIONAL) == datetime(2026, 10, 3, 18, tzinfo=UTC)
    assert due_on(four, NATIONAL) == d("10-04")
    assert due_on(HourLimit(four.started_at, 2), NATIONAL) == d("10-03")  # ends at 24:00
    assert is_provisional(HourLimit(datetime(2027, 1, 1, tzinfo=UTC), 4), NATIONAL) is False


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        (0, Light.NORMAL),
        (215, Light.NORMAL),
        (216, Light.DUE_SOON),
        (239, Light.DUE_SOON),
        (240, Light.OVERDUE),
    ],
)
def test_hour_light(minutes: int, state: Light):
    started = datetime(2026, 10, 3, 22, tzinfo=SHANGHAI)

    assert hour_light(HourLimit(started, 4), started + timedelta(minutes=minutes)) is state


def test_an_hour_limit_turns_at_the_microsecond():
    started, moment = datetime(2026, 10, 3, 22, tzinfo=SHANGHAI), timedelta(microseconds=1)

    assert hour_light(HourLimit(started, 4), started + timedelta(hours=4) - moment) is Light.DUE_SOON
    assert hour_light(HourLimit(started, 0), started) is Light.OVERDUE


@pytest.mark.parametrize(
    ("hours", "share", "after"),
    [
        (4, 0, timedelta()),
        (4, 0.5, timedelta(hours=2)),
        (4, 0.9, timedelta(hours=3, minutes=36)),
        (4, 1, timedelta(hours=4)),
        (1, Fraction(1, 7), timedelta(microseconds=514_285_715)),  # rounded up: never before the share has passed
    ],
)
def test_a_rung_of_an_hour_limit_is_an_instant(hours: int, share: float | Fraction, after: timedelta):
    four = HourLimit(datetime(2026, 10, 3, 22, tzinfo=SHANGHAI), hours)

    assert hour_rung_at(four, share) == four.started_at + after
    assert hour_rung_at(four, share).utcoffset() == timedelta()
    assert hour_rung_at(four, 1) == due_at(four, NATIONAL)


def test_a_rung_is_a_counted_day_even_of_a_limit_of_one_that_rolls():
    friday = limit("07-03", 1, Unit.DAY)  # its day is Saturday, its end Monday

    assert (rung_on(friday, NATIONAL, 1), due_on(friday, NATIONAL)) == (d("07-04"), d("07-06"))


def test_a_last_day_held_back_after_an_earlier_pause_is_suspended():
    held = limit("07-01", 5, Unit.WORKDAY, ("07-02", "07-03"), ("07-09", "07-10"))

    assert light(held, NATIONAL, d("07-09")) is Light.PAUSED
