"""页面共用：deadlines with their why links, staff only, and the public address of a page."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urljoin

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from approvals import access
from approvals.facts import ClockView
from approvals.pages.deadlines import LABELS, Deadline, awaiting, awaits_supply, deadline_of, limit_text
from approvals.queries.cases import Folded
from portal.clock import portal_now
from portal.http import user_of
from portal.limits import day_of
from portal.templating import url
from portal.workdays import WorkCalendar
from services.definition import Limit
from services.guide import waiting_text
from services.lifecycle import FINAL
from services.queries import office_names

CASE_CLOCKS = frozenset({"intake", "promised", "statutory", "expiry", "answer"})
NO_LEGAL_LIMIT = "法律没有规定办理期限。两个月还没有答复，您可以起诉（行政诉讼法第四十七条）。"


def staff_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """工作人员才有这一页；别人看是 404"""

    @wraps(view)
    @login_required
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_of(request).is_staff_member:
            raise Http404("没有这一页。")
        return view(request, *args, **kwargs)

    return handle


def silent_steps(folded: Folded) -> dict[str, Any]:
    """到期没有答复、视为无异议的各步, and the names of their offices: whoever decides must not take them for looked at."""
    silent = [step for step in folded.state.steps if step.status == "deemed"]
    return {"silent": silent, "offices": office_names(folded.application.township_id) if silent else {}}


def opened_first(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """没登录、也没用查询码打开过的，先去查进度: the number is filled in, whether there is such a case or not."""

    @wraps(view)
    def handle(request: HttpRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        known = request.user.is_authenticated or access.is_granted(request.session, number, portal_now())
        if known or request.method not in {"GET", "HEAD"}:
            return view(request, number, *args, **kwargs)
        return redirect(f"{reverse('approvals:progress_lookup')}?{urlencode({'number': number})}")

    return handle


def acted_on(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """按钮的地址被当成网页打开的，回到进度: it is met after a sign-in or from a history, and says nothing by itself."""

    @wraps(view)
    def handle(request: HttpRequest, number: str) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"}:
            return redirect("approvals:progress", number)
        return view(request, number)

    return handle


def calendar_for(folded: Folded) -> WorkCalendar:
    """这一件现在按哪一版日历"""
    calendar = folded.state.calendar
    assert calendar is not None  # a filed case has been folded with one
    return calendar


def why_url(number: str, clock: str) -> str:
    """“为什么是这一天”的地址"""
    return url("approvals:why", number, clock)


def still_waiting(folded: Folded) -> str:
    """还没到受理的日子，从哪天数起; empty once the clocks run."""
    received_on = folded.application.received_on
    rules = folded.application.rules
    if received_on is None or folded.state.state in FINAL or rules.opens_on(received_on) <= day_of(folded.at):
        return ""
    return waiting_text(rules, received_on)


def case_deadlines(folded: Folded, labels: Mapping[str, str] = LABELS) -> list[Deadline]:
    """整件的期限: promised, statutory or why there is none, expiry, and the applicant's own term."""
    rules = folded.application.rules
    limits: dict[str, Limit | None] = {"promised": rules.promised, "statutory": rules.statutory, "expiry": None, "answer": None}
    found = []
    for key, limit in limits.items():
        clock = folded.state.clock(key)
        if clock is None or (key == "answer" and not clock.is_open):
            continue
        found.append(one_deadline(folded, clock, key, label=labels.get(key, ""), sentence=_length(clock, limit)))
    return found


def one_deadline(folded: Folded, clock: ClockView, key: str, *, label: str = "", sentence: str = "") -> Deadline:
    """一个期限和它的来由"""
    if awaits_supply(folded.state, clock):
        return awaiting(clock, label=label, sentence=sentence)
    url = why_url(folded.application.number, key)
    found = deadline_of(clock, calendar_for(folded), folded.at, label=label, why_url=url, sentence=sentence)
    over = folded.state.state in FINAL and clock.key in CASE_CLOCKS
    return replace(found, left="") if over else found


def _length(clock: ClockView, limit: Limit | None) -> str:
    if limit is None:
        return ""
    counter = "年" if clock.days.unit == "year" else "个"
    extended = f"，依法延长了{clock.days.extended_by}{counter}" if clock.days.extended_by else ""
    return f"期限{limit_text(limit)}{extended}。"


def public_url(path: str) -> str:
    """对外的完整地址; never from a Host header."""
    return urljoin(settings.PUBLIC_URL, path)


def qr_markup(address: str, border: int = 0) -> str:
    """一个完整地址的二维码，SVG 文字"""
    picture: str = segno.make(address, error="m").svg_inline(border=border, dark="#000", light="#fff", omitsize=True)
    return picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def qr_svg(path: str) -> HttpResponse:
    """一个地址的二维码"""
    return HttpResponse(qr_markup(public_url(path), border=2), content_type="image/svg+xml")
