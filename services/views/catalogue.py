"""事项目录"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from portal.http import township_of
from portal.pagecache import mark_public
from services.queries import AUDIENCES, find_items, item_offices, item_page

_FILTERS = ("q", "audience", "office")


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """找事项: by word, initials, audience, office; 20 a page."""
    township = township_of(request)
    chosen = {key: request.GET.get(key, "").replace("\0", "").strip()[:40] for key in _FILTERS}
    rows = find_items(township, query=chosen["q"], audience=chosen["audience"], office=chosen["office"])
    after, before = (request.GET.get(key, "").replace("\0", "")[:20] for key in ("after", "before"))
    page = item_page(rows, after=after, before=before)
    near = [] if page.items or not chosen["q"] else item_page(find_items(township, query=chosen["q"], loosely=True)).items
    context: dict[str, Any] = {
        "nav": "items",
        "page": page,
        "near": near,
        "chosen": chosen,
        "audiences": [{"name": name, "url": _url({**chosen, "audience": name})} for name in AUDIENCES],
        "everyone_url": _url({**chosen, "audience": ""}),
        "offices": item_offices(township),
        "prev_url": _url(chosen, before=page.before) if page.before else "",
        "next_url": _url(chosen, after=page.after) if page.after else "",
    }
    return mark_public(render(request, "services/catalogue.html", context))


def _url(chosen: dict[str, str], **place: str) -> str:
    query = urlencode({key: value for key, value in {**chosen, **place}.items() if value})
    return reverse("services:catalogue") + (f"?{query}" if query else "")
