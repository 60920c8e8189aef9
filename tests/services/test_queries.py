"""办件的读：searching the catalogue, paging by code, who answers for an item"""

from typing import Any

import pytest

from services.models import ServiceItem
from services.queries import SAMPLE, find_items, item_page, responsible_post, tsquery
from tests.factories import at
from tests.world import World


def codes(world: World, **wanted: str) -> list[str]:
    """找到的编码"""
    return [item.code for item in find_items(world.township, **wanted)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("宅基地", "ZR-001"),
        ("摊贩", "SJ-002"),
        ("zjd", "ZR-001"),
        ("ZJD", "ZR-001"),
        ("宅基地 审批", "ZR-001"),
        ("zr-001", "ZR-001"),
        ("低保", "MZ-002"),
    ],
)
def test_search_finds_by_word_and_initials(world: World, query: str, code: str) -> None:
    assert code in codes(world, query=query)


@pytest.mark.parametrize("query", ["'", "a' | 'b", "!&|()", "\\", "' & !'", "宅'基", ":*", "%", "　"])
def test_search_takes_any_text(world: World, query: str) -> None:
    assert isinstance(codes(world, query=query), list)


def test_every_word_must_be_met(world: World) -> None:
    assert codes(world, query="宅基地 摊贩") == []


def test_words_are_quoted() -> None:
    assert tsquery(["a'b", "c\\d"]) == r"'a''b' & 'c\\d'"


def test_filters_narrow(world: World) -> None:
    for_collectives = codes(world, audience="村集体")
    at_forestry = codes(world, office="forestry")

    assert "MZ-011" in for_collectives
    assert "MZ-001" not in for_collectives
    assert at_forestry == ["LY-001", "LY-002"]


def test_pages_follow_each_other_and_lead_back(world: World) -> None:
    rows = find_items(world.township)
    first = item_page(rows)
    second = item_page(rows, after=first.after)
    third = item_page(rows, after=second.after)

    assert [len(page.items) for page in (first, second, third)] == [20, 20, 2]
    assert (first.before, third.after) == ("", "")
    assert item_page(rows, before=third.before).items == second.items
    assert item_page(rows, before=second.before).items == first.items
    assert item_page(rows, before=second.before).before == ""


def test_samples_stand_after_all_real_items_and_pages_still_meet(world: World, django_assert_num_queries: Any) -> None:
    real = codes(world)
    chosen = [real[0], real[20], real[21], real[41]]  # the first, two around the end of a page, the last
    for item in ServiceItem.objects.filter(township=world.township, code__in=chosen):
        ServiceItem.objects.filter(pk=item.pk).update(name=SAMPLE + item.name)
    wanted = [code for code in real if code not in chosen] + chosen
    rows = find_items(world.township)
    first = item_page(rows)
    second = item_page(rows, after=first.after)
    with django_assert_num_queries(1):
        third = item_page(rows, after=second.after)

    assert [item.code for page in (first, second, third) for item in page.items] == wanted
    assert item_page(rows, before=third.before).items == second.items
    assert item_page(rows, before=chosen[-1]).items == list(rows)[-21:-1]
    assert [item.code for item in item_page(rows, after=chosen[0]).items] == chosen[1:]


def test_window_is_the_one_that_serves_the_office(world: World) -> None:
    now = at("2026-11-23")

    land = responsible_post(world.item("ZR-001"), now)
    food = responsible_post(world.item("SJ-002"), now)

    assert land is not None and land.person == world.chen
    assert food is not None and food.person == world.wang
