"""亲属关系申报：one's own declared relatives, those of one's people for a head, a form to add one and one to end one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from approvals import actions
from approvals.actions.relations import KINDS, may_end_relation
from approvals.forms import sentence
from approvals.permissions import leads
from approvals.views.shared import staff_required
from portal.clock import portal_now
from portal.errors import PortalError
from portal.http import load_or_404, user_of
from portal.identity import clean_identity
from portal.models import Duty, Relation, User
from portal.permissions import holdings_at, powers_of

MOST = 100
SHORT = {"class": "short", "autocomplete": "off"}


class RelationForm(forms.Form):
    """申报一位亲属"""

    name = forms.CharField(label="亲属的姓名", max_length=60, error_messages=sentence("请写亲属的姓名。"))
    id_number = forms.CharField(
        label="亲属的身份证号码",
        max_length=40,
        widget=forms.TextInput(SHORT),
        help_text="只用来认出他的件，加密存着，不给别人看。",
        error_messages=sentence("请写亲属的身份证号码。"),
    )
    kind = forms.ChoiceField(
        label="是什么关系",
        choices=[(kind, kind) for kind in KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": "请选是什么关系。", "invalid_choice": "请从列出的关系里选一个。"},
    )

    def clean_id_number(self) -> str:
        """号码对不对"""
        number = clean_identity(self.cleaned_data["id_number"])
        if not number:
            raise forms.ValidationError("身份证号码不对，请看着证件再写一遍。")
        return number


class EndForm(forms.Form):
    """结束一项申报"""

    reason = forms.CharField(
        label="为什么结束",
        max_length=200,
        help_text="比如：申报时写错了人；已经离婚。",
        error_messages=sentence("请写明为什么结束。"),
    )


@staff_required
@require_http_methods(["GET", "POST"])
def relations(request: HttpRequest) -> HttpResponse:
    """亲属关系申报"""
    user, form, status = user_of(request), RelationForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            data: dict[str, Any] = form.cleaned_data
            try:
                actions.declare_relation(by=user, name=data["name"], identity=data["id_number"], kind=data["kind"])
            except PortalError as error:
                form.add_error(None, error.message)
                status = error.status
            else:
                messages.success(request, "申报了。他的件您都不用办，手里已经有的转给了下一位。")
                return redirect("approvals:relations")
    context = {"form": form, "rows": _own(user), "others": _of_my_people(user), "nav": "staff_home"}
    return render(request, "approvals/relations.html", context, status=status)


def _own(user: User) -> list[Relation]:
    """自己申报过的, those in force first."""
    rows = Relation.objects.filter(person=user.person_id).select_related("relative", "ended_by__person")
    return list(rows.order_by(F("ended_at").desc(nulls_first=True), "pk"))


def _of_my_people(user: User) -> list[dict[str, Any]]:
    """所办负责人、镇领导看本所（本镇）的人申报的. The supervisor reads, and ends nothing."""
    at = portal_now()
    powers = powers_of(user, at)
    watching = {power.post.township_id for power in powers if power.post.duty == Duty.SUPERVISE}
    held = holdings_at(at).exclude(user=user).select_related("post", "user__person")
    seen = {h.user.person_id: h for h in held if leads(powers, h.post) or h.post.township_id in watching}
    rows = Relation.objects.filter(person__in=seen).select_related("relative", "ended_by__person")
    return [
        {
            "row": row,
            "who": seen[row.person_id].user.display_name,
            "post": seen[row.person_id].post.title,
            "may_end": row.ended_at is None and may_end_relation(user, powers, seen[row.person_id].user, at),
        }
        for row in rows.order_by(F("ended_at").desc(nulls_first=True), "-pk")[:MOST]
    ]


@staff_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """结束一项申报"""
    user = user_of(request)
    relation: Relation = load_or_404(Relation.objects.select_related("person", "relative"), pk=pk)
    declarer = User.objects.filter(person=relation.person_id, is_staff_member=True).first()
    at = portal_now()
    if declarer is None or not may_end_relation(user, powers_of(user, at), declarer, at):
        raise Http404("没有这一页，或者您不能看。")
    form, status = EndForm(request.POST or None), 200
    if request.method == "POST" and not form.is_valid():
        status = 400
    elif request.method == "POST":
        try:
            actions.end_relation(relation=relation, by=user, reason=form.cleaned_data["reason"])
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "结束了，已经告诉负责人和督查岗。以前转走的件不转回来。")
            return redirect("approvals:relations")
    who = "" if declarer.pk == user.pk else declarer.display_name
    context = {"form": form, "relation": relation, "who": who, "nav": "staff_home"}
    return render(request, "approvals/end_relation.html", context, status=status)
