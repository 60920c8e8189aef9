"""审批的表单：the words a person reads when something is missing are whole sentences."""

from datetime import datetime, time
from typing import Any

from django import forms

from portal.forms import ChineseDateField as ChineseDateField
from portal.limits import LEGAL_ZONE
from portal.numbers import clean_number

WRONG_NUMBER = "这个编号不对，可能有一个字看错了。请对着通知单（收件或受理）再写一遍：没有字母O、I、U，也没有数字0和1。"
AREA = {"rows": 4}
CODE_ATTRS = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "short"}


def sentence(text: str) -> dict[str, str]:
    """没填时说的话"""
    return {"required": text}


class LookupForm(forms.Form):
    """查进度"""

    number = forms.CharField(
        label="编号",
        help_text="写在通知单（收件或受理）上，9个字，比如 H7K 4M9 R62。空格、大小写都不要紧。",
        max_length=40,
        widget=forms.TextInput(CODE_ATTRS),
        error_messages=sentence("请写编号，它在通知单（收件或受理）上，9个字。"),
    )
    code = forms.CharField(
        label="查询码",
        help_text="在通知单（收件或受理）编号的下面，也是9个字。它只给您自己看。",
        max_length=40,
        widget=forms.TextInput(CODE_ATTRS),
        error_messages=sentence("请写查询码，它在通知单（收件或受理）编号的下面，9个字。"),
    )

    def clean_number(self) -> str:
        """编号的写法对不对; a typing mistake is found by its check character, without a look in the database."""
        text = self.cleaned_data["number"]
        if not clean_number(text):
            raise forms.ValidationError(WRONG_NUMBER)
        return clean_number(text)


class ReasonForm(forms.Form):
    """写一句理由"""

    reason = forms.CharField(
        label="为什么", widget=forms.Textarea(AREA), max_length=1000, error_messages=sentence("请写一句为什么。")
    )


class WithdrawForm(ReasonForm):
    """撤回申请"""

    reason = forms.CharField(
        label="为什么撤回",
        help_text="写一句就行，以后重新申请时用得上。",
        widget=forms.Textarea(AREA),
        max_length=500,
        error_messages=sentence("请写一句为什么撤回，以后重新申请时用得上。"),
    )


class RenounceForm(ReasonForm):
    """放弃结果"""

    reason = forms.CharField(
        label="为什么放弃",
        help_text="写一句就行。",
        widget=forms.Textarea(AREA),
        max_length=500,
        error_messages=sentence("请写一句为什么放弃。"),
    )


class ChineseMomentField(ChineseDateField):
    """日期加钟点，写成 2026-9-23 8:30；只写日期就是那天的零点"""

    def clean(self, value: Any) -> Any:
        """换成时刻（上海时间）"""
        text = str(value or "").strip().replace("：", ":")
        day_text, _, clock_text = text.partition(" ")
        day = super().clean(day_text)
        if day is None:
            return None
        try:
            hour, minute = (int(part) for part in clock_text.strip().split(":")) if clock_text.strip() else (0, 0)
            return datetime.combine(day, time(hour, minute), LEGAL_ZONE)
        except ValueError:
            raise forms.ValidationError("时间要写成 2026-9-23 8:30 这样。") from None
