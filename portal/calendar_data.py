"""放假安排数据 – the State Council's holiday notices for 2004-2026 as data, and calendars made of them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from portal.workdays import DayNotice, WorkCalendar

_NOTICES_FILE = Path(__file__).parent / "data" / "holiday_notices.json"


@dataclass(frozen=True)
class HolidayNotice:
    """放假安排通知 – one notice: its year, number (文号), day of issue if known, and what it changed."""

    year: int
    number: str
    issued: date | None
    days_off: Mapping[date, str]
    shifted_workdays: Mapping[date, str]


def published_through(year: int) -> date:
    """公布截止日 – the notice for a year is final through 24 December; the next may change the rest."""
    return date(year, 12, 24)


def days_of_spans(spans: Mapping[str, Iterable[str]]) -> dict[date, str]:
    """起止日期展开 – {'国庆节': ['2026-10-01/2026-10-07']} to one entry a day; ValueError for a bad date."""
    days: dict[date, str] = {}
    for name, texts in spans.items():
        for text in texts:
            first, _, last = text.partition("/")
            start, end = date.fromisoformat(first), date.fromisoformat(last or first)
            if end < start:
                raise ValueError(f"日期起止颠倒:{text}")
            days.update((start + timedelta(days=shift), name) for shift in range((end - start).days + 1))
    return days


def read_notice(row: Mapping[str, Any]) -> HolidayNotice:
    """读取通知 – one notice in the shape of the stored file; KeyError or ValueError if it is not."""
    return HolidayNotice(
        year=int(row["year"]),
        number=str(row["number"]),
        issued=date.fromisoformat(row["issued"]) if row.get("issued") else None,
        days_off=days_of_spans(row["days_off"]),
        shifted_workdays=days_of_spans(row["shifted_workdays"]),
    )


@lru_cache(maxsize=1)
def seed_notices() -> tuple[HolidayNotice, ...]:
    """历年通知 – every stored notice, oldest first; a year's later change follows its first notice."""
    with _NOTICES_FILE.open(encoding="utf-8") as file:
        return tuple(read_notice(row) for row in json.load(file)["notices"])


@lru_cache(maxsize=1)
def seed_years() -> tuple[int, ...]:
    """已有年份 – the years with a stored notice, ascending (2004-2026)."""
    return tuple(sorted({notice.year for notice in seed_notices()}))


def calendar_of(notices: Iterable[HolidayNotice]) -> WorkCalendar:
    """按通知编制工作日历 – later notices win on a day both name; published through the newest year."""
    off: dict[date, DayNotice] = {}
    worked: dict[date, DayNotice] = {}
    newest = 0
    for notice in notices:
        newest = max(newest, notice.year)
        for days, kept, dropped in (
            (notice.days_off, off, worked),
            (notice.shifted_workdays, worked, off),
        ):
            for day, name in days.items():
                dropped.pop(day, None)
                kept[day] = DayNotice(name, notice.number)
    if not newest:
        raise ValueError("没有放假安排通知,无法编制工作日历")
    return WorkCalendar(frozenset(off), frozenset(worked), published_through(newest), off | worked)


@lru_cache(maxsize=32)
def national_calendar(through_year: int = 2026) -> WorkCalendar:
    """全国工作日历 – as it stood when only the notices up to `through_year` were published.

    Days before 2004 rest on weekends only and count as published. ValueError for a year without a notice.
    """
    if through_year not in seed_years():
        raise ValueError(f"没有{through_year}年的放假安排通知")
    return calendar_of(notice for notice in seed_notices() if notice.year <= through_year)
