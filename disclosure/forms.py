"""公开的表单：cleans what was typed; decides nothing."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from disclosure.actions import Text, Verdict
from disclosure.models import COMPUTED, Column
from portal.clock import portal_now
from portal.errors import PortalError
from portal.limits import day_of
from portal.models import Office, Township, Village

WRITTEN = [(column.value, column.label) for column in Column if column not in COMPUTED]


class NoticeForm(forms.Form):
    """一版公告"""

    title = forms.CharField(
        label="标题", max_length=120, error_messages={"required": "请写标题", "max_length": "标题最多120个字"}
    )
    body = forms.CharField(
        label="正文",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="写成普通的段落。一行开头写“- ”是一条，写“# ”是小标题，用“|”隔开是表格的一行，第一行是表头。",
        error_messages={"required": "请写正文", "max_length": "正文最多20000个字，太长的请分成几条公告"},
    )
    office = forms.ModelChoiceField(
        label="发布单位", queryset=Office.objects.none(), required=False, empty_label="乡镇人民政府",
        error_messages={"invalid_choice": "请从单子里选发布单位"},
    )  # fmt: skip
    ends_on = forms.CharField(
        label="公示到哪天", required=False, help_text="比如 2026-9-29。没有公示期的不填。",
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, township: Township, kept: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept  # the last day that stands on the board already: a correction does not move it
        offer(self.fields["office"], Office.objects.filter(township=township))

    def clean_ends_on(self) -> date | None:
        """公示期的最后一天, today or later – or the one already published"""
        typed = self.cleaned_data["ends_on"]
        parts = re.findall(r"\d+", typed)
        if not typed:
            return None
        try:
            year, month, day = (int(part) for part in parts)
            ends_on = date(year, month, day)
        except (ValueError, OverflowError):
            raise ValidationError("日期要写成年、月、日，比如 2026-9-29") from None
        if ends_on < day_of(portal_now()) and ends_on != self.kept:
            raise ValidationError("这一天已经过去了，村民来不及提意见。请写今天或者以后的一天；没有公示期的不填")
        return ends_on

    def text(self) -> Text:
        """表单 → 一版要写的"""
        data = self.cleaned_data
        return Text(data["title"], data["body"], data["office"], data["ends_on"], data.get("change_note", ""))


class NewNoticeForm(NoticeForm):
    """新拟的公告, with the place on the board."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    column = forms.ChoiceField(
        label="栏目", choices=[("", "请选"), *WRITTEN],
        error_messages={"required": "请选栏目", "invalid_choice": "请从单子里选栏目"},
    )  # fmt: skip
    village = forms.ModelChoiceField(
        label="哪个村的", queryset=Village.objects.none(), required=False, empty_label="全镇",
        error_messages={"invalid_choice": "请从单子里选村"},
    )  # fmt: skip
    field_order = ["key", "column", "village", "title", "body", "office", "ends_on"]

    def __init__(self, *args: Any, township: Township, **kwargs: Any) -> None:
        super().__init__(*args, township=township, **kwargs)
        offer(self.fields["village"], Village.objects.filter(township=township))


class RevisionForm(NoticeForm):
    """修订稿, with its reason."""

    change_note = forms.CharField(
        label="为什么改", max_length=200, help_text="和新的一版一起公开。",
        error_messages={"required": "请写为什么改，会和新的一版一起公开", "max_length": "最多200个字"},
    )  # fmt: skip
    field_order = ["change_note", "title", "body", "office", "ends_on"]


class ReviewForm(forms.Form):
    """审核"""

    secrecy_ok = forms.BooleanField(label="保密审查：没有国家秘密、工作秘密", required=False)
    privacy_ok = forms.BooleanField(label="个人信息审查：没有不该公开的个人信息", required=False)
    numbers_ok = forms.BooleanField(label="上面扫出的号码可以公开（理由写在审核意见里）", required=False)
    note = forms.CharField(
        label="审核意见", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="退回的，写清楚改什么；通过的，可以空着。", error_messages={"max_length": "最多300个字"},
    )  # fmt: skip

    def __init__(self, *args: Any, with_numbers: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_numbers:
            del self.fields["numbers_ok"]

    def verdict(self, *, approve: bool) -> Verdict:
        """表单 → 结论"""
        data = self.cleaned_data
        return Verdict(
            approve, data["secrecy_ok"], data["privacy_ok"], data.get("numbers_ok", False), data["note"]
        )


class WithdrawForm(forms.Form):
    """撤下"""

    reason = forms.CharField(
        label="为什么撤下", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="公告页会留着，理由写在上面。",
        error_messages={"required": "请写明为什么撤下，理由会留在公告页上", "max_length": "最多300个字"},
    )  # fmt: skip


def offer(field: forms.Field, rows: QuerySet[Any]) -> None:
    """一个选择框里能选的"""
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def show_refusal(form: forms.Form, error: PortalError) -> int:
    """把拒绝写回表单, at its field where it names one; the HTTP status to answer with."""
    named = {name: words for name, words in error.fields.items() if name in form.fields}
    for name, words in named.items():
        form.add_error(name, words)
    if not named:
        form.add_error(None, error.message)
    return error.status
