"""测试用工作日历 – calendars that tests share: the real one, plain weeks, and random ones."""

import random
from datetime import date, timedelta

from portal.calendar_data import national_calendar
from portal.workdays import WorkCalendar

NATIONAL = national_calendar()
AS_OF_2025 = national_calendar(2025)
PLAIN_WEEKS = WorkCalendar(frozenset(), frozenset(), date(2199, 12, 24))
UNPUBLISHED_FROM_2004 = WorkCalendar(frozenset(), frozenset(), date(2003, 12, 24))


def random_calendar(seed: int) -> WorkCalendar:
    """Random exceptions over a year and a half from 2026-01-01 (a Thursday), published up to a random day."""
    chance = random.Random(seed)
    span = [date(2026, 1, 1) + timedelta(days=n) for n in range(540)]
    return WorkCalendar(
        days_off=frozenset(chance.sample(span, chance.randrange(60))),
        shifted_workdays=frozenset(chance.sample(span, chance.randrange(30))),
        published_through=chance.choice(span),
    )


RANDOM_CALENDARS = tuple(random_calendar(seed) for seed in range(40))
