"""登录、退出、登记"""

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from portal import actions, sessions
from portal.errors import PortalError, TooManyAttempts
from portal.forms import SignInForm, SignUpForm
from portal.http import address_of, township_of
from portal.models import User
from portal.sign_in import count_attempt, verify
from portal.views.pages import safe_next

BACKEND = "portal.sign_in.PortalBackend"
WRONG = "手机号（工作名）或密码不对，再核一遍。"
SIGN_UPS = 10  # per address in 15 minutes
TOO_MANY_SIGN_UPS = "这个网络登记得太多了。请过15分钟再来，或到窗口登记。"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """登录: the same words, and the same work, whether or not there is such an account."""
    following = safe_next(request, request.POST.get("next") or request.GET.get("next", ""), "")
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user = verify(
                login=form.login, password=form.cleaned_data["password"], address=address_of(request)
            )
        except TooManyAttempts as error:
            form.refuse(error)
        else:
            if user is not None:
                open_session(request, user)
                return redirect(following or start_of(user))
            form.add_error(None, WRONG)
    return render(request, "portal/sign_in.html", {"form": form, "next": following}, status=form.status)


def open_session(request: HttpRequest, user: User) -> None:
    """开一个新的会话: a new key, an idle limit, one line in the account's record."""
    auth.login(request, user, backend=BACKEND)
    sessions.start(request, user)
    actions.record_sign_in(user=user, township=township_of(request))


def start_of(user: User) -> str:
    """登录以后先到哪"""
    return reverse("portal:staff_home") if user.is_staff_member else reverse("approvals:mine")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """退出: what this browser kept of the pages is cleared, so the Back button shows nothing (T11)."""
    auth.logout(request)
    response = redirect("portal:home")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """村民登记账号"""
    form = SignUpForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        fields = {key: form.cleaned_data[key] for key in ("name", "phone", "identity", "village", "password")}
        try:
            subject = f"sign up {address_of(request)}"
            count_attempt(subject, limit=SIGN_UPS, refusal=TOO_MANY_SIGN_UPS)
            user = actions.sign_up(township=township_of(request), **fields)
        except PortalError as error:
            form.refuse(error)
        else:
            open_session(request, user)
            messages.success(request, "登记好了，也登录好了。")
            return redirect(start_of(user))
    return render(request, "portal/sign_up.html", {"form": form, "submit": "登记"}, status=form.status)
