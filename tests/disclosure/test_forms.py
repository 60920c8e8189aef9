"""公开的表单：dates as people write them, refusals at their field."""

from datetime import date

import pytest

from disclosure.forms import NewNoticeForm, NoticeForm, ReviewForm, show_refusal
from portal.errors import InvalidInput, NotAllowed
from portal.models import Office
from tests.conftest import TestClock
from tests.factories import at
from tests.world import World

FILLED = {"title": "公示", "body": "正文"}


@pytest.mark.parametrize("typed", ["2026-9-29", "2026-09-29", "2026年9月29日", "2026/9/29", " 2026. 9. 29 "])
def test_a_day_may_be_written_as_people_do(world: World, clock: TestClock, typed: str) -> None:
    clock(at("2026-09-29", "23:59"))  # the last day itself may still be written
    form = NoticeForm({**FILLED, "ends_on": typed}, township=world.township)

    assert form.is_valid(), form.errors
    assert form.text().ends_on == date(2026, 9, 29)


@pytest.mark.parametrize("typed", ["九月", "2026-13-1", "9-29", "2026-9-29-1", "99999999-1-1"])
def test_no_day_is_guessed(world: World, typed: str) -> None:
    form = NoticeForm({**FILLED, "ends_on": typed}, township=world.township)

    assert form.errors["ends_on"] == ["日期要写成年、月、日，比如 2026-9-29"]


def test_a_day_that_has_passed_is_refused_unless_it_stands_on_the_board(world: World, clock: TestClock) -> None:
    clock(at("2026-11-25", "10:00"))
    typed = {**FILLED, "ends_on": "2026-11-1"}

    assert "这一天已经过去了" in NoticeForm(typed, township=world.township).errors["ends_on"][0]
    assert NoticeForm(typed, township=world.township, kept=date(2026, 11, 1)).is_valid()


def test_only_own_offices_and_villages_are_offered(world: World) -> None:
    other = Office.objects.filter(township=world.other).first()
    assert other is not None

    form = NewNoticeForm({**FILLED, "key": "k", "column": "fees", "office": other.pk}, township=world.township)

    assert form.errors["office"] == ["请从单子里选发布单位"]


def test_a_refusal_stands_at_its_field_or_on_top() -> None:
    form = ReviewForm({"note": ""})
    at_field = show_refusal(form, InvalidInput("退回要写清楚", fields={"note": ["退回要写清楚"]}))
    on_top = show_refusal(form, NotAllowed("这一步不归您"))

    assert (at_field, on_top) == (400, 403)
    assert form.errors["note"] == ["退回要写清楚"] and form.non_field_errors() == ["这一步不归您"]


def test_numbers_are_asked_for_only_where_some_were_found() -> None:
    assert "numbers_ok" not in ReviewForm().fields
    assert "numbers_ok" in ReviewForm(with_numbers=True).fields
