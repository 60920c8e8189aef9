"""网址标签：the same addresses as Django's own, kept by script prefix."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, set_script_prefix

from portal.templatetags.portal_tags import kept_url


@pytest.fixture(autouse=True)
def _fresh():
    kept_url.cache_clear()
    yield
    set_script_prefix("/")


def render(text, **words):
    return Template(text).render(Context(words))


def test_names_with_and_without_arguments():
    assert render("{% url 'portal:home' %}") == "/"
    assert render("{% url 'services:guide' code %}", code="ZR-001") == "/items/ZR-001/"
    assert render("{% url 'services:guide' code %}", code="SJ-002") == "/items/SJ-002/"


def test_each_township_under_its_own_prefix():
    assert render("{% url 'portal:contact' %}") == "/contact/"
    set_script_prefix("/t/bailu/")
    assert render("{% url 'portal:contact' %}") == "/t/bailu/contact/"


def test_an_address_is_worked_out_once():
    for _ in range(3):
        render("{% url 'portal:home' %}")
    assert kept_url.cache_info().misses == 1


def test_as_a_variable_an_unknown_name_is_empty_else_an_error():
    assert render("{% url 'portal:nowhere' as there %}[{{ there }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        render("{% url 'portal:nowhere' %}")


def test_what_stands_in_an_address_is_escaped():
    assert "<" not in render("{% url 'services:guide' code %}", code="<b>&")
