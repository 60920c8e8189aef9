"""不在岗和移交：who is out and what becomes of the work; handing chosen cases to a colleague."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from approvals import actions
from approvals.forms import ChineseMomentField, sentence
from approvals.queries.deputies import Choices, absences_seen, choices_for, led_people, own_work
from approvals.views.deputies import MOMENT, PAGE, People, named
from approvals.views.shared import staff_required
from portal.clock import portal_now
from portal.errors import PortalError
from portal.forms import offer
from portal.http import load_or_404, user_of
from portal.models import Absence, User

NOTE: dict[str, Any] = {"widget": forms.Textarea({"rows": 4}), "help_text": "哪些件要紧、材料在哪。", "max_length": 2000}


def chosen(people: People, value: str) -> User | None:
    """选中的人"""
    return next((user for user, _ in people if str(user.pk) == value), None)


class AbsenceForm(forms.Form):
    """登记不在岗"""

    user = forms.ChoiceField(label="谁不在岗", error_messages=sentence("请选谁不在岗。"))
    starts_at = ChineseMomentField(
        label="从", required=False, help_text="突然不在，空着就是从现在起。计划外出写成 2026-9-23 8:30 这样。"
    )
    ends_at = ChineseMomentField(label="到", error_messages=sentence("请写到什么时候止，先估一个也行。"), **MOMENT)
    reason = forms.CharField(label="为什么", max_length=200, error_messages=sentence("请写明为什么不在岗。"))
    deputy = forms.ChoiceField(label="谁来代", required=False, help_text="没有人代，他手里的件马上归所办负责人，再归镇领导。")
    handover = forms.CharField(label="交接", required=False, **NOTE)

    def __init__(self, led: People, choices: Choices, data: Any = None) -> None:
        super().__init__(data)
        self.led, self.people = led, choices.people
        offer(self, "user", named(led, "请选"))
        offer(self, "deputy", named(choices.people, "没有人代", choices.near))

    def values(self) -> dict[str, Any]:
        """登记要的值"""
        data = self.cleaned_data
        people = {"user": chosen(self.led, data["user"]), "deputy": chosen(self.people, data["deputy"])}
        return {**people, **{name: data[name] for name in ("starts_at", "ends_at", "reason", "handover")}}


@staff_required
@require_http_methods(["GET", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """不在岗"""
    user, now = user_of(request), portal_now()
    form = AbsenceForm(led_people(user, now), choices_for(user, now), request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.register_absence(by=user, **form.values())
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "登记了，到时候生效；期限照走。")
            return redirect("approvals:absences")
    context = {"form": form, "rows": absences_seen(user, now, PAGE), "now": now, "nav": "delegations"}
    return render(request, "approvals/absences.html", context, status=status)


@staff_required
@require_POST
def end_absence(request: HttpRequest, number: str) -> HttpResponse:
    """回来了"""
    rows = Absence.objects.filter(township=user_of(request).township_id)
    try:
        actions.end_absence(absence=load_or_404(rows, number=number), by=user_of(request))
    except PortalError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "回来了；随这次登记的代岗也收回了。另外登记的代岗还在的，请到“代岗”里收回。")
    return redirect("approvals:absences")


class HandOverForm(forms.Form):
    """移交选中的件"""

    cases = forms.MultipleChoiceField(
        error_messages={**sentence("请选出要移交的件。"), "invalid_choice": "%(value)s现在不在您自己的岗位上，不能由您移交。"}
    )
    deputy = forms.ChoiceField(label="移交给谁", error_messages=sentence("请选移交给谁。"))
    ends_at = ChineseMomentField(label="到什么时候收回", error_messages=sentence("请写到什么时候收回。"), **MOMENT)
    reason = forms.CharField(label="为什么", max_length=200, error_messages=sentence("请写明为什么移交。"))
    handover = forms.CharField(label="交接", required=False, **NOTE)

    def __init__(self, numbers: list[str], people: People, near: frozenset[int], data: Any = None) -> None:
        super().__init__(data)
        self.people = people
        offer(self, "cases", [(number, number) for number in numbers])
        offer(self, "deputy", named(people, "请选", near))

    @property
    def rest(self) -> list[forms.BoundField]:
        """件以外的格"""
        return [field for field in self if field.name != "cases"]

    @property
    def ticked(self) -> list[str]:
        """勾上的"""
        return list(self["cases"].value() or [])


@staff_required
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """成批移交"""
    user, now = user_of(request), portal_now()
    rows = list({row.number: row for row in own_work(user, now)}.values())
    choices = choices_for(user, now)
    people = [pair for pair in choices.people if pair[0].pk != user.pk]
    form = HandOverForm([row.number for row in rows], people, choices.near, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        rest = {name: data[name] for name in ("ends_at", "reason", "handover")}
        try:
            deputy = next(one for one, _ in people if str(one.pk) == data["deputy"])
            actions.delegate_cases(numbers=data["cases"], deputy=deputy, by=user, **rest)
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "移交了。期限照走，对方办的记作代您办。")
            return redirect("approvals:delegations")
    context = {"form": form, "rows": rows, "now": now, "nav": "workbench"}
    return render(request, "approvals/hand_over.html", context, status=status)
