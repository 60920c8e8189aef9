"""工作台的一行: drawn anew whenever anything it shows has changed, and only then."""

from datetime import timedelta

import pytest
from django.urls import set_script_prefix

from approvals.queries.desk import WorkRow
from approvals.views.queue import _drawn, draw_rows
from portal.calendars import current_calendar
from portal.limits import day_of, end_of_day
from portal.models import Delegation
from portal.permissions import Power
from tests.factories import at
from tests.world import World

NOON = at("2026-11-23", "12:00")
ROW = WorkRow(
    source=0, kind=1, id=1, due=end_of_day(day_of(NOON) + timedelta(days=4)), unit="workday",
    soon_on=day_of(NOON) + timedelta(days=4), key="decide", name="决定", step_kind="decide", length=5,
    provisional=False, paused=False, next_look_at=None, application_id=1, number="202611230001", applicant="安*例",
    state="deciding", item="食品摊贩<备案>", recused=False,
)  # fmt: skip


@pytest.fixture
def powers(world: World) -> list[Power]:
    _drawn.cache_clear()
    return [Power(world.post("zhen"))]


def drawn(powers: list[Power], row: WorkRow = ROW, now=NOON) -> str:
    return draw_rows([row], powers, current_calendar(), now)[0]


def test_the_same_row_is_drawn_once_a_day(powers: list[Power]) -> None:
    first = drawn(powers)

    assert drawn(powers, now=NOON + timedelta(hours=3)) is first
    assert _drawn.cache_info().misses == 1


def test_a_row_is_escaped_and_says_what_can_be_done(powers: list[Power]) -> None:
    row = drawn(powers)

    assert "食品摊贩&lt;备案&gt;" in row
    assert "<备案>" not in row
    assert "/desk/202611230001/decide/?step=decide" in row
    assert "本岗" in row


@pytest.mark.parametrize(
    "change",
    [
        {"due": None},
        {"due": end_of_day(day_of(NOON) + timedelta(days=3))},
        {"applicant": "柳*例"},
        {"state": "correcting"},
        {"provisional": True},
        {"recused": True},
        {"name": "审查"},
        {"length": 30},
        {"soon_on": day_of(NOON)},
        {"whole": end_of_day(day_of(NOON) + timedelta(days=2)), "whole_clock": "promised"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_changes_is_seen_at_once(powers: list[Power], change: dict) -> None:
    assert drawn(powers, ROW._replace(**change)) != drawn(powers)


def test_the_next_day_and_the_end_itself_are_seen(powers: list[Power]) -> None:
    assert ROW.due is not None
    last_moment = ROW.due - timedelta(seconds=1)

    assert drawn(powers, now=NOON + timedelta(days=1)) != drawn(powers)
    assert "超期" not in drawn(powers, now=last_moment)
    assert "超期" in drawn(powers, now=ROW.due)


def test_the_end_of_the_whole_case_turns_red_at_its_second(powers: list[Power]) -> None:
    end = end_of_day(day_of(NOON) + timedelta(days=2))
    row = ROW._replace(whole=end, whole_clock="promised")
    before, after = drawn(powers, row, end - timedelta(seconds=1)), drawn(powers, row, end)

    assert "整件先到期：11月25日" in before
    assert "/progress/202611230001/why/promised/" in before
    assert "整件超期" not in before
    assert "整件超期" in after
    assert "11月25日（星期三）到期" in after


def test_for_whom_and_under_which_address(powers: list[Power], world: World) -> None:
    own = drawn(powers)
    stood = [Power(world.post("zhen"), world.zhen, Delegation())]
    set_script_prefix("/t/qinghe/")
    try:
        there = drawn(powers)
    finally:
        set_script_prefix("/")

    assert f"代 {world.zhen.display_name}" in drawn(stood)
    assert "/t/qinghe/desk/202611230001/" in there
    assert "/t/qinghe/" not in own
