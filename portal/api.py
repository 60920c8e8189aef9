"""开放接口的底子：public GET views of one township, keyset pages, CSV that no spreadsheet runs, the townships."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.clock import portal_now
from portal.models import Township
from portal.pagecache import mark_public
from portal.queries import townships

TOWNSHIP = OpenApiParameter("township", str, description="乡镇代号，见 /api/v1/townships/；不写是默认乡镇")
AFTER = OpenApiParameter("after", str, description="翻页的记号，直接用上一页的 next")
ENGLISH_DANGER, WIDE_DANGER = "=+-@\t\r\n", "＝＋－＠"


class ErrorSerializer(serializers.Serializer[Any]):
    """出错时的形状"""

    code = serializers.CharField(help_text="给程序看的")
    message = serializers.CharField(help_text="给人看的一句话")
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment] # the name is the contract


class PublicView(APIView):
    """公开的读: no sign-in, no cookies; `?township=` names the township, else host name or default."""

    authentication_classes: Sequence[Any] = ()
    permission_classes: Sequence[Any] = ()
    http_method_names = ["get", "head", "options"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.now = portal_now()
        self.township = find_township(request)

    def answer(self, data: Any, *, until: datetime | None = None) -> Response:
        """可以缓存几秒的回答"""
        response = Response(data)
        mark_public(response, until=until)
        return response

    def page(self, rows: Any, mark: str, *, until: datetime | None = None) -> Response:
        """一页: `next` is the whole address of the next page, null on the last."""
        return self.answer({"next": next_address(self.request, mark), "results": rows}, until=until)


def find_township(request: Request) -> Township:
    """接口说的是哪个乡镇; 404 if there is none of that name."""
    slug = request.query_params.get("township")
    if slug is None:
        found: Township = request._request.township  # type: ignore[attr-defined] # set by portal.middleware.township
        return found
    named = Township.objects.filter(slug=slug).first()
    if named is None:
        raise NotFound("没有这个乡镇。")
    return named


def next_address(request: Request, mark: str) -> str | None:
    """下一页的地址, with everything that was asked."""
    if not mark:
        return None
    words = {name: value for name, value in request.query_params.items() if name != "after"}
    return request.build_absolute_uri(request.path + "?" + urlencode({**words, "after": mark}))


def paged(name: str, rows: type[serializers.Serializer[Any]]) -> Any:
    """一页的形状, for the schema."""
    fields = {"next": serializers.URLField(allow_null=True), "results": rows(many=True)}
    return type(f"{name}Page", (serializers.Serializer,), {**fields, "__doc__": "一页，next 是下一页的地址"})()


def safe_cell(value: object) -> str:
    """表格里的一格: what a spreadsheet would run as a formula is written as text."""
    text = "" if value is None else str(value)
    return "'" + text if text[:1] and text[0] in ENGLISH_DANGER + WIDE_DANGER else text


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """一份 CSV, sent as it is read; with the mark that tells a spreadsheet it is UTF-8."""

    def lines() -> Iterator[str]:
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        yield "\ufeff"
        writer.writerow(head)
        for row in rows:
            writer.writerow([safe_cell(cell) for cell in row])
            if buffer.tell() > 16_384:
                yield buffer.getvalue()
                buffer.seek(0)
                buffer.truncate()
        yield buffer.getvalue()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def township_of_csv(request: HttpRequest) -> Township:
    """CSV 说的是哪个乡镇"""
    return find_township(Request(request))


class TownshipSerializer(serializers.Serializer[Any]):
    """一个乡镇"""

    slug = serializers.CharField()
    name = serializers.CharField()
    full_name = serializers.CharField()
    hotline = serializers.CharField()
    complaint_phone = serializers.CharField()
    is_default = serializers.BooleanField()


class TownshipsView(PublicView):
    """乡镇"""

    @extend_schema(summary="本系统的乡镇", responses=TownshipSerializer(many=True), tags=["乡镇"])
    def get(self, request: Request) -> Response:
        """全部乡镇"""
        return self.answer(TownshipSerializer(townships(), many=True).data)
