"""找事项的页面"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.http import forget_townships
from services.models import ServiceItem
from tests.world import World


def test_withdrawn_and_unpublished_items_are_not_shown(world: World) -> None:
    ServiceItem.objects.filter(township=world.township, code="ZR-001").update(current=None)

    assert "农村村民宅基地" not in Client().get("/items/?q=宅基").content.decode()
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


def test_where_not_every_word_is_met_what_comes_near_is_shown(world: World) -> None:
    page = Client().get("/items/?q=宅基火箭").content.decode()

    assert "没有找到“宅基火箭”" in page
    assert "差不多的有这些" in page
    assert "农村村民宅基地用地审批" in page
    assert "食品摊贩备案" not in page


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
    # What waits to be sent is counted on its own small index, once for all pages of five seconds.
    own = [query["sql"].upper() for query in queries if "portal_message" not in query["sql"]]
    assert len(own) >= len(queries) - 1
    assert not any("COUNT(" in sql for sql in own)


def test_public_pages_may_be_cached(world: World) -> None:
    for address in ("/items/", "/items/ZR-001/"):
        response = Client().get(address)

        assert hasattr(response, "portal_cache_seconds")
        assert not response.cookies
