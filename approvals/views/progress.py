"""查进度：look-up by number and query code, and the one page that says how a case stands."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals import access, actions
from approvals.afterwards import gone, no_reopening
from approvals.forms import LookupForm
from approvals.pages.deadlines import case_light, day_cells, headline, pause_reasons, slip_name
from approvals.pages.materials import bring_words, silence_waits
from approvals.pages.timeline import timeline
from approvals.pages.validity import advice, term
from approvals.queries.cases import Folded, fold_one, happenings, standing
from approvals.queries.links import succession
from approvals.queries.papers import papers_of, to_bring
from approvals.views.shared import (
    NO_LEGAL_LIMIT,
    acted_on,
    calendar_for,
    case_deadlines,
    one_deadline,
    opened_first,
    still_waiting,
)
from portal.clock import portal_now
from portal.errors import PortalError, TooManyAttempts
from portal.http import user_of
from portal.numbers import clean_number
from services.lifecycle import FINAL, State
from services.models import Application
from services.permissions import is_applicant
from services.queries import taken_times
from services.remedies import if_no_answer

WRONG_PAIR = "编号和查询码对不上。请对着通知单（收件或受理）再写一遍；单子丢了，带身份证到窗口，或打便民电话。"


@require_http_methods(["GET", "POST"])
def progress_lookup(request: HttpRequest) -> HttpResponse:
    """查进度"""
    given = request.POST if request.method == "POST" else request.GET
    started = given.get("number", "").strip()
    if request.method != "POST" or "code" not in given:  # a code in an address would stay in logs and histories
        known = _opened_before(request, started)
        if known:
            return redirect("approvals:progress", known)
        form = LookupForm(initial={"number": started})
        return render(request, "approvals/progress_lookup.html", {"lookup": form, "nav": "progress"})
    form = LookupForm(given)
    status = 200
    if form.is_valid():
        status, found = _try_code(form)
        if found is not None:
            access.grant(request.session, found.number, portal_now())
            return redirect("approvals:progress", found.number)
    return render(request, "approvals/progress_lookup.html", {"lookup": form, "form": form, "nav": "progress"}, status=status)


def _try_code(form: LookupForm) -> tuple[int, Application | None]:
    try:
        found = access.open_by_code(form.cleaned_data["number"], form.cleaned_data["code"])
    except TooManyAttempts as error:
        form.add_error(None, error.message)
        return error.status, None
    if found is None:
        form.add_error(None, WRONG_PAIR)
    return 200, found


def _opened_before(request: HttpRequest, typed: str) -> str:
    """编号已经能看的，直接打开: signed-in owners and codes shown within the hour."""
    number = clean_number(typed)
    if not number:
        return ""
    if access.is_granted(request.session, number, portal_now()):
        return number
    user = request.user
    if user.is_authenticated:
        found = Application.objects.exclude(state=State.DRAFT).filter(number=number).first()
        return number if found is not None and is_applicant(user_of(request), found) else ""
    return ""


@opened_first
@require_safe
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """一件办件的进度"""
    now = portal_now()
    application = access.find_readable(request.user, request.session, number, now)
    folded = fold_one(application, now)
    own = request.user.is_authenticated and is_applicant(user_of(request), application)
    context = progress_context(folded)
    context.update(own=own, acts=_acts(folded, own), nav="progress", township=application.township)
    context["may_end_mandate"] = access.may_end_mandate(request.user, request.session, application, now)
    return render(request, "approvals/progress.html", context)


def progress_context(folded: Folded) -> dict[str, Any]:
    """进度页的内容"""
    application, state = folded.application, folded.state
    people, asked = standing(folded), state.state == State.CORRECTING
    return {
        "application": application,
        "rules": application.rules,
        "taken": taken_times(application.township_id).get(application.item_id),
        "state": state,
        "at": folded.at,
        "hands": people.hands,
        "window": people.window,
        "agent": people.agent,
        "first": people.first,
        "entries": timeline(application.rules, state, happenings(folded), people.names),
        **_limits(folded),
        "bring": bring_words(to_bring(folded), silence_waits=silence_waits(application.rules, state), asked=asked),
        "asked": asked,
        "waiting_text": still_waiting(folded),
        "term": term(state, application.rules),
        "advice": advice(state, application.rules),
        "slip_name": slip_name(state),
        "no_answer": if_no_answer(application.rules, application.township),
        # Nothing follows a case that still runs: it can be neither asked for again nor have been sent on.
        "succession": succession(application) if application.previous_id or state.state in FINAL else [],
        **papers_of(folded),
    }


def _limits(folded: Folded) -> dict[str, Any]:
    """还剩多久: the sentence, the light, the cells and every limit that runs."""
    state, calendar = folded.state, calendar_for(folded)
    clock, legal, answer = state.shown_clock, state.clock("statutory"), state.clock("answer")
    ended, asks = state.state in FINAL, state.state == State.CORRECTING
    paused = clock is not None and clock.due_on is None and not (ended or asks)
    light, light_text = case_light(state, clock)
    steps = [(step, step.clock) for step in state.open_steps if step.clock is not None]
    return {
        "ended": ended,
        "whole": clock,
        "late": ended and state.is_late,
        "headline": headline(state, calendar),
        "light": light,
        "light_text": light_text,
        "provisional": bool(clock and clock.provisional and not (ended or asks)),
        "paused": one_deadline(folded, clock, clock.key) if clock and paused else None,
        "paused_for": pause_reasons(clock) if clock and paused else "",
        "deadlines": case_deadlines(folded),
        "no_legal_limit": NO_LEGAL_LIMIT if legal is None and state.clock("expiry") is None else "",
        "step_deadlines": [one_deadline(folded, c, s.stage.key, label=s.stage.name) for s, c in steps],
        "answer": answer if answer and answer.is_open and answer.due_on else None,  # in a freeze nobody knows its last day
        "cells": day_cells(clock, legal, calendar, folded.at) if clock and not ended else [],
    }


def _acts(folded: Folded, own: bool) -> dict[str, bool]:
    """申请人现在能做的"""
    running = own and folded.state.state not in FINAL
    asked = folded.state.corrections > 0 or not folded.state.complete or bool(folded.state.to_bring)
    return {
        "urge": running and folded.state.state != State.CORRECTING,  # nobody urges oneself
        "withdraw": running,
        "supply": running and asked,
        "readers": own,
        "received": own and folded.state.awaits_delivery,
        "renounce": own and not gone(folded.state),
        "reopen": own and not no_reopening(folded.state),
    }


@acted_on
@require_POST
def end_mandate(request: HttpRequest, number: str) -> HttpResponse:
    """收回委托: by the applicant, signed in or with the query code"""
    now = portal_now()
    application = access.find_readable(request.user, request.session, number, now)
    by = user_of(request) if request.user.is_authenticated else None
    by_code = access.is_granted(request.session, number, now)
    try:
        actions.end_mandate(application=application, by=by, by_code=by_code)
    except PortalError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "委托收回了，马上生效：代您申请的人不能再看、再办这一件。已经办的照样有效。")
    return redirect("approvals:progress", number)


@acted_on
@login_required
@require_POST
def urge(request: HttpRequest, number: str) -> HttpResponse:
    """我要催办"""
    application = access.find_own(user_of(request), number)
    try:
        actions.urge(application=application, by=user_of(request))
    except PortalError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "催过了：已经告诉现在手里有这件事的人。明天还没有动静，可以再催。")
    return redirect("approvals:progress", number)
