"""公开页缓存：whole pages in the process, for anonymous readers, never past the next legal instant.

A view that is public calls `mark_public(response, until=...)`. Entries live for a few seconds, so a
publication reaches every worker within that time, and no entry outlives the earliest
`next_look_at` of a case on it (engine section 1).
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.clock import portal_now

SIZE = 500
Value = TypeVar("Value")
_pages: "OrderedDict[str, tuple[float, HttpResponse]]" = OrderedDict()
_values: dict[Hashable, tuple[float, object]] = {}


def mark_public(response: HttpResponse, *, until: datetime | None = None, now: datetime | None = None) -> HttpResponse:
    """这一页可以缓存; `until` is the earliest instant at which something on it changes by itself, `now` the page's own."""
    response.portal_cache_seconds = _seconds(until, now)  # type: ignore[attr-defined] # read below only
    return response


def remembered(
    key: Hashable, compute: Callable[[], Value], *, until: datetime | None = None, now: datetime | None = None
) -> Value:
    """几页共用、算起来费事的值: worked out once for as long as a page may be kept, and never past `until`."""
    kept = _values.get(key)
    began = time.monotonic()
    if kept is not None and kept[0] > began:
        return cast(Value, kept[1])
    value = compute()
    if len(_values) >= SIZE:
        _values.clear()
    _values[key] = (began + _seconds(until, now), value)
    return value


def _seconds(until: datetime | None, now: datetime | None) -> float:
    seconds = float(settings.PAGE_CACHE_SECONDS)
    return seconds if until is None else min(seconds, (until - (now or portal_now())).total_seconds())


def cached(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """缓存中间件的内层"""

    def handle(request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return get_response(request)
        kept = _pages.get(key)
        if kept is not None and kept[0] > time.monotonic():
            return _answer(request, kept[1])
        began = time.monotonic()  # before the page read its `now`, so that the entry ends no later than it says
        response = get_response(request)
        seconds = getattr(response, "portal_cache_seconds", 0)
        if response.status_code == 200 and not response.cookies and seconds > 0 and not response.streaming:
            response["Cache-Control"] = f"public, max-age={int(seconds)}"
            response["Vary"] = "Cookie, Accept-Encoding"
            response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:24]}"'
            _pages[key] = (began + seconds, response)
            while len(_pages) > SIZE:
                _pages.popitem(last=False)
        return response

    return handle


def _key(request: HttpRequest) -> str | None:
    """缓存键: anonymous GETs only; the one cookie a public page may carry is the reading mode."""
    if request.method != "GET" or settings.SESSION_COOKIE_NAME in request.COOKIES or settings.PAGE_CACHE_SECONDS <= 0:
        return None
    if settings.CSRF_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES:
        return None
    return f"{request.scheme} {request.get_host()} {request.get_full_path()} {request.COOKIES.get('mode', '')}"


def _answer(request: HttpRequest, kept: HttpResponse) -> HttpResponse:
    if request.headers.get("If-None-Match") == kept.headers.get("ETag"):
        response = HttpResponse(status=304)
        response["ETag"] = kept["ETag"]
        return response
    response = HttpResponse(kept.content, content_type=kept["Content-Type"])
    for name, value in kept.items():
        response[name] = value
    return response


def clear() -> None:
    """清空（测试用不到的进程也会在几秒内自己更新）"""
    _pages.clear()
    _values.clear()
