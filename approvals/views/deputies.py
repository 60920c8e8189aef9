"""代岗：who stands in for whom, from when to when; registering, taking back, and the deputy's report."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from approvals import actions
from approvals.forms import ChineseMomentField, sentence
from approvals.queries.deputies import KINDS, Choices, choices_for, delegations_seen, items_of
from approvals.views.shared import staff_required
from portal.clock import portal_now
from portal.errors import PortalError
from portal.forms import offer
from portal.http import load_or_404, user_of
from portal.models import Delegation, User

PAGE = 30
MOMENT = {"help_text": "写成 2026-9-23 8:30 这样；只写日期就是那天零点。"}


People = list[tuple[User, str]]
Choosable = list[tuple[str, Any]]


def named(people: People, blank: str, near: frozenset[int] = frozenset()) -> Choosable:
    """可选的人: those of one's own offices on top, the rest under 其他."""
    rows = {user.pk: (str(user.pk), f"{user.display_name}（{title}）") for user, title in people}
    rest = [row for pk, row in rows.items() if pk not in near]
    if len(rest) == len(rows):
        return [("", blank), *rest]
    return [("", blank), *(row for pk, row in rows.items() if pk in near), ("其他", rest)]


class DelegationForm(forms.Form):
    """登记代理"""

    post = forms.ChoiceField(label="哪个岗位要人代", error_messages=sentence("请选一个岗位。"))
    deputy = forms.ChoiceField(label="谁来代", error_messages=sentence("请选代岗的人。"))
    starts_at = ChineseMomentField(label="从", error_messages=sentence("请写从什么时候起。"), **MOMENT)
    ends_at = ChineseMomentField(label="到", error_messages=sentence("请写到什么时候止。"), **MOMENT)
    reason = forms.CharField(label="为什么", max_length=200, error_messages=sentence("请写明为什么要代理。"))
    handover = forms.CharField(
        label="交接", required=False, max_length=2000, widget=forms.Textarea({"rows": 4}), help_text="哪些件要紧、材料在哪。"
    )
    kinds = forms.MultipleChoiceField(
        label="只代哪些环节", required=False, choices=list(KINDS.items()), widget=forms.CheckboxSelectMultiple
    )
    items = forms.MultipleChoiceField(label="只代哪些事项", required=False, widget=forms.CheckboxSelectMultiple)
    narrowing = ("kinds", "items")

    def __init__(self, choices: Choices, items: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.choices = choices
        offer(self, "items", items)
        blank = [("", "请选")]
        offer(self, "post", blank + [(str(p.pk), f"{p.title}（{p.office.name}）") for p in choices.posts])
        offer(self, "deputy", named(choices.people, "请选", choices.near))

    def values(self) -> dict[str, Any]:
        """登记要的值"""
        data = self.cleaned_data
        post = next(p for p in self.choices.posts if str(p.pk) == data["post"])
        deputy = next(u for u, _ in self.choices.people if str(u.pk) == data["deputy"])
        fields = ("starts_at", "ends_at", "reason", "handover")
        scope = {name: data[name] for name in self.narrowing}
        return {"post": post, "deputy": deputy, "scope": scope, **{name: data[name] for name in fields}}

    @property
    def main(self) -> list[forms.BoundField]:
        """总要填的"""
        return [field for field in self if field.name not in self.narrowing]

    @property
    def narrower(self) -> list[forms.BoundField]:
        """只交一部分时才填的"""
        return [self[name] for name in self.narrowing]

    @property
    def is_narrowed(self) -> bool:
        """有没有只交一部分"""
        return any(self[name].value() for name in self.narrowing)


@staff_required
@require_http_methods(["GET", "POST"])
def delegations(request: HttpRequest) -> HttpResponse:
    """代岗"""
    user, now = user_of(request), portal_now()
    items = items_of(user.township_id)
    form = DelegationForm(choices_for(user, now), items, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.delegate(by=user, **form.values())
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "登记好了，已经告诉代岗的人。到时自动生效，到时自动收回。")
            return redirect("approvals:delegations")
    context = {"form": form, "rows": delegations_seen(user, now, PAGE), "now": now, "nav": "delegations"}
    return render(request, "approvals/delegations.html", context, status=status)


@staff_required
@require_POST
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    """收回代理"""
    found = _own_township(request, number)
    try:
        actions.revoke_delegation(delegation=found, by=user_of(request))
    except PortalError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "收回了，马上生效。代岗期间办过的照样有效。")
    return redirect("approvals:delegations")


@staff_required
@require_http_methods(["POST"])
def report(request: HttpRequest, number: str) -> HttpResponse:
    """交账"""
    found = _own_township(request, number)
    try:
        actions.report_back(delegation=found, by=user_of(request), text=request.POST.get("text", "")[:2000])
    except PortalError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "交账记下了。")
    return redirect("approvals:delegations")


def _own_township(request: HttpRequest, number: str) -> Delegation:
    rows = Delegation.objects.filter(post__township=user_of(request).township_id).select_related("post")
    found: Delegation = load_or_404(rows, number=number)
    return found
