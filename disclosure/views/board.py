"""公开栏的页面：the wall, its columns, search – for the whole township and for each village."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from disclosure.fresh import settle_due
from disclosure.models import Column
from disclosure.queries import figures, months, notices, results, standing
from disclosure.queries.phones import public_phones
from disclosure.queries.wall import wall
from portal.clock import portal_now
from portal.http import load_or_404, township_of
from portal.limits import day_of
from portal.models import Township, Village
from portal.pagecache import mark_public
from portal.paging import slice_by_day

SHORT = 5
HALF = 4


@require_safe
def board(request: HttpRequest, village: str = "") -> HttpResponse:
    """政务公开栏: results, defaults, fees and the newest notices on one wall."""
    township, now = township_of(request), portal_now()
    until = settle_due(township, now)
    here = village_or_404(township, village)
    rows, _ = results.results_page(results.results(township, village=here), size=SHORT)
    phones = public_phones(township)
    ends, _ = results.defaults_page(results.defaults(township, village=here), phones=phones, on=day_of(now), size=SHORT)
    found = notices.standing(notices.notices(township, village=here))
    context = {
        **frame(township, here, now, until),
        "results": rows,
        "defaults": ends,
        "silences": [] if here else months.office_silences(township, now),
        "fees": found.filter(column=Column.FEES)[:HALF],
        "charged": [] if here else [fee for fee in standing.fees(township) if not fee.is_free][:HALF],
        "newest": found.exclude(column=Column.FEES)[:HALF],
    }
    return mark_public(render(request, "disclosure/board.html", context), until=until, now=now)


def frame(
    township: Township, village: Village | None, now: datetime, until: datetime | None, column: str = ""
) -> dict[str, Any]:
    """每一页公开栏都有的: villages, the fixed columns with their counts, the month."""
    shared = wall(township, now, until)
    month = shared.month
    own = {Column.RESULTS.value: month.closed, Column.DEFAULTS.value: month.overdue + month.deemed}
    counts = shared.counts | own if village is None else {}
    words = f"?{urlencode({'village': village.slug})}" if village else ""
    places = [
        {"label": c.label, "url": reverse("disclosure:column", args=[c.value]) + words, "count": counts.get(c.value),
         "here": c.value == column}
        for c in Column
    ]  # fmt: skip
    return {
        "nav": "board",
        "now": now,
        "month": month,
        "village": village,
        "villages": shared.villages,
        "others": shared.others,
        "columns": places,
        "village_words": words,
    }


def village_or_404(township: Township, slug: str) -> Village | None:
    """哪个村的; None for the whole township."""
    return load_or_404(Village.objects.filter(township=township), slug=slug) if slug else None


@require_safe
def column(request: HttpRequest, slug: str) -> HttpResponse:
    """一个栏目: what the record says by itself, then its notices."""
    if slug not in Column.values:
        raise Http404("公开栏没有这个栏目。")
    township, now = township_of(request), portal_now()
    until = settle_due(township, now)
    here = village_or_404(township, request.GET.get("village", ""))
    context = {
        **frame(township, here, now, until, slug),
        "column": Column(slug),
        "query": request.GET.get("q", "")[:40],
        "part": f"disclosure/columns/_{slug}.html" if slug in PARTS else "",
    }
    build = PARTS.get(Column(slug))
    if build is not None:
        context |= build(request, township, here)
    if slug == Column.DEFAULTS and here is None:
        context["supervision"] = figures.supervision(township, now, until)
    if slug not in {Column.RESULTS, Column.DEFAULTS}:
        found = slice_by_day(
            notices.notices(township, column=slug, village=here), "shown_at", after=request.GET.get("after", "")
        )
        context |= {"notices": found.rows, "next_url": next_url(request, found.next)}
    return mark_public(render(request, "disclosure/column.html", context), until=until, now=now)


def next_url(request: HttpRequest, mark: str) -> str:
    """下一页的网址, keeping what was searched."""
    if not mark:
        return ""
    words = {name: request.GET[name] for name in ("village", "q") if request.GET.get(name)}
    return "?" + urlencode({**words, "after": mark})


def _results(request: HttpRequest, township: Township, village: Village | None) -> dict[str, Any]:
    found = results.results(township, village=village, query=request.GET.get("q", "")[:40])
    rows, mark = results.results_page(found, after=request.GET.get("after", ""))
    return {"results": rows, "next_url": next_url(request, mark)}


def _defaults(request: HttpRequest, township: Township, village: Village | None) -> dict[str, Any]:
    found = results.defaults(township, village=village)
    phones, now = public_phones(township), portal_now()
    rows, mark = results.defaults_page(found, phones=phones, on=day_of(now), after=request.GET.get("after", ""))
    silences = months.office_silences(township, now)
    return {"defaults": rows, "next_url": next_url(request, mark), "silences": silences}


def _offices(request: HttpRequest, township: Township, village: Village | None) -> dict[str, Any]:
    return {"offices": standing.offices(township, portal_now())}


def _leaders(request: HttpRequest, township: Township, village: Village | None) -> dict[str, Any]:
    return {"leaders": standing.leaders(township, portal_now())}


def _procedures(request: HttpRequest, township: Township, village: Village | None) -> dict[str, Any]:
    return {"procedures": standing.procedures(township)}


def _fees(request: HttpRequest, township: Township, village: Village | None) -> dict[str, Any]:
    found = standing.fees(township)
    return {"fees": [fee for fee in found if not fee.is_free], "free": [fee for fee in found if fee.is_free]}


def _nothing(request: HttpRequest, township: Township, village: Village | None) -> dict[str, Any]:
    return {}


PARTS: dict[Column, Callable[[HttpRequest, Township, Village | None], dict[str, Any]]] = {
    Column.ORGANISATION: _offices,
    Column.LEADERS: _leaders,
    Column.OFFICES: _offices,
    Column.PROCEDURES: _procedures,
    Column.FEES: _fees,
    Column.RESULTS: _results,
    Column.DEFAULTS: _defaults,
    Column.COMPLAINTS: _nothing,
}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """搜公开栏: notices by their words, results by item, village or number."""
    township, now = township_of(request), portal_now()
    until = settle_due(township, now)
    query = request.GET.get("q", "").strip()[:40]
    here = village_or_404(township, request.GET.get("village", ""))
    context = {**frame(township, here, now, until), "query": query}
    if query:
        found = notices.notices(township, village=here, query=query)
        context["notices"] = list(found.order_by("-shown_at", "-pk")[:20])
        context["results"], _ = results.results_page(results.results(township, village=here, query=query), size=10)
    return mark_public(render(request, "disclosure/search.html", context), until=until, now=now)
