"""公告的读：lists by column and village, search, one notice with its revisions, what the home page announces."""

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Count, F, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse

from disclosure.models import Notice, NoticeRevision, NoticeState
from disclosure.permissions import visible_notices
from portal.limits import day_of
from portal.models import Township, Village
from services.search import query_tokens


@dataclass(frozen=True, slots=True)
class Announcement:
    """首页的一条公告"""

    title: str
    url: str
    text: str
    day: date


def notices(
    township: Township, *, column: str = "", village: Village | None = None, query: str = ""
) -> QuerySet[Notice]:
    """公开栏上的公告, with the current revision; of one column, of one village, or found by words."""
    rows = visible_notices(township).select_related("current__office", "village")
    if column:
        rows = rows.filter(column=column)
    if village is not None:
        rows = rows.filter(village=village)
    tokens = query_tokens(query)
    if query.strip() and not tokens:
        return rows.none()
    if tokens:
        quoted = " & ".join("'" + token.replace("'", "''") + "'" for token in tokens)
        rows = rows.filter(RawSQL("disclosure_notice.search @@ %s::tsquery", [quoted], output_field=BooleanField()))
    return rows


def standing(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    """还在栏上的（没有撤下的）, newest first."""
    return rows.filter(withdrawn_at=None).order_by("-shown_at", "-pk")


def announcements(township: Township, limit: int = 3) -> list[Announcement]:
    """首页的公告: newest first; one query."""
    return [announcement(notice) for notice in standing(notices(township))[:limit]]


def announcement(notice: Notice) -> Announcement:
    """一条公告的题目、网址和一句话"""
    current = notice.current
    assert current is not None and notice.shown_at is not None  # published
    return Announcement(
        title=current.title,
        url=reverse("disclosure:notice", args=[notice.number]),
        text=first_words(current),
        day=day_of(notice.shown_at),
    )


def first_words(revision: NoticeRevision, most: int = 60) -> str:
    """正文开头的一句"""
    line = next((line.strip() for line in revision.body.splitlines() if line.strip()), "")
    line = line.removeprefix("# ").removeprefix("- ").replace("|", "　")
    return line if len(line) <= most else line[:most] + "……"


def count_by_column(township: Township) -> dict[str, int]:
    """每个栏目有几条公告; one grouped query over the column index."""
    rows = visible_notices(township).values("column").order_by("column").annotate(count=Count("pk"))
    return {row["column"]: row["count"] for row in rows}


def published_revisions(notice: Notice) -> list[NoticeRevision]:
    """公开过的各版, newest first, with who drafted, reviewed and published them."""
    rows = notice.revisions.filter(state=NoticeState.PUBLISHED).order_by("-ordinal")
    people = ("drafted_by__person", "reviewed_by__person", "published_by__person")
    return list(rows.select_related("office", *people))


@dataclass(frozen=True, slots=True)
class DeskList:
    """办公开的一张单子"""

    state: NoticeState
    title: str
    empty: str
    rows: list[NoticeRevision]


DESK = (
    (NoticeState.REVIEW, "待审核", "送审的稿会出现在这里。"),
    (NoticeState.APPROVED, "待发布", "审核通过的稿会出现在这里。"),
    (NoticeState.DRAFT, "拟稿", "没有送审的、退回来的稿会出现在这里。"),
    (NoticeState.PUBLISHED, "已发布", "发布了的公告会出现在这里，可以修订、撤下。"),
    (NoticeState.WITHDRAWN, "已撤下", "撤下的公告会出现在这里，公告页留着，写明为什么。"),
)


def desk_lists(rows: QuerySet[NoticeRevision], township: Township, most: int = 30) -> list[DeskList]:
    """办公开的五张单子, newest first, at most thirty each; five queries. What was published stands as its current revision."""
    mine = rows.filter(notice__township=township).select_related("notice__village", "drafted_by__person", "office")
    shown = mine.filter(state=NoticeState.PUBLISHED, notice__current_id=F("pk"))
    lists = []
    for state, title, empty in DESK:
        found = mine.filter(state=state).order_by("-drafted_at", "-pk")
        if state == NoticeState.PUBLISHED:
            found = shown.filter(notice__withdrawn_at=None).order_by("-drafted_at", "-pk")
        if state == NoticeState.WITHDRAWN:
            found = shown.exclude(notice__withdrawn_at=None).order_by("-notice__withdrawn_at", "-pk")
        lists.append(DeskList(state, title, empty, list(found[:most])))
    return lists
