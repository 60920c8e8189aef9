"""期限 – counts the days of a legal limit: 当日不计入, pauses suspend, extensions add, rest days roll."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, StrEnum, auto
from fractions import Fraction
from functools import lru_cache
from itertools import takewhile
from math import ceil
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.workdays import WorkCalendar

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
DUE_SOON_SHARE = Fraction(9, 10)
_ONE_DAY = timedelta(days=1)
_HOUR = 3_600_000_000  # microseconds


class Unit(StrEnum):
    """期限单位 – what a limit is counted in."""

    WORKDAY = "workday"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"

    @property
    def label(self) -> str:
        """页面上的单位"""
        return {"workday": "工作日", "day": "自然日", "month": "个月", "year": "年"}[self.value]


class Light(StrEnum):
    """时限状态 – how a limit stands on a day. Derived, never stored; `word` is its English name."""

    NORMAL = "正常"
    DUE_SOON = "临期"
    OVERDUE = "超期"
    PAUSED = "中止"

    @property
    def label(self) -> str:
        """页面上的字"""
        return self.value

    @property
    def word(self) -> str:
        """给程序用的字"""
        return self.name.lower()


@dataclass(frozen=True)
class Pause:
    """中止 – the half-open span (start, end]: the day it began still counts, the day it ended does not.

    `end` is None while it is open. ValueError if it ends before it starts.
    """

    start: date
    end: date | None
    reason: str

    def __post_init__(self) -> None:
        _require_day(self.start, "中止开始日")
        if self.end is not None:
            _require_day(self.end, "中止结束日")
            if self.end < self.start:
                raise ValueError("中止结束日早于开始日")

    def covers(self, day: date) -> bool:
        """中止期内 – does `day` lie in the pause?"""
        return self.start < day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class TimeLimit:
    """期限 – `length` units from `started_on` (day 0, not counted, 民法典 201), extended in the same unit."""

    started_on: date
    length: int
    unit: Unit
    extended_by: int = 0
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        _require_day(self.started_on, "起算日")
        if self.length < 0 or self.extended_by < 0:
            raise ValueError("期限和延长期限不能为负")
        object.__setattr__(self, "unit", Unit(self.unit))
        object.__setattr__(self, "pauses", tuple(self.pauses))


@dataclass(frozen=True)
class HourLimit:
    """小时期限 – runs through nights and rest days and never carries a default. ValueError if naive."""

    started_at: datetime
    hours: int

    def __post_init__(self) -> None:
        _require_aware(self.started_at)
        if self.hours < 0:
            raise ValueError("期限不能为负")


@dataclass(frozen=True)
class DayLine:
    """逐日说明 – one calendar day of a limit: whether it counts, why, and the notice behind an exception."""

    day: date
    counted: bool
    reason: str
    number: int | None = None
    notice: str = ""
    provisional: bool = False


class _Kind(Enum):
    START = auto()
    COUNTED = auto()
    REST = auto()
    PAUSED = auto()
    HELD = auto()  # a pause began on what would have been the last day
    ROLLED = auto()  # the working day to which a limit ending on a rest day moves


class _Mark(NamedTuple):
    day: date
    kind: _Kind
    number: int  # counted days through this one
    ends: bool


def due_on(limit: TimeLimit | HourLimit, calendar: WorkCalendar) -> date | None:
    """办结期限 – last day of the limit; None while a pause is open. 当日不计入(民法典 201、203)."""
    if isinstance(limit, HourLimit):
        return day_ended(limit.started_at + timedelta(hours=limit.hours))
    if limit.pauses:
        return next((mark.day for mark in _walk(limit, calendar) if mark.ends), None)
    total = counted_length(limit)
    if total == 0:
        return limit.started_on
    if limit.unit is Unit.WORKDAY:
        return calendar.add_workdays(limit.started_on, total)
    last = limit.started_on + timedelta(days=total)
    return last if calendar.is_workday(last) else calendar.next_workday(last)


def due_at(limit: TimeLimit | HourLimit, calendar: WorkCalendar) -> datetime | None:
    """届满时刻 – the instant the limit ends, in UTC: 24:00 of its last day. In time is strictly before."""
    if isinstance(limit, HourLimit):
        return limit.started_at.astimezone(UTC) + timedelta(hours=limit.hours)
    due = due_on(limit, calendar)
    return None if due is None else end_of_day(due)


def counted_length(limit: TimeLimit) -> int:
    """应计天数 – days that must count, 工作日 or 自然日; for months and years the days to their date."""
    length = limit.length + limit.extended_by
    if limit.unit in (Unit.WORKDAY, Unit.DAY):
        return length
    months = length * 12 if limit.unit is Unit.YEAR else length
    return (add_months(limit.started_on, months) - limit.started_on).days


def used(limit: TimeLimit, calendar: WorkCalendar, on: date) -> int:
    """已用天数 – days counted through the end of `on`, never more than the limit has."""
    if limit.pauses:
        return _used_with_pauses(limit, calendar, on)
    if limit.unit is Unit.WORKDAY:
        passed = calendar.count_workdays(limit.started_on, on)
    else:
        passed = max(0, (on - limit.started_on).days)
    return min(passed, counted_length(limit))


def remaining(limit: TimeLimit, calendar: WorkCalendar, on: date) -> int:
    """剩余天数 – days still to be counted after `on`; 0 on the last day and after it."""
    return counted_length(limit) - used(limit, calendar, on)


def paused_days(limit: TimeLimit, calendar: WorkCalendar, on: date) -> int:
    """中止了几天 – days through the end of `on` that pauses took out of the count; a rest day is none of them."""
    if not limit.pauses:
        return 0
    through = takewhile(lambda mark: mark.day <= on, _walk(limit, calendar))
    return sum(mark.kind in (_Kind.PAUSED, _Kind.HELD) for mark in through)


def light(limit: TimeLimit, calendar: WorkCalendar, on: date) -> Light:
    """时限状态 – 超期 after the last day, 中止 while suspended, 临期 from the 90 % day, otherwise 正常."""
    due = due_on(limit, calendar)
    if due is not None and on > due:
        return Light.OVERDUE
    if _is_suspended(limit, calendar, on):
        return Light.PAUSED
    near = rung_on(limit, calendar, DUE_SOON_SHARE)
    return Light.DUE_SOON if near is not None and on >= near else Light.NORMAL


def hour_light(limit: HourLimit, at: datetime) -> Light:
    """小时期限状态 – 超期 from the instant it ends, 临期 from 90 % of its hours. ValueError if naive."""
    _require_aware(at)
    if at >= hour_rung_at(limit, 1):
        return Light.OVERDUE
    return Light.DUE_SOON if at >= hour_rung_at(limit, DUE_SOON_SHARE) else Light.NORMAL


def hour_rung_at(limit: HourLimit, share: Fraction | Decimal | float) -> datetime:
    """小时期限的督办时刻 – the first instant, in UTC, at which that share of its hours has passed; 1 is its end.

    ValueError for a share outside 0 to 1.
    """
    passed = limit.hours * _HOUR * _portion(share)
    return limit.started_at.astimezone(UTC) + timedelta(microseconds=ceil(passed))


def is_provisional(limit: TimeLimit | HourLimit, calendar: WorkCalendar) -> bool:
    """暂定 – does the last day rest on days no notice has fixed? Not while paused or on the spot."""
    if isinstance(limit, HourLimit):
        return False
    due = due_on(limit, calendar)
    return due is not None and due > limit.started_on and not calendar.is_published(due)


def rung_on(limit: TimeLimit, calendar: WorkCalendar, share: Fraction | Decimal | float) -> date | None:
    """督办节点 – the counted day number ceil(share × N); None while an open pause keeps it from coming.

    Share 1 is the last counted day, before any roll; on-the-spot limits have one rung, the due day.
    ValueError for a share outside 0 to 1.
    """
    portion = _portion(share)
    total = counted_length(limit)
    number = -(-portion.numerator * total // portion.denominator)  # rounded up
    if total == 0:
        return due_on(limit, calendar)
    if number == 0:
        return limit.started_on
    if limit.pauses:
        marks = _walk(limit, calendar)
        return next((mark.day for mark in marks if mark.number == number), None)
    if limit.unit is Unit.WORKDAY:
        return calendar.add_workdays(limit.started_on, number)
    return limit.started_on + timedelta(days=number)


@lru_cache(maxsize=64)
def _portion(share: Fraction | Decimal | float) -> Fraction:
    """A share as it is written: 0.9 is nine tenths, not the nearest binary number."""
    portion = Fraction(str(share))
    if not 0 <= portion <= 1:
        raise ValueError("比例应在 0 与 1 之间")
    return portion


def explain(limit: TimeLimit, calendar: WorkCalendar) -> list[DayLine]:
    """为什么是这一天 – every calendar day from day 0 to the last day and why it counts or does not.

    While a pause is open the list ends with its first suspended day.
    """
    return [_line(limit, calendar, mark) for mark in _walk(limit, calendar)]


@lru_cache(maxsize=4096)
def end_of_day(day: date) -> datetime:
    """当日24时 – the instant a legal day ends, in UTC (00:00 of the next day in Shanghai)."""
    return datetime.combine(day + _ONE_DAY, time(), LEGAL_ZONE).astimezone(UTC)


def day_of(instant: datetime) -> date:
    """所在日 – the legal day (Shanghai) an instant lies in; 00:00 belongs to the day it opens."""
    _require_aware(instant)
    return instant.astimezone(LEGAL_ZONE).date()


def day_ended(instant: datetime) -> date:
    """届满日 – the legal day an end falls on: an end at 24:00 of D is on D."""
    return day_of(instant - timedelta(microseconds=1))


def add_months(day: date, months: int) -> date:
    """对应日 – the same day of the month, or the month's last where it has none (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _walk(limit: TimeLimit, calendar: WorkCalendar) -> Iterator[_Mark]:
    """One mark a day until the limit ends; stops at the first day of an open pause."""
    total, done, day = counted_length(limit), 0, limit.started_on
    ends = total == 0 and not _holds(limit, day)
    yield _Mark(day, _Kind.START, done, ends)
    while not ends:
        day += _ONE_DAY
        kind, ends = _judge(limit, calendar, day, total - done)
        done += kind is _Kind.COUNTED
        yield _Mark(day, kind, done, ends)
        if any(pause.end is None and pause.start < day for pause in limit.pauses):
            return


def _judge(limit: TimeLimit, calendar: WorkCalendar, day: date, missing: int) -> tuple[_Kind, bool]:
    """What one day after day 0 is, and whether the limit ends on it. `missing` 0: only the roll is left."""
    works = calendar.is_workday(day)
    if not works and (limit.unit is Unit.WORKDAY or missing == 0):
        return _Kind.REST, False
    if any(pause.covers(day) for pause in limit.pauses):
        return _Kind.PAUSED, False
    last = works and missing <= 1
    if last and _holds(limit, day):
        return _Kind.HELD, False
    return (_Kind.COUNTED if missing else _Kind.ROLLED), last


def _holds(limit: TimeLimit, day: date) -> bool:
    """May the limit not end on this day: does a pause cover it, or begin on it without ending on it?"""
    return any(pause.covers(day) or pause.start == day != pause.end for pause in limit.pauses)


def _used_with_pauses(limit: TimeLimit, calendar: WorkCalendar, on: date) -> int:
    through = takewhile(lambda mark: mark.day <= on, _walk(limit, calendar))
    return max((mark.number for mark in through), default=0)


def _is_suspended(limit: TimeLimit, calendar: WorkCalendar, on: date) -> bool:
    """In a pause; on the day an open one began; or on a last day that a pause holds back."""
    if any(pause.covers(on) or (pause.end is None and pause.start == on) for pause in limit.pauses):
        return True
    others = tuple(pause for pause in limit.pauses if pause.start != on or pause.end == on)
    return others != limit.pauses and due_on(replace(limit, pauses=others), calendar) == on


def _line(limit: TimeLimit, calendar: WorkCalendar, mark: _Mark) -> DayLine:
    notice = calendar.notice_on(mark.day)
    counted = mark.kind is _Kind.COUNTED
    # A limit in days or months depends on the calendar only where it ends and rolls.
    depends = limit.unit is Unit.WORKDAY or mark.number == counted_length(limit)
    return DayLine(
        day=mark.day,
        counted=counted,
        reason=_reason(limit, calendar, mark),
        number=mark.number if counted else None,
        notice=notice.source if notice else "",
        provisional=depends and mark.kind is not _Kind.START and not calendar.is_published(mark.day),
    )


def _reason(limit: TimeLimit, calendar: WorkCalendar, mark: _Mark) -> str:
    if mark.kind is _Kind.START:
        return "起算日不计,当场办结" if mark.ends else "起算日不计"
    if mark.kind in (_Kind.PAUSED, _Kind.HELD):
        return _pause_reason(limit, mark)
    if mark.kind is _Kind.REST:
        rest = _rest_name(calendar, mark.day)
        return rest if limit.unit is Unit.WORKDAY else f"{rest},顺延"
    shifted = "(调休上班)" if mark.day in calendar.shifted_workdays else ""
    if mark.kind is _Kind.ROLLED:
        return f"顺延至工作日{shifted}"
    counter = f"个{limit.unit.label}" if limit.unit in (Unit.WORKDAY, Unit.DAY) else "日"
    rolls = mark.number == counted_length(limit) and not mark.ends
    return f"第 {mark.number} {counter}{shifted}" + (f",逢{_rest_name(calendar, mark.day)}" if rolls else "")


def _rest_name(calendar: WorkCalendar, day: date) -> str:
    holiday = calendar.notice_on(day)
    return holiday.name if holiday else "周末"


def _pause_reason(limit: TimeLimit, mark: _Mark) -> str:
    held = mark.kind is _Kind.HELD
    began = (pause for pause in limit.pauses if pause.start == mark.day != pause.end)
    pause = next(began if held else (pause for pause in limit.pauses if pause.covers(mark.day)))
    reason = f"中止({pause.reason})" if pause.reason else "中止"
    if held:
        return f"{reason},最后一日不计"
    return f"{reason},尚未恢复" if pause.end is None else reason


def _require_day(value: date, name: str) -> None:
    if isinstance(value, datetime):
        raise TypeError(f"{name}应为日期,不含时刻")


def _require_aware(instant: datetime) -> None:
    if instant.utcoffset() is None:
        raise ValueError("时刻缺少时区")
