"""工作日历的导入：a State Council notice becomes an unpublished version; two people publish it (engine section 2)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from portal.calendar_data import HolidayNotice, published_through, read_notice, seed_notices
from portal.calendars import touch_calendar_revision
from portal.errors import InvalidInput, WrongState
from portal.models import CalendarVersion, User

LONGEST = 20_000  # 字


def import_history() -> int:
    """导入历年通知 – one version each, published on the day of issue; returns how many were added."""
    if CalendarVersion.objects.exists():
        return 0
    rows = [
        _version(notice, number, published_at=issued_at(notice)) for number, notice in enumerate(seed_notices(), 1)
    ]
    CalendarVersion.objects.bulk_create(rows)
    touch_calendar_revision()
    return len(rows)


def read_notice_file(path: Path) -> HolidayNotice:
    """读一份通知（JSON 或 YAML）; InvalidInput says what is wrong with the file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InvalidInput(f"读不了文件 {path.name}：请检查路径，文件要是 UTF-8 文字。") from None
    return parse_notice(text)


def parse_notice(text: str) -> HolidayNotice:
    """读一份通知的文字 – YAML, or JSON, which is YAML too; InvalidInput says what is wrong with it."""
    if len(text) > LONGEST:
        raise InvalidInput("内容太长了，一份放假安排只有几十行。")
    try:
        return _checked(yaml.safe_load(text))
    except (ValueError, TypeError, RecursionError, yaml.YAMLError) as error:
        raise InvalidInput(f"文件格式不对：{(str(error) or '嵌套太深').splitlines()[0]}") from None


def _checked(data: Any) -> HolidayNotice:
    needed = ("year", "number", "issued", "days_off", "shifted_workdays")
    missing = [name for name in needed if not isinstance(data, Mapping) or data.get(name) is None]
    if missing:
        raise InvalidInput(f"通知里缺少 {'、'.join(missing)}。")
    row = {**data, "issued": str(data["issued"]), "number": str(data["number"]).strip()}
    row["days_off"] = _texts(data["days_off"])
    row["shifted_workdays"] = _texts(data["shifted_workdays"])
    notice = read_notice(row)
    span = (date(notice.year - 1, 12, 25), date(notice.year, 12, 31))
    wrong = [day for day in [*notice.days_off, *notice.shifted_workdays] if not span[0] <= day <= span[1]]
    if wrong:
        raise InvalidInput(f"{wrong[0]} 不在{notice.year}年，请核对年度和日期。")
    both = set(notice.days_off) & set(notice.shifted_workdays)
    if both:
        raise InvalidInput(f"{min(both)} 既写成放假又写成上班，请核对通知。")
    return notice


def _texts(spans: Any) -> dict[str, list[str]]:
    """一律写成文字: YAML reads a bare date as a date."""
    if not isinstance(spans, Mapping):
        raise InvalidInput("放假和调休要按节日名列出日期。")
    if not all(isinstance(days, list) and all(isinstance(day, str | date) for day in days) for days in spans.values()):
        raise InvalidInput("每个节日后面要列出日期，比如 春节: [2027-02-05/2027-02-11]。")
    return {str(name): [str(day) for day in days] for name, days in spans.items()}


def add_version(notice: HolidayNotice, *, by: User | None) -> CalendarVersion:
    """存成一个未公布的版本; WrongState if this very notice has been imported before."""
    if CalendarVersion.objects.filter(year=notice.year, document=notice.number).exists():
        raise WrongState(f"{notice.number}已经导入过了。")
    newest = CalendarVersion.objects.order_by("-number").values_list("number", flat=True).first() or 0
    row = _version(notice, newest + 1, published_at=None)
    row.imported_by = by
    row.save(force_insert=True)
    return row


def find_unpublished(notice: HolidayNotice) -> CalendarVersion | None:
    """导入过、还没公布的这份通知; what was previewed is what is published, so its content must be the same."""
    row = CalendarVersion.objects.filter(year=notice.year, document=notice.number, published_at=None).first()
    if row is None:
        return None
    stored = (row.days_off, row.shifted_workdays)
    if stored != (spans_of(notice.days_off), spans_of(notice.shifted_workdays)):
        raise WrongState(f"{notice.number}导入过，内容和这次的文件不一样，请核对。")
    return row


def _version(notice: HolidayNotice, number: int, *, published_at: datetime | None) -> CalendarVersion:
    return CalendarVersion(
        number=number,
        year=notice.year,
        document=notice.number,
        document_on=notice.issued,
        days_off=spans_of(notice.days_off),
        shifted_workdays=spans_of(notice.shifted_workdays),
        published_through=published_through(notice.year),
        published_at=published_at,
        noted_at=published_at,  # history moves nothing
    )


def spans_of(days: Mapping[date, str]) -> dict[str, list[str]]:
    """按节日名列出日期, the shape of the stored column."""
    spans: dict[str, list[str]] = {}
    for day, name in sorted(days.items()):
        spans.setdefault(name, []).append(day.isoformat())
    return spans


def issued_at(notice: HolidayNotice) -> datetime:
    """公布时刻: the start of the day of issue; 1 December of the year before where the day is not stored."""
    issued = notice.issued or date(notice.year - 1, 12, 1)
    return datetime(issued.year, issued.month, issued.day, tzinfo=UTC)


