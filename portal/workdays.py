"""工作日历 – which day is a working day: State Council exceptions, then weekends and statutory holidays."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

_ONE_DAY = timedelta(days=1)
_LAST_FIXED_YEAR = 2200  # after the lunar table only 元旦, 劳动节 and 国庆节 are known
_LONGEST_BLOCK = 12  # no holiday block has ever been longer (days)

# Year, then 春节 (初一), 清明节, 端午节, 中秋节 as month and day; three libraries agree, 清明节 also with an ephemeris.
_LUNAR_DATES = """
1990 0127 0405 0528 1003 | 1991 0215 0405 0616 0922 | 1992 0204 0404 0605 0911 | 1993 0123 0405 0624 0930
1994 0210 0405 0613 0920 | 1995 0131 0405 0602 0909 | 1996 0219 0404 0620 0927 | 1997 0207 0405 0609 0916
1998 0128 0405 0530 1005 | 1999 0216 0405 0618 0924 | 2000 0205 0404 0606 0912 | 2001 0124 0405 0625 1001
2002 0212 0405 0615 0921 | 2003 0201 0405 0604 0911 | 2004 0122 0404 0622 0928 | 2005 0209 0405 0611 0918
2006 0129 0405 0531 1006 | 2007 0218 0405 0619 0925 | 2008 0207 0404 0608 0914 | 2009 0126 0404 0528 1003
2010 0214 0405 0616 0922 | 2011 0203 0405 0606 0912 | 2012 0123 0404 0623 0930 | 2013 0210 0404 0612 0919
2014 0131 0405 0602 0908 | 2015 0219 0405 0620 0927 | 2016 0208 0404 0609 0915 | 2017 0128 0404 0530 1004
2018 0216 0405 0618 0924 | 2019 0205 0405 0607 0913 | 2020 0125 0404 0625 1001 | 2021 0212 0404 0614 0921
2022 0201 0405 0603 0910 | 2023 0122 0405 0622 0929 | 2024 0210 0404 0610 0917 | 2025 0129 0404 0531 1006
2026 0217 0405 0619 0925 | 2027 0206 0405 0609 0915 | 2028 0126 0404 0528 1003 | 2029 0213 0404 0616 0922
2030 0203 0405 0605 0912 | 2031 0123 0405 0624 1001 | 2032 0211 0404 0612 0919 | 2033 0131 0404 0601 0908
2034 0219 0405 0620 0927 | 2035 0208 0405 0610 0916 | 2036 0128 0404 0530 1004 | 2037 0215 0404 0618 0924
2038 0204 0405 0607 0913 | 2039 0124 0405 0527 1002 | 2040 0212 0404 0614 0920 | 2041 0201 0404 0603 0910
2042 0122 0404 0622 0928 | 2043 0210 0405 0611 0917 | 2044 0130 0404 0531 1005 | 2045 0217 0404 0619 0925
2046 0206 0404 0608 0915 | 2047 0126 0405 0529 1004 | 2048 0214 0404 0615 0922 | 2049 0202 0404 0604 0911
2050 0123 0404 0623 0930
"""


class DayNotice(NamedTuple):
    """放假安排依据 – the holiday an exception belongs to and the notice that ordered it."""

    name: str
    source: str = ""


def _of_year(year: int, lunar: Mapping[int, list[str]]) -> Iterable[tuple[date, str]]:
    if year in lunar:
        spring, *others = (date(year, int(text[:2]), int(text[2:])) for text in lunar[year])
        yield from ((spring + timedelta(days=shift), "春节") for shift in (-1, 0, 1, 2))
        yield from zip(others, ("清明节", "端午节", "中秋节"), strict=True)
    yield date(year, 1, 1), "元旦"
    yield from ((date(year, 5, day), "劳动节") for day in (1, 2))
    yield from ((date(year, 10, day), "国庆节") for day in (1, 2, 3))


@lru_cache(maxsize=1)
def statutory_holidays() -> Mapping[date, str]:
    """法定节假日 – the 13 days a year in force since 2025 (全国年节及纪念日放假办法), by date.

    Lunar dates and 清明节 come from a stored table for 1990-2050; later years have the fixed dates only.
    """
    rows = [row.split() for line in _LUNAR_DATES.strip().splitlines() for row in line.split("|")]
    lunar = {int(row[0]): row[1:] for row in rows}
    years = range(min(lunar), _LAST_FIXED_YEAR + 1)
    return {day: name for year in years for day, name in _of_year(year, lunar)}


@lru_cache(maxsize=1)
def _statutory_weekdays() -> list[int]:
    return sorted(day.toordinal() for day in statutory_holidays() if day.weekday() < 5)


def _weekdays_through(ordinal: int) -> int:
    """Monday-to-Friday days from day 1 (a Monday) through this day, in closed form."""
    weeks, rest = divmod(ordinal, 7)
    return 5 * weeks + min(rest, 5)


def _nth_weekday(number: int) -> int:
    weeks, rest = divmod(number - 1, 5)
    return 7 * weeks + rest + 1


class _Index(NamedTuple):
    """Every day on which the calendar differs from Monday-to-Friday, and the running totals at each."""

    days: list[int]
    shifts: list[int]  # shifts[i]: what the first i exceptions add to the weekday count
    reached: list[int]  # working days through days[i]

    def count(self, ordinal: int) -> int:
        return _weekdays_through(ordinal) + self.shifts[bisect_right(self.days, ordinal)]

    def find(self, number: int) -> int:
        """The first day through which `number` working days have passed."""
        position = bisect_left(self.reached, number)
        plain = _nth_weekday(number - self.shifts[position])
        return plain if position == len(self.days) else min(plain, self.days[position])


def _index_of(changes: Mapping[int, int]) -> _Index:
    days, shifts = sorted(changes), [0]
    for day in days:
        shifts.append(shifts[-1] + changes[day])
    reached = [_weekdays_through(day) + shift for day, shift in zip(days, shifts[1:], strict=True)]
    return _Index(days, shifts, reached)


@dataclass(frozen=True)
class WorkCalendar:
    """工作日历 – a frozen value: days off, worked weekends (调休上班), and the last day a notice has fixed.

    Beyond `published_through` weekends and the statutory 13 days apply; dates resting on them are 暂定.
    `notices` names the holiday and the notice of each exception; a bare string is taken as the notice.
    """

    days_off: frozenset[date]
    shifted_workdays: frozenset[date]
    published_through: date
    notices: Mapping[date, DayNotice | str] = field(default_factory=dict, hash=False, repr=False)

    def __post_init__(self) -> None:
        if isinstance(self.published_through, datetime):
            raise TypeError("公布截止日应为日期,不含时刻")
        object.__setattr__(self, "days_off", frozenset(self.days_off))
        object.__setattr__(self, "shifted_workdays", frozenset(self.shifted_workdays))
        object.__setattr__(self, "notices", dict(self.notices))

    @cached_property
    def _index(self) -> _Index:
        unpublished = _statutory_weekdays()
        beyond = unpublished[bisect_right(unpublished, self.published_through.toordinal()) :]
        changes = dict.fromkeys(beyond, -1)
        changes |= {day.toordinal(): -1 for day in self.days_off if day.weekday() < 5}
        for day in self.shifted_workdays:
            changes[day.toordinal()] = 1 if day.weekday() >= 5 else 0
        return _index_of(changes)

    def is_workday(self, day: date) -> bool:
        """工作日 – worked by notice, or Monday to Friday and no day off."""
        if day in self.shifted_workdays:
            return True
        if day.weekday() >= 5 or day in self.days_off:
            return False
        return day <= self.published_through or day not in statutory_holidays()

    def next_workday(self, day: date) -> date:
        """下一工作日 – the first working day strictly after `day`."""
        return self.add_workdays(day, 1)

    def add_workdays(self, day: date, n: int) -> date:
        """顺推工作日 – the n-th working day after `day`, which itself is not counted; n = 0 is `day`."""
        if n < 0:
            raise ValueError("工作日数不能为负")
        if n == 0:
            return day
        return date.fromordinal(self._index.find(self._index.count(day.toordinal()) + n))

    def count_workdays(self, after: date, through: date) -> int:
        """工作日数 – working days in the half-open span (after, through]; none if it is empty."""
        return max(0, self._index.count(through.toordinal()) - self._index.count(after.toordinal()))

    def is_published(self, day: date) -> bool:
        """已公布 – fixed by a published notice; otherwise whatever rests on this day is 暂定."""
        return day <= self.published_through

    def notice_on(self, day: date) -> DayNotice | None:
        """放假或调休依据 – the holiday and notice that make `day` differ from a plain week, else None."""
        told = self.notices.get(day)
        if isinstance(told, DayNotice):
            return told
        if day in self.days_off or day in self.shifted_workdays:
            return DayNotice(self._holiday_name(day), told or "")
        if self.is_published(day) or day not in statutory_holidays():
            return None
        return DayNotice(statutory_holidays()[day], "全国年节及纪念日放假办法(当年放假安排未公布)")

    def _holiday_name(self, day: date) -> str:
        """The statutory holiday inside the block of rest days around `day`, when no notice names it."""
        statutory = statutory_holidays()
        for step in (-_ONE_DAY, _ONE_DAY):
            near = day
            for _ in range(_LONGEST_BLOCK):
                if near in statutory:
                    return statutory[near]
                if self.is_workday(near):
                    break
                near += step
        return "放假调休"
