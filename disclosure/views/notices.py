"""公告的页面：the notice as it stands, its revisions, what each one changed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from disclosure import differences
from disclosure.models import Column, Notice, NoticeRevision
from disclosure.permissions import visible_notices
from disclosure.queries.notices import published_revisions
from portal.http import load_or_404, township_of
from portal.pagecache import mark_public


@require_safe
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """一条公告"""
    found, revisions = load(request, number)
    current = revisions[0]
    context = {**base(found, revisions), "revision": current, "blocks": differences.read(current.body)}
    return mark_public(render(request, "disclosure/notice.html", context))


@require_safe
def revision(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """一版: the newest beside the one before it, an older one beside the newest."""
    found, revisions = load(request, number)
    place = next((place for place, row in enumerate(revisions) if row.ordinal == ordinal), None)
    if place is None:
        raise Http404("没有这一版。")
    shown = revisions[place]
    if place == 0:
        old, new = (revisions[1] if len(revisions) > 1 else None), shown
    else:
        old, new = shown, revisions[0]
    lines = differences.compare(old.body if old else new.body, new.body)
    context = {
        **base(found, revisions),
        "revision": shown,
        "old": old,
        "new": new,
        "title": differences.compare_words(old.title if old else new.title, new.title),
        "changed": differences.blocks(lines),
        "change_count": differences.count_changes(lines),
        "blocks": differences.read(shown.body),
    }
    return mark_public(render(request, "disclosure/revision.html", context))


def load(request: HttpRequest, number: str) -> tuple[Notice, list[NoticeRevision]]:
    """公告和它公开过的各版, newest first."""
    rows = visible_notices(township_of(request)).select_related("village")
    found = load_or_404(rows, number=number.upper())
    return found, published_revisions(found)


def base(notice: Notice, revisions: list[NoticeRevision]) -> dict[str, Any]:
    """两页都有的"""
    return {
        "nav": "board",
        "notice": notice,
        "column": Column(notice.column),
        "revisions": revisions,
        "current": revisions[0],
    }
