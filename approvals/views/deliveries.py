"""等着送达的：results that have not reached their applicants yet, the earliest end first."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.models import Case
from approvals.pages.deadlines import state_word
from approvals.permissions import visible_to
from approvals.views.shared import staff_required
from portal.clock import portal_now
from portal.http import user_of

MOST = 100


@staff_required
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """等着送达"""
    user, now = user_of(request), portal_now()
    handled = visible_to(user, now).values("pk")
    rows = Case.objects.filter(Q(application__in=handled), township=user.township_id, delivery_due_at__isnull=False)
    found = rows.select_related("application__item", "window").order_by("delivery_due_at", "pk")[:MOST]
    return render(request, "approvals/deliveries.html", {"rows": [_row(c, now) for c in found], "nav": "workbench"})


def _row(case: Case, now: Any) -> dict[str, Any]:
    due = case.delivery_due_at
    return {
        "number": case.application.number,
        "applicant": case.application.applicant_masked,
        "item": case.application.item.name,
        "word": state_word(case.outcome, case.manner),
        "window": case.window.title if case.window else "",
        "due_at": due,
        "late": due is not None and due <= now,
    }
