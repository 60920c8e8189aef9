"""订阅：an Atom feed of the newest notices and masked results, with absolute links from the settings."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from disclosure.fresh import settle_due
from disclosure.models import Notice
from disclosure.queries import notices, results
from portal.clock import portal_now
from portal.http import township_of
from portal.models import Township
from portal.numbers import grouped
from portal.pagecache import mark_public

ENTRIES = 20


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """公开栏的 Atom 订阅"""
    township, now = township_of(request), portal_now()
    until = settle_due(township, now)
    atom = Atom1Feed(
        title=f"{township.name}政务公开栏",
        link=absolute(reverse("disclosure:board")),
        description=f"{township.full_name}的公告和办理结果",
        language="zh-CN",
        feed_url=absolute(request.path),
        feed_guid=absolute(reverse("disclosure:feed")),
        author_name=township.full_name,
    )
    for entry in entries(township):
        atom.add_item(**entry)
    response = HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return mark_public(response, until=until)


def absolute(path: str) -> str:
    """绝对网址, never from a Host header."""
    return settings.PUBLIC_URL.rstrip("/") + path


def entries(township: Township) -> list[dict[str, Any]]:
    """公告和结果, newest first."""
    found = [_notice(notice) for notice in notices.standing(notices.notices(township))[:ENTRIES]]
    rows, _ = results.results_page(results.results(township), size=ENTRIES)
    found += [_result(row) for row in rows]
    return sorted(found, key=_updated, reverse=True)[:ENTRIES]


def _updated(entry: dict[str, Any]) -> datetime:
    when: datetime = entry["updateddate"]
    return when


def _notice(notice: Notice) -> dict[str, Any]:
    link = absolute(reverse("disclosure:notice", args=[notice.number]))
    current = notice.current
    assert current is not None  # published
    return {
        "title": current.title,
        "link": link,
        "unique_id": f"{link}#{current.ordinal}",
        "description": notices.first_words(current, 200),
        "pubdate": notice.published_at,
        "updateddate": notice.shown_at,
        "categories": [notice.get_column_display()],
    }


def _result(row: results.ResultRow) -> dict[str, Any]:
    link = absolute(reverse("disclosure:column", args=["results"])) + f"?q={row.number}"
    place = f"，{row.village}" if row.village else ""
    return {
        "title": f"{row.item_name}：{row.outcome}",
        "link": link,
        "unique_id": link,
        "description": f"{grouped(row.number)}，{row.applicant}{place}。{row.used}",
        "pubdate": row.effective_at,
        "updateddate": row.effective_at,
        "categories": ["超时和默认" if row.deemed else "办理结果"],
    }
