"""期限的另一种算法 – a second, slow and literal reading of the rules, to compare with.

It never asks the code under test to count: it strikes days from a list until the limit ends.
"""

from datetime import UTC, date, datetime, timedelta, timezone

from portal.limits import Pause, TimeLimit, Unit
from portal.workdays import WorkCalendar, statutory_holidays

DAY = timedelta(days=1)
SHANGHAI = timezone(timedelta(hours=8))  # no summer time since 1991


def naive_is_workday(day: date, calendar: WorkCalendar) -> bool:
    if day in calendar.shifted_workdays:
        return True
    if day in calendar.days_off or day.isoweekday() in (6, 7):
        return False
    return not (day > calendar.published_through and day in statutory_holidays())


def naive_same_day_later(start: date, months: int) -> date:
    year, month = start.year, start.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    for number in range(start.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError("a month has a first day")


def naive_total(limit: TimeLimit) -> int:
    length = limit.length + limit.extended_by
    if limit.unit in (Unit.WORKDAY, Unit.DAY):
        return length
    end = naive_same_day_later(limit.started_on, length * {Unit.MONTH: 1, Unit.YEAR: 12}[limit.unit])
    total = 0
    while limit.started_on + total * DAY < end:
        total += 1
    return total


def _struck_days(pauses: tuple[Pause, ...]) -> tuple[set[date], date | None]:
    """Days in a closed pause, and the first day that an open one takes away for ever."""
    struck = {
        pause.start + n * DAY
        for pause in pauses
        if pause.end is not None
        for n in range(1, (pause.end - pause.start).days + 1)
    }
    opened = [pause.start + DAY for pause in pauses if pause.end is None]
    return struck, min(opened, default=None)


def _one_pass(
    limit: TimeLimit, calendar: WorkCalendar, struck: set[date], never_after: date | None
) -> tuple[date | None, list[date]]:
    """The last day with these days struck out, and the days counted on the way."""
    total, counted, day = naive_total(limit), [], limit.started_on
    if total == 0 and day not in struck and (never_after is None or day < never_after):
        return day, counted
    while True:
        day += DAY
        if never_after is not None and day >= never_after:
            return None, counted
        if day in struck:
            continue
        works = naive_is_workday(day, calendar)
        if len(counted) < total and (works or limit.unit is not Unit.WORKDAY):
            counted.append(day)
            if len(counted) == total and works:
                return day, counted
        elif len(counted) == total and works:
            return day, counted


def naive_reading(limit: TimeLimit, calendar: WorkCalendar) -> tuple[date | None, list[date]]:
    """(last day or None, counted days): strike a last day on which a pause begins, and start again."""
    struck, never_after = _struck_days(limit.pauses)
    while True:
        due, counted = _one_pass(limit, calendar, struck, never_after)
        if due is None or not any(p.start == due and p.end != due for p in limit.pauses):
            return due, [day for day in counted if day not in struck]
        struck.add(due)


def naive_due_at(due: date | None) -> datetime | None:
    if due is None:
        return None
    return datetime(due.year, due.month, due.day, 23, 59, 59, tzinfo=SHANGHAI).astimezone(UTC) + timedelta(
        seconds=1
    )
