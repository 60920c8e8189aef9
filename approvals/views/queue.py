"""工作台的一行：what a clerk sees of one piece of work.

A row is drawn from nothing but its columns, the day, the calendar and whether its end has passed. So a process
keeps the rows it has drawn, and a clerk who looks at the list again after each act pays for what has changed.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.urls import get_script_prefix
from markupsafe import Markup

from approvals.lawful import Barred, Lawful, first_acts
from approvals.pages.deadlines import Cell
from approvals.pages.desk import RowClock, row_clock
from approvals.queries.desk import WorkRow
from approvals.queries.handed import Handed
from portal.limits import day_ended, day_of
from portal.pagewords import cn_end, cn_short
from portal.permissions import Power
from portal.roster import Matter
from portal.templating import draw, url
from portal.workdays import WorkCalendar

KEPT = 4096  # rows, of about a kilobyte each


class QueueAct(NamedTuple):
    """一行里能办的一个动作"""

    label: str
    url: str


class QueueLine(NamedTuple):
    """工作台的一行，给页面看; not a dict, for a template reads a name of a dict only after looking for an attribute."""

    number: str
    applicant: str
    item: str
    step: str
    light: str
    light_text: str
    words: str
    due_on: date | None
    short: str
    latest: str
    provisional: bool
    cells: tuple[Cell, ...]
    size: str
    pressing: bool
    url: str
    why_url: str
    acts: list[QueueAct]
    barred: list[Barred]
    stands_for: str
    deputy: str
    whole: str
    whole_over: bool
    whole_latest: str
    whole_why: str


def draw_rows(
    rows: list[WorkRow], powers: list[Power], calendar: WorkCalendar, at: datetime, handed: Handed | None = None
) -> list[Markup]:
    """画一页的各行; `handed` says what of one's own is with a deputy now."""
    today, prefix = day_of(at), get_script_prefix()
    whose = [stands_for(power) for power in powers]
    parts = handed if handed is not None and handed.parts else None
    return [
        _drawn(
            row,
            whose[row.source],
            parts.deputy_of(row.post, Matter(row.code, row.step_kind, row.number)) if parts is not None else "",
            calendar,
            today,
            row.due is not None and row.due <= at,
            row.is_soon(at, today),
            row.whole is not None and row.whole <= at,
            prefix,
        )
        for row in rows
    ]


@lru_cache(maxsize=KEPT)
def _drawn(
    row: WorkRow,
    whose: str,
    deputy: str,
    calendar: WorkCalendar,
    today: date,
    over: bool,
    soon: bool,
    whole_over: bool,
    _prefix: str,
) -> Markup:
    waiting = "等申请人补材料" if row.state == "correcting" else ""
    clock = row_clock(row, calendar, today, over=over, soon=soon, waiting=waiting)
    line = _line(row, clock, whose, deputy, whole_over)
    return draw("approvals/_queue_line.html", line=line)


def _line(row: WorkRow, clock: RowClock, whose: str, deputy: str, whole_over: bool) -> QueueLine:
    acts, barred = first_acts(
        row.step_kind, row.state, row.key, paused=row.due is None, recused=row.recused, hands_over=row.hands_over
    )
    return QueueLine(
        number=row.number,
        applicant=row.applicant,
        item=row.item,
        step=row.name,
        light=clock.light,
        light_text="等补正" if row.state == "correcting" else "",
        words=clock.words,
        due_on=clock.due_on,
        short=cn_short(clock.due_on),
        latest=cn_end(row.due),
        provisional=clock.provisional,
        cells=clock.cells,
        size=clock.size,
        pressing=clock.pressing,
        url=url("approvals:case", row.number),
        why_url=url("approvals:why", row.number, row.key),
        acts=[QueueAct(act.label, act_url(row.number, act)) for act in acts],
        barred=barred,
        stands_for=whose,
        deputy=deputy,
        whole=cn_short(day_ended(row.whole) if row.whole else None),
        whole_over=whole_over,
        whole_latest=cn_end(row.whole),
        whole_why=url("approvals:why", row.number, row.whole_clock) if row.whole else "",
    )


def stands_for(power: Power) -> str:
    """替谁: by name, or by post where nobody holds it."""
    if power.on_behalf_of is not None:
        return power.on_behalf_of.display_name
    return f"{power.post.title}（空岗）" if power.fallen else ""


def act_url(number: str, act: Lawful) -> str:
    """一个动作的页面"""
    if act.act == "supply":
        return url("approvals:supply", number)
    place = url("approvals:act", number, act.act)
    return f"{place}?step={act.step}" if act.step else place
