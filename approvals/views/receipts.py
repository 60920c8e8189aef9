"""补登收件日的一页：for the clerk or agent who enters paper that came earlier, before it is filed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from approvals import actions
from approvals.forms import ChineseDateField, sentence
from approvals.models import ReceiptDeclaration
from approvals.views.shared import staff_required
from portal.errors import PortalError
from portal.http import load_or_404, user_of
from services.forms import UploadsField
from services.lifecycle import State
from services.models import Application


class DeclareForm(forms.Form):
    """补登收件日"""

    received_on = ChineseDateField(
        label="纸件哪天收到的",
        help_text="写成 2026-9-23 这样，要和收件章一样。写今天，就是不补登。",
        error_messages=sentence("请写纸件哪天收到的。"),
    )
    scans = UploadsField(
        label="盖有收件日期的那一页", help_text="扫描或拍照，JPEG、PNG 图片或 PDF。另一个人要对着它核对。", required=False
    )


@staff_required
@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest, number: str) -> HttpResponse:
    """补登收件日"""
    user = user_of(request)
    application: Application = load_or_404(Application.objects.filter(filed_by=user, state=State.DRAFT), number=number)
    form = _form(request)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.declare_receipt(application=application, by=user, **form.cleaned_data)
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "记下了。提交以后，要由另一个人对着扫描件核对收件的日子。")
            return redirect("services:check", number)
    known = ReceiptDeclaration.objects.filter(application=application).first()
    context: dict[str, Any] = {"application": application, "form": form, "known": known}
    return render(request, "approvals/declare.html", context, status=status)


def _form(request: HttpRequest) -> DeclareForm:
    uploads: Any = {"scans": request.FILES.getlist("scans")}
    return DeclareForm(request.POST, uploads) if request.method == "POST" else DeclareForm()
