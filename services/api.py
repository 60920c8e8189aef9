"""接口：事项 – the list, reachable to its last item by following `next`, and each item's whole definition."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, reverse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import AFTER, TOWNSHIP, ErrorSerializer, PublicView, csv_answer, paged, township_of_csv
from portal.models import Township
from services.definition import ItemDefinition, LimitUnit, OnTimeout, Required, StageKind
from services.models import ServiceItem
from services.taken import Taken

PAGE = 20


def choices(kind: Any) -> list[tuple[str, str]]:
    """枚举 → 接口的取值"""
    return [(member.value, member.name) for member in kind]


class ItemSerializer(serializers.Serializer[Any]):
    """事项单子的一行"""

    code = serializers.CharField()
    name = serializers.CharField()
    item_type = serializers.CharField(help_text="行政许可、行政给付……")
    office = serializers.CharField(help_text="责任站所")
    audience = serializers.ListField(child=serializers.CharField())
    summary = serializers.CharField()
    promise = serializers.CharField(help_text="承诺时限")
    online = serializers.BooleanField(help_text="能不能网上申请")
    version = serializers.IntegerField()
    url = serializers.URLField()


class LimitSerializer(serializers.Serializer[Any]):
    """期限"""

    length = serializers.IntegerField(help_text="0 是当场")
    unit = serializers.ChoiceField(choices=choices(LimitUnit))
    basis = serializers.CharField()


class CitationSerializer(serializers.Serializer[Any]):
    """依据"""

    title = serializers.CharField()
    article = serializers.CharField()
    published_on = serializers.CharField()
    in_force_until = serializers.CharField()


class TimeoutSerializer(serializers.Serializer[Any]):
    """到期没办怎么算"""

    mode = serializers.ChoiceField(choices=choices(OnTimeout), help_text="现在有效的")
    proposed = serializers.ChoiceField(choices=choices(OnTimeout), help_text="建议的，没有批准不生效")
    citation = CitationSerializer(allow_null=True)


class StageSerializer(serializers.Serializer[Any]):
    """环节；group 相同的同时走"""

    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=choices(StageKind))
    group = serializers.IntegerField()
    office = serializers.CharField()
    duty = serializers.CharField()
    limit = LimitSerializer(allow_null=True)
    counts = serializers.BooleanField(help_text="计入承诺时限")
    when = serializers.DictField(child=serializers.CharField(), help_text="只有这样回答情形问题的才走；空是都走")
    pauses = serializers.ListField(child=serializers.CharField())
    timeout = TimeoutSerializer()
    external = serializers.BooleanField()
    precondition = serializers.CharField()
    note = serializers.CharField()


class MaterialSerializer(serializers.Serializer[Any]):
    """材料"""

    key = serializers.CharField()
    name = serializers.CharField()
    required = serializers.ChoiceField(choices=choices(Required))  # type: ignore[assignment] # the name is the contract
    when = serializers.DictField(child=serializers.CharField())
    form = serializers.CharField()
    copies = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment] # the name is the contract
    deferrable = serializers.BooleanField(help_text="可容缺")
    by_sharing = serializers.BooleanField(help_text="可共享免交")
    by_commitment = serializers.BooleanField(help_text="可告知承诺")
    note = serializers.CharField()


class QuestionSerializer(serializers.Serializer[Any]):
    """情形"""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # the name is the contract
    choices = serializers.ListField(child=serializers.CharField())
    hint = serializers.CharField()


class FeeSerializer(serializers.Serializer[Any]):
    """收费"""

    charged = serializers.BooleanField()
    note = serializers.CharField()
    amount = serializers.CharField()
    standard = serializers.CharField()
    basis = serializers.CharField()
    approving_unit = serializers.CharField()


class ContentSerializer(serializers.Serializer[Any]):
    """内容"""

    summary = serializers.CharField()
    audience = serializers.ListField(child=serializers.CharField())
    conditions = serializers.ListField(child=serializers.CharField())
    legal_basis = CitationSerializer(many=True)


class ProcedureSerializer(serializers.Serializer[Any]):
    """程序"""

    stages = StageSerializer(many=True)
    visits = serializers.IntegerField()
    channels = serializers.ListField(child=serializers.CharField())


class MaterialsSerializer(serializers.Serializer[Any]):
    """材料和情形"""

    questions = QuestionSerializer(many=True)
    list = MaterialSerializer(many=True)


class TakenSerializer(serializers.Serializer[Any]):
    """最近一年实际用了多久，工作日，从收到申请（补过材料的，从补齐那天）到有结果"""

    cases = serializers.IntegerField(help_text="最近一年有结果的件数")
    median = serializers.IntegerField(allow_null=True, help_text="一半的件在几个工作日内有结果；0 是当天；少于10件为空")
    ninetieth = serializers.IntegerField(allow_null=True, help_text="九成的件在几个工作日内有结果；少于10件为空")
    on = serializers.DateField(help_text="哪天算的")


class StageLimitSerializer(serializers.Serializer[Any]):
    """一个环节在某个渠道的期限"""

    stage = serializers.CharField()
    limit = LimitSerializer()


class ChannelLimitsSerializer(serializers.Serializer[Any]):
    """一个渠道自己的期限"""

    channel = serializers.CharField(help_text="online 网上、window 窗口、agent 代办、village 村里")
    promised = LimitSerializer()
    stages = StageLimitSerializer(many=True)


class AcceptsDaysSerializer(serializers.Serializer[Any]):
    """每月哪几天受理"""

    first = serializers.IntegerField()
    last = serializers.IntegerField()


class LimitsSerializer(serializers.Serializer[Any]):
    """时限"""

    intake = LimitSerializer()
    promised = LimitSerializer()
    statutory = LimitSerializer(allow_null=True, help_text="空是法定未规定")
    by_channel = ChannelLimitsSerializer(many=True, help_text="和上面不一样的渠道")
    accepts_days = AcceptsDaysSerializer(allow_null=True, help_text="只在每月这几天受理；空是天天受理")
    taken = TakenSerializer(allow_null=True, help_text="空是还没有算过")


class ResultSerializer(serializers.Serializer[Any]):
    """结果"""

    document = serializers.CharField()
    validity = serializers.CharField()
    validity_months = serializers.IntegerField(help_text="结果的有效期，几个月；0 是没有期限或不按月")
    publish_results = serializers.CharField()
    remedies = serializers.ListField(child=serializers.CharField())


class DisclosuresSerializer(serializers.Serializer[Any]):
    """六个公开"""

    content = ContentSerializer()
    procedure = ProcedureSerializer()
    materials = MaterialsSerializer()
    limits = LimitsSerializer()
    fee = FeeSerializer()
    result = ResultSerializer()


class ItemDetailSerializer(serializers.Serializer[Any]):
    """一个事项的现行版"""

    code = serializers.CharField()
    version = serializers.IntegerField()
    digest = serializers.CharField(help_text="内容散列")
    name = serializers.CharField()
    plain_name = serializers.CharField()
    domain = serializers.CharField()
    item_type = serializers.CharField()
    handling_type = serializers.CharField()
    level = serializers.CharField()
    office = serializers.CharField()
    office_name = serializers.CharField()
    decision_authority = serializers.CharField()
    online = serializers.BooleanField()
    fictional = serializers.BooleanField(help_text="演示用的虚构事项")
    intake_timeout = TimeoutSerializer()
    timeout = TimeoutSerializer()
    timeout_reason = serializers.CharField(help_text="到期为什么是（或者不是）默认")
    disclosures = DisclosuresSerializer()
    guide = serializers.URLField()


def published(township: Township) -> QuerySet[ServiceItem]:
    """公布了的事项"""
    rows = ServiceItem.objects.filter(township=township, current__isnull=False, withdrawn_at=None)
    return rows.select_related("office").order_by("code")


class ItemsView(PublicView):
    """事项单子"""

    @extend_schema(
        operation_id="items_list",
        summary="事项",
        parameters=[TOWNSHIP, AFTER],
        responses={200: paged("Item", ItemSerializer), 404: ErrorSerializer},
        tags=["事项"],
    )
    def get(self, request: Request) -> Response:
        """公布了的事项，按编码，一页20件"""
        rows = published(self.township).select_related("office", "current").defer("current__definition", "search")
        after = request.query_params.get("after", "")[:20]
        found = list(rows.filter(code__gt=after)[: PAGE + 1])
        mark = found[PAGE - 1].code if len(found) > PAGE else ""
        return self.page(ItemSerializer([_line(request, item) for item in found[:PAGE]], many=True).data, mark)


def _line(request: Request, item: ServiceItem) -> dict[str, Any]:
    assert item.current is not None  # published
    address = reverse("api:item", args=[item.code])
    named = request.query_params.get("township")
    return {
        "code": item.code,
        "name": item.name,
        "item_type": item.item_type,
        "office": item.office.name,
        "audience": item.audience,
        "summary": item.summary,
        "promise": item.promise,
        "online": item.online,
        "version": item.current.number,
        "url": request.build_absolute_uri(address + (f"?township={item.township.slug}" if named else "")),
    }


class ItemView(PublicView):
    """一个事项"""

    @extend_schema(
        summary="一个事项的全部内容（六个公开、环节、到期怎么算）",
        parameters=[TOWNSHIP],
        responses={200: ItemDetailSerializer, 404: ErrorSerializer},
        tags=["事项"],
    )
    def get(self, request: Request, code: str) -> Response:
        """现行版的定义"""
        item = published(self.township).select_related("current", "office").filter(code=code).first()
        if item is None:
            raise NotFound("没有这个事项。")
        return self.answer(ItemDetailSerializer(detail(request, item)).data)


def detail(request: Request, item: ServiceItem) -> dict[str, Any]:
    """现行版 → 接口的形状"""
    assert item.current is not None  # published
    rules, version = item.current.rules, item.current
    plain = dataclasses.asdict(rules)
    same = ("code", "name", "plain_name", "domain", "item_type", "handling_type", "level", "office", "office_name")
    more = ("decision_authority", "online", "fictional", "intake_timeout", "timeout")
    return {
        **{name: plain[name] for name in same + more},
        "version": version.number,
        "digest": version.digest,
        "timeout_reason": rules.tacit_reason,
        "disclosures": disclosures(rules, plain, item.taken),
        "guide": request.build_absolute_uri(reverse("services:guide", args=[item.code])),
    }


LIMITS = ("intake", "promised", "statutory", "by_channel", "accepts_days")


def disclosures(rules: ItemDefinition, plain: dict[str, Any], taken: Taken | None) -> dict[str, Any]:
    """六个公开"""
    return {
        "content": {name: plain[name] for name in ("summary", "audience", "conditions", "legal_basis")},
        "procedure": {name: plain[name] for name in ("stages", "visits", "channels")},
        "materials": {"questions": plain["questions"], "list": plain["materials"]},
        "limits": {name: plain[name] for name in LIMITS} | {"taken": taken},
        "fee": plain["fee"],
        "result": {
            "document": rules.result_document,
            "validity": rules.validity,
            "validity_months": rules.validity_months,
            "publish_results": rules.publish_results,
            "remedies": rules.remedies,
        },
    }


CSV_HEAD = ("事项编码", "名称", "类型", "责任站所", "服务对象", "承诺时限", "网上申请", "一句话")


@require_safe
def items_csv(request: HttpRequest) -> HttpResponseBase:
    """事项的 CSV"""
    rows = published(township_of_csv(request))

    def lines() -> Iterator[tuple[object, ...]]:
        for item in rows:
            audience = "、".join(item.audience)
            online = "可以" if item.online else "不可以"
            yield item.code, item.name, item.item_type, item.office.name, audience, item.promise, online, item.summary

    return csv_answer("items.csv", CSV_HEAD, lines())


urlpatterns = [
    path("items/", ItemsView.as_view(), name="items"),
    path("items/<str:code>/", ItemView.as_view(), name="item"),
    path("items.csv", items_csv, name="items_csv"),
]
