"""工作台的一行怎样看：its light, its words and its cells, from the columns and a calendar."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

from approvals.clock import LEGAL_ZONE, Unit, day_ended
from approvals.pages.deadlines import Cell, remaining_days, remaining_words
from portal.workdays import WorkCalendar
from services.definition import LimitUnit

MOST_MINI = 40
SIZES = {"临期": "mini due", "超期": "mini over", "中止": "mini pause", "暂定": "mini hold"}


class Timed(Protocol):
    """一行里算灯要用的"""

    @property
    def due(self) -> datetime | None:
        """到期"""

    @property
    def unit(self) -> str:
        """单位"""

    @property
    def length(self) -> int | None:
        """期限"""

    @property
    def provisional(self) -> bool:
        """暂定"""


@dataclass(frozen=True, slots=True)
class RowClock:
    """一行的灯、话和日格"""

    light: str
    words: str
    due_on: date | None
    provisional: bool
    cells: tuple[Cell, ...] = ()
    size: str = "mini"
    pressing: bool = False


def row_clock(
    row: Timed, calendar: WorkCalendar, today: date, *, over: bool, soon: bool = False, waiting: str = ""
) -> RowClock:
    """一行的钟; `over`: its end has passed, `soon`: its last tenth has begun, `waiting` says what an undated row waits for."""
    if row.due is None:
        return RowClock("中止", waiting or "依法停着", None, False, size=SIZES["中止"])
    due_on = day_ended(row.due)
    light = "超期" if over else "临期" if soon else "正常"
    if row.unit == LimitUnit.HOUR:
        return RowClock(light, _to_the_minute(row.due, today), due_on, False, size=SIZES.get(light, "mini"), pressing=True)
    unit = Unit(row.unit) if row.unit in set(Unit) else Unit.DAY
    remaining, unit_label = remaining_days(due_on, unit, calendar, today)
    counted = remaining if unit_label == "工作日" else 0  # a weekend after the last working day fills no cell
    cells = _cells(row.length, counted) if unit is Unit.WORKDAY and row.length else ()
    shown = "暂定" if row.provisional and light == "正常" else light
    words = remaining_words(remaining, unit_label).replace("已超期", "已过")
    return RowClock(
        light, words, due_on, row.provisional, cells, SIZES.get(shown, "mini"), pressing=light == "超期" or remaining == 0
    )


def _to_the_minute(due: datetime, today: date) -> str:
    """今天14:20到期: a row is drawn once a day, so it names the minute and counts none."""
    local = due.astimezone(LEGAL_ZONE)
    return f"{'今天' if local.date() == today else f'{local.month}月{local.day}日'}{local:%H:%M}到期"


@lru_cache(maxsize=1024)
def _cells(total: int, remaining: int) -> tuple[Cell, ...]:
    """日格; a queue shows the same few dozen of them again and again."""
    if total > MOST_MINI:
        return ()
    gone = min(max(total - max(remaining, 0), 0), total)
    cells = [Cell(n, "gone" if n <= gone else "promised" if n == total else "tocome") for n in range(1, total + 1)]
    return (*cells, *(Cell(total + n, "over") for n in range(1, min(max(-remaining, 0), 10) + 1)))
