"""不用登录的几页：reading mode, phones, accessibility, how to verify a record, and the health check."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from portal import queries
from portal.calendars import missing_year
from portal.clock import portal_now
from portal.http import MODES, township_of
from portal.limits import day_of
from portal.pagecache import mark_public

YEAR = 365 * 24 * 3600
_LONGEST_NUMBER = 60


def safe_next(request: HttpRequest, wanted: str, otherwise: str) -> str:
    """要去的下一页: only a path of this site, never another host."""
    path_only = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if path_only else otherwise


@require_safe
def set_reading_mode(request: HttpRequest) -> HttpResponse:
    """换一种看字的办法: a GET, since it changes nothing but how this browser shows pages."""
    response = redirect(safe_next(request, request.GET.get("next", ""), reverse("portal:home")))
    mode = request.GET.get("mode", "")
    if mode in MODES:
        response.set_cookie(
            "mode", mode, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
        )
    return response


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """电话、窗口和代办点"""
    now = portal_now()
    context = {"nav": "phone", "today": day_of(now), "duty": queries.duty_desks(township_of(request), now)}
    context["rest"] = queries.rest_words(now)
    return mark_public(render(request, "portal/contact.html", context))


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """无障碍说明"""
    return mark_public(render(request, "portal/accessibility.html"))


@require_safe
def verify_record(request: HttpRequest) -> HttpResponse:
    """怎样核对我的回执; a paper's number written here leads to the page that says whether it is genuine."""
    number = request.GET.get("number", "")[:_LONGEST_NUMBER].replace("/", "-").strip(" .")
    if number:
        return redirect("approvals:verify", number)
    return mark_public(render(request, "portal/verify_record.html"))


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """给监测用: 200 while the database answers and sweep and outbox are in time, else 503; warnings do not fail it."""
    now = portal_now()
    found = queries.freshness(now)
    box = found.outbox
    outbox = {
        "delivered_at": box.delivered_at,
        "waiting": box.waiting,
        "oldest_minutes": box.minutes(now),
        "dead": box.dead,
        "late": box.late,
    }
    missing = missing_year(day_of(now))  # an alarm for people, no reason to take the site out of service
    body = {"sweep_at": found.sweep_at, "late": found.late, "outbox": outbox, "frozen": found.frozen, "calendar_missing": missing}
    return JsonResponse({**body, "warnings": list(found.warnings)}, status=200 if found.is_well else 503)
