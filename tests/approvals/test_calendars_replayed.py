"""日历重放：what a notice published while limits run does to them – the Spring Festival of 2020, and four year ends."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from approvals.facts import Calendars, CaseState, Fact, Publication
from approvals.fold import fold
from portal.calendar_data import HolidayNotice, calendar_of, seed_notices
from portal.limits import end_of_day
from portal.workdays import WorkCalendar
from services.definition import ItemDefinition, LimitUnit
from tests.factories import at
from tests.rules import days, definition

LONG_AGO = datetime(2004, 1, 1, tzinfo=UTC)
SECOND_OF_2020 = "国办发明电〔2020〕1号"
LENGTHENED_AT = at("2020-01-27", "00:30")
CLOCKS = ("intake", "promised", "statutory")


def through(number: str) -> list[HolidayNotice]:
    """到某份通知为止的全部通知"""
    numbers = [notice.number for notice in seed_notices()]
    return list(seed_notices()[: numbers.index(number) + 1])


def before(number: str) -> WorkCalendar:
    """某份通知公布以前的日历"""
    return calendar_of(through(number)[:-1])


def republished(number: str, instant: datetime) -> Calendars:
    """两版日历: all that stood before a notice, and that notice itself published at an instant."""
    versions = (Publication(LONG_AGO, before(number), 1), Publication(instant, calendar_of(through(number)), 2))
    return Calendars(versions)


def case_at(rules: ItemDefinition, filed: datetime, day: date, when: datetime, calendars: Calendars) -> CaseState:
    """提交以后再没有人动过的一件, at an instant."""
    return fold([Fact("filed", filed, {"received_on": day.isoformat()}, 1)], rules, calendars, when)


def ends_over_time(rules: ItemDefinition, day: date, calendars: Calendars) -> Iterator[tuple[datetime, dict[str, date | None]]]:
    """从提交起，每天看一次每个时钟的最后一天, and around the publication."""
    filed = at(day.isoformat(), "10:00")
    looks = [filed + timedelta(days=number) for number in range(1, 60)]
    looks += [LENGTHENED_AT - timedelta(seconds=1), LENGTHENED_AT]
    for when in sorted(look for look in looks if look > filed):
        state = case_at(rules, filed, day, when, calendars)
        clocks = {key: state.clock(key) for key in CLOCKS}
        yield when, {key: clock.due_on for key, clock in clocks.items() if clock is not None}


def days_between(first: str, last: str) -> list[date]:
    """两天之间的每一天"""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


LIMITS = [
    *((length, LimitUnit.WORKDAY) for length in (1, 2, 3, 4, 5, 7, 10, 15, 20)),
    *((length, LimitUnit.DAY) for length in (3, 7, 9, 10, 11, 12, 15)),
    (1, LimitUnit.MONTH),
]


@pytest.mark.parametrize(("length", "unit"), LIMITS)
def test_the_lengthened_spring_festival_moves_each_open_limit_at_most_once(length: int, unit: LimitUnit) -> None:
    calendars = republished(SECOND_OF_2020, LENGTHENED_AT)
    rules = definition(promised=days(length, unit), statutory=days(length + 3, unit))
    moved = 0

    for day in days_between("2019-12-20", "2020-02-05"):
        seen = list(ends_over_time(rules, day, calendars))
        for key in CLOCKS:
            looks = [(when, found[key]) for when, found in seen]
            changes = [(when, old, new) for (_, old), (when, new) in pairwise(looks) if old != new]
            assert len(changes) <= 1, (day, key, changes)
            for when, old, new in changes:
                assert when == LENGTHENED_AT  # at the publication, and never again
                assert old is not None
                assert new is not None
                assert end_of_day(old) > LENGTHENED_AT, (day, key)  # an ended limit stays where it ended
                assert new > old  # more days off never shorten
            moved += len(changes)

    assert moved > 0


def naive_due(day: date, length: int, is_workday: Iterable[date]) -> date:
    """数工作日，一天一天"""
    worked = set(is_workday)
    while length:
        day += timedelta(days=1)
        length -= day in worked
    return day


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 10])
def test_the_limits_of_that_spring_end_where_the_days_say(length: int) -> None:
    # Worked: 20-23 January, and from Monday 3 February; by the first notice also 31 January and 1 February.
    january = days_between("2020-01-20", "2020-01-23")
    february = [day for day in days_between("2020-02-03", "2020-03-31") if day.weekday() < 5]
    late = [date(2020, 1, 31), date(2020, 2, 1)]
    calendars = republished(SECOND_OF_2020, LENGTHENED_AT)
    rules, filed = definition(promised=days(length)), at("2020-01-20", "10:00")

    old = case_at(rules, filed, date(2020, 1, 20), LENGTHENED_AT - timedelta(seconds=1), calendars).clock("promised")
    new = case_at(rules, filed, date(2020, 1, 20), LENGTHENED_AT, calendars).clock("promised")

    assert old is not None
    assert new is not None
    assert old.due_on == naive_due(date(2020, 1, 20), length, [*january, *late, *february])
    assert new.due_on == naive_due(date(2020, 1, 20), length, [*january, *february])


# Each year: filed on, working days, the end before and after the next year's notice, and the day it was published.
YEAR_ENDS = [
    # 30 December 2006 is a Saturday, worked for the New Year of 2007; without the notice 2 January is the next day.
    ("国务院办公厅2007年放假安排通知", "2006-12-14", 12, date(2007, 1, 2), date(2006, 12, 30), "2006-12-18"),
    # Saturday 29 December 2007 is worked, Monday the 31st is off.
    ("国办发明电〔2007〕52号", "2007-12-13", 12, date(2007, 12, 31), date(2007, 12, 29), "2007-12-16"),
    # Saturday 31 December 2011 is worked, Monday 2 January 2012 is off.
    ("国办发明电〔2011〕45号", "2011-12-01", 22, date(2012, 1, 2), date(2011, 12, 31), "2011-12-06"),
    # Saturday 29 December 2018 is worked, Monday the 31st is off.
    ("国办发明电〔2018〕15号", "2018-12-03", 20, date(2018, 12, 31), date(2018, 12, 29), "2018-12-04"),
]


@pytest.mark.parametrize(("number", "filed_on", "length", "then", "final", "published"), YEAR_ENDS)
def test_a_year_end_is_provisional_until_the_next_notice(
    number: str, filed_on: str, length: int, then: date, final: date, published: str
) -> None:
    instant, filed = at(published, "18:00"), at(filed_on, "10:00")
    calendars, rules = republished(number, instant), definition(promised=days(length), statutory=None)

    def clock(when: datetime) -> tuple[date | None, bool]:
        found = case_at(rules, filed, date.fromisoformat(filed_on), when, calendars).clock("promised")
        assert found is not None
        return found.due_on, found.provisional

    assert clock(instant - timedelta(seconds=1)) == (then, True)
    assert clock(instant) == (final, False)


@pytest.mark.parametrize(("number", "filed_on", "length", "then", "final", "published"), YEAR_ENDS)
def test_a_year_end_filed_after_the_notice_is_right_at_once(
    number: str, filed_on: str, length: int, then: date, final: date, published: str
) -> None:
    calendars = republished(number, at(filed_on, "09:00"))
    rules = definition(promised=days(length), statutory=None)

    state = case_at(rules, at(filed_on, "10:00"), date.fromisoformat(filed_on), at(filed_on, "10:01"), calendars)

    promised = state.clock("promised")
    assert promised is not None
    assert (promised.due_on, promised.provisional) == (final, False)


@pytest.mark.parametrize("number", [row[0] for row in YEAR_ENDS])
def test_a_limit_through_24_december_is_final_a_year_ahead(number: str) -> None:
    year = before(number).published_through.year
    filed = at(f"{year}-11-20", "10:00")
    calendars = republished(number, at(f"{year}-12-20", "10:00"))

    for length in range(1, 26):
        rules = definition(promised=days(length), statutory=None)
        first = case_at(rules, filed, filed.date(), filed, calendars).clock("promised")
        assert first is not None
        assert first.due_on is not None
        if first.due_on <= date(year, 12, 24):
            ended = case_at(rules, filed, filed.date(), at(f"{year + 1}-02-01"), calendars).clock("promised")
            assert ended is not None
            assert (ended.due_on, first.provisional) == (first.due_on, False)
