"""工作台：the open work of one's posts, what ends first on top; settled before it is shown."""

from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from approvals.lawful import Barred, Lawful, first_acts
from approvals.pages.deadlines import Cell, state_word
from approvals.pages.desk import row_clock
from approvals.permissions import visible_to
from approvals.queries.desk import CAP, COUNTED, LIGHTS, Work, WorkPage, WorkRow, settle_due, settle_these
from approvals.queries.ended import Ended, lately_ended
from approvals.views.shared import staff_required
from portal.calendars import current_calendar
from portal.clock import portal_now
from portal.http import user_of
from portal.models import User
from portal.numbers import clean_number
from portal.pagewords import cn_end
from portal.permissions import Power, powers_of
from portal.templating import url
from portal.workdays import WorkCalendar
from services.lifecycle import Manner
from services.models import Application

SEARCH = 25
ANY = "NUMBER"
SIDES = {"own": "只看本岗", "stood": "只看代办"}


@staff_required
@require_safe
def workbench(request: HttpRequest) -> HttpResponse:
    """工作台"""
    user, now, calendar = user_of(request), portal_now(), current_calendar()
    powers = powers_of(user, now)
    if asked := request.GET.get("q", "").strip()[:60]:
        return _search(request, user, asked, now)
    light, side = request.GET.get("light", ""), request.GET.get("side", "")
    settled = settle_due({power.post.township_id for power in powers}, now)
    work = Work(user, _chosen(powers, side), portal_now() if settled else now, calendar)
    page_mark = request.GET.get("after", "")
    page = _fresh_page(work, light if light in LIGHTS else "", page_mark)
    urls = _Urls()
    context = {
        "rows": [_row(row, calendar, work.at, urls) for row in page.rows],
        "totals": _totals(work, light, side),
        "sides": [] if all(power.is_own for power in powers) else _sides(side),
        "ended": [] if light or page_mark else [_ended(row, urls) for row in lately_ended(work.powers, work.at)],
        "cover": [power for power in powers if power.delegation is not None],
        "posts_text": "、".join(power.post.title for power in powers if power.is_own),
        "next_url": "?" + urlencode({"light": light, "side": side, "after": page.next}) if page.next else "",
        "filtered": bool(light or side),
        "now": work.at,
        "nav": "workbench",
    }
    return render(request, "approvals/workbench.html", context)


def _ended(row: Ended, urls: "_Urls") -> dict[str, Any]:
    return {
        "number": row.number,
        "item": row.item,
        "words": state_word(row.outcome, Manner.DEEMED),
        "at": row.effective_at,
        "url": urls.case.replace(ANY, row.number),
    }


def _chosen(powers: list[Power], side: str) -> list[Power]:
    if side == "own":
        return [power for power in powers if power.is_own]
    return [power for power in powers if not power.is_own] if side == "stood" else powers


def _fresh_page(work: Work, light: str, after: str) -> WorkPage:
    """一页; rows that have come due since are settled and read once more."""
    page = work.page(light=light, after=after)
    due = [row.application_id for row in page.rows if row.next_look_at is not None and row.next_look_at <= work.at]
    if not due:
        return page
    settle_these(due)
    return work.page(light=light, after=after)


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


def _row(row: WorkRow, calendar: WorkCalendar, at: datetime, urls: "_Urls") -> QueueLine:
    waiting = "等申请人补材料" if row.state == "correcting" else ""
    clock = row_clock(row, calendar, at, waiting=waiting)
    acts, barred = first_acts(row.step_kind, row.state, row.key, paused=row.due is None, recused=row.recused)
    return QueueLine(
        number=row.number,
        applicant=row.applicant,
        item=row.item,
        step=row.name,
        light=clock.light,
        light_text="等补正" if waiting else "",
        words=clock.words,
        due_on=clock.due_on,
        short=f"{clock.due_on.month}月{clock.due_on.day}日" if clock.due_on else "",
        latest=cn_end(row.due),
        provisional=clock.provisional,
        cells=clock.cells,
        size=clock.size,
        pressing=clock.pressing,
        url=urls.case.replace(ANY, row.number),
        why_url=urls.why.replace(ANY, row.number).replace("KEY", row.key),
        acts=[QueueAct(act.label, urls.of_act(row.number, act)) for act in acts],
        barred=barred,
        stands_for=_stands_for(row.power),
    )


def _stands_for(power: Power) -> str:
    """替谁: by name, or by post where nobody holds it."""
    if power.on_behalf_of is not None:
        return power.on_behalf_of.display_name
    return f"{power.post.title}（空岗）" if power.fallen else ""


class _Urls:
    """一页里反复要的网址: resolved once a page, filled in for each row."""

    def __init__(self) -> None:
        self.case = url("approvals:case", ANY)
        self.why = url("approvals:why", ANY, "KEY")
        self.act = url("approvals:act", ANY, "act")

    def of_act(self, number: str, act: Lawful) -> str:
        """一个动作的页面"""
        url = self.act.replace(ANY, number).removesuffix("act/") + f"{act.act}/"
        return f"{url}?step={act.step}" if act.step else url


def act_url(number: str, act: Lawful) -> str:
    """一个动作的页面"""
    if act.act == "supply":
        return reverse("approvals:supply", args=[number])
    url = reverse("approvals:act", args=[number, act.act])
    return f"{url}?step={act.step}" if act.step else url


def _totals(work: Work, light: str, side: str) -> list[dict[str, Any]]:
    """各灯几件: 99+ beyond a hundred."""
    counts = work.totals()
    rows = []
    for name in ("", *LIGHTS):
        number = counts.get(name)
        shown = "" if number is None else "99+" if number >= CAP else str(number)
        url = "?" + urlencode({"light": name, "side": side})
        rows.append({"light": name, "count": shown, "url": url, "current": name == light, "counted": name in COUNTED})
    return rows


def _sides(side: str) -> list[dict[str, Any]]:
    rows = [{"label": label, "url": f"?side={key}", "current": key == side} for key, label in SIDES.items()]
    return [*rows, {"label": "本岗和代办", "url": "?", "current": not side}]


def _search(request: HttpRequest, user: User, asked: str, now: datetime) -> HttpResponse:
    """按编号直接打开，按姓名列出来"""
    rows = visible_to(user, now).exclude(state="draft")
    number = clean_number(asked)
    if number and rows.filter(number=number).exists():
        return redirect("approvals:case", number)
    named: list[Application] = []
    if not number:
        named = list(rows.filter(applicant__name=asked).select_related("item", "case").order_by("-id")[:SEARCH])
    context = {"asked": asked, "found": named, "now": now, "nav": "workbench"}
    return render(request, "approvals/search.html", context)
