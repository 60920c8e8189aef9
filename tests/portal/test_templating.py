"""页面模板：what every page may use, what is escaped, and what is an error."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.urls import NoReverseMatch, set_script_prefix

from approvals.pages.deadlines import Cell
from portal.templating import kept_url

MOMENT = datetime(2026, 9, 16, 2, 24, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh():
    kept_url.cache_clear()
    yield
    set_script_prefix("/")


def render(template, request=None, **words):
    return str(engines["pages"].from_string(template).render(words, request))


def test_names_with_and_without_arguments():
    assert render("{{ url('portal:home') }}") == "/"
    assert render("{{ url('services:guide', code) }}", code="ZR-001") == "/items/ZR-001/"
    assert render("{{ url('services:guide', code) }}", code="SJ-002") == "/items/SJ-002/"


def test_each_township_under_its_own_prefix():
    assert render("{{ url('portal:contact') }}") == "/contact/"
    set_script_prefix("/t/bailu/")
    assert render("{{ url('portal:contact') }}") == "/t/bailu/contact/"


def test_an_address_is_worked_out_once():
    for _ in range(3):
        render("{{ url('portal:home') }}")
    assert kept_url.cache_info().misses == 1


def test_an_unknown_address_is_an_error():
    with pytest.raises(NoReverseMatch):
        render("{{ url('portal:nowhere') }}")


@pytest.mark.parametrize(
    "text", ["{{ name }}", "{{ name|default('没有') }}", "{{ show_light(name) }}", "{{ show_phone(name) }}"]
)
def test_what_people_wrote_is_escaped(text):
    page = render(text, name="<b>&\"'")
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


def test_lines_become_breaks_and_the_rest_is_escaped():
    assert render("{{ text|linebreaksbr }}", text="<b>\n二") == "&lt;b&gt;<br>二"


def test_what_is_absent_is_empty():
    assert render("[{{ a.b.c }}{% if a.b %}x{% endif %}{% for one in a.b %}x{% endfor %}]") == "[]"
    assert render("{{ a|default('没有填') }}{{ ''|default('空') }}{{ 3|default('零') }}") == "没有填空3"


def test_a_method_that_nobody_called_is_an_error():
    with pytest.raises(TypeError, match="没有调用"):
        render("{{ name.upper }}", name="a")


def test_dates_are_local():
    assert (
        render("{{ at|cn_datetime }} {{ at|date('H:i') }}", at=MOMENT) == "2026年9月16日（星期三）10:24 10:24"
    )


def test_a_view_stands_over_what_every_page_has(rf):
    request = rf.get("/")
    request.user, request.township = AnonymousUser(), "青禾镇"
    assert render("{{ township }}", request) == "青禾镇"
    assert render("{{ township }}", request, township="白鹭乡") == "白鹭乡"


def test_marks_say_it_in_shape_and_word():
    light = render("{{ show_light('临期', '剩1天') }}")
    assert "#triangle" in light
    assert light.endswith("剩1天</span>")
    assert render("{{ show_number('H7K4M9R62') }}").count("<span>") == 3
    cells = [Cell(1, "gone"), Cell(2, "promised")]
    assert 'class="gone">1<' in render("{{ show_cells(cells) }}", cells=cells)
    assert 'class="promised"></li>' in render("{{ show_cells(cells, 'mini') }}", cells=cells)


def test_all_forms_of_a_page_carry_one_token(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    first, second = render("{{ csrf_input }}|{{ csrf_input }}", request).split("|")
    assert first == second
    assert first.startswith('<input type="hidden" name="csrfmiddlewaretoken" value="')
    assert first != render("{{ csrf_input }}", request)
