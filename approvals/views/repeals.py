"""依据失效：a document that defaults were switched on by is no longer in force from a day on."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from approvals import actions
from approvals.forms import ChineseDateField, sentence
from approvals.models import ModeSwitch, RepealedDocument
from approvals.views.modes import MAY_SEE
from approvals.views.shared import staff_required
from portal.clock import portal_now
from portal.errors import PortalError
from portal.forms import offer
from portal.http import user_of
from portal.models import Duty
from portal.permissions import has_duty, powers_of
from services.definition import OnTimeout


class RepealForm(forms.Form):
    """登记失效: chosen from what was cited, for a title typed a little differently would stop nothing."""

    title = forms.ChoiceField(label="哪份文件", error_messages=sentence("请选是哪份文件。"))
    last_day = ChineseDateField(
        label="最后有效日", help_text="写成 2026-9-23 这样。", error_messages=sentence("请写文件有效到哪一天。")
    )
    source = forms.CharField(
        label="凭什么登记",
        help_text="写废止它的文件名称、文号，比如 某县人民政府2026年第3号公告。",
        max_length=300,
        error_messages=sentence("请写明凭什么登记失效。"),
    )


@staff_required
@require_http_methods(["GET", "POST"])
def repealed(request: HttpRequest) -> HttpResponse:
    """依据失效"""
    user, now = user_of(request), portal_now()
    may_write = has_duty(user, Duty.ITEM_APPROVE, now)
    townships = {power.post.township_id for power in powers_of(user, now) if power.post.duty in MAY_SEE}
    if not townships or (request.method == "POST" and not may_write):
        raise Http404("没有这一页。")
    form, status = RepealForm(request.POST if request.method == "POST" else None), 200
    cited = ModeSwitch.objects.filter(item__township__in=townships).exclude(mode=OnTimeout.ESCALATE)
    titles = sorted(set(cited.values_list("citation__title", flat=True)))
    offer(form, "title", [("", "请选"), *((title, title) for title in titles)])
    if request.method == "POST" and form.is_valid():
        try:
            actions.repeal(**form.cleaned_data, by=user)
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "登记了。这一天以后到期的，不再适用凭它开通的超时默认。")
            return redirect("approvals:repealed")
    rows = RepealedDocument.objects.select_related("by__person").order_by("-last_day", "title")[:100]
    context = {"rows": rows, "form": form, "may_write": may_write, "nav": "modes"}
    return render(request, "approvals/repealed.html", context, status=status)
