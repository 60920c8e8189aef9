from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction

import pytest

from portal.limits import (
    DayLine,
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
    explain,
    hour_light,
    is_provisional,
    light,
    remaining,
    rung_on,
    used,
)
from tests.calendars import AS_OF_2025, NATIONAL

ONE_DAY = timedelta(days=1)
SHANGHAI = timezone(timedelta(hours=8))


def d(text: str) -> date:
    """'10-08' is 8 October 2026."""
    return date.fromisoformat(f"2026-{text}" if len(text) == 5 else text)


def limit(
    start: str, length: int, unit: Unit = Unit.WORKDAY, *pauses: tuple[str, str | None], more: int = 0
) -> TimeLimit:
    spans = tuple(Pause(d(first), d(last) if last else None, "听证") for first, last in pauses)
    return TimeLimit(d(start), length, unit, more, spans)


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


def test_explain_names_every_day_over_national_day():
    lines = explain(limit("09-17", 6, Unit.WORKDAY, ("09-22", "09-23")), NATIONAL)

    notice = "国办发明电〔2025〕7号"
    assert lines == [
        DayLine(d("09-17"), False, "起算日不计"),  # Thursday
        DayLine(d("09-18"), True, "第 1 个工作日", 1),
        DayLine(d("09-19"), False, "周末"),
        DayLine(d("09-20"), True, "第 2 个工作日(调休上班)", 2, notice),
        DayLine(d("09-21"), True, "第 3 个工作日", 3),
        DayLine(d("09-22"), True, "第 4 个工作日", 4),
        DayLine(d("09-23"), False, "中止(听证)"),
        DayLine(d("09-24"), True, "第 5 个工作日", 5),
        DayLine(d("09-25"), False, "中秋节", None, notice),
        DayLine(d("09-26"), False, "中秋节", None, notice),
        DayLine(d("09-27"), False, "中秋节", None, notice),
        DayLine(d("09-28"), True, "第 6 个工作日", 6),
    ]


def test_explain_shows_the_roll():
    reasons = [line.reason for line in explain(limit("09-30", 3, Unit.DAY), NATIONAL)]

    assert reasons == [
        "起算日不计",  # Wednesday 30 September
        "第 1 个自然日",
        "第 2 个自然日",
        "第 3 个自然日,逢国庆节",
        *["国庆节,顺延"] * 4,
        "顺延至工作日",  # Thursday 8 October
    ]


def test_explain_shows_a_worked_day_at_the_end_of_a_roll():
    lines = explain(limit("09-10", 9, Unit.DAY), NATIONAL)  # ends Saturday 19 September

    assert [line.reason for line in lines[-2:]] == ["第 9 个自然日,逢周末", "顺延至工作日(调休上班)"]
    assert lines[-1].notice == "国办发明电〔2025〕7号"
    assert not lines[-1].counted


def test_explain_shows_months_pauses_and_open_ends():
    month = explain(limit("07-01", 1, Unit.MONTH), NATIONAL)
    opened = explain(limit("07-01", 5, Unit.WORKDAY, ("07-03", None)), NATIONAL)
    held = explain(limit("07-01", 2, Unit.WORKDAY, ("07-03", "07-03"), ("07-03", "07-06")), NATIONAL)
    spot = explain(limit("07-01", 0), NATIONAL)

    assert month[1].reason == "第 1 日"
    assert [line.reason for line in month[-3:]] == ["第 31 日,逢周末", "周末,顺延", "顺延至工作日"]
    assert [line.reason for line in opened[2:]] == ["第 2 个工作日", "周末"]
    assert [line.reason for line in held[2:]] == [
        "中止(听证),最后一日不计", "周末", "周末", "中止(听证)", "第 2 个工作日",
    ]  # fmt: skip
    assert [line.reason for line in spot] == ["起算日不计,当场办结"]


def test_explain_says_when_a_pause_is_open_or_nameless():
    opened = TimeLimit(d("07-01"), 5, Unit.WORKDAY, 0, (Pause(d("07-01"), None, ""),))

    assert [line.reason for line in explain(opened, NATIONAL)] == ["起算日不计", "中止,尚未恢复"]


def test_explain_marks_provisional_days():
    workdays = explain(limit("12-22", 9), NATIONAL)
    natural = explain(limit("12-22", 12, Unit.DAY), NATIONAL)  # ends Sunday 3 January 2027

    assert [line.day for line in workdays if line.provisional][0] == d("12-25")
    assert workdays[-1].provisional
    assert [line.day for line in natural if line.provisional] == [date(2027, 1, 3), date(2027, 1, 4)]
    new_year = next(line for line in workdays if line.day == date(2027, 1, 1))
    assert (new_year.reason, new_year.notice) == ("元旦", "全国年节及纪念日放假办法(当年放假安排未公布)")


def test_end_of_day_is_midnight_in_shanghai():
    assert end_of_day(d("10-08")) == datetime(2026, 10, 8, 16, tzinfo=UTC)
    assert end_of_day(d("10-08")).tzinfo is UTC
    assert day_of(end_of_day(d("10-08"))) == d("10-09")
    assert day_ended(end_of_day(d("10-08"))) == d("10-08")
    assert day_ended(end_of_day(d("10-08")) + timedelta(microseconds=1)) == d("10-09")
    assert day_of(datetime(2026, 10, 8, 15, 59, 59, tzinfo=UTC)) == d("10-08")


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


def test_a_rung_is_a_counted_day_even_of_a_limit_of_one_that_rolls():
    friday = limit("07-03", 1, Unit.DAY)  # its day is Saturday, its end Monday

    assert (rung_on(friday, NATIONAL, 1), due_on(friday, NATIONAL)) == (d("07-04"), d("07-06"))


def test_a_last_day_held_back_after_an_earlier_pause_is_suspended():
    held = limit("07-01", 5, Unit.WORKDAY, ("07-02", "07-03"), ("07-09", "07-10"))

    assert light(held, NATIONAL, d("07-09")) is Light.PAUSED


def test_each_paused_day_names_its_own_pause():
    pauses = (Pause(d("07-02"), d("07-03"), "听证"), Pause(d("07-06"), d("07-07"), "检验"), Pause(d("07-09"), d("07-10"), "公示"))
    lines = explain(TimeLimit(d("07-01"), 5, Unit.WORKDAY, 0, pauses), NATIONAL)
    reasons = {line.day: line.reason for line in lines}

    assert [reasons[d(day)] for day in ("07-03", "07-07", "07-10")] == ["中止(听证)", "中止(检验)", "中止(公示)"]
    held = explain(TimeLimit(d("07-01"), 4, Unit.WORKDAY, 0, pauses), NATIONAL)[8]
    assert (held.day, held.reason) == (d("07-09"), "中止(公示),最后一日不计")


def test_day_zero_is_never_provisional():
    lines = explain(limit("12-28", 2), NATIONAL)

    assert [line.provisional for line in lines[:2]] == [False, True]


def test_labels_are_chinese():
    assert [unit.label for unit in Unit] == ["工作日", "自然日", "个月", "年"]
    assert [unit.value for unit in Unit] == ["workday", "day", "month", "year"]
    assert [str(state.label) for state in Light] == ["正常", "临期", "超期", "中止"]
    assert [state.word for state in Light] == ["normal", "due_soon", "overdue", "paused"]
