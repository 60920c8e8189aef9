"""我的事和申请人的动作：my applications, supplying what was asked, withdrawing, and who has read my data."""

import re
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, IntegerField, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals import access, actions
from approvals.forms import RenounceForm, WithdrawForm
from approvals.models import CorrectionNotice
from approvals.pages.deadlines import case_light, headline
from approvals.pages.validity import advice, term
from approvals.queries.cases import Folded, filed_applications, fold_many, fold_one
from approvals.supplying import (
    Fault,
    Point,
    amend_form,
    notices_of,
    save_fields,
    save_points,
    still_missing,
    unchosen,
    wanted_points,
)
from approvals.views.shared import acted_on, calendar_for
from portal.clock import portal_now
from portal.errors import PortalError
from portal.http import user_of
from portal.models import User
from portal.numbers import grouped
from portal.pagewords import cn_short
from portal.queries import inbox
from portal.wording import message_text
from services.lifecycle import FINAL, NOT_CLOSED, State
from services.models import AccessRecord, Application
from services.permissions import own_applications
from services.queries import drafts_of, names_of

PAGE = 20


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """我的事"""
    user, now = user_of(request), portal_now()
    before = request.GET.get("before", "")
    page, more = _page(user, before)
    shown = sorted(fold_many(page, now), key=lambda folded: _rank(folded.state.state))  # a default may not be written yet
    context = {
        "cases": [_row(folded) for folded in shown],
        "drafts": list(drafts_of(user)[:PAGE]) if not before else [],
        "notices": [] if before else _news(user),
        "next_url": more,
        "at": now,
        "nav": "mine",
    }
    return render(request, "approvals/mine.html", context)


def _rank(state: str) -> int:
    """先看哪件: what waits for the applicant, then what runs, then what has ended."""
    return 0 if state == State.CORRECTING else 2 if state in FINAL else 1


def _page(user: User, before: str) -> tuple[list[Application], str]:
    """一页我的事，每一等里新的在前, and where the next page starts: keyset by rank and id."""
    rank = Case(When(state=State.CORRECTING, then=0), When(state__in=FINAL, then=2), default=1, output_field=IntegerField())
    rows = filed_applications().filter(pk__in=own_applications(user).values("pk")).annotate(rank=rank).order_by("rank", "-id")
    if found := re.fullmatch(r"([012])-([0-9]{1,18})", before):
        last, pk = int(found[1]), int(found[2])
        rows = rows.filter(Q(rank__gt=last) | Q(rank=last, pk__lt=pk))
    page: list[Application] = [*rows[: PAGE + 1]]
    last_shown = page[:PAGE][-1] if len(page) > PAGE else None
    more = f"{reverse('approvals:mine')}?before={_rank(last_shown.state)}-{last_shown.pk}" if last_shown else ""
    return page[:PAGE], more


def _news(user: User) -> list[dict[str, Any]]:
    """还没看的消息"""
    found = list(inbox(user).filter(read_at=None)[:5])
    names = names_of(row.subject_number for row in found)
    return [
        {
            "text": message_text(row.kind, grouped(row.subject_number)),
            "name": names.get(row.subject_number, ""),
            "url": reverse("approvals:progress", args=[row.subject_number]) if row.subject_number else "",
            "at": row.created_at,
        }
        for row in found
    ]


def _row(folded: Folded) -> dict[str, Any]:
    state, clock = folded.state, folded.state.shown_clock
    ended, asks = state.state in FINAL, state.state == State.CORRECTING
    answer = state.clock("answer")
    shown = answer if answer is not None and answer.is_open else clock
    dated = shown if not ended and (not asks or shown is answer) else None
    light, light_text = case_light(state, shown)
    return {
        "number": folded.application.number,
        "name": folded.application.rules.name,
        "headline": headline(state, calendar_for(folded)),
        "light": light,
        "light_text": light_text,
        "provisional": bool(dated and dated.provisional),
        "due_on": dated.due_on if dated else None,
        "key": dated.key if dated else "",
        "closed": state.state not in NOT_CLOSED,
        "ended_at": state.effective_at if ended else None,
        "deemed": state.manner == "deemed",
        "asks": asks,
        "term": term(state, folded.application.rules),
        "advice": advice(state, folded.application.rules),
    }


@login_required
@require_http_methods(["GET", "POST"])
def supply(request: HttpRequest, number: str) -> HttpResponse:
    """补材料"""
    user = user_of(request)
    application, own = access.find_supplier(user, number, portal_now())
    notices = notices_of(application.case)
    to_bring = fold_one(application, portal_now()).state.to_bring
    points = wanted_points(application, notices, to_bring)
    wrong, status = list[Fault](), 200
    if request.method == "POST":
        wrong, status = _supply(request, points, application, own)
        if not wrong:
            _tell_what_came(request, application, notices, points)
            return redirect("approvals:progress" if own else "approvals:case", number)
        points = wanted_points(application, notices, to_bring, typed=request.POST)
        wrong += unchosen(points, request.FILES)
    entries = amend_form(application, points, own=own, posted=request.POST or None)
    notice = next(iter(notices), None)
    context: dict[str, Any] = {"application": application, "notice": notice, "points": points, "entries": entries}
    context |= {"wrong": wrong, "own": own}
    return render(request, "approvals/supply.html", context, status=status)


def _supply(request: HttpRequest, points: list[Point], application: Application, own: bool) -> tuple[list[Fault], int]:
    try:
        user, entries = user_of(request), amend_form(application, points, own=own, posted=request.POST)
        wrong = save_fields(application, points, request.POST, entries, by=user)
        wrong += save_points(application, points, request.POST, request.FILES, by=user, own=own)
        if wrong:
            order = [point.key for point in points]
            return sorted(wrong, key=lambda fault: order.index(fault.key)), 400
        actions.supply(application=application, by=user_of(request))
    except PortalError as error:
        return [Fault("", error.message)], error.status
    return [], 200


def _tell_what_came(
    request: HttpRequest, application: Application, notices: Sequence[CorrectionNotice], before: Sequence[Point]
) -> None:
    """收到了几样，还差什么: half a supply is not announced as a whole one."""
    was_asked = application.state == State.CORRECTING
    application.refresh_from_db(fields=["state"])
    asks = application.state == State.CORRECTING
    state = fold_one(application, portal_now()).state
    left = still_missing(wanted_points(application, notices, state.to_bring))
    if not left or (was_asked and not asks):
        messages.success(request, "补的材料收到了。窗口会接着看，看完告诉您。")
        return
    missing = {point.key for point in left}
    came = sum(not point.supplied and point.key not in missing for point in before)
    names = "、".join(point.name for point in left)
    answer = state.clock("answer") if asks else None
    end = f"请在{cn_short(answer.due_on)}前补来" if answer is not None and answer.due_on else "有了再补来"
    messages.warning(request, f"收到了{f'{came}样' if came else ''}。还差：{names}，{end}。")


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """撤回申请"""
    application = access.find_own(user_of(request), number)
    form = WithdrawForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(application=application, by=user_of(request), reason=form.cleaned_data["reason"])
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "已经撤回。材料和记录都还在，想办的时候可以重新申请。")
            return redirect("approvals:progress", number)
    context = {"application": application, "form": form, "nav": "progress"}
    return render(request, "approvals/withdraw.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def renounce(request: HttpRequest, number: str) -> HttpResponse:
    """放弃结果"""
    application = access.find_own(user_of(request), number)
    form = RenounceForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.renounce(application=application, by=user_of(request), reason=form.cleaned_data["reason"])
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "已经放弃，记下了。原来的结果和记录都还在，想再办可以重新申请。")
            return redirect("approvals:progress", number)
    context = {"application": application, "form": form, "nav": "progress"}
    return render(request, "approvals/renounce.html", context, status=status)


@acted_on
@login_required
@require_POST
def received(request: HttpRequest, number: str) -> HttpResponse:
    """我收到了"""
    application = access.find_own(user_of(request), number)
    try:
        actions.confirm_delivery(application=application, by=user_of(request))
    except PortalError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "记下了：结果您收到了。")
    return redirect("approvals:progress", number)


@acted_on
@login_required
@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """重新申请"""
    application = access.find_own(user_of(request), number)
    try:
        draft = actions.reopen(application=application, by=user_of(request))
    except PortalError as error:
        messages.warning(request, error.message)
        return redirect("approvals:progress", number)
    messages.success(request, "填过的都带过来了，请一部分一部分看一遍，再提交。材料要重新交。")
    return redirect("services:tasks", draft.number)


@login_required
@require_safe
def readers(request: HttpRequest, number: str) -> HttpResponse:
    """谁看过我的信息"""
    application = access.find_own(user_of(request), number)
    rows = AccessRecord.objects.filter(application=application).select_related("user__person", "post").order_by("-id")
    before = request.GET.get("before", "")
    if before.isdigit():
        rows = rows.filter(pk__lt=int(before[:18]))
    page = list(rows[: PAGE + 1])
    next_url = f"?before={page[PAGE - 1].pk}" if len(page) > PAGE else ""
    context = {"application": application, "records": page[:PAGE], "next_url": next_url, "nav": "progress"}
    return render(request, "approvals/readers.html", context)
