"""接口：公开栏 – the wall, notices with their revisions, masked results and defaults, as JSON and CSV."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import path, reverse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from disclosure.fresh import settle_due
from disclosure.models import Column, Notice
from disclosure.permissions import visible_notices
from disclosure.queries import months, notices, public_phones, results
from portal.api import AFTER, TOWNSHIP, ErrorSerializer, PublicView, csv_answer, paged, township_of_csv
from portal.clock import portal_now
from portal.limits import day_of
from portal.models import Village

VILLAGE = OpenApiParameter("village", str, description="村的代号；不写是全镇")
QUERY = OpenApiParameter("q", str, description="事项、村或者编号")
CSV_PAGE = 500


class ResultRowSerializer(serializers.Serializer[Any]):
    """一条公示的结果，姓名已遮住"""

    number = serializers.CharField()
    day = serializers.DateField(help_text="办结日")
    effective_at = serializers.DateTimeField()
    item_code = serializers.CharField()
    item_name = serializers.CharField()
    applicant = serializers.CharField(help_text="遮过的")
    village = serializers.CharField()
    outcome = serializers.CharField()
    deemed = serializers.BooleanField(help_text="超时默认")
    late = serializers.BooleanField(help_text="逾期办结")
    used = serializers.CharField()
    later = serializers.CharField(allow_blank=True, help_text="后来更正、撤销、放弃了的，写明哪天")


class DefaultRowSerializer(serializers.Serializer[Any]):
    """一个到了期的期限：默认生效，或者超期"""

    number = serializers.CharField()
    day = serializers.DateField(help_text="到期日")
    ended_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    item_code = serializers.CharField()
    item_name = serializers.CharField()
    clock = serializers.CharField(help_text="哪个期限")
    mode = serializers.CharField()
    words = serializers.CharField()
    counts_from = serializers.DateField(allow_null=True)
    post = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    reason_due_on = serializers.DateField(allow_null=True)
    reason_with = serializers.CharField(allow_blank=True, help_text="理由写在同一件先到的哪个期限上；空的是写在这一行")


class NoticeLineSerializer(serializers.Serializer[Any]):
    """公告单子的一行"""

    number = serializers.CharField()
    column = serializers.ChoiceField(choices=Column.choices)
    village = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    revision = serializers.IntegerField()
    published_at = serializers.DateTimeField(help_text="现行版公开的时刻")
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()


class RevisionSerializer(serializers.Serializer[Any]):
    """公告的一版"""

    ordinal = serializers.IntegerField()
    title = serializers.CharField()
    body = serializers.CharField()
    change_note = serializers.CharField(allow_blank=True)
    ends_on = serializers.DateField(allow_null=True)
    published_at = serializers.DateTimeField()
    digest = serializers.CharField(help_text="SHA-256")


class NoticeSerializer(NoticeLineSerializer):
    """一条公告和它公开过的各版"""

    withdrawal_reason = serializers.CharField(allow_blank=True)
    revisions = RevisionSerializer(many=True)


class MonthSerializer(serializers.Serializer[Any]):
    """本月"""

    closed = serializers.IntegerField()
    on_time = serializers.IntegerField(help_text="按时办结；延长过的、到期默认的不算")
    extended = serializers.IntegerField(help_text="依法延长以后办结的")
    by_default = serializers.IntegerField(help_text="没有人答复，到期默认办结的")
    overdue = serializers.IntegerField(help_text="本月过了期限的件，有的还在办")
    overdue_closed = serializers.IntegerField(help_text="其中已经办结的")
    overdue_open = serializers.IntegerField(help_text="其中还在办的")
    deemed = serializers.IntegerField()


class ColumnSerializer(serializers.Serializer[Any]):
    """固定栏目"""

    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # the name is the contract
    url = serializers.URLField()


class BoardSerializer(serializers.Serializer[Any]):
    """公开栏"""

    as_of = serializers.DateTimeField(help_text="截至")
    month = MonthSerializer()
    columns = ColumnSerializer(many=True)
    results = ResultRowSerializer(many=True)
    defaults = DefaultRowSerializer(many=True)
    notices = NoticeLineSerializer(many=True)


class BoardView(PublicView):
    """公开栏"""

    def village(self, request: Request) -> Village | None:
        """哪个村的; 404 for a village that is not here."""
        slug = request.query_params.get("village")
        found = Village.objects.filter(township=self.township, slug=slug).first() if slug else None
        if slug and found is None:
            raise NotFound("没有这个村。")
        return found

    @extend_schema(
        summary="政务公开栏",
        parameters=[TOWNSHIP, VILLAGE],
        responses={200: BoardSerializer, 404: ErrorSerializer},
        tags=["公开栏"],
    )
    def get(self, request: Request) -> Response:
        """最新的结果、超时和默认、公告"""
        until = settle_due(self.township, self.now)
        village = self.village(request)
        rows, _ = results.results_page(results.results(self.township, village=village))
        ends, _ = results.defaults_page(
            results.defaults(self.township, village=village), phones=public_phones(self.township), on=day_of(self.now)
        )
        found = notices.standing(notices.notices(self.township, village=village))[:20]
        data = {
            "as_of": self.now,
            "month": months.month_ledger(self.township, self.now),
            "columns": [_column(request, column) for column in Column],
            "results": rows,
            "defaults": ends,
            "notices": [_line(request, notice) for notice in found],
        }
        return self.answer(BoardSerializer(data).data, until=until)


class ResultsView(BoardView):
    """办理结果"""

    @extend_schema(
        summary="办理结果（姓名已遮住）",
        parameters=[TOWNSHIP, VILLAGE, QUERY, AFTER],
        responses={200: paged("Result", ResultRowSerializer), 400: ErrorSerializer, 404: ErrorSerializer},
        tags=["公开栏"],
    )
    def get(self, request: Request) -> Response:
        """从新到旧，一页20条"""
        until = settle_due(self.township, self.now)
        query = request.query_params.get("q", "")[:40]
        found = results.results(self.township, village=self.village(request), query=query)
        rows, mark = results.results_page(found, after=request.query_params.get("after", ""))
        return self.page(ResultRowSerializer(rows, many=True).data, mark, until=until)


class DefaultsView(BoardView):
    """超时和默认"""

    @extend_schema(
        summary="超时和默认",
        parameters=[TOWNSHIP, VILLAGE, AFTER],
        responses={200: paged("Default", DefaultRowSerializer), 400: ErrorSerializer, 404: ErrorSerializer},
        tags=["公开栏"],
    )
    def get(self, request: Request) -> Response:
        """从新到旧，一页20条"""
        until = settle_due(self.township, self.now)
        found = results.defaults(self.township, village=self.village(request))
        after, phones = request.query_params.get("after", ""), public_phones(self.township)
        rows, mark = results.defaults_page(found, phones=phones, on=day_of(self.now), after=after)
        return self.page(DefaultRowSerializer(rows, many=True).data, mark, until=until)


class NoticeView(PublicView):
    """一条公告"""

    @extend_schema(
        summary="一条公告和它的各版",
        parameters=[TOWNSHIP],
        responses={200: NoticeSerializer, 404: ErrorSerializer},
        tags=["公开栏"],
    )
    def get(self, request: Request, number: str) -> Response:
        """撤下的也在，带理由"""
        rows = visible_notices(self.township).select_related("current", "village")
        found = rows.filter(number=number.upper()).first()
        if found is None:
            raise NotFound("没有这条公告。")
        data = {
            **_line(request, found),
            "withdrawal_reason": found.withdrawal_reason,
            "revisions": notices.published_revisions(found),
        }
        return self.answer(NoticeSerializer(data).data)


def _line(request: Request, notice: Notice) -> dict[str, Any]:
    current = notice.current
    assert current is not None  # published
    return {
        "number": notice.number,
        "column": notice.column,
        "village": notice.village.name if notice.village else "",
        "title": current.title,
        "revision": current.ordinal,
        "published_at": notice.shown_at,
        "withdrawn_at": notice.withdrawn_at,
        "url": request.build_absolute_uri(reverse("disclosure:notice", args=[notice.number])),
    }


def _column(request: Request, column: Column) -> dict[str, str]:
    address = request.build_absolute_uri(reverse("disclosure:column", args=[column.value]))
    return {"slug": column.value, "label": column.label, "url": address}


CSV_HEAD = ("编号", "办结日", "事项编码", "事项", "申请人（已遮）", "村", "结果", "超时默认", "逾期", "用时", "后来")


@require_safe
def results_csv(request: HttpRequest) -> HttpResponseBase:
    """全部公示结果的 CSV, read page by page while it is sent."""
    township = township_of_csv(request)
    settle_due(township, portal_now())

    def lines() -> Iterator[tuple[object, ...]]:
        mark = ""
        while True:
            rows, mark = results.results_page(results.results(township), after=mark, size=CSV_PAGE)
            for row in rows:
                told = ("是" if row.deemed else "否", "是" if row.late else "否", row.used, row.later)
                yield row.number, row.day, row.item_code, row.item_name, row.applicant, row.village, row.outcome, *told
            if not mark:
                return

    return csv_answer("results.csv", CSV_HEAD, lines())


urlpatterns = [
    path("board/", BoardView.as_view(), name="board"),
    path("board/notices/<str:number>/", NoticeView.as_view(), name="notice"),
    path("results/", ResultsView.as_view(), name="results"),
    path("defaults/", DefaultsView.as_view(), name="defaults"),
    path("results.csv", results_csv, name="results_csv"),
]
