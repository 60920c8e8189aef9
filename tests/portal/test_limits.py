from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.limits import (
    HourLimit,
    Light,
    Pause,
    TimeLimit,
    Unit,
    counted_length,
    day_ended,
    day_of,
    due_at,
    due_on,
    end_of_day,
    hour_light,
    hour_rung_at,
    is_provisional,
    rung_on,
)
from tests.calendars import AS_OF_2025, NATIONAL
from tests.portal.spans import ONE_DAY, d, limit


@pytest.mark.parametrize(
    ("start", "length", "due", "provisional"),
    [
        ("02-10", 20, "03-16", False),  # Tuesday, over the Spring Festival
        ("02-12", 5, "02-26", False),  # Thursday, Saturday the 14th worked
        ("04-30", 5, "05-11", False),  # Thursday, Saturday 9 May worked
        ("09-18", 5, "09-24", False),  # Friday, Sunday the 20th worked
        ("09-24", 20, "10-29", False),  # Thursday, over National Day
        ("09-15", 4, "09-20", False),  # Tuesday: a worked Sunday is a last day
        ("09-19", 5, "09-24", False),  # Saturday, filed on a rest day: day 0 is that day
        ("12-10", 20, "2027-01-08", True),  # Thursday, over the unpublished New Year
        ("11-23", 45, "2027-01-26", True),  # Monday
        ("12-22", 5, "12-29", True),  # Tuesday
        ("12-17", 5, "12-24", False),  # Thursday: the last published day
        ("12-18", 5, "12-25", True),  # Friday
        ("10-05", 0, "10-05", False),  # Monday in National Day, on the spot
        ("12-28", 0, "12-28", False),  # Monday, on the spot: nothing is counted
    ],
)
def test_workday_limits(start: str, length: int, due: str, provisional: bool):
    assert due_on(limit(start, length), NATIONAL) == d(due)
    assert is_provisional(limit(start, length), NATIONAL) is provisional


@pytest.mark.parametrize(
    ("start", "length", "unit", "due", "provisional"),
    [
        ("09-01", 7, Unit.DAY, "09-08", False),  # ends Tuesday
        ("09-05", 7, Unit.DAY, "09-14", False),  # ends Saturday the 12th, rolls to Monday
        ("09-13", 7, Unit.DAY, "09-20", False),  # ends on the worked Sunday
        ("09-11", 20, Unit.DAY, "10-08", False),  # ends 1 October, rolls over National Day
        ("12-22", 7, Unit.DAY, "12-29", True),  # ends Tuesday, might become a day off
        ("12-14", 10, Unit.DAY, "12-24", False),  # ends Thursday, published
        ("12-20", 7, Unit.DAY, "12-28", True),  # ends Sunday the 27th
        ("12-28", 0, Unit.DAY, "12-28", False),  # on the spot
        ("01-31", 1, Unit.MONTH, "02-28", False),  # no 31 February; 28 February is a worked Saturday
        ("03-31", 1, Unit.MONTH, "04-30", False),  # Thursday
        ("08-15", 2, Unit.MONTH, "10-15", False),  # Thursday
        ("08-05", 2, Unit.MONTH, "10-08", False),  # 5 October in National Day
        ("11-30", 3, Unit.MONTH, "2027-03-01", True),  # 28 February 2027 is a Sunday
        ("2024-02-29", 1, Unit.YEAR, "2025-02-28", False),  # Friday
        ("2024-01-20", 1, Unit.YEAR, "2025-01-20", False),  # Monday
        ("2022-02-28", 2, Unit.YEAR, "2024-02-28", False),  # Wednesday: the day, not the month's end
        ("2095-12-31", 50, Unit.MONTH, "2100-03-01", True),  # 2100 is no leap year; 28 February is a Sunday
    ],
)
def test_limits_in_days_months_and_years(start: str, length: int, unit: Unit, due: str, provisional: bool):
    assert due_on(limit(start, length, unit), NATIONAL) == d(due)
    assert is_provisional(limit(start, length, unit), NATIONAL) is provisional


@pytest.mark.parametrize(
    ("start", "length", "unit", "more", "due"),
    [
        ("09-07", 5, Unit.WORKDAY, 3, "09-17"),  # Monday; 8 working days
        ("09-01", 5, Unit.DAY, 2, "09-08"),  # 7 days, not 5 and then 2 working days
        ("01-31", 1, Unit.MONTH, 1, "03-31"),  # two months from day 0, not a month from 28 February
        ("2024-02-29", 1, Unit.YEAR, 3, "2028-02-29"),  # Tuesday
        ("09-07", 0, Unit.WORKDAY, 2, "09-09"),  # an extended on-the-spot limit
    ],
)
def test_extension_adds_in_the_limits_own_unit(start: str, length: int, unit: Unit, more: int, due: str):
    assert due_on(limit(start, length, unit, more=more), NATIONAL) == d(due)


# July 2026: 1 July is a Wednesday; 3, 10, 17, 24 are Fridays.
@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], "07-08"),  # Thursday to the Wednesday after next
        ([("07-03", "07-07")], "07-10"),  # Friday counts, Monday and Tuesday do not
        ([("07-03", "07-06")], "07-09"),  # the weekend costs nothing, Monday does
        ([("07-03", "07-05")], "07-08"),  # a pause inside rest days costs nothing
        ([("07-03", "07-03")], "07-08"),  # begun and ended on one day: nothing
        ([("07-02", "07-06"), ("07-03", "07-07")], "07-13"),  # overlapping: a union, Friday to Tuesday
        ([("07-02", "07-03"), ("07-03", "07-06")], "07-10"),  # touching: Friday and Monday
        ([("07-02", "07-03"), ("07-06", "07-07")], "07-10"),  # two pauses: Friday and Tuesday
        ([("06-20", "07-03")], "07-10"),  # begun before the clock: Thursday and Friday
        ([("07-01", "07-02")], "07-09"),  # begun on day 0: Thursday
        ([("07-09", "07-20")], "07-08"),  # begun after the end: nothing
        ([("07-08", "07-14")], "07-15"),  # begun on the last day: that day is not counted
        ([("07-08", "07-08")], "07-08"),  # begun and ended on the last day
        ([("07-08", "07-10")], "07-13"),  # ends on Friday: the first counted day is Monday
        ([("07-08", "07-14"), ("07-15", "07-16")], "07-17"),  # begun again on the new last day
        ([("07-08", "07-14"), ("07-14", "07-16")], "07-17"),  # touching at the end
        ([("07-03", None)], None),
        ([("07-08", None)], None),  # opened on the last day
        ([("07-09", None)], "07-08"),  # opened after the end
        ([("07-03", "07-06"), ("07-09", None)], None),  # opened on the new last day
    ],
)
def test_pauses_suspend_working_days(pauses: list[tuple[str, str | None]], due: str | None):
    paused = limit("07-01", 5, Unit.WORKDAY, *pauses)

    assert due_on(paused, NATIONAL) == (d(due) if due else None)
    assert due_at(paused, NATIONAL) == (end_of_day(d(due)) if due else None)


# Start Wednesday 1 July 2026.
@pytest.mark.parametrize(
    ("length", "unit", "pauses", "due"),
    [
        (10, Unit.DAY, [("07-02", "07-04")], "07-13"),  # ends Monday
        (7, Unit.DAY, [("07-02", "07-05")], "07-13"),  # Saturday the 11th, rolls to Monday
        (10, Unit.DAY, [("07-11", "07-14")], "07-15"),  # ends Saturday 11; the roll waits for the pause
        (10, Unit.DAY, [("07-13", "07-14")], "07-15"),  # begun on the rolled last day, Monday
        (10, Unit.DAY, [("07-12", "07-17")], "07-20"),  # the roll meets the pause, then a weekend
        (9, Unit.DAY, [("07-10", "07-13")], "07-14"),  # begun on the last day, Friday
        (9, Unit.DAY, [("07-10", "07-16")], "07-17"),  # the ninth day is Friday the 17th
        (9, Unit.DAY, [("07-10", "07-17")], "07-20"),  # the ninth day is Saturday, rolls
        (1, Unit.MONTH, [("07-10", "07-15")], "08-06"),  # 5 days after Saturday 1 August
        (1, Unit.MONTH, [("07-10", "07-17")], "08-10"),  # Saturday 8 August rolls
        (1, Unit.MONTH, [("07-10", None)], None),
        (1, Unit.YEAR, [("07-10", "07-11")], "2027-07-02"),  # Friday
        (0, Unit.WORKDAY, [("07-01", "07-03")], "07-06"),  # on the spot, paused at once
        (0, Unit.DAY, [("07-01", "07-03")], "07-06"),  # Saturday rolls
        (0, Unit.WORKDAY, [("07-01", "07-01")], "07-01"),
        (0, Unit.WORKDAY, [("07-01", None)], None),
        (0, Unit.WORKDAY, [("06-30", "07-03")], "07-06"),  # on the spot in a pause begun before
    ],
)
def test_pauses_lengthen_limits_day_by_day(
    length: int, unit: Unit, pauses: list[tuple[str, str | None]], due: str | None
):
    assert due_on(limit("07-01", length, unit, *pauses), NATIONAL) == (d(due) if due else None)


def test_pause_over_new_year_without_a_calendar():
    opened = limit("12-15", 10, Unit.WORKDAY, ("12-18", None))
    closed = limit("12-15", 10, Unit.WORKDAY, ("12-18", "2027-01-04"))

    assert due_on(opened, NATIONAL) is None
    assert not is_provisional(opened, NATIONAL)
    assert due_on(closed, NATIONAL) == date(2027, 1, 13)  # Wednesday
    assert is_provisional(closed, NATIONAL)


def test_limit_over_two_years_is_provisional_only_where_unpublished():
    assert is_provisional(limit("2025-12-22", 5), AS_OF_2025)
    assert not is_provisional(limit("2025-12-22", 5), NATIONAL)


def test_end_of_day_is_midnight_in_shanghai():
    assert end_of_day(d("10-08")) == datetime(2026, 10, 8, 16, tzinfo=UTC)
    assert end_of_day(d("10-08")).tzinfo is UTC
    assert day_of(end_of_day(d("10-08"))) == d("10-09")
    assert day_ended(end_of_day(d("10-08"))) == d("10-08")
    assert day_ended(end_of_day(d("10-08")) + timedelta(microseconds=1)) == d("10-09")
    assert day_of(datetime(2026, 10, 8, 15, 59, 59, tzinfo=UTC)) == d("10-08")


DAY, NOON = d("07-01"), datetime(2026, 7, 1, 12, tzinfo=UTC)
NAIVE = NOON.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("make", "refusal", "sentence"),
    [
        (lambda: TimeLimit(DAY, -1, Unit.DAY), ValueError, "期限和延长期限不能为负"),
        (lambda: TimeLimit(DAY, 1, Unit.DAY, extended_by=-1), ValueError, "期限和延长期限不能为负"),
        (lambda: TimeLimit(DAY, 1, "fortnight"), ValueError, "'fortnight' is not a valid Unit"),
        (lambda: TimeLimit(NAIVE, 1, Unit.DAY), TypeError, "起算日应为日期,不含时刻"),
        (lambda: Pause(DAY, DAY - ONE_DAY, ""), ValueError, "中止结束日早于开始日"),
        (lambda: Pause(DAY, NAIVE, ""), TypeError, "中止结束日应为日期,不含时刻"),
        (lambda: Pause(NAIVE, None, ""), TypeError, "中止开始日应为日期,不含时刻"),
        (lambda: HourLimit(NAIVE, 1), ValueError, "时刻缺少时区"),
        (lambda: HourLimit(NOON, -1), ValueError, "期限不能为负"),
        (lambda: hour_light(HourLimit(NOON, 1), NAIVE), ValueError, "时刻缺少时区"),
        (lambda: hour_rung_at(HourLimit(NOON, 1), 1.1), ValueError, "比例应在 0 与 1 之间"),
        (lambda: day_of(NAIVE), ValueError, "时刻缺少时区"),
        (lambda: day_ended(NAIVE), ValueError, "时刻缺少时区"),
        (lambda: rung_on(limit("07-01", 10), NATIONAL, -0.1), ValueError, "比例应在 0 与 1 之间"),
        (lambda: rung_on(limit("07-01", 10), NATIONAL, 1.1), ValueError, "比例应在 0 与 1 之间"),
    ],
)
def test_wrong_values_are_refused_with_their_sentence(
    make: Callable[[], object], refusal: type[Exception], sentence: str
):
    with pytest.raises(refusal, match=f"^{sentence}$"):
        make()


def test_a_limit_read_from_storage_is_a_plain_value():
    stored = TimeLimit(DAY, 3, "workday", pauses=[Pause(DAY, DAY, "")])

    assert (stored.unit, stored.pauses, stored.extended_by) == (Unit.WORKDAY, (Pause(DAY, DAY, ""),), 0)
    assert stored.unit is Unit.WORKDAY


@pytest.mark.parametrize(
    ("year", "ends"),
    [
        (2027, (28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)),
        (2028, (29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)),
        (2000, (29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)),  # every fourth century has its day
        (2100, (28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)),
        (2401, (28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)),
    ],
)
def test_months_from_a_31st_end_with_their_month(year: int, ends: tuple[int, ...]):
    start = date(year, 1, 31)
    last = [start + timedelta(days=counted_length(TimeLimit(start, n, Unit.MONTH))) for n in range(13)]

    assert last == [start, *(date(year, n, day) for n, day in enumerate(ends, 2)), date(year + 1, 1, 31)]


def test_labels_are_chinese():
    assert [unit.label for unit in Unit] == ["工作日", "自然日", "个月", "年"]
    assert [unit.value for unit in Unit] == ["workday", "day", "month", "year"]
    assert [str(state.label) for state in Light] == ["正常", "临期", "超期", "中止"]
    assert [state.word for state in Light] == ["normal", "due_soon", "overdue", "paused"]
