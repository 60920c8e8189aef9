"""接口：办件进度 – by number and query code, folded at this instant, with the legal fields of the record."""

import logging
from datetime import datetime
from hmac import compare_digest
from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.facts import CaseState, ClockView, StepView
from approvals.models import Certificate, Decision, Delivery, LinkedAct, ResponsibilityRecord
from approvals.pages.deadlines import awaits_supply
from approvals.queries.cases import filed_applications, fold_one
from approvals.settling import CERTIFIED, ENDING, settle_application
from portal.api import TOWNSHIP, ErrorSerializer, PublicView
from portal.clock import portal_now
from portal.errors import TooManyAttempts
from portal.keys import keys
from portal.models import Office, Township
from portal.numbers import clean_number
from portal.sign_in import count_attempt, forget_attempts
from services.api import choices
from services.definition import OnTimeout
from services.lifecycle import Linked, Manner, State
from services.models import Application

ENDS = ("intake", "promised", "statutory", "expiry", "answer")
WAITS = [("supply", "等补正"), ("resume", "中止")]
CODE = OpenApiParameter("code", str, required=True, description="查询码，印在收件凭证上，9个字")
_log = logging.getLogger(__name__)


class EndSerializer(serializers.Serializer[Any]):
    """一个期限的末尾"""

    due_on = serializers.DateField(allow_null=True, help_text="最后一天；停着、等补正的时候是空")
    due_at = serializers.DateTimeField(allow_null=True, help_text="届满的时刻；停着、等补正的时候是空")
    waits_for = serializers.ChoiceField(
        choices=WAITS, allow_blank=True, help_text="等什么：supply 等补正，补齐那天重新起算；resume 等恢复"
    )
    provisional = serializers.BooleanField(help_text="暂定：落在还没有公布放假安排的日子")
    latest = serializers.DateField(allow_null=True, help_text="停着的时候，最迟哪天")
    ended_at = serializers.DateTimeField(allow_null=True)
    light = serializers.CharField(allow_null=True, help_text="正常、临期、超期、中止；停了的是空")


class EndsSerializer(serializers.Serializer[Any]):
    """各个期限；没有的是空"""

    intake = EndSerializer(allow_null=True)
    promised = EndSerializer(allow_null=True)
    statutory = EndSerializer(allow_null=True)
    expiry = EndSerializer(allow_null=True, help_text="延续的，原许可哪天到期")
    answer = EndSerializer(allow_null=True, help_text="告知书送到以后，申请人最晚哪天补来")


class ChainSerializer(serializers.Serializer[Any]):
    """环节链的一节"""

    key = serializers.CharField()
    round = serializers.IntegerField()
    name = serializers.CharField()
    office = serializers.CharField()
    status = serializers.CharField(help_text="open、done、deemed、superseded")
    outcome = serializers.CharField()
    opened_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    provisional = serializers.BooleanField()
    late = serializers.BooleanField()


class ResponsibleSerializer(serializers.Serializer[Any]):
    """时间在谁手里到的"""

    clock = serializers.CharField()
    mode = serializers.CharField()
    post = serializers.CharField()
    office = serializers.CharField()
    person = serializers.CharField()
    ended_at = serializers.DateTimeField()


class RuleSerializer(serializers.Serializer[Any]):
    """凭哪一条"""

    mode = serializers.ChoiceField(choices=choices(OnTimeout), allow_blank=True)
    citation = serializers.CharField()


class LinkedSerializer(serializers.Serializer[Any]):
    """结果以后的一个行为：附在旁边，不改原来的"""

    kind = serializers.ChoiceField(choices=Linked.choices)
    kind_label = serializers.CharField()
    at = serializers.DateTimeField()
    legal_basis = serializers.CharField(allow_blank=True)
    result = serializers.CharField(allow_blank=True)


class ProgressSerializer(serializers.Serializer[Any]):
    """办件此刻的法律状态"""

    number = serializers.CharField()
    township = serializers.CharField()
    item_code = serializers.CharField()
    item_name = serializers.CharField()
    item_version = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="截至")
    state = serializers.ChoiceField(choices=State.choices)
    state_label = serializers.CharField()
    outcome = serializers.ChoiceField(choices=State.choices, allow_blank=True)
    manner = serializers.ChoiceField(choices=Manner.choices, allow_blank=True)
    effective_at = serializers.DateTimeField(allow_null=True)
    recorded_at = serializers.DateTimeField(allow_null=True)
    counts_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True, help_text="结果有效期到哪天；长期有效的，撤销、放弃了的是空")
    received_on = serializers.DateField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    acceptance_deemed = serializers.BooleanField()
    ends = EndsSerializer()
    steps = ChainSerializer(many=True)
    responsible = ResponsibleSerializer(many=True)
    rule = RuleSerializer(allow_null=True)
    certificate_number = serializers.CharField(allow_blank=True)
    linked_acts = LinkedSerializer(many=True)
    delivered_at = serializers.DateTimeField(allow_null=True, help_text="结果送达申请人；空是还没有凭据")
    delivery_due_at = serializers.DateTimeField(allow_null=True, help_text="最晚送达")


class ProgressView(PublicView):
    """办件进度"""

    @extend_schema(
        summary="办件进度",
        description="编号和查询码都对才有回答；错了一律 404，15分钟内错5次之后是 429。",
        parameters=[TOWNSHIP, CODE],
        responses={200: ProgressSerializer, 404: ErrorSerializer, 429: ErrorSerializer},
        tags=["进度"],
    )
    def get(self, request: Request, number: str) -> Response:
        """按此刻推算, never cached."""
        application = find_by_code(self.township, number, request.query_params.get("code", ""))
        settle_if_due(application)
        return Response(ProgressSerializer(progress(application)).data)


def find_by_code(township: Township, number: str, code: str) -> Application:
    """编号和查询码都对的办件; one and the same 404 otherwise, and every try is counted before it is looked at."""
    wanted = clean_number(number) or number[:20].upper()
    try:
        count_attempt("code:" + wanted)
    except TooManyAttempts:
        raise TooManyAttempts("查询码错了太多次。请过15分钟再试，或打便民电话。") from None
    rows = filed_applications().select_related("item").filter(township=township, number=wanted)
    application = rows.first()
    kept = keys().open_text(bytes(application.query_code_sealed)) if application else "-"
    if not compare_digest(kept.encode(), clean_number(code).encode()) or application is None:
        raise NotFound("没有这件，或者查询码不对。")
    forget_attempts("code:" + wanted)
    return application


def settle_if_due(application: Application) -> None:
    """到期的先记下来; if that fails the fold still says what is true."""
    case = application.case
    if case.next_look_at is None or case.next_look_at > portal_now():
        return
    try:
        settle_application(application.pk)
    except Exception:
        _log.exception("application %s could not be settled", application.pk)


def progress(application: Application) -> dict[str, Any]:
    """推算出的状态 → 接口的形状"""
    state = fold_one(application, portal_now()).state
    decision = Decision.objects.filter(case=application.case).first()
    return {
        "number": application.number,
        "township": application.township.slug,
        "item_code": application.item.code,
        "item_name": application.rules.name,
        "item_version": application.version.number,
        "at": state.at,
        "state": state.state,
        "state_label": State(state.state).label,
        "outcome": state.outcome,
        "manner": state.manner,
        "effective_at": state.effective_at,
        "recorded_at": decision.recorded_at if decision else None,
        "counts_from": state.counts_from,
        "valid_until": state.valid_until,
        "received_on": application.received_on,
        "accepted_at": state.accepted_at,
        "acceptance_deemed": state.acceptance_deemed,
        "ends": {key: _end(state, state.clock(key)) for key in ENDS},
        "steps": _chain(application, state),
        "responsible": _responsible(application),
        "rule": _rule(state, decision),
        "certificate_number": _certificate(application, state),
        "linked_acts": _linked(application),
        **_delivery(application, state),
    }


def _end(state: CaseState, clock: ClockView | None) -> dict[str, Any] | None:
    """一个期限的末尾: while a supply is awaited what the notice ended has none, for a new one starts with the supply."""
    if clock is None:
        return None
    awaits = awaits_supply(state, clock) or (state.state == State.CORRECTING and clock.key == "intake")
    waits = "resume" if clock.is_open and clock.latest is not None else ""
    return {
        "due_on": None if awaits else clock.due_on,
        "due_at": None if awaits else clock.due_at,
        "waits_for": "supply" if awaits else waits,
        "provisional": clock.provisional and not awaits,
        "latest": None if awaits else clock.latest,
        "ended_at": clock.ended_at,
        "light": clock.light.label if clock.is_open else None,
    }


def _chain(application: Application, state: CaseState) -> list[dict[str, Any]]:
    names = dict(Office.objects.filter(township=application.township).values_list("key", "name"))
    return [_link(step, names) for step in state.steps]


def _link(step: StepView, names: dict[str, str]) -> dict[str, Any]:
    clock = step.clock
    due_at: datetime | None = clock.due_at if clock else None
    return {
        "key": step.stage.key,
        "round": step.round,
        "name": step.stage.name,
        "office": names.get(step.stage.office, step.stage.office),
        "status": step.status,
        "outcome": step.outcome,
        "opened_at": step.opened_at,
        "ended_at": step.ended_at,
        "due_at": due_at,
        "provisional": bool(clock and clock.provisional),
        "late": step.late or bool(clock and clock.is_overdue),
    }


def _responsible(application: Application) -> list[dict[str, Any]]:
    rows = ResponsibilityRecord.objects.filter(case=application.case).order_by("ended_at", "pk")
    return [
        {
            "clock": row.clock,
            "mode": row.mode,
            "post": row.post.title if row.post else "",
            "office": row.office.name if row.office else "",
            "person": row.user.display_name if row.user else "",
            "ended_at": row.ended_at,
        }
        for row in rows.select_related("post", "office", "user__person")
    ]


def _rule(state: CaseState, decision: Decision | None) -> dict[str, str] | None:
    if not state.outcome:
        return None
    if state.manner == Manner.DEEMED:
        effect = next((effect for effect in reversed(state.effects) if effect.kind in ENDING), None)
        if effect is not None and effect.citation is not None:
            return {"mode": effect.kind, "citation": effect.citation.title + effect.citation.article}
    return {"mode": "", "citation": decision.legal_basis if decision else ""}


def _linked(application: Application) -> list[dict[str, Any]]:
    rows = LinkedAct.objects.filter(case=application.case).order_by("pk")
    return [
        {
            "kind": r.kind,
            "kind_label": r.get_kind_display(),
            "at": r.at,
            "legal_basis": r.legal_basis,
            "result": r.result,
        }
        for r in rows
    ]


def _delivery(application: Application, state: CaseState) -> dict[str, datetime | None]:
    clock = state.clock("delivery")
    done = Delivery.objects.filter(case__application=application).values_list("at", flat=True).first()
    return {"delivered_at": done, "delivery_due_at": clock.due_at if clock else None}


def _certificate(application: Application, state: CaseState) -> str:
    """默认证明的编号, from its row, or derived as settling would."""
    number = Certificate.objects.filter(case=application.case).values_list("number", flat=True).first()
    certified = state.manner == Manner.DEEMED and any(effect.kind in CERTIFIED for effect in state.effects)
    return number or (f"{application.number}-1" if certified else "")


urlpatterns = [path("progress/<str:number>/", ProgressView.as_view(), name="progress")]
