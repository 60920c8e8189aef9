"""近亲属登记：the own register of applications by relatives of those who work here, for those who oversee (低保一类)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from approvals.models import RelativeRecord
from approvals.views.shared import staff_required
from portal.clock import portal_now
from portal.http import user_of
from portal.permissions import powers_of
from services.permissions import OVERSIGHT

PAGE = 50


@staff_required
@require_safe
def relatives(request: HttpRequest) -> HttpResponse:
    """近亲属登记"""
    powers = powers_of(user_of(request), portal_now())
    townships = {power.post.township_id for power in powers if power.post.duty in OVERSIGHT}
    if not townships:
        raise Http404("没有这一页。")
    rows = RelativeRecord.objects.filter(application__township__in=townships).order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before[:18]))
    page = list(rows.select_related("application__version", "user__person")[: PAGE + 1])
    more = reverse("approvals:relatives") + f"?before={page[PAGE - 1].pk}" if len(page) > PAGE else ""
    context = {"rows": page[:PAGE], "next_url": more, "nav": "staff_home"}
    return render(request, "approvals/relatives.html", context)
