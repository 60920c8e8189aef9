"""工作台：the open work of one's posts, what ends first on top; settled before it is shown."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from approvals.pages.deadlines import case_light, headline, state_word
from approvals.permissions import visible_to
from approvals.queries.cases import Folded, filed_applications, fold_many
from approvals.queries.deputies import scope_text
from approvals.queries.desk import CAP, LIGHTS, Work, WorkPage, settle_these, settled_work
from approvals.queries.ended import Ended, lately_ended
from approvals.queries.handed import handed_over
from approvals.views.case import APPLICANT
from approvals.views.queue import draw_rows
from approvals.views.shared import calendar_for, staff_required
from portal.calendars import current_calendar
from portal.clock import portal_now
from portal.http import user_of
from portal.models import Duty, User
from portal.numbers import clean_number
from portal.permissions import Power, powers_of
from portal.roster import FALLING, HEADS, current_roster
from portal.templating import url
from services.lifecycle import FINAL, Manner, State

SEARCH = 25
TAKING_IN = frozenset({Duty.WINDOW, Duty.AGENT, Duty.VILLAGE_AGENT})  # who takes in what applicants bring
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
    work, counts = settled_work(user, _chosen(powers, side), now)
    page_mark = request.GET.get("after", "")
    page = _fresh_page(work, light if light in LIGHTS else "", page_mark)
    handed = handed_over(user.pk, powers, current_roster(), work.at)
    context = {
        "rows": draw_rows(page.rows, work.powers, calendar, work.at, handed),
        "handed": handed,
        "totals": _totals(counts, light, side),
        "sides": [] if all(power.is_own for power in powers) else _sides(side),
        "ended": [] if light or page_mark else [_ended(row) for row in lately_ended(work.powers, work.at)],
        "cover": [(power, scope_text(power.scope)) for power in powers if power.delegation is not None],
        **_own_posts(powers),
        "next_url": "?" + urlencode({"light": light, "side": side, "after": page.next}) if page.next else "",
        "filtered": bool(light or side),
        "now": work.at,
        "nav": "workbench",
    }
    return render(request, "approvals/workbench.html", context)


def _own_posts(powers: list[Power]) -> dict[str, Any]:
    own = [power.post for power in powers if power.is_own]
    may_hand_over = any(post.duty in FALLING | HEADS for post in own)
    may_take_in = any(power.post.duty in TAKING_IN for power in powers)
    return {"posts_text": "、".join(post.title for post in own), "may_hand_over": may_hand_over, "may_take_in": may_take_in}


def _ended(row: Ended) -> dict[str, Any]:
    return {
        "number": row.number,
        "item": row.item,
        "words": state_word(row.outcome, Manner.DEEMED),
        "at": row.effective_at,
        "url": url("approvals:case", row.number),
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


def _totals(counts: dict[str, int], light: str, side: str) -> list[dict[str, Any]]:
    """各灯几件: 99+ beyond a hundred, nothing where it is not known."""
    rows = []
    for name in ("", *LIGHTS):
        number = counts.get(name)
        shown = "" if number is None else "99+" if number >= CAP else str(number)
        url = "?" + urlencode({"light": name, "side": side})
        rows.append({"light": name, "count": shown, "url": url, "current": name == light})
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
    named = rows.filter(applicant__name=asked) if not number else rows.none()
    found = list(filed_applications().filter(pk__in=named.values("pk")).order_by("-id")[:SEARCH])
    context = {"asked": asked, "found": [_hit(folded) for folded in fold_many(found, now)], "now": now, "nav": "workbench"}
    return render(request, "approvals/search.html", context)


def _hit(folded: Folded) -> dict[str, Any]:
    """找到的一件: what one opens a case for most of the time – where it is, and by when it must be done."""
    state, answer = folded.state, folded.state.clock("answer")
    clock = answer if answer is not None and answer.is_open else state.shown_clock
    light, light_text = case_light(state, clock)
    asks, ended = state.state == State.CORRECTING, state.state in FINAL
    dated = clock is not None and clock.due_on is not None and not ended and (not asks or clock is answer)
    steps = "收件审看" if state.state == State.SUBMITTED else "、".join(step.stage.name for step in state.open_steps)
    return {
        "application": folded.application,
        "light": light,
        "light_text": light_text,
        "where": headline(state, calendar_for(folded), APPLICANT) if asks or not steps else steps,
        "ended_at": state.effective_at if ended else None,
        "deemed": state.manner == Manner.DEEMED,
        "clock": clock if dated else None,
    }
