"""中间件：township of the request, page cache for anonymous pages, security headers, refused acts."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.urls import get_script_prefix, set_script_prefix

from portal import pagecache
from portal.errors import PortalError
from portal.http import error_page, is_api, township_for
from portal.revisions import one_look

Handler = Callable[[HttpRequest], HttpResponse]

SAFE = frozenset({"GET", "HEAD"})
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
# The offline API reader draws itself with inline styles; it shows public data only.
DOCS_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; frame-ancestors 'none'"
)


def security_headers(get_response: Handler) -> Handler:
    """安全头: a strict content policy, and no-store for every page that is not public."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        docs = request.path_info == "/api/docs/"
        response.setdefault("Content-Security-Policy", DOCS_POLICY if docs else CONTENT_SECURITY_POLICY)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if not response.has_header("Cache-Control") and not request.path_info.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "private, no-store"
        return response

    return handle


def refuse_malformed(get_response: Handler) -> Handler:
    """坏请求: NUL, which no table can hold, and bodies larger than any form sends are stopped before anything reads them."""

    def handle(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise BadRequest("网址里有不能用的字符。")
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "%20")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.REQUEST_MAX_BYTES:
            raise RequestDataTooBig("一次传得太大。")
        return get_response(request)

    return handle


def township(get_response: Handler) -> Handler:
    """本次请求属于哪个乡镇: by host name, by /t/<slug>/, else the default."""

    def handle(request: HttpRequest) -> HttpResponse:
        prefix = get_script_prefix()
        found, rest = township_for(request)
        if found is None:
            return HttpResponseNotFound("没有这个乡镇。", content_type="text/plain; charset=utf-8")
        request.township = found  # type: ignore[attr-defined] # read through portal.http.township_of
        if rest is not None:
            set_script_prefix(f"{prefix}t/{found.slug}/")
            request.path_info = rest
        try:
            if request.method not in SAFE:
                return get_response(request)
            with one_look():
                return get_response(request)
        finally:
            set_script_prefix(prefix)

    return handle


def portal_errors(get_response: Handler) -> Handler:
    """没有表单接住的拒绝: one page with the sentence; programming errors pass through to the log."""

    class Errors:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
            if not isinstance(error, PortalError) or is_api(request):
                return None
            template = {403: error_page(request, 403), 409: "errors/409.html"}.get(error.status, "errors/400.html")
            return render(request, template, {"reason": error.message}, status=error.status)

    return Errors()


def page_cache(get_response: Handler) -> Handler:
    """匿名公开页的进程内缓存 (see portal.pagecache)."""
    return pagecache.cached(get_response)
