"""账号的表：clean what was typed, decide nothing; every refusal is a sentence that says what to write."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.actions import RESET_REASONS
from portal.errors import PortalError
from portal.http import township_of
from portal.identity import clean_identity, clean_phone
from portal.models import Village
from portal.sign_in import login_of, staff_login

PHONE_WRONG = "电话要写数字，比如 13800000000。"
LONG_WORDS = "写得太长了，最多60个字。"
LONG_PASSWORD = "密码太长了，最多200个字。"
PASSWORD_HELP = "至少8个字，别用生日、电话。可以是一句话。"


def offer(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """给一个选择项填上此刻能选的"""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # declared so by its form
    field.choices = choices


def words(label: str, missing: str, token: str, *, help_text: str = "", **attributes: str) -> forms.CharField:
    """一行文字"""
    widget = forms.TextInput(attrs={"autocomplete": token, **attributes})
    return forms.CharField(
        label=label,
        widget=widget,
        help_text=help_text,
        max_length=60,
        error_messages={"required": missing, "max_length": LONG_WORDS},
    )


def secret(label: str, missing: str, token: str, *, help_text: str = "") -> forms.CharField:
    """一个密码: pasting is allowed, spaces inside are kept."""
    widget = forms.PasswordInput(attrs={"autocomplete": token})
    return forms.CharField(
        label=label,
        widget=widget,
        strip=False,
        help_text=help_text,
        max_length=200,
        error_messages={"required": missing, "max_length": LONG_PASSWORD},
    )


def phone_field(label: str, help_text: str = "") -> forms.CharField:
    """一个电话"""
    return words(label, "请写电话。", "tel", help_text=help_text, inputmode="tel")


class ChineseDateField(forms.CharField):
    """日期，写成 2026-9-23 或 2026年9月23日都行"""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput({"class": "short", "autocomplete": "off"}))
        super().__init__(max_length=20, **options)

    def clean(self, value: Any) -> Any:
        """换成日期; a sentence if it is none."""
        text = super().clean(value)
        if not text:
            return None
        parts = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-").split("-")
        try:
            return date(*(int(part) for part in parts))
        except (ValueError, TypeError):
            raise forms.ValidationError("日期要写成 2026-9-23 这样。") from None


class PortalForm(forms.Form):
    """门户的表: knows the request; a refusal by an action lands in the error summary."""

    status = 200

    def __init__(self, request: HttpRequest, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.request = request

    def refuse(self, error: PortalError) -> None:
        """把动作的拒绝写进错误单; the page answers with the refusal's status."""
        self.add_error(None, error.message)
        self.status = error.status

    def number_in(self, name: str) -> str:
        """整理好的电话; the sentence if it is none."""
        number = clean_phone(self.cleaned_data[name])
        if not number:
            raise ValidationError(PHONE_WRONG)
        return number


class VillageField(forms.ModelChoiceField):
    """选一个村, shown by its name."""

    def label_from_instance(self, row: Any) -> str:
        """页面上的村名"""
        return str(row.name)


class NewPassword(PortalForm):
    """两遍新密码，给登记和改密码共用"""

    def check_new(self, first: str, second: str) -> None:
        """合不合要求、两遍一不一样"""
        password, again = self.cleaned_data.get(first), self.cleaned_data.get(second)
        if not password:
            return
        try:
            validate_password(password)
        except ValidationError as error:
            codes = {found.code for found in error.error_list}
            short = "password_too_short" in codes
            self.add_error(
                first, "密码太短，至少要8个字。" if short else "这个密码太常见，容易被猜中，换一个。"
            )
        if again and password != again:
            self.add_error(second, "两遍密码不一样，再写一遍。")


class SignInForm(PortalForm):
    """登录"""

    name = words(
        "手机号或工作名",
        "请写手机号；工作人员写工作名。",
        "username",
        autocapitalize="none",
        spellcheck="false",
    )
    password = secret("密码", "请写密码。", "current-password")

    @property
    def login(self) -> str:
        """登录键"""
        return login_of(self.cleaned_data["name"])


class SignUpForm(NewPassword):
    """登记"""

    name = words("姓名", "请写姓名，和身份证上一样。", "name", help_text="和身份证上一样。")
    phone = phone_field("手机号", "登录用，也用来告诉您办到哪了。")
    identity = words(
        "身份证号",
        "请写身份证号。",
        "off",
        help_text="18个字。最后一个是 X 的，大小写都行。",
        autocapitalize="characters",
        spellcheck="false",
    )
    village = VillageField(
        label="哪个村",
        queryset=Village.objects.none(),
        empty_label="请选一个村",
        error_messages={"required": "请选您的村。", "invalid_choice": "请在列出的村里选一个。"},
    )
    password = secret("设一个密码", "请设一个密码。", "new-password", help_text=PASSWORD_HELP)
    again = secret("密码再写一遍", "请把密码再写一遍。", "new-password")

    def __init__(self, request: HttpRequest, data: Any = None, **options: Any) -> None:
        super().__init__(request, data, **options)
        village = self.fields["village"]
        assert isinstance(village, forms.ModelChoiceField)
        village.queryset = Village.objects.filter(township=township_of(request))

    def clean_phone(self) -> str:
        """电话是数字"""
        return self.number_in("phone")

    def clean_identity(self) -> str:
        """身份证号校验得过"""
        return identity_of(self.cleaned_data["identity"])

    def clean(self) -> dict[str, Any]:
        """两遍密码"""
        self.check_new("password", "again")
        return self.cleaned_data


def identity_of(text: str) -> str:
    """整理好的身份证号; the sentence if it is none."""
    number = clean_identity(text)
    if not number:
        raise ValidationError("身份证号不对，请照着身份证再核一遍，一共18个字。")
    return number


class ChangePasswordForm(NewPassword):
    """改密码"""

    current = secret("现在的密码", "请写现在的密码。", "current-password")
    password = secret("新密码", "请写新密码。", "new-password", help_text=PASSWORD_HELP)
    again = secret("新密码再写一遍", "请把新密码再写一遍。", "new-password")

    def clean(self) -> dict[str, Any]:
        """两遍密码，还要换个新的"""
        self.check_new("password", "again")
        if self.cleaned_data.get("password") and self.cleaned_data["password"] == self.cleaned_data.get(
            "current"
        ):
            self.add_error("password", "新密码和现在的一样，换一个。")
        return self.cleaned_data


class ChangePhoneForm(PortalForm):
    """换电话"""

    current = secret("密码", "请写密码。", "current-password")
    phone = phone_field("新手机号", "换好以后用新号登录。旧号会收到一条短信。")

    def clean_phone(self) -> str:
        """电话是数字"""
        return self.number_in("phone")


class ChangeEmailForm(PortalForm):
    """换邮箱"""

    email = forms.EmailField(
        label="邮箱",
        required=False,
        max_length=120,
        help_text="写了，进度也发一份到邮箱。空着就是不要。",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "邮箱要写全，比如 name@example.com。", "max_length": "邮箱写得太长了。"},
    )


class SecondPersonForm(PortalForm):
    """两人核实: why, and the work name and password that the second person writes on the spot."""

    reason = forms.ChoiceField(
        label="为什么重设",
        choices=list(RESET_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选为什么重设。", "invalid_choice": "请在列出的原因里选一个。"},
    )
    second = words(
        "第二个人的工作名",
        "请第二个人写工作名。",
        "off",
        help_text="所办负责人或督查，当面核实后自己写。",
        autocapitalize="none",
    )
    second_password = secret("第二个人的密码", "请第二个人写密码。", "off")

    @property
    def second_login(self) -> str:
        """第二个人的登录键"""
        return staff_login(self.cleaned_data["second"])


class ResetPasswordForm(SecondPersonForm):
    """窗口两人核实后重设村民密码"""

    field_order = ("phone", "identity")
    phone = phone_field("村民的登录电话")
    identity = words(
        "身份证号",
        "请看着身份证写号码。",
        "off",
        help_text="看着身份证原件写，不要问本人背。",
        spellcheck="false",
    )

    def clean_phone(self) -> str:
        """电话是数字"""
        return self.number_in("phone")

    def clean_identity(self) -> str:
        """身份证号校验得过"""
        return identity_of(self.cleaned_data["identity"])
