"""解冻：what is known of the restore, what is held back, and the two signatures."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from approvals import actions
from approvals.forms import sentence
from approvals.views.shared import staff_required
from portal.clock import portal_now
from portal.errors import PortalError
from portal.freezing import current_freeze, held_messages
from portal.http import user_of
from portal.models import Duty
from portal.permissions import has_duty

CHECKED = "请写明核对了什么，比如：对过昨天的收件登记，缺的三件已经补录。"


class ReleaseForm(forms.Form):
    """签解冻"""

    checked = forms.CharField(
        label="您核对了什么", max_length=2000, widget=forms.Textarea({"rows": 4}), error_messages=sentence(CHECKED)
    )


@staff_required
@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest) -> HttpResponse:
    """解冻"""
    user = user_of(request)
    if not has_duty(user, Duty.CALENDAR, portal_now()):
        raise Http404("没有这一页。")
    found, form, status = current_freeze(), ReleaseForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST" and (form.is_valid() or found is None):
        try:
            signed = actions.release(by=user, checked=form.cleaned_data.get("checked", ""))
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            done = "解冻了，通知接着发，到期接着算。" if signed.released_at else "您签了。还要另一位日历与解冻岗的人签。"
            messages.success(request, done)
            return redirect("approvals:freeze")
    context = {"found": found, "form": form, "held": held_messages() if found else 0, "nav": "staff_home"}
    return render(request, "approvals/freeze.html", context, status=status)
