"""为什么是这一天：every day of a limit, whether it counts, and the notice behind it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals import access
from approvals.facts import CaseState, ClockView, HowEnded
from approvals.loading import load_calendars
from approvals.pages.day_zero import day_zero
from approvals.pages.deadlines import awaits_supply, hours_left, remaining_days, state_word
from approvals.pages.months import Closing, Explained, explain_limit, how_counted
from approvals.queries.cases import Folded, fold_one
from approvals.views.shared import calendar_for, one_deadline, opened_first
from portal.clock import portal_now
from portal.limits import day_ended, day_of
from portal.pagewords import cn_datetime
from portal.workdays import WorkCalendar
from services.lifecycle import NOT_CLOSED

CLOSED_WORDS = {HowEnded.MET: "办完", HowEnded.STOPPED: "停表"}


@opened_first
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
        "answer": folded.state.clock("answer"),
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


def closing_of(state: CaseState, clock: ClockView, key: str) -> Closing | None:
    """这个期限是哪天了结的: the result for the clocks of the case, its own end for any other that was met."""
    if key in {"promised", "statutory"}:
        ended, deemed = state.effective_at, state.manner == "deemed"
        word = "办结" if state.state not in NOT_CLOSED else state_word(state.state, state.manner)
    else:
        step = state.step(key)
        ended, deemed, word = clock.ended_at, False, CLOSED_WORDS.get(clock.how, "") if clock.how else ""
        if step is not None:
            ended, deemed, word = step.ended_at, step.status == "deemed", "办完"
        elif not word:
            return None
    if ended is None:
        return None
    return Closing(day_ended(ended) if deemed else day_of(ended), word)


def _closed_words(closing: Closing | None, clock: ClockView, calendar: WorkCalendar) -> str:
    """11月23日办结，过了1个工作日"""
    if closing is None:
        return ""
    told = f"{closing.day.month}月{closing.day.day}日{closing.word}"
    if clock.due_on is None or closing.day <= clock.due_on:
        return told
    past, unit = remaining_days(clock.due_on, clock.days.unit, calendar, closing.day)
    return f"{told}，过了{-past}个{unit}"


def _hours_closed(state: CaseState, clock: ClockView, key: str) -> str:
    """2026年10月3日（星期六）23:10办完，已超期5分钟"""
    step = state.step(key)
    if step is None or step.ended_at is None or clock.due_at is None:
        return ""
    late = f"，{hours_left(clock.due_at, step.ended_at)}" if step.ended_at >= clock.due_at else ""
    return f"{cn_datetime(step.ended_at)}办完{late}"


def _explanation(folded: Folded, clock: ClockView, key: str) -> dict[str, Any]:
    if key == "expiry" or awaits_supply(folded.state, clock):
        return {"explained": None, "how": ""}
    if clock.in_hours:
        return {"explained": None, "how": "", "closed": _hours_closed(folded.state, clock, key)}
    received = day_zero(folded.state, clock, key)
    calendar, today = calendar_at_end(folded, clock), day_of(folded.at)
    closing = closing_of(folded.state, clock, key)
    legal = folded.state.clock("statutory") if key == "promised" else None
    explained: Explained = explain_limit(
        clock.days, calendar, today=today, legal=legal.days if legal and legal.due_on else None, received=received,
        closing=closing,
    )
    moved = clock.due_on is not None and clock.due_on != explained.lines[-1].day
    return {
        "explained": explained,
        "how": how_counted(clock.days, received),
        "moved": moved,
        "closed": _closed_words(closing, clock, calendar),
        "pauses": list(clock.days.pauses),
        "published_through": calendar.published_through,
    }
