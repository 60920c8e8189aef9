"""请求与回答：helpers shared by every app's pages and API."""

import time
from functools import lru_cache, partial
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.crypto import get_random_string
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.clock import portal_now
from portal.errors import PortalError
from portal.freezing import current_freeze
from portal.models import Township, User
from portal.pagecache import remembered
from portal.queries import freshness
from portal.staff_places import staff_nav

Row = TypeVar("Row", bound=Model)
MODES = ("normal", "large", "contrast")
_TOWNSHIP_SECONDS = 5


def township_for(request: HttpRequest) -> tuple[Township | None, str | None]:
    """请求属于哪个乡镇, and the path that is left after /t/<slug>/ (None when it was not there)."""
    known = _townships(int(time.monotonic() // _TOWNSHIP_SECONDS))
    parts = request.path_info.split("/", 3)
    if len(parts) > 2 and parts[1] == "t":
        found = next((t for t in known if t.slug == parts[2]), None)
        return found, "/" + (parts[3] if len(parts) > 3 else "")
    host = request.get_host().rsplit(":", 1)[0]
    by_host = next((t for t in known if t.host and t.host == host), None)
    return by_host or next((t for t in known if t.is_default), None), None


@lru_cache(maxsize=2)
def _townships(_slot: int) -> list[Township]:
    return list(Township.objects.all())


def forget_townships() -> None:
    """丢掉进程里的乡镇表"""
    _townships.cache_clear()


def township_of(request: HttpRequest) -> Township:
    """本次请求的乡镇"""
    found: Township = request.township  # type: ignore[attr-defined] # set by portal.middleware.township
    return found


def user_of(request: HttpRequest) -> User:
    """本次请求的登录账号; the view must require sign-in."""
    user = request.user
    assert isinstance(user, User)  # guaranteed by login_required
    return user


def address_of(request: HttpRequest) -> str:
    """来访地址: behind the deployment's own proxy, the one the proxy saw; never what a client claims."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")


def load_or_404(rows: QuerySet[Row], **lookup: Any) -> Row:
    """取一行，看不到就是 404: the queryset has been narrowed by `visible_to`, so a stranger learns nothing."""
    row = rows.filter(**lookup).first()
    if row is None:
        raise Http404("没有这一页，或者您不能看。")
    return row


def reading_mode(request: HttpRequest) -> str:
    """阅读方式: 普通、大字、高对比, kept in a cookie that works without script."""
    mode = request.COOKIES.get("mode", "")
    return mode if mode in MODES else "normal"


def form_key() -> str:
    """表单的幂等键: one per form shown; the same key twice is one act."""
    return get_random_string(32)


def is_api(request: HttpRequest) -> bool:
    """是不是接口请求"""
    return request.path_info.startswith("/api/")


def error_page(request: HttpRequest, status: int) -> str:
    """不让看的页、没有的页（403、404）: staff keep their own frame and way back, others are told how to sign in and to find."""
    is_staff = getattr(getattr(request, "user", None), "is_staff_member", False)
    return f"errors/{status}_staff.html" if is_staff else f"errors/{status}.html"


def page_context(request: HttpRequest) -> dict[str, Any]:
    """每一页都有的内容"""
    user = getattr(request, "user", None)
    return {
        "user": user if user is not None else AnonymousUser(),
        "messages": get_messages(request),
        "township": getattr(request, "township", None),
        "reading_mode": reading_mode(request),
        "mode_is_demo": settings.PORTAL_MODE == "demo",
        "freshness": Lazy(lambda: remembered("freshness", lambda: freshness(portal_now()))),
        "freeze": Lazy(lambda: remembered("freeze", current_freeze)),
        "staff_nav": partial(staff_nav, user),
    }


class Lazy:
    """用到才算的值: a template calls it, once."""

    def __init__(self, compute: Any) -> None:
        self.compute, self.done, self.value = compute, False, None

    def __call__(self) -> Any:
        if not self.done:
            self.value, self.done = self.compute(), True
        return self.value


def api_errors(error: Exception, context: dict[str, Any]) -> Response | None:
    """接口的错误形状: {"code", "message", "fields"}."""
    if isinstance(error, PortalError):
        body = {"code": error.code, "message": error.message, "fields": error.fields}
        return Response(body, status=error.status)
    response = exception_handler(error, context)
    if response is not None:
        detail = response.data.get("detail", "请求有误。") if isinstance(response.data, dict) else "请求有误。"
        fields = {} if isinstance(response.data, dict) and "detail" in response.data else {"query": response.data}
        code = {404: "not_found", 405: "method_not_allowed", 429: "too_many_attempts"}.get(response.status_code, "invalid_input")
        response.data = {"code": code, "message": str(detail), "fields": fields}
    return response
