"""大厅屏：eight rows a page, turning by itself; 截至 on every page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from disclosure.fresh import settle_due
from disclosure.queries.hall import hall_page
from portal.clock import portal_now
from portal.http import township_of
from portal.pagecache import mark_public

SECONDS = 15


@require_safe
def hall(request: HttpRequest) -> HttpResponse:
    """大厅屏的一页; `stop` keeps it from turning."""
    township, now = township_of(request), portal_now()
    until = settle_due(township, now)
    typed = request.GET.get("page", "1")
    asked = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 1
    rows, pages = hall_page(township, asked, now)
    page = min(max(asked, 1), pages)
    context = {
        "now": now,
        "as_of": now,
        "rows": rows,
        "page": page,
        "pages": pages,
        "next_page": page % pages + 1,
        "stopped": "stop" in request.GET,
        "seconds": SECONDS,
    }
    return mark_public(render(request, "disclosure/hall.html", context), until=until)
