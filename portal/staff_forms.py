"""人员和岗位的表：who takes a post, who leaves it, a new account, a lost password."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.forms import ChineseDateField, PortalForm, SecondPersonForm, offer, words
from portal.models import User
from portal.township_file import WORK_NAME

NOBODY = {"required": "请选一个人。", "invalid_choice": "请在列出的人里选一个。"}


class _OfPeople(PortalForm):
    """要选一个本镇工作人员的表"""

    def __init__(self, request: HttpRequest, people: list[User], data: Any = None, **options: Any) -> None:
        super().__init__(request, data, **options)
        self._people = {str(user.pk): user for user in people}
        named = [(key, f"{user.display_name}（{user.login.removeprefix('s:')}）") for key, user in self._people.items()]
        offer(self, "who", [("", "请选"), *named])

    @property
    def user(self) -> User:
        """选的人"""
        return self._people[self.cleaned_data["who"]]


class TakePostForm(_OfPeople):
    """任岗"""

    who = forms.ChoiceField(label="谁来", error_messages=NOBODY)
    on = ChineseDateField(
        label="从哪天起",
        help_text="今天或以后，比如 2026-12-1。现在在岗的人做到前一天。",
        error_messages={"required": "请写从哪天起。"},
    )


class LeavePostForm(PortalForm):
    """离岗"""

    through = ChineseDateField(
        label="做到哪天",
        help_text="今天或以后。以后没有人接，手里的件到所办负责人或镇领导手里，期限不停。",
        error_messages={"required": "请写做到哪天。"},
    )


class OpenAccountForm(PortalForm):
    """开工作账号"""

    name = words("姓名", "请写姓名。", "off", help_text="岗位是公开的，姓名写全。")
    work_name = words(
        "工作名", "请写工作名。", "off", help_text="登录用，小写字母开头，只用小写字母、数字、点和连字符。", autocapitalize="none"
    )

    def clean_work_name(self) -> str:
        """工作名的写法"""
        text = str(self.cleaned_data["work_name"]).lower()
        if not WORK_NAME.fullmatch(text):
            raise ValidationError("工作名用2到30个小写字母、数字、点或连字符，字母开头。")
        return text


class CloseAccountForm(_OfPeople):
    """停用工作账号"""

    who = forms.ChoiceField(label="谁的账号", help_text="还有岗位、还代着别人的，先办离岗、收回代理。", error_messages=NOBODY)
    reason = words("为什么停用", "请写一句为什么停用。", "off", help_text="比如：调走了。只留在记录里。")


class ReopenAccountForm(_OfPeople):
    """恢复工作账号"""

    who = forms.ChoiceField(label="谁的账号", error_messages=NOBODY)


class ResetAccountForm(_OfPeople, SecondPersonForm):
    """两个人重设工作密码"""

    field_order = ("who",)
    who = forms.ChoiceField(label="谁的账号", error_messages=NOBODY)

    def __init__(self, request: HttpRequest, people: list[User], data: Any = None, **options: Any) -> None:
        super().__init__(request, people, data, **options)
        self.fields["second"].help_text = "另一位镇领导、所办负责人或督查，当面核实后自己写。"
