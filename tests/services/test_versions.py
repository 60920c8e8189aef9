"""事项版本的读取: once a process, whatever number of cases asks."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.versions import kept_versions


def test_a_version_is_read_once(world):
    item, other = world.item("SJ-002"), world.item("ZR-001")
    with CaptureQueriesContext(connection) as seen:
        found = kept_versions([item.current_id, item.current_id])
        again = kept_versions([item.current_id, other.current_id])

    assert len(seen) == 2
    assert found[item.current_id] is again[item.current_id]
    assert again[other.current_id].rules == other.current.rules
