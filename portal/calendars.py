"""工作日历的读取：calendar versions of the deployment, kept in the process until their revision moves."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F

from portal.calendar_data import HolidayNotice, calendar_of, read_notice
from portal.models import CalendarVersion, Revision
from portal.revisions import revision
from portal.workdays import WorkCalendar


class PublishedCalendar(NamedTuple):
    """已公布的日历: the calendar in force from `at` on, and the notice that made it."""

    at: datetime
    calendar: WorkCalendar
    number: int
    document: str


_kept: dict[str, tuple[int, tuple[PublishedCalendar, ...]]] = {}


def published_calendars() -> tuple[PublishedCalendar, ...]:
    """所有公布过的日历, oldest first; one small query when nothing has changed."""
    return calendars_at(revision("calendar") or 0)


def calendars_at(number: int) -> tuple[PublishedCalendar, ...]:
    """这个修订号的日历, for a caller who has just read the number with something else."""
    kept = _kept.get("calendar")
    if kept is None or kept[0] != number or not kept[1]:
        kept = _kept["calendar"] = (number, _load())
    return kept[1]


def current_calendar() -> WorkCalendar:
    """现行日历; LookupError before any calendar has been imported."""
    versions = published_calendars()
    if not versions:
        raise LookupError("还没有工作日历，请先运行 import_calendar")
    return versions[-1].calendar


def missing_year(on: date) -> int | None:
    """缺哪一年的放假安排: next year's from 1 November on, this year's before; None while there is none missing."""
    wanted = on.year + (on.month >= 11)
    versions = published_calendars()
    return wanted if not versions or versions[-1].calendar.published_through.year < wanted else None


def forget_calendars() -> None:
    """丢掉进程里的日历"""
    _kept.clear()


def touch_calendar_revision() -> None:
    """日历变了：其他进程下次读时会重新载入"""
    touch_revision("calendar")


def touch_revision(name: str) -> None:
    """某个修订号加一"""
    if not Revision.objects.filter(name=name).update(number=F("number") + 1):
        Revision.objects.create(name=name, number=1)


def _load() -> tuple[PublishedCalendar, ...]:
    notices: list[HolidayNotice] = []
    versions = []
    for row in CalendarVersion.objects.filter(published_at__isnull=False).order_by("published_at", "number"):
        notices.append(notice_of(row))
        assert row.published_at is not None  # filtered above
        versions.append(PublishedCalendar(row.published_at, calendar_of(notices), row.number, row.document))
    return tuple(versions)


def notice_of(row: CalendarVersion) -> HolidayNotice:
    """一个版本的放假安排, as a value."""
    return read_notice(
        {
            "year": row.year,
            "number": row.document,
            "issued": row.document_on.isoformat() if row.document_on else None,
            "days_off": row.days_off,
            "shifted_workdays": row.shifted_workdays,
        }
    )
