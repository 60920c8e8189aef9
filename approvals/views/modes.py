"""超时默认的开通：what an import proposed, and switching it on with a citation (事项审批岗)."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from approvals import actions
from approvals.forms import ChineseDateField, sentence
from approvals.models import ModeSwitch
from approvals.views.shared import staff_required
from portal.clock import portal_now
from portal.errors import PortalError
from portal.http import user_of
from portal.models import Duty, User
from portal.permissions import powers_of
from services.definition import Citation, ItemDefinition, OnTimeout, StageKind
from services.models import ServiceItem
from services.modes import MODE_NAMES, proposals

ITEM, INTAKE = "item", "intake"


class SwitchForm(forms.Form):
    """开通一种超时默认: the document that allows it."""

    title = forms.CharField(label="依据的文件名称", max_length=120, error_messages=sentence("没有写明依据的文件名称。"))
    article = forms.CharField(label="第几条", max_length=60, required=False, help_text="写成 第八条。视为准予必须写。")
    published_on = ChineseDateField(label="公布日期", error_messages=sentence("没有写明依据的公布日期。"))

    def citation(self) -> Citation:
        """依据"""
        data = self.cleaned_data
        return Citation(data["title"].strip(), data["article"].strip(), data["published_on"].isoformat())


def _townships(user: User) -> set[int]:
    """事项审批岗所在的乡镇; Http404 for everybody else."""
    found = {p.post.township_id for p in powers_of(user, portal_now()) if p.post.duty == Duty.ITEM_APPROVE}
    if not found:
        raise Http404("没有这一页。")
    return found


@staff_required
@require_safe
def modes(request: HttpRequest) -> HttpResponse:
    """超时默认"""
    townships = _townships(user_of(request))
    items = ServiceItem.objects.filter(township__in=townships).exclude(current=None).select_related("current").order_by("code")
    rows = [_row(item) for item in items]
    switches = ModeSwitch.objects.filter(item__township__in=townships).select_related("item", "by__person").order_by("-pk")[:30]
    context = {
        "rows": [row for row in rows if row["proposed"]],
        "switches": [
            {"row": s, "mode": MODE_NAMES[OnTimeout(s.mode)], "cited_on": _day(s.citation.get("published_on", ""))}
            for s in switches
        ],
        "nav": "modes",
    }
    return render(request, "approvals/modes.html", context)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _row(item: ServiceItem) -> dict[str, Any]:
    assert item.current is not None  # filtered by the caller
    rules = item.current.rules
    proposed = [
        {"mode": mode.value, "name": MODE_NAMES[mode], "target": target_of(rules, mode, key), "where": _where(rules, mode, key)}
        for mode, key in proposals(rules)
    ]
    return {"item": item, "rules": rules, "proposed": proposed}


def target_of(rules: ItemDefinition, mode: OnTimeout, key: str | None) -> str:
    """开通的对象: the whole item, its intake, or a step."""
    if mode == OnTimeout.ACCEPT:
        return INTAKE
    return key or ITEM


def _where(rules: ItemDefinition, mode: OnTimeout, key: str | None) -> str:
    if mode == OnTimeout.ACCEPT:
        return "窗口答复"
    return rules.stage(key).name if key else "整件"


@staff_required
@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest, code: str, target: str, mode: str) -> HttpResponse:
    """开通一种"""
    user = user_of(request)
    item = ServiceItem.objects.filter(township__in=_townships(user), code=code).select_related("current").first()
    if item is None or item.current is None or mode not in set(OnTimeout) or not _exists(item.current.rules, target):
        raise Http404("没有这个事项或这种方式。")
    form = SwitchForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.switch_on(item=item, target=target, mode=OnTimeout(mode), citation=form.citation(), by=user)
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "开通了。以后提交的申请照这样办；在办的还照原来的规则。")
            return redirect("approvals:modes")
    context = {"item": item, "rules": item.current.rules, "form": form, "mode": MODE_NAMES[OnTimeout(mode)], "nav": "modes"}
    return render(request, "approvals/switch_mode.html", context, status=status)


def _exists(rules: ItemDefinition, target: str) -> bool:
    running = {stage.key for stage in rules.stages if stage.kind != StageKind.BEFORE}
    return target in {ITEM, INTAKE} | running
