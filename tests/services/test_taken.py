"""实际用了多久的说法：what is said, and when nothing can be said yet."""

from datetime import date

import pytest

from services.actions import keep_taken
from services.models import ServiceItem
from services.queries import taken_times
from services.taken import LEAST, Taken, within
from tests.world import World

ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        (Taken(128, 7, 12, ON), "最近一年办过的128件，一半7个工作日内有结果，九成12个工作日内有结果"),
        (Taken(10, 0, 1, ON), "最近一年办过的10件，一半当天有结果，九成1个工作日内有结果"),
        (Taken(9, 3, 4, ON), "最近一年只办过9件，说不准要多久"),
        (Taken(0, None, None, ON), "最近一年还没有办过，说不准要多久"),
    ],
)
def test_what_is_said(taken: Taken, words: str) -> None:
    assert taken.short == words
    assert words in taken.sentence
    assert ("满10件再说" in taken.sentence) == (taken.cases < LEAST)
    assert ("补过材料的从补齐那天数起；依法停表的日子也算在内" in taken.sentence) == taken.is_known


def test_no_day_is_the_same_day() -> None:
    assert [within(days) for days in (None, 0, 1)] == ["当天", "当天", "1个工作日内"]


@pytest.mark.django_db
def test_figures_are_kept_with_the_items_and_written_only_when_they_change(world: World) -> None:
    item, few = world.item("ZR-001"), world.item("SJ-002")
    measured = {item.pk: Taken(40, 9, 14, ON), few.pk: Taken(3, 1, 2, ON)}

    assert world.item("ZR-001").taken is None
    assert keep_taken(measured, on=ON) == ServiceItem.objects.count()
    assert keep_taken(measured, on=ON) == 0
    assert keep_taken({**measured, item.pk: Taken(41, 9, 14, ON)}, on=ON) == 1

    kept = taken_times(world.township.pk)
    assert kept[item.pk] == world.item("ZR-001").taken == Taken(41, 9, 14, ON)
    assert kept[few.pk] == Taken(3, None, None, ON)  # too few for a share
    assert world.item("MZ-001").taken == Taken(0, None, None, ON)
