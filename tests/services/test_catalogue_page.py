"""找事项的页面"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.http import forget_townships
from services.models import ServiceItem
from services.queries import find_items, item_page, tsquery
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


def test_withdrawn_and_unpublished_items_are_not_shown(world: World) -> None:
    ServiceItem.objects.filter(township=world.township, code="ZR-001").update(current=None)

    assert "ZR-001" not in codes(world)
    assert Client().get("/items/ZR-001/").status_code == 404


def test_page_says_what_there_is(world: World) -> None:
    page = Client().get("/items/?q=宅基").content.decode()

    assert "农村村民宅基地用地审批" in page
    assert "承诺15个工作日" in page
    assert "食品摊贩备案" not in page


def test_empty_result_says_what_to_do(world: World) -> None:
    page = Client().get("/items/?q=火箭发射").content.decode()

    assert "没有找到“火箭发射”" in page
    assert "换个短一点的词" in page
    assert world.township.hotline in page


@pytest.mark.parametrize("address", ["/items/?q=%00", "/items/?after=%00&before=", "/items/?before=%27&office=%00"])
def test_odd_addresses_are_answered(world: World, address: str) -> None:
    assert Client().get(address).status_code == 200


def test_list_costs_the_same_with_one_row_and_with_twenty(world: World) -> None:
    Client().get("/items/")
    counts = []
    for address in ("/items/?q=摊贩", "/items/"):
        forget_townships()
        with CaptureQueriesContext(connection) as queries:
            Client().get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert not any("COUNT(" in query["sql"].upper() for query in queries)


def test_public_pages_may_be_cached(world: World) -> None:
    for address in ("/items/", "/items/ZR-001/"):
        response = Client().get(address)

        assert hasattr(response, "portal_cache_seconds")
        assert not response.cookies
