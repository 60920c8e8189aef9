"""公开栏的边上：read once for as long as a page is kept, and anew once something may have changed."""

from datetime import timedelta

import pytest

from disclosure.queries.wall import wall
from portal import pagecache
from portal.clock import portal_now
from portal.models import Village


@pytest.fixture
def kept(settings):
    settings.PAGE_CACHE_SECONDS = 5
    pagecache.clear()
    yield
    pagecache.clear()


def test_the_wall_names_villages_columns_and_the_neighbour(world):
    found = wall(world.township, portal_now(), None)
    assert [village.name for village in found.villages] == ["柳湾村", "石桥村"]
    assert [other.name for other in found.others] == ["白鹭乡"]
    assert found.month.closed == 0


def test_the_wall_is_read_once_for_each_township(world, kept, django_assert_num_queries):
    now = portal_now()
    first = wall(world.township, now, now + timedelta(minutes=1))
    with django_assert_num_queries(0):
        assert wall(world.township, now, now + timedelta(minutes=1)) is first
    assert wall(world.other, now, None).others == [world.township]


def test_nothing_is_kept_while_something_is_behind(world, kept):
    now = portal_now()
    assert len(wall(world.township, now, now).villages) == 2
    Village.objects.create(township=world.township, slug="new", name="新村")
    assert len(wall(world.township, now, now).villages) == 3
