"""日历桌（日历与解冻岗）：a notice is pasted or uploaded, previewed, published by another person; local early closings too."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from approvals import actions
from approvals.actions.calendars import SECOND, note_moves
from approvals.forms import ChineseDateField, sentence
from approvals.models import LimitMove
from approvals.queries.calendars import touched_by
from approvals.views.shared import staff_required
from portal.calendar_import import LONGEST
from portal.calendars import current_calendar, missing_year, notice_of
from portal.clock import portal_now
from portal.errors import PortalError
from portal.http import load_or_404, user_of
from portal.limits import day_of
from portal.models import CalendarVersion, Duty, LocalClosing, Township, User
from portal.permissions import powers_of

SHOWN = 50
HISTORY = 12  # 最近几份通知
NO_TEXT = "请把通知的内容贴进来，或者选一个文件。"


class NoticeForm(forms.Form):
    """导入放假安排"""

    text = forms.CharField(
        label="通知的内容",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 14, "spellcheck": "false"}),
        help_text="照下面的样子，写年份、文号、发文日期、放假和调休上班的日子。",
    )
    file = forms.FileField(label="或者选文件", required=False, help_text="YAML 或 JSON，UTF-8 文字，不超过20千字节。")

    def clean(self) -> dict[str, Any]:
        """贴的或传的，有一样"""
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        if upload is not None:
            try:
                cleaned["text"] = upload.read(LONGEST * 4).decode()
            except UnicodeDecodeError:
                self.add_error("file", "这个文件不是 UTF-8 文字，请另存成 UTF-8 再传。")
        elif not (cleaned.get("text") or "").strip():
            self.add_error("text", NO_TEXT)
        return cleaned


class ClosingForm(forms.Form):
    """登记提早关门"""

    day = ChineseDateField(label="哪天", help_text="写成 2026-12-31 这样。", error_messages=sentence("请写哪天。"))
    closes_at = forms.TimeField(
        label="几点关门",
        input_formats=["%H:%M"],
        widget=forms.TextInput({"class": "short", "autocomplete": "off"}),
        help_text="写成 12:00 这样。",
        error_messages={"required": "请写几点关门。", "invalid": "钟点要写成 12:00 这样。"},
    )
    document = forms.CharField(
        label="凭哪份当地通知", max_length=120, error_messages=sentence("请写明凭哪份当地通知。")
    )


def _townships(user: User) -> list[Township]:
    """日历与解冻岗、镇领导所在的乡镇; Http404 for everybody else."""
    found = [power.post.township for power in powers_of(user, portal_now()) if power.post.duty in SECOND]
    if not found:
        raise Http404("没有这一页。")
    return found


def _imports(user: User) -> bool:
    """能不能导入、登记: the leader is a second person only."""
    return any(power.post.duty == Duty.CALENDAR for power in powers_of(user, portal_now()))


@staff_required
@require_http_methods(["GET", "POST"])
def calendars(request: HttpRequest) -> HttpResponse:
    """工作日历"""
    user = user_of(request)
    townships = _townships(user)
    form, status = NoticeForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        row, status = _import(form, user)
        if row is not None:
            messages.success(request, "存下了，还没有公布。下面是公布以后哪些期限会变；请另一位来公布。")
            return redirect("approvals:calendar", row.number)
    return render(request, "approvals/calendars.html", _desk(user, townships, form, ClosingForm()), status=status)


def _import(form: NoticeForm, user: User) -> tuple[CalendarVersion | None, int]:
    if not form.is_valid():
        return None, 400
    try:
        return actions.import_notice(text=form.cleaned_data["text"], by=user), 200
    except PortalError as error:
        form.add_error("text", error.message)
        return None, error.status


def _desk(user: User, townships: list[Township], form: forms.Form, closing: forms.Form) -> dict[str, Any]:
    """日历桌的内容"""
    rows = CalendarVersion.objects.select_related("imported_by__person", "published_by__person").order_by("-number")
    counted = rows.annotate(moved=Count("moves__case", distinct=True))
    return {
        "nav": "calendars",
        "form": form,
        "closing_form": closing,
        "may_import": _imports(user),
        "missing": missing_year(day_of(portal_now())),
        "through": current_calendar().published_through,
        "waiting": list(counted.filter(published_at=None)),
        "history": list(counted.filter(published_at__isnull=False)[:HISTORY]),
        "closings": list(_closings(townships)[:30]),
    }


def _closings(townships: list[Township]) -> QuerySet[LocalClosing]:
    people = ("township", "registered_by__person", "published_by__person")
    return LocalClosing.objects.filter(township__in=townships).select_related(*people)


@staff_required
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest, number: int) -> HttpResponse:
    """一版日历: what it would move, publishing, and what it has moved"""
    user = user_of(request)
    _townships(user)
    rows = CalendarVersion.objects.select_related("imported_by__person", "published_by__person")
    row = load_or_404(rows, number=number)
    status, refused = 200, ""
    if request.method == "POST":
        try:
            actions.publish_notice(version=row, by=user)
        except PortalError as error:
            status, refused = error.status, error.message
        else:
            note_moves()  # the first ones at once; the worker writes the rest within minutes
            messages.success(request, "公布了，马上生效。改了期的，新旧日子都记下来，正在告诉有关的人。")
            return redirect("approvals:calendar", number)
    return render(request, "approvals/calendar.html", _version(row, refused, user), status=status)


def _version(row: CalendarVersion, refused: str, user: User) -> dict[str, Any]:
    notice = notice_of(row)
    context = {"nav": "calendars", "row": row, "refused": refused, "may_drop": _imports(user), "shown": SHOWN}
    own = row.imported_by is not None and row.imported_by.person_id == user.person_id
    context |= {"own": own, "off": _spans(row.days_off), "worked": _spans(row.shifted_workdays)}
    if row.published_at is None:
        touched = touched_by(notice, portal_now())
        return context | {"touched": touched[:SHOWN], "total": len(touched)}
    moves = LimitMove.objects.filter(version=row).select_related("case__application__version").order_by("pk")
    return context | {"moved": list(moves[:SHOWN]), "total": moves.values("case").distinct().count()}


def _spans(spans: dict[str, list[str]]) -> list[dict[str, Any]]:
    """节日和日子"""
    return [{"name": name, "days": [date.fromisoformat(day) for day in days]} for name, days in spans.items()]


@staff_required
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """删掉没公布的一版"""
    _townships(user_of(request))
    row = load_or_404(CalendarVersion.objects.all(), number=number)
    try:
        actions.drop_notice(version=row, by=user_of(request))
    except PortalError as error:
        messages.warning(request, error.message)
        return redirect("approvals:calendar", number)
    messages.success(request, "删掉了，没有公布过，什么都没有变。")
    return redirect("approvals:calendars")


@staff_required
@require_POST
def closings(request: HttpRequest) -> HttpResponse:
    """登记提早关门"""
    user = user_of(request)
    townships, form, status = _townships(user), ClosingForm(request.POST), 400
    if form.is_valid():
        try:
            actions.announce_closing(township=townships[0], by=user, **form.cleaned_data)
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "登记了，还没有公布。请另一位来公布。")
            return redirect("approvals:calendars")
    return render(request, "approvals/calendars.html", _desk(user, townships, NoticeForm(), form), status=status)


@staff_required
@require_POST
def publish_closing(request: HttpRequest, day: str) -> HttpResponse:
    """公布提早关门"""
    townships = _townships(user_of(request))
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise Http404("没有这一天。") from None
    row = load_or_404(_closings(townships), day=wanted)
    try:
        actions.publish_closing(closing=row, by=user_of(request))
    except PortalError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "公布了：那天照样算工作日，只是提早关门。")
    return redirect("approvals:calendars")
