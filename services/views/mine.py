"""我的草稿"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.http import township_of, user_of
from services.actions import drop_draft
from services.models import Application
from services.queries import PAGE, drafts_of
from services.views.access import draft_page


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """没填完的申请, newest first, 20 a page."""
    rows = drafts_of(user_of(request)).filter(township=township_of(request))
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    drafts, more = found[:PAGE], len(found) > PAGE
    context = {
        "drafts": drafts,
        "next_url": f"{reverse('services:mine')}?before={drafts[-1].pk}" if more else "",
        "prev_url": reverse("services:mine") if before else "",
    }
    return render(request, "services/mine.html", context)


@require_http_methods(["GET", "POST"])
@draft_page
def drop(request: HttpRequest, application: Application) -> HttpResponse:
    """删掉草稿, after asking once."""
    if request.method == "POST":
        drop_draft(application=application)
        messages.success(request, "草稿删掉了，传上来的文件也一起删了。")
        return redirect("services:mine")
    return render(request, "services/drop.html", {"application": application, "item": application.item})
