"""全镇办得怎样：for the township head, office heads and the supervisor."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.models import Case
from approvals.pages.deadlines import remaining_days
from approvals.pages.leader import load_chart, rate_chart
from approvals.permissions import HEADS
from approvals.queries import counted, oversight
from approvals.queries import leader as figures
from approvals.queries.desk import settle_due
from approvals.views.oversight import is_leader
from approvals.views.shared import staff_required
from portal.calendars import current_calendar
from portal.clock import portal_now
from portal.http import user_of
from portal.limits import Unit, day_ended, day_of
from portal.models import Duty, Township, User
from portal.permissions import Power, powers_of
from portal.queries import freshness
from portal.workdays import WorkCalendar

MAY_SEE = {*HEADS, Duty.SUPERVISE}


@staff_required
@require_safe
def leader(request: HttpRequest) -> HttpResponse:
    """全镇办得怎样"""
    township, now = township_watched(request)
    settle_due(township, now)
    now = portal_now()
    powers, loads, months = powers_of(user_of(request), now), figures.loads(township, now), counted.months(township, now)
    context = {
        "figures": figures.figures(township, now),
        "names": counted.NAMES,
        "months": months,
        "rates": rate_chart([(f"{month.first.month}月", month.rate) for month in months]),
        "loads": loads,
        "chart": load_chart([(f"{row.post.title} {row.person}", row) for row in loads[:20]]),
        **_late(user_of(request), powers, township, now),
        "covers": figures.covers(township, now),
        "empty_posts": figures.empty_posts(township, now),
        "failures": figures.sweep_failures(township),
        "sweep": freshness(now),
        "now": now,
        "township": Township.objects.get(pk=township),
        "nav": "leader",
    }
    return render(request, "approvals/leader.html", context)


def township_watched(request: HttpRequest) -> tuple[int, datetime]:
    """看哪个乡镇的，和此刻; Http404 for whoever leads and oversees none."""
    now = portal_now()
    for power in powers_of(user_of(request), now):
        if power.post.duty in MAY_SEE:
            return power.post.township_id, now
    raise Http404("没有这一页。")


def _late(user: User, powers: list[Power], township: int, now: datetime) -> dict[str, Any]:
    """逾期的，还没公开的理由，和其中该本人写的"""
    return {
        "overdue": _overdue(township, now, current_calendar()),
        "owed": oversight.owed_reasons(township, now),
        "own_reasons": oversight.owed_by(user, township, now),
        "leads": is_leader(powers, township),
        "most": oversight.MOST,
    }


def _overdue(township: int, now: datetime, calendar: WorkCalendar) -> list[dict[str, Any]]:
    """逾期的每一件：超了几天、在谁手里"""
    cases, today = figures.overdue_cases(township), day_of(now)
    steps = figures.open_steps_of(cases)
    rows = []
    for case in cases:
        past = remaining_days(day_ended(case.due_at), Unit.WORKDAY, calendar, today) if case.due_at else None
        rows.append({"case": case, "steps": steps.get(case.pk, []), "past": past, "late": _reason_late(case, today)})
    return rows


def _reason_late(case: Case, today: date) -> bool:
    return case.reason_due_on is not None and case.reason_due_on < today
