"""一批写: one statement a table, ids that name rows before they are written, and nothing twice."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.batch import look
from approvals.models import Case
from approvals.settling import settle
from approvals.sweeping import sweep
from approvals.writing import open_works
from portal.models import Event, Message, Township
from services.models import Application
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World


def test_ids_rise_and_are_never_given_twice(world: World) -> None:
    batch = look(events=2, cases=1)

    given = [batch.next_id(Event), *batch.next_ids(Event, 3), batch.next_id(Event)]

    assert given == sorted(set(given))
    assert batch.next_id(Case) > 0
    assert min(look(events=1).next_ids(Event, 1)) > max(given)


def test_changes_of_one_row_are_one_change(world: World) -> None:
    batch = look(events=0)
    batch.change(Township, world.township.pk, {"name": "一"})
    batch.change(Township, world.township.pk, {"hotline": "二"})
    batch.change(Township, world.other.pk, {"name": "三"})

    with CaptureQueriesContext(connection) as seen:
        batch.write()
        batch.write()

    assert len(seen) == 2  # two sets of columns; the second time nothing is left
    assert list(Township.objects.order_by("pk").values_list("name", "hotline")) == [
        ("一", "二"),
        ("三", world.other.hotline),
    ]


def test_a_sweep_sends_as_many_statements_for_twelve_cases_as_for_three(world: World, clock: TestClock) -> None:
    counts = []
    for filed, day in ((3, "2026-11-02"), (12, "2026-11-16")):
        clock(at(day))
        for _ in range(filed):
            file_application(world, "ZR-001")
        clock(at(day).replace(day=at(day).day + 8))
        with CaptureQueriesContext(connection) as seen:
            assert sweep() >= filed
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_works_come_in_the_order_asked_and_share_one_clock(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02"))
    ids = [file_application(world, code).pk for code in ("ZR-001", "ZR-002", "ZR-001")][::-1]
    clock(at("2026-11-10"))

    works = open_works(ids)
    for work in works:
        settle(work)
    works[0].flush()

    assert [work.application.pk for work in works] == ids
    assert len({work.clock.at for work in works}) == 1
    assert set(Application.objects.filter(pk__in=ids).values_list("state", flat=True)) == {"accepted"}
    assert Message.objects.filter(event__stream=f"case:{works[0].application.number}", kind="deemed_accepted").count() == 3
    assert not any(work.unwritten for work in open_works(ids))
