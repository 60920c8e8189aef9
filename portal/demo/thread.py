"""一件事的时间线：moves at instants, on working days and in working hours; planned without the database."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.limits import LEGAL_ZONE
from portal.workdays import WorkCalendar

OPENS, LAST = time(9, 5), time(16, 40)


@dataclass(frozen=True, slots=True)
class Move:
    """一步: who does it is found when it is done; `note` says how."""

    at: datetime
    verb: str
    note: str = ""


class Thread:
    """时间线: a cursor that only goes forward, and the moves it leaves behind."""

    def __init__(self, start: date, calendar: WorkCalendar, chance: random.Random) -> None:
        self.calendar, self.chance = calendar, chance
        self.cursor = self._on(start, 8, 20)
        self.moves: list[Move] = []

    def _on(self, day: date, first: int, last: int) -> datetime:
        clock = time(self.chance.randrange(first, last), self.chance.randrange(60), self.chance.randrange(60))
        return datetime.combine(day, clock, LEGAL_ZONE)

    def do(self, verb: str, note: str = "") -> None:
        """申请人的一步, at any hour"""
        self.moves.append(Move(self.cursor, verb, note))

    def office_does(self, verb: str, note: str = "") -> None:
        """办公时间的一步: moved into working hours if the cursor stands outside them."""
        self._into_hours()
        self.do(verb, note)

    def after(self, least: int, most: int | None = None) -> None:
        """过几个工作日 (0 = later the same day)"""
        days = self.chance.randint(least, least if most is None else most)
        if days <= 0:
            self.cursor += timedelta(minutes=self.chance.randint(12, 55))
            return
        self.cursor = self._on(self.calendar.add_workdays(self.cursor.date(), days), 9, 16)

    def after_days(self, days: int) -> None:
        """过几个自然日"""
        self.cursor = self._on(self.cursor.date() + timedelta(days=days), 9, 16)

    def _into_hours(self) -> None:
        here = self.cursor
        if not self.calendar.is_workday(here.date()) or here.time() > LAST:
            here = self._on(self.calendar.next_workday(here.date()), 9, 10)
        if here.time() < OPENS:
            here = datetime.combine(here.date(), OPENS, LEGAL_ZONE) + timedelta(minutes=self.chance.randint(1, 40))
        self.cursor = here
