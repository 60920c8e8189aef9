"""量巡查: the least writes exactly the rows a sweep writes, under the other batch's keys, and new rows go on after them."""

import psycopg2
import pytest

from approvals.actions.modes import switch_on
from approvals.models import Case, Decision, PublicResult, ResponsibilityRecord, Step
from approvals.sweeping import sweep
from portal.bench import data, due, least
from portal.bench.least import Batch
from portal.models import Event, Message
from services.definition import Citation, OnTimeout
from services.models import Application
from tests.conftest import CLONE, TestClock, superuser_url
from tests.factories import at, file_application
from tests.world import find_world

pytestmark = pytest.mark.process


@pytest.fixture
def superuser(clone, django_db_blocker):
    """拷贝库的超级用户, past triggers and foreign keys."""
    with django_db_blocker.unblock():
        opened = psycopg2.connect(superuser_url(CLONE))
        opened.autocommit = True
        cursor = opened.cursor()
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        opened.close()


def rows_of(batch, marks):
    """巡查（或最少）为这一批写下的, without ids, numbers and instants of recording."""
    cases = range(batch.case, batch.case + batch.size)
    streams = [f"case:{case.application.number}" for case in Case.objects.filter(pk__in=cases).select_related("application")]
    found = Case.objects.filter(pk__in=cases).order_by("pk")
    return {
        "cases": list(found.values_list("outcome", "manner", "closed_at", "next_look_at")),
        "events": sorted(
            Event.objects.filter(stream__in=streams, pk__gt=marks[Event]).values_list("kind", "sequence", "payload__key")
        ),
        "messages": sorted(
            Message.objects.filter(event__stream__in=streams, pk__gt=marks[Message]).values_list("kind", "channel", "recipient")
        ),
        **{
            model.__name__: model.objects.filter(case__in=cases, pk__gt=marks[model]).count()
            for model in (Step, Decision, PublicResult, ResponsibilityRecord)
        },
    }


def copy(cursor, originals, count):
    """抄一批到期的; the originals themselves stay out of the sweep's sight."""
    application = max(Application.objects.values_list("pk", flat=True)) + 1
    case = max(Case.objects.values_list("pk", flat=True)) + 1
    Case.objects.filter(application__in=originals).update(next_look_at=at("2026-11-25"))
    data.copy_cases(cursor, originals, count, points=False)
    Case.objects.filter(application__in=originals).update(next_look_at=None)
    return Batch(application, case, count)


def test_the_least_writes_what_the_sweep_writes(superuser):
    clock, world = TestClock(CLONE), find_world()
    clock(at("2026-05-06"))
    rule = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=rule, by=world.pi)
    clock(at("2026-11-25"))
    originals = due.make_originals(clock, world.an)
    first = copy(superuser, originals, 8)
    before = least.marks(superuser)
    assert sweep() == 8
    swept = rows_of(first, before)
    second = copy(superuser, originals, 8)
    least.prepare(superuser, before, first, second)
    middle = least.marks(superuser)

    least.write()
    least.clear(superuser)

    assert rows_of(second, middle) == swept
    assert swept["Decision"] == 4
    assert swept["Step"] > 0
    assert file_application(world, "ZR-001").pk  # new rows go on after those of the least
