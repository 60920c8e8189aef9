"""出错的页面：what happened, that nothing was lost, and the next step; the API gets the same as JSON."""

import logging
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme

from portal.http import error_page, is_api, reading_mode
from portal.numbers import ALPHABET

logger = logging.getLogger("portal.errors")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: stands alone, since a wrong host or a broken body may be the reason."""
    return alone(request, "errors/400.html", 400, "bad_request", "请求有误。")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return page(request, error_page(request, 403), 403, "not_allowed", "没有权限。")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: a stranger learns nothing about what may be there."""
    return page(request, error_page(request, 404), 404, "not_found", "没有找到。")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: needs neither the database nor a signed-in person; the number read out on the phone is in the log."""
    incident = get_random_string(6, ALPHABET)
    logger.error("incident %s at %s", incident, request.path_info)
    return alone(request, "errors/500.html", 500, "server_error", f"系统出错，编号 {incident}。", incident)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """这一页放太久了: nothing was done; the way back is the page it came from."""
    back = request.META.get("HTTP_REFERER", "")
    context = {}
    if back and url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    ):
        parts = urlsplit(back)
        query = f"?{parts.query}" if parts.query else ""
        if not parts.path.startswith("//"):  # would be read as the name of another host
            context = {"next_url": parts.path + query, "next_text": "重新打开那一页"}
    return page(request, "errors/csrf.html", 403, "csrf", "这次请求没有带上校验，没有办。", context)


def page(
    request: HttpRequest,
    template: str,
    status: int,
    code: str,
    message: str,
    context: dict[str, str] | None = None,
) -> HttpResponse:
    """一张出错页，或接口的出错回答"""
    if is_api(request):
        return JsonResponse({"code": code, "message": message, "fields": {}}, status=status)
    return render(request, template, context or {}, status=status)


def alone(
    request: HttpRequest, template: str, status: int, code: str, message: str, incident: str = ""
) -> HttpResponse:
    """一张什么都不靠的出错页"""
    if is_api(request):
        return JsonResponse({"code": code, "message": message, "fields": {}}, status=status)
    context = {
        "township": getattr(request, "township", None),
        "reading_mode": reading_mode(request),
        "incident": incident,
    }
    return HttpResponse(render_to_string(template, context), status=status)
