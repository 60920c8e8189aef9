"""超时默认的开通：what an import proposed, what it would have done so far, and switching it on with a citation.

The item approver (事项审批岗) switches on; the supervisor reads the same pages and can switch nothing.
"""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from approvals import actions
from approvals.forms import ChineseDateField, ReasonForm, sentence
from approvals.models import ModeSwitch
from approvals.queries import shadow
from approvals.queries.desk import settle_due
from approvals.shadow import ITEM_CLOCKS, clock_of, count
from approvals.views.shared import staff_required
from portal.clock import portal_now
from portal.errors import PortalError
from portal.http import user_of
from portal.models import Duty, User
from portal.permissions import has_duty, powers_of
from services.definition import Citation, ItemDefinition, OnTimeout, StageKind
from services.models import ServiceItem
from services.modes import INTAKE, ITEM, MODE_NAMES, mode_of, proposals
from services.queries import samples_last

MAY_SEE = frozenset({Duty.ITEM_APPROVE, Duty.SUPERVISE})


class SwitchForm(forms.Form):
    """开通一种超时默认: the document that allows it."""

    title = forms.CharField(label="依据的文件名称", max_length=120, error_messages=sentence("没有写明依据的文件名称。"))
    article = forms.CharField(label="第几条", max_length=60, required=False, help_text="写成 第八条。视为准予必须写。")
    published_on = ChineseDateField(
        label="公布日期", help_text="写成 2026-9-23 这样。", error_messages=sentence("没有写明依据的公布日期。")
    )

    def citation(self) -> Citation:
        """依据"""
        data = self.cleaned_data
        return Citation(data["title"].strip(), data["article"].strip(), data["published_on"].isoformat())


def _townships(user: User, duties: frozenset[Duty]) -> set[int]:
    """这些岗位所在的乡镇; Http404 for whoever holds none."""
    found = {p.post.township_id for p in powers_of(user, portal_now()) if p.post.duty in duties}
    if not found:
        raise Http404("没有这一页。")
    return found


@staff_required
@require_safe
def modes(request: HttpRequest) -> HttpResponse:
    """超时默认"""
    townships = _townships(user_of(request), MAY_SEE)
    found = ServiceItem.objects.filter(township__in=townships).exclude(current=None).select_related("current")
    items, now = list(samples_last(found)), portal_now()
    ends = shadow.silent_ends(items, now)
    rows = [_row(item, ends) for item in items]
    switches = ModeSwitch.objects.filter(item__township__in=townships).select_related("item", "by__person").order_by("-pk")[:30]
    context = {
        "rows": [row for row in rows if row["proposed"]],
        "switches": [
            {"row": s, "mode": MODE_NAMES[OnTimeout(s.mode)], "cited_on": _day(s.citation.get("published_on", ""))}
            for s in switches
        ],
        "standing": _standing(items),
        "now": now,
        "may_switch": has_duty(user_of(request), Duty.ITEM_APPROVE, now),
        "nav": "modes",
    }
    return render(request, "approvals/modes.html", context)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _standing(items: list[ServiceItem]) -> list[dict[str, Any]]:
    """正在用的：what was switched on and stands in the version in force, each place once."""
    rows = ModeSwitch.objects.filter(item__in=items).order_by("item__code", "target", "-pk").distinct("item__code", "target")
    found, by_pk = [], {item.pk: item for item in items}
    for row in rows:
        item = by_pk[row.item_id]
        assert item.current is not None  # filtered by the caller
        mode = OnTimeout(row.mode)
        if mode != OnTimeout.ESCALATE and mode_of(item.current.rules, row.target) == mode:
            found.append({"item": item, "target": row.target, "mode": MODE_NAMES[mode], "at": row.at})
    return found


def _row(item: ServiceItem, ends: dict[tuple[int, str], int]) -> dict[str, Any]:
    assert item.current is not None  # filtered by the caller
    rules = item.current.rules
    proposed = []
    for mode, key in proposals(rules):
        target = target_of(mode, key)
        silent = ends.get((item.pk, clock_of(target, mode)), 0)
        name, where = MODE_NAMES[mode], _where(rules, mode, key)
        proposed.append({"mode": mode.value, "name": name, "target": target, "where": where, "silent": silent})
    return {"item": item, "rules": rules, "proposed": proposed}


def target_of(mode: OnTimeout, key: str | None) -> str:
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
    """开通一种, with the evidence above the form; the supervisor sees no form."""
    user = user_of(request)
    duties = MAY_SEE if request.method == "GET" else frozenset({Duty.ITEM_APPROVE})
    item = ServiceItem.objects.filter(township__in=_townships(user, duties), code=code).select_related("current").first()
    if item is None or item.current is None or not _exists(item.current.rules, target, mode):
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
    context = {**_evidence(request, item, target, OnTimeout(mode)), "form": form, "nav": "modes"}
    return render(request, "approvals/switch_mode.html", context, status=status)


@staff_required
@require_http_methods(["GET", "POST"])
def switch_off(request: HttpRequest, code: str, target: str) -> HttpResponse:
    """停用一种, with a reason"""
    user = user_of(request)
    townships = _townships(user, frozenset({Duty.ITEM_APPROVE}))
    item = ServiceItem.objects.filter(township__in=townships, code=code).select_related("current").first()
    mode = mode_of(item.current.rules, target) if item and item.current else None
    if item is None or mode is None:
        raise Http404("没有这个事项或这个环节。")
    form, status = ReasonForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.switch_off(item=item, target=target, reason=form.cleaned_data["reason"], by=user)
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "停用了。以后提交的申请到期没有办，改为督办；在办的还照原来的规则。")
            return redirect("approvals:modes")
    context = {"item": item, "mode": MODE_NAMES[mode], "off": mode == OnTimeout.ESCALATE, "form": form, "nav": "modes"}
    return render(request, "approvals/switch_mode_off.html", context, status=status)


def _exists(rules: ItemDefinition, target: str, mode: str) -> bool:
    """有没有这个对象和方式: a mode of the whole item for the item, 视为受理 for the intake, 视为无异议 for a step."""
    if target == ITEM:
        return mode in ITEM_CLOCKS
    if target == INTAKE:
        return mode == OnTimeout.ACCEPT
    return mode == OnTimeout.CONSENT and target in {s.key for s in rules.stages if s.kind != StageKind.BEFORE}


def _evidence(request: HttpRequest, item: ServiceItem, target: str, mode: OnTimeout) -> dict[str, Any]:
    """开通以前看的：what this mode would have done in the past year, had it been in force."""
    assert item.current is not None  # looked at by the caller
    rules = item.current.rules
    settle_due(item.township_id, portal_now())
    now = portal_now()
    rows = shadow.ran_out(item, target, mode, now)
    lines, following = shadow.page(rows, target, mode, now, after=request.GET.get("after", ""))
    return {
        "item": item,
        "rules": rules,
        "mode": MODE_NAMES[mode],
        "where": _where(rules, mode, None if target in {ITEM, INTAKE} else target),
        "counts": count(shadow.newest(rows, target, mode, now)),
        "most": shadow.LOOKED,
        "lines": lines,
        "next_url": f"?after={following}" if following else "",
        "may_switch": has_duty(user_of(request), Duty.ITEM_APPROVE, now),
        "may_open": has_duty(user_of(request), Duty.SUPERVISE, now),
        "now": now,
    }
