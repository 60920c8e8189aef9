"""亲属关系申报：one's own declared relatives, and a form to add one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from approvals import actions
from approvals.actions.relations import KINDS
from approvals.forms import sentence
from approvals.views.shared import staff_required
from portal.errors import PortalError
from portal.http import user_of
from portal.identity import clean_identity
from portal.models import Relation

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
    rows = Relation.objects.filter(person=user.person_id).select_related("relative").order_by("pk")
    shown = [{"name": str(row.relative), "kind": row.kind} for row in rows]
    return render(request, "approvals/relations.html", {"form": form, "rows": shown, "nav": "staff_home"}, status=status)
