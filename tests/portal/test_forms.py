"""账号的表：every refusal is the same sentence at the field, and autocomplete tokens help the hand."""

import pytest
from django import forms
from django.test import RequestFactory

from portal.errors import TooManyAttempts
from portal.forms import ChangePhoneForm, ResetPasswordForm, SignInForm, SignUpForm, offer
from portal.sign_in import staff_login, villager_login


@pytest.fixture
def request_here(rf: RequestFactory, world):
    """青禾镇的一次请求"""
    request = rf.get("/")
    request.township = world.township
    return request


def test_sign_in_form_knows_whose_name_it_is(request_here):
    def login(name: str) -> str:
        form = SignInForm(request_here, {"name": name, "password": "x"})
        assert form.is_valid()
        return form.login

    assert login("0000-555 0001") == villager_login("00005550001")
    assert login("Chen") == staff_login("chen")


def test_password_keeps_its_spaces(request_here):
    form = SignInForm(request_here, {"name": "chen", "password": " a b "})

    assert form.is_valid()
    assert form.cleaned_data["password"] == " a b "


def test_villages_are_those_of_the_township_by_name(request_here):
    text = str(SignUpForm(request_here)["village"])

    assert "柳湾村" in text
    assert "请选一个村" in text


@pytest.mark.parametrize(
    ("form", "field", "token"),
    [
        (SignInForm, "name", "username"),
        (SignInForm, "password", "current-password"),
        (SignUpForm, "name", "name"),
        (SignUpForm, "phone", "tel"),
        (SignUpForm, "password", "new-password"),
        (ChangePhoneForm, "current", "current-password"),
        (ResetPasswordForm, "second_password", "off"),
    ],
)
def test_fields_say_what_the_browser_may_fill_in(request_here, form, field, token):
    assert f'autocomplete="{token}"' in str(form(request_here)[field])


def test_refusal_lands_in_the_summary_with_its_status(request_here):
    form = SignInForm(request_here, {"name": "chen", "password": "x"})
    form.refuse(TooManyAttempts("请过15分钟再试。"))

    assert (form.status, form.non_field_errors()) == (429, ["请过15分钟再试。"])


def test_too_long_is_said_in_chinese(request_here):
    form = SignInForm(request_here, {"name": "长" * 61, "password": "x" * 201})

    assert form.errors == {"name": ["写得太长了，最多60个字。"], "password": ["密码太长了，最多200个字。"]}


def test_what_may_be_chosen_is_filled_in_where_the_field_is_one_of_choices() -> None:
    class Asked(forms.Form):
        who = forms.ChoiceField()
        name = forms.CharField()

    asked = Asked({"who": "b", "name": "x"})
    offer(asked, "who", [("a", "甲"), ("其他", [("b", "乙")])])

    assert asked.is_valid()
    with pytest.raises(AssertionError):
        offer(asked, "name", [("a", "甲")])
