"""演示的时间线：only forward, into working hours for an office."""

import random
from datetime import date, time

from portal.demo.thread import OPENS, Thread
from tests.calendars import NATIONAL


def thread(start: date) -> Thread:
    return Thread(start, NATIONAL, random.Random(1))


def test_office_waits_for_the_working_day() -> None:
    t = thread(date(2026, 10, 3))  # Saturday in the National Day holiday

    t.office_does("accept")

    assert t.moves[0].at.date() == date(2026, 10, 8)
    assert t.moves[0].at.time() >= time(9, 0)


def test_office_waits_for_opening_hour() -> None:
    t = thread(date(2026, 11, 23))
    t.cursor = t.cursor.replace(hour=6)

    t.office_does("accept")

    assert (t.moves[0].at.date(), t.moves[0].at.time() > OPENS) == (date(2026, 11, 23), True)


def test_after_counts_working_days() -> None:
    t = thread(date(2026, 9, 30))  # Wednesday before the holiday

    t.after(1)

    assert t.cursor.date() == date(2026, 10, 8)


def test_after_nothing_is_later_the_same_day() -> None:
    t = thread(date(2026, 11, 23))
    before = t.cursor

    t.after(0)

    assert before < t.cursor
    assert t.cursor.date() == before.date()
