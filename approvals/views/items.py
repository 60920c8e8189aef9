"""停办事项：an item is taken in no longer, with the reason that its guide then says, or is taken in again."""

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
from portal.forms import offer
from portal.http import user_of
from portal.models import Duty, User
from portal.permissions import powers_of
from services.models import ServiceItem


class ClosingForm(forms.Form):
    """停办一个事项"""

    item = forms.ChoiceField(label="哪件事", error_messages=sentence("请选是哪件事。"))
    reason = forms.CharField(
        label="为什么停办",
        help_text="写清凭什么文件、群众以后到哪里办。这句话写在办事指南上，谁都看得到。",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages=sentence("请写明为什么停办、凭什么文件。"),
    )


def _items_of(user: User) -> dict[str, ServiceItem]:
    """这个人能停办的事项, by key; Http404 for whoever approves none."""
    places = {p.post.township_id for p in powers_of(user, portal_now()) if p.post.duty == Duty.ITEM_APPROVE}
    if not places:
        raise Http404("没有这一页。")
    return {str(item.pk): item for item in ServiceItem.objects.filter(township__in=places).exclude(current=None)}


@staff_required
@require_http_methods(["GET", "POST"])
def items(request: HttpRequest) -> HttpResponse:
    """停办事项"""
    user = user_of(request)
    found = _items_of(user)
    if request.method == "POST" and request.POST.get("restore") in found:
        return _restore(request, found[request.POST["restore"]], user)
    form, status = ClosingForm(request.POST if request.method == "POST" else None), 200
    running = [(key, f"{item.code} {item.name}") for key, item in found.items() if item.withdrawn_at is None]
    offer(form, "item", [("", "请选"), *running])
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_item(item=found[form.cleaned_data["item"]], reason=form.cleaned_data["reason"], by=user)
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "停办了。在办的照原来的办完，新的申请不再收。")
            return redirect("approvals:closing")
    closed = [item for item in found.values() if item.withdrawn_at is not None]
    return render(request, "approvals/closing.html", {"closed": closed, "form": form, "nav": "modes"}, status=status)


def _restore(request: HttpRequest, item: ServiceItem, by: User) -> HttpResponse:
    try:
        actions.restore_item(item=item, by=by)
    except PortalError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "恢复了，又收新的申请。")
    return redirect("approvals:closing")
