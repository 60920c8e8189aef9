"""人员和岗位：who is at which post, changes from today on, work accounts – for the leaders of a township."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal import staffing
from portal.clock import portal_now
from portal.errors import NotAllowed, PortalError
from portal.forms import PortalForm
from portal.http import load_or_404, user_of
from portal.limits import day_of
from portal.models import Duty, Post, PostHolding, Township, User
from portal.permissions import powers_of
from portal.staff_forms import (
    CloseAccountForm,
    LeavePostForm,
    OpenAccountForm,
    ReopenAccountForm,
    ResetAccountForm,
    TakePostForm,
)
from portal.views.account import second_person


def _township(user: User) -> Township:
    """哪个镇的人员归他安排; NotAllowed for anyone but a leader."""
    for power in powers_of(user, portal_now()) if user.is_staff_member else []:
        if power.post.duty == Duty.TOWN_LEADER:
            return power.post.township
    raise NotAllowed("岗位和工作账号由镇领导安排。")


def _people(township: Township, *, active: bool = True) -> list[User]:
    rows = User.objects.filter(township=township, is_staff_member=True, is_active=active).select_related("person")
    return list(rows.order_by("login"))


def _runs(row: PostHolding, today: date) -> bool:
    return row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)


@login_required
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """人员和岗位"""
    township, now = _township(user_of(request)), portal_now()
    today = day_of(now)
    rows = PostHolding.objects.filter(post__township=township).select_related("user__person").order_by("starts_on")
    current, next_up = dict[int, PostHolding](), dict[int, PostHolding]()
    for row in rows:
        if _runs(row, today):
            current[row.post_id] = row
        elif row.starts_on > today:
            next_up.setdefault(row.post_id, row)
    found = Post.objects.filter(township=township).select_related("office", "village").order_by("office__order", "order", "id")
    shown = [{"post": post, "now": current.get(post.pk), "next": next_up.get(post.pk)} for post in found]
    seated = {row.user_id for row in [*current.values(), *next_up.values()]}
    idle = [user for user in _people(township) if user.pk not in seated]
    context = {
        "rows": shown, "vacant": sum(row["now"] is None for row in shown), "idle": idle,
        "closed": _people(township, active=False), "now": now, "nav": "staff_home",
    }  # fmt: skip
    return render(request, "portal/posts.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """一个岗位：its holders so far, and a change from today on."""
    user = user_of(request)
    township = _township(user)
    shown: Post = load_or_404(Post.objects.filter(township=township).select_related("office"), pk=pk)
    act = request.POST.get("act", "")
    others = [one for one in _people(township) if one.person_id != user.person_id]
    take = TakePostForm(request, others, request.POST if act == "take" else None)
    leave = LeavePostForm(request, request.POST if act == "leave" else None)
    wrong = take if act == "take" else leave if act == "leave" else None
    if wrong is not None and wrong.is_valid() and _arrange(shown, wrong, user):
        messages.success(request, "安排好了，已经告诉本人。")
        return redirect("portal:posts")
    history = PostHolding.objects.filter(post=shown).select_related("user__person").order_by("-starts_on")
    context = {
        "post": shown, "take": take, "leave": leave, "form": wrong, "again": "安排" if act == "take" else "记下离岗",
        "history": history, "today": day_of(portal_now()), "nav": "staff_home",
    }  # fmt: skip
    return render(request, "portal/post.html", context, status=wrong.status if wrong is not None else 200)


def _arrange(post: Post, form: TakePostForm | LeavePostForm, by: User) -> bool:
    """照表安排; what the action refuses stands in the form."""
    try:
        if isinstance(form, TakePostForm):
            staffing.take_post(post=post, user=form.user, on=form.cleaned_data["on"], by=by)
        else:
            staffing.leave_post(post=post, through=form.cleaned_data["through"], by=by)
    except PortalError as error:
        form.refuse(error)
        return False
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    """开工作账号: the one-time password is on this one answer and nowhere else."""
    user = user_of(request)
    township = _township(user)
    form = OpenAccountForm(request, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            made, context["password"] = staffing.open_account(township=township, by=user, **form.cleaned_data)
            context["made"] = made
        except PortalError as error:
            form.refuse(error)
    return _account_page(request, form, "开工作账号", "开账号", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reset_account(request: HttpRequest) -> HttpResponse:
    """两个人重设工作密码"""
    user = user_of(request)
    people = [one for one in _people(_township(user)) if one.person_id != user.person_id]
    form = ResetAccountForm(request, people, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            second = second_person(request, form)
            reason = form.cleaned_data["reason"]
            context["password"] = staffing.reset_staff_password(user=form.user, by=user, second=second, reason=reason)
            context["made"] = form.user
        except PortalError as error:
            form.refuse(error)
    return _account_page(request, form, "重设工作密码", "重设密码", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request: HttpRequest) -> HttpResponse:
    """停用工作账号"""
    user = user_of(request)
    people = [one for one in _people(_township(user)) if one.person_id != user.person_id]
    form = CloseAccountForm(request, people, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            staffing.close_account(user=form.user, by=user, reason=form.cleaned_data["reason"])
        except PortalError as error:
            form.refuse(error)
        else:
            messages.success(request, f"{form.user.display_name}的账号停用了，现在起不能登录。")
            return redirect("portal:posts")
    return _account_page(request, form, "停用工作账号", "停用", {})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reopen_account(request: HttpRequest) -> HttpResponse:
    """恢复停用了的工作账号"""
    user = user_of(request)
    form = ReopenAccountForm(request, _people(_township(user), active=False), request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            context["password"] = staffing.reopen_account(user=form.user, by=user)
            context["made"] = form.user
        except PortalError as error:
            form.refuse(error)
    return _account_page(request, form, "恢复工作账号", "恢复", context)


def _account_page(
    request: HttpRequest, form: PortalForm, title: str, submit: str, context: dict[str, Any]
) -> HttpResponse:
    whole = {"form": form, "title": title, "submit": submit, "nav": "staff_home", **context}
    return render(request, "portal/work_account.html", whole, status=form.status)
