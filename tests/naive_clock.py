"""另一种算法里的时钟、环节和中止 – what the second reading counts with (see tests.naive_case)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

from portal.limits import TimeLimit, Unit
from portal.workdays import WorkCalendar
from services.definition import Citation, OnTimeout, Stage
from tests.naive_limits import DAY, SHANGHAI, naive_is_workday, naive_reading


def midnight_after(day: date) -> datetime:
    """24:00 of the day."""
    return datetime.combine(day + DAY, time(), SHANGHAI).astimezone(UTC)


def local_day(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()


def next_working_day(day: date, calendar: WorkCalendar) -> date:
    day += DAY
    while not naive_is_workday(day, calendar):
        day += DAY
    return day


@lru_cache(maxsize=100_000)
def last_day(limit: TimeLimit, calendar: WorkCalendar) -> date | None:
    return naive_reading(limit, calendar)[0]


@dataclass
class Clock:
    key: str
    round: int
    mode: OnTimeout
    citation: Citation | None
    day_zero: date
    length: int
    unit: Unit
    opened_under: int
    step: str = ""
    fixed_day: date | None = None
    until: datetime | None = None  # of a term in hours: through nights, rest days, pauses and freezes
    extended_by: int = 0
    reached: date | None = None  # the last day it had when it was extended: longer, never shorter
    ended_at: datetime | None = None
    how: str = ""
    over: bool = False  # declared receipt: it had ended before the paper was entered
    floor: date | None = None  # the working day after its receipt was confirmed by a second person
    floored_under: int = 0  # number of the calendar in force then
    last_due: date | None = None  # as it stood when the clock stopped


@dataclass
class Step:
    stage: Stage
    round: int
    opened_at: datetime
    opened_on: date
    clock: Clock | None
    status: str = "open"
    ended_at: datetime | None = None
    outcome: str = ""
    late: bool = False
    objection: bool = False


@dataclass
class Halt:
    """A pause: by notice, or the stage that does not count and stops clocks while it runs."""

    id: str
    clocks: tuple[str, ...]
    step: str
    start: date
    until: date  # planned
    ended_on: date | None = None
