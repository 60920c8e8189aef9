"""我的账号：改密码、电话、邮箱，消息，窗口重设密码"""

from typing import Any

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from portal import actions
from portal.clock import portal_now
from portal.errors import NotAllowed, PortalError
from portal.forms import (
    ChangeEmailForm,
    ChangePasswordForm,
    ChangePhoneForm,
    PortalForm,
    ResetPasswordForm,
    SecondPersonForm,
)
from portal.http import address_of, township_of, user_of
from portal.models import Duty, User
from portal.permissions import has_duty
from portal.sign_in import verify

WRONG_PASSWORD = "现在的密码不对，再写一遍。"


def confirmed(request: HttpRequest, form: PortalForm) -> bool:
    """表填对了，现在的密码也对: counted like a sign-in, so that an open session is no way to guess."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        found = verify(
            login=user_of(request).login,
            password=form.cleaned_data["current"],
            address=address_of(request),
        )
    except PortalError as error:
        form.refuse(error)
        return False
    if found is None:
        form.add_error("current", WRONG_PASSWORD)
    return found is not None


def change_page(request: HttpRequest, form: PortalForm, heading: str, text: str = "") -> HttpResponse:
    """改一样东西的页"""
    return render(
        request, "portal/change.html", {"form": form, "heading": heading, "text": text}, status=form.status
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """改密码: every other session of this account ends."""
    form = ChangePasswordForm(request, request.POST if request.method == "POST" else None)
    if confirmed(request, form):
        user = actions.change_password(
            user=user_of(request), township=township_of(request), password=form.cleaned_data["password"]
        )
        auth.update_session_auth_hash(request, user)
        messages.success(request, "密码改好了。别的手机、电脑上的登录都已退出。")
        return redirect("portal:account")
    one_time = user_of(request).must_change_password
    text = "窗口给您的是一次性密码，先换成只有您知道的。" if one_time else ""
    return change_page(request, form, "改密码", text)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_phone(request: HttpRequest) -> HttpResponse:
    """换电话: the password is asked, the old number is told."""
    if user_of(request).is_staff_member:
        raise NotAllowed("工作人员用工作名登录，岗位电话由管理员改。")
    form = ChangePhoneForm(request, request.POST if request.method == "POST" else None)
    if confirmed(request, form):
        try:
            actions.change_phone(
                user=user_of(request), township=township_of(request), phone=form.cleaned_data["phone"]
            )
        except PortalError as error:
            form.refuse(error)
        else:
            messages.success(request, "电话换好了，以后用新号登录。旧号会收到一条短信。")
            return redirect("portal:account")
    return change_page(request, form, "换登录电话")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_email(request: HttpRequest) -> HttpResponse:
    """换邮箱"""
    user = user_of(request)
    form = ChangeEmailForm(
        request, request.POST if request.method == "POST" else None, initial={"email": user.person.email}
    )
    if request.method == "POST" and form.is_valid():
        actions.change_email(user=user, township=township_of(request), email=form.cleaned_data["email"])
        messages.success(request, "邮箱存好了。")
        return redirect("portal:account")
    return change_page(request, form, "换邮箱")


def whole_number(text: str) -> int | None:
    """网址里的编号; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


@login_required
@require_POST
def read_messages(request: HttpRequest) -> HttpResponse:
    """都看过了"""
    through = whole_number(request.POST.get("through", ""))
    if through is not None:
        actions.mark_read(user=user_of(request), through=through)
    return redirect("portal:messages")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password(request: HttpRequest) -> HttpResponse:
    """窗口两人核实后重设村民密码: the one-time password is on this one answer and nowhere else."""
    user = user_of(request)
    if not has_duty(user, Duty.WINDOW, portal_now()):
        raise NotAllowed("重设密码由窗口岗位办。")
    form = ResetPasswordForm(request, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "nav": "staff_home"}
    if request.method == "POST" and form.is_valid():
        try:
            second = second_person(request, form)
            kept = {key: form.cleaned_data[key] for key in ("phone", "identity", "reason")}
            township = user.township or township_of(request)
            context["password"] = actions.reset_password(clerk=user, second=second, township=township, **kept)
        except PortalError as error:
            form.refuse(error)
    return render(request, "portal/reset_password.html", context, status=form.status)


def second_person(request: HttpRequest, form: SecondPersonForm) -> User:
    """第二个人当场写的工作名和密码"""
    found = verify(
        login=form.second_login, password=form.cleaned_data["second_password"], address=address_of(request)
    )
    if found is None:
        raise NotAllowed("第二个人的工作名或密码不对，再核一遍。")
    return found
