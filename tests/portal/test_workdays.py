import pickle
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.calendar_data import (
    calendar_of,
    days_of_spans,
    national_calendar,
    read_notice,
    seed_notices,
    seed_years,
)
from portal.workdays import DayNotice, WorkCalendar, statutory_holidays
from tests.calendars import AS_OF_2025, NATIONAL, PLAIN_WEEKS, RANDOM_CALENDARS, UNPUBLISHED_FROM_2004
from tests.naive_limits import naive_is_workday

ONE_DAY = timedelta(days=1)


def days(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def test_national_calendar_agrees_with_chinesecalendar_on_every_day():
    span = days(date(2004, 1, 1), date(2026, 12, 31))

    differing = [day for day in span if NATIONAL.is_workday(day) != chinese_calendar.is_workday(day)]

    assert len(span) == 8401
    assert differing == []


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 20), True),  # Sunday, worked for National Day
        (date(2026, 10, 10), True),  # Saturday, worked for National Day
        (date(2026, 2, 14), True),  # Saturday, worked for the Spring Festival
        (date(2026, 2, 28), True),  # Saturday, worked for the Spring Festival
        (date(2026, 1, 4), True),  # Sunday, worked for New Year
        (date(2026, 5, 9), True),  # Saturday, worked for Labour Day
        (date(2026, 2, 23), False),  # Monday, last day of the Spring Festival
        (date(2026, 10, 7), False),  # Wednesday, National Day
        (date(2026, 10, 8), True),  # Thursday
        (date(2006, 12, 30), True),  # Saturday, worked by the notice for 2007
        (date(2007, 12, 31), False),  # Monday, off by the notice for 2008
        (date(2011, 12, 31), True),  # Saturday, worked by the notice for 2012
        (date(2018, 12, 29), True),  # Saturday, worked by the notice for 2019
        (date(2018, 12, 31), False),  # Monday, off by the notice for 2019
        (date(2020, 1, 31), False),  # Friday, the Spring Festival of 2020 was lengthened
        (date(2020, 2, 1), False),  # Saturday, first to be worked, then off
        (date(2015, 9, 3), False),  # Thursday, seventy years of the victory
        (date(1999, 10, 1), True),  # Friday: before 2004 weekends only
        (date(1990, 1, 6), False),  # Saturday
    ],
)
def test_national_calendar_knows_the_exceptions(day: date, works: bool):
    assert NATIONAL.is_workday(day) is works


@pytest.mark.parametrize(
    ("notice_year", "day", "then", "later"),
    [
        (2006, date(2006, 12, 30), False, True),  # Saturday
        (2007, date(2007, 12, 31), True, False),  # Monday
        (2011, date(2011, 12, 31), False, True),  # Saturday
        (2018, date(2018, 12, 31), True, False),  # Monday
    ],
)
def test_year_end_is_changed_by_the_next_notice(notice_year: int, day: date, then: bool, later: bool):
    as_published = national_calendar(notice_year)

    assert as_published.is_workday(day) is then
    assert not as_published.is_published(day)
    assert national_calendar(notice_year + 1).is_workday(day) is later
    assert national_calendar(notice_year + 1).is_published(day)


def test_notice_publishes_through_24_december():
    assert NATIONAL.published_through == date(2026, 12, 24)
    assert NATIONAL.is_published(date(2026, 12, 24))
    assert not NATIONAL.is_published(date(2026, 12, 25))
    assert NATIONAL.is_published(date(1990, 1, 1))


def test_statutory_holidays_are_thirteen_days_a_year():
    names = Counter((day.year, name) for day, name in statutory_holidays().items())

    assert [names[2027, name] for name in ("元旦", "劳动节", "国庆节")] == [1, 2, 3]
    assert [names[2027, name] for name in ("春节", "清明节", "端午节", "中秋节")] == [4, 1, 1, 1]
    assert sum(day.year == 2050 for day in statutory_holidays()) == 13
    assert [f"{day:%m-%d}" for day in statutory_holidays() if day.year == 2051] == [
        "01-01", "05-01", "05-02", "10-01", "10-02", "10-03",
    ]  # fmt: skip


# Dates on which three lunar-calendar libraries agree; 清明节 also computed from the sun's longitude.
@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 2, 5), "春节"),  # Friday, New Year's Eve
        (date(2027, 2, 8), "春节"),  # Monday, third day
        (date(2028, 5, 28), "端午节"),  # Sunday
        (date(2033, 1, 31), "春节"),  # Monday
        (date(2034, 2, 19), "春节"),  # Sunday, after the leap eleventh month of 2033
        (date(2038, 4, 5), "清明节"),  # Monday, a quarter of an hour after midnight
        (date(2040, 9, 20), "中秋节"),  # Thursday
        (date(2050, 6, 23), "端午节"),  # Thursday
    ],
)
def test_lunar_table_has_known_dates(day: date, name: str):
    assert statutory_holidays()[day] == name


def test_lunar_table_agrees_with_the_days_of_past_notices():
    festivals = ("春节", "清明节", "端午节", "中秋节")
    off = {day: name for notice in seed_notices() for day, name in notice.days_off.items()}
    past = [
        (day, name)
        for day, name in statutory_holidays().items()
        if 2008 <= day.year <= 2026 and name in festivals
    ]

    # 除夕 was a working day by the notices for 2014 and 2024.
    missed = [day for day, _ in past if day not in off]

    # Mid-autumn fell on 3 October 2009 and 1 October 2020, which National Day names first.
    assert len(past) == 19 * 7 - 2
    assert missed == [date(2014, 1, 30), date(2024, 2, 9)]


def test_unpublished_days_use_weekends_and_statutory_holidays():
    working = [day for day in days(date(2027, 2, 1), date(2027, 2, 12)) if NATIONAL.is_workday(day)]

    # 2027-02-05, a Friday, is New Year's Eve; 6 to 8 February are the festival; nothing is shifted.
    assert working == [*days(date(2027, 2, 1), date(2027, 2, 4)), *days(date(2027, 2, 9), date(2027, 2, 12))]
    assert NATIONAL.notice_on(date(2027, 2, 5)) == DayNotice(
        "春节", "全国年节及纪念日放假办法(当年放假安排未公布)"
    )


def test_years_after_the_lunar_table_do_not_crash():
    assert NATIONAL.add_workdays(date(2050, 12, 30), 1) == date(2051, 1, 2)  # Friday to Monday
    assert NATIONAL.add_workdays(date(2059, 9, 30), 1) == date(
        2059, 10, 6
    )  # Tuesday; 1-3 October off, then Monday
    assert NATIONAL.is_workday(date(2500, 1, 4))  # Monday


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2026, 2, 10), 20, date(2026, 3, 16)),  # Tuesday, over the Spring Festival
        (date(2026, 2, 12), 5, date(2026, 2, 26)),  # Thursday, Saturday the 14th worked
        (date(2026, 4, 30), 5, date(2026, 5, 11)),  # Thursday, Saturday 9 May worked
        (date(2026, 9, 18), 5, date(2026, 9, 24)),  # Friday, Sunday the 20th worked
        (date(2026, 9, 24), 20, date(2026, 10, 29)),  # Thursday, over National Day
        (date(2026, 12, 10), 20, date(2027, 1, 8)),  # Thursday, 1 January 2027 off by statute
        (date(2026, 9, 19), 1, date(2026, 9, 20)),  # Saturday to a worked Sunday
        (date(2026, 9, 19), 0, date(2026, 9, 19)),  # nothing to add
    ],
)
def test_add_workdays(start: date, n: int, expected: date):
    assert NATIONAL.add_workdays(start, n) == expected


@pytest.mark.parametrize(
    ("after", "through", "expected"),
    [
        (date(2026, 9, 18), date(2026, 9, 24), 5),  # Friday to Thursday with a worked Sunday
        (date(2026, 9, 30), date(2026, 10, 7), 0),  # National Day
        (date(2026, 9, 30), date(2026, 10, 8), 1),
        (date(2026, 10, 8), date(2026, 10, 8), 0),
        (date(2026, 10, 9), date(2026, 10, 8), 0),  # an empty span
    ],
)
def test_count_workdays_is_half_open(after: date, through: date, expected: int):
    assert NATIONAL.count_workdays(after, through) == expected


def test_next_workday_is_strictly_after():
    assert NATIONAL.next_workday(date(2026, 9, 24)) == date(2026, 9, 28)  # 25 to 27 September are off
    assert NATIONAL.next_workday(date(2026, 9, 28)) == date(2026, 9, 29)


@settings(max_examples=300, deadline=None)
@given(
    calendar=st.sampled_from([NATIONAL, AS_OF_2025, UNPUBLISHED_FROM_2004, *RANDOM_CALENDARS]),
    start=st.dates(date(2025, 11, 1), date(2027, 6, 30)),
    n=st.integers(1, 80),
)
def test_arithmetic_agrees_with_walking(calendar: WorkCalendar, start: date, n: int):
    walked, day = [], start
    while len(walked) < n:
        day += ONE_DAY
        if naive_is_workday(day, calendar):
            walked.append(day)

    assert calendar.add_workdays(start, n) == walked[-1]
    assert calendar.next_workday(start) == walked[0]
    assert calendar.count_workdays(start, day) == n
    assert [each for each in days(start + ONE_DAY, day) if calendar.is_workday(each)] == walked


def test_calendar_is_a_value():
    again = WorkCalendar(
        NATIONAL.days_off, NATIONAL.shifted_workdays, NATIONAL.published_through, NATIONAL.notices
    )

    assert again == NATIONAL
    assert hash(again) == hash(NATIONAL)
    assert pickle.loads(pickle.dumps(NATIONAL)) == NATIONAL
    assert NATIONAL != AS_OF_2025
    with pytest.raises(AttributeError):
        NATIONAL.published_through = date(2030, 1, 1)


def test_calendar_accepts_plain_sets_and_notice_texts():
    calendar = WorkCalendar(
        {date(2026, 10, 1), date(2026, 10, 5), date(2026, 8, 3)},
        {date(2026, 9, 20)},
        date(2026, 12, 24),
        notices={date(2026, 10, 5): "通知"},
    )

    assert calendar.notice_on(date(2026, 10, 5)) == DayNotice(
        "国庆节", "通知"
    )  # Monday after the statutory days
    assert calendar.notice_on(date(2026, 8, 3)) == DayNotice("放假调休", "")  # Monday by itself
    assert calendar.notice_on(date(2026, 10, 8)) is None


@pytest.mark.parametrize(
    ("day", "notice"),
    [
        (date(2026, 10, 1), DayNotice("国庆节", "国办发明电〔2025〕7号")),
        (date(2026, 9, 20), DayNotice("国庆节", "国办发明电〔2025〕7号")),
        (date(2020, 2, 1), DayNotice("春节", "国办发明电〔2020〕1号")),
        (date(2018, 12, 31), DayNotice("元旦", "国办发明电〔2018〕15号")),
        (date(2019, 5, 2), DayNotice("劳动节", "国办发明电〔2019〕3号")),
        (date(2005, 5, 2), DayNotice("劳动节", "国务院办公厅2005年放假安排通知")),
        (date(2026, 10, 12), None),
    ],
)
def test_exceptions_name_their_notice(day: date, notice: DayNotice | None):
    assert NATIONAL.notice_on(day) == notice


def test_seed_covers_2004_to_2026_in_order():
    assert seed_years() == tuple(range(2004, 2027))
    assert [notice.year for notice in seed_notices()] == sorted(notice.year for notice in seed_notices())
    assert seed_notices()[-1].issued == date(2025, 11, 4)
    assert not set(NATIONAL.days_off) & set(NATIONAL.shifted_workdays)
    assert all(day.weekday() >= 5 for day in NATIONAL.shifted_workdays)


def test_later_notice_wins_on_a_day_both_name():
    first = read_notice(
        {"year": 2020, "number": "一号", "days_off": {}, "shifted_workdays": {"春节": ["2020-02-01"]}}
    )
    change = read_notice(
        {"year": 2020, "number": "二号", "days_off": {"春节": ["2020-02-01"]}, "shifted_workdays": {}}
    )

    assert calendar_of([first]).is_workday(date(2020, 2, 1))
    assert not calendar_of([first, change]).is_workday(date(2020, 2, 1))
    assert calendar_of([first, change]).notice_on(date(2020, 2, 1)) == DayNotice("春节", "二号")


@pytest.mark.parametrize(
    "spans",
    [{"春节": ["2020-02-30"]}, {"春节": ["2020-02-03/2020-02-01"]}, {"春节": [""]}],
)
def test_bad_dates_in_a_notice_are_refused(spans: dict[str, list[str]]):
    with pytest.raises(ValueError):
        days_of_spans(spans)


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="不能为负"):
        PLAIN_WEEKS.add_workdays(date(2026, 1, 1), -1)
    with pytest.raises(ValueError, match="2027"):
        national_calendar(2027)
    with pytest.raises(ValueError, match="没有放假安排通知"):
        calendar_of([])
    with pytest.raises(TypeError):
        WorkCalendar(frozenset(), frozenset(), datetime(2026, 12, 24, tzinfo=UTC))
