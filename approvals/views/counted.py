"""领导页的数数了哪些件，和每月的数的 CSV."""

import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.pages.deadlines import state_word
from approvals.permissions import visible_to
from approvals.queries import counted as found
from approvals.queries.cases import filed_applications, fold_many
from approvals.queries.desk import settle_due
from approvals.views.leader import township_watched
from approvals.views.shared import one_deadline, staff_required
from portal.api import csv_answer
from portal.clock import portal_now
from portal.errors import InvalidInput
from portal.http import user_of
from portal.models import User
from portal.pagewords import cn_month
from portal.templating import url

MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
CSV_HEAD = ("月份", "办结", "按时办结", "延长后办结", "逾期办结", "到期默认", "按时办结率（%）")


@staff_required
@require_safe
def counted(request: HttpRequest, of: str) -> HttpResponse:
    """一个数里的件"""
    if of not in found.NAMES:
        raise Http404("没有这一页。")
    township, now = township_watched(request)
    settle_due(township, now)
    now = portal_now()
    group = next(group for group in found.GROUPS if of in group)
    month = _month(request.GET.get("month", ""), now) if group is not found.GROUPS[1] else None
    span = found.month_span(month, now) if month else found.last_days(now)
    page = found.counted_page(of, township, span, request.GET.get("after", ""))
    chosen = {"month": f"{month:%Y-%m}"} if month else {}
    context = {
        "name": found.NAMES[of],
        "when": "" if group is found.GROUPS[1] else cn_month(month) if month else f"近{found.DAYS}天",
        "column": _column(group),
        "rows": _rows(page.rows, user_of(request), now, runs=group is found.GROUPS[1]),
        "others": [{"label": found.NAMES[key], "url": _address(key, chosen), "current": key == of} for key in group],
        "next_url": _address(of, {**chosen, "after": page.next}) if page.next else "",
        "now": now,
        "nav": "leader",
    }
    return render(request, "approvals/counted.html", context)


def _month(text: str, now: datetime) -> date | None:
    """要看的那个月; None where none was asked for."""
    if not text:
        return None
    written = MONTH.fullmatch(text)
    month = date(int(written[1]), int(written[2]), 1) if written else None
    if month not in found.last_months(now):
        raise InvalidInput("月份要写成 2026-09 这样，只看得到近十二个月。")
    return month


def _column(group: tuple[str, ...]) -> str:
    """时间那一栏叫什么"""
    return dict(zip(found.GROUPS, ("生效", "整件最晚", "发牌", "到期"), strict=True))[group]


def _address(of: str, words: dict[str, str]) -> str:
    return url("approvals:counted", of) + (f"?{urlencode(words)}" if words else "")


def _rows(rows: list[found.CountedRow], user: User, now: datetime, *, runs: bool) -> list[dict[str, Any]]:
    """一页的件; three statements more for what runs, whatever the number of rows."""
    ids = [row.case.application_id for row in rows]
    may_open = set(visible_to(user, now).filter(pk__in=ids).values_list("pk", flat=True))
    folded = {one.application.pk: one for one in fold_many(list(filed_applications().filter(pk__in=ids)), now)} if runs else {}
    made = []
    for row in rows:
        application, one = row.case.application, folded.get(row.case.application_id)
        clock = one.state.shown_clock if one is not None else None
        made.append({
            "application": application,
            "at": row.at,
            "word": state_word(row.case.outcome, row.case.manner) if row.case.outcome else "在办",
            "late": row.case.overdue,
            "deadline": one_deadline(one, clock, clock.key) if one is not None and clock is not None else None,
            "may_open": application.pk in may_open,
        })  # fmt: skip
    return made


@staff_required
@require_safe
def months_csv(request: HttpRequest) -> HttpResponseBase:
    """近十二个月的数"""
    township, now = township_watched(request)
    settle_due(township, now)
    rows = [
        (f"{month.first:%Y-%m}", month.closed, month.kept, month.extended, month.late, month.deemed, _percent(month.rate))
        for month in found.months(township, portal_now())
    ]
    return csv_answer("months.csv", CSV_HEAD, rows)


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.1f}"
