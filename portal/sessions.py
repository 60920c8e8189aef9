"""会话：idle limits that slide while a person works, and the password that must be changed first."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from portal.models import User

STAFF_IDLE_SECONDS = 15 * 60
# The row is written at most this often, so that reading a page costs no write.
RENEW_SECONDS = 60
ALWAYS_OPEN = frozenset(
    {"portal:change_password", "portal:sign_out", "portal:reading_mode", "portal:healthz"}
)


def start(request: HttpRequest, user: User) -> None:
    """登录后定下空闲时限: 15 minutes for staff, 30 for villagers."""
    if user.is_staff_member:
        request.session.set_expiry(STAFF_IDLE_SECONDS)
    request.session["seen_at"] = int(time.time())


def renew(request: HttpRequest) -> None:
    """有动作就顺延"""
    now = int(time.time())
    if now - request.session.get("seen_at", 0) >= RENEW_SECONDS:
        request.session["seen_at"] = now


def session_care(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """会话中间件: renews the idle limit; a one-time password opens only the page that replaces it."""

    class Care:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_view(
            self, request: HttpRequest, _view: Any, _arguments: Any, _words: Any
        ) -> HttpResponseBase | None:
            if settings.SESSION_COOKIE_NAME not in request.COOKIES:
                return None
            request.user = get_user(request)  # the account itself: a promise of one is looked through at every use
            if not isinstance(request.user, User):
                return None
            renew(request)
            match = request.resolver_match
            if request.user.must_change_password and match is not None and match.view_name not in ALWAYS_OPEN:
                return redirect("portal:change_password")
            return None

    return Care()
