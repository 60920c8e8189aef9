"""为什么是这一天：every day of a limit, whether it counts, and the notice behind it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals import access
from approvals.facts import CaseState, ClockView
from approvals.loading import load_calendars
from approvals.pages.deadlines import awaits_supply
from approvals.pages.months import Explained, explain_limit, how_counted
from approvals.queries.cases import Folded, fold_one
from approvals.views.shared import calendar_for, one_deadline
from portal.clock import portal_now
from portal.limits import day_of
from portal.workdays import WorkCalendar

DAY_ZERO = {
    "intake": "收到材料",
    "promised": "收齐材料",
    "statutory": "收齐材料",
    "answer": "告知书发出",
}


@require_safe
def why(request: HttpRequest, number: str, clock: str) -> HttpResponse:
    """为什么是这一天"""
    now = portal_now()
    application = access.find_readable(request.user, request.session, number, now)
    folded = fold_one(application, now)
    found = find_clock(folded.state, clock)
    if found is None:
        raise Http404("这一件没有这个期限。")
    context = {
        "application": application,
        "clock": found,
        "key": clock,
        "deadline": one_deadline(folded, found, clock, label=_label(folded, clock)),
        "nav": "progress",
        "township": application.township,
        **_explanation(folded, found, clock),
    }
    return render(request, "approvals/why.html", context)


def find_clock(state: CaseState, key: str) -> ClockView | None:
    """页面地址里的时钟: a clock of the case, or the clock of a step by the step's key."""
    step = state.step(key)
    return state.clock(key) or (step.clock if step is not None else None)


def _label(folded: Folded, key: str) -> str:
    step = folded.state.step(key)
    return step.stage.name if step is not None else ""


def calendar_at_end(folded: Folded, clock: ClockView) -> WorkCalendar:
    """期限走完时所依的那一版日历; the one in force now while it runs."""
    if clock.ended_at is None:
        return calendar_for(folded)
    return load_calendars(folded.application.township).newest(clock.ended_at)


def _explanation(folded: Folded, clock: ClockView, key: str) -> dict[str, Any]:
    if key == "expiry" or awaits_supply(folded.state, clock):
        return {"explained": None, "how": ""}
    received = DAY_ZERO.get(key, "上一步办完")
    calendar, today = calendar_at_end(folded, clock), day_of(folded.at)
    legal = folded.state.clock("statutory") if key == "promised" else None
    explained: Explained = explain_limit(
        clock.limit, calendar, today=today, legal=legal.limit if legal and legal.due_on else None, received=received
    )
    moved = clock.due_on is not None and clock.due_on != explained.lines[-1].day
    return {
        "explained": explained,
        "how": how_counted(clock.limit, received),
        "moved": moved,
        "pauses": [pause for pause in clock.limit.pauses],
        "published_through": calendar.published_through,
    }
