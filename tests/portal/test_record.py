"""台账：append-only in the database, chained, and refused when committed after the act's own end."""

from datetime import timedelta

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from portal import ledger
from portal.clock import portal_now, read_clock
from portal.ledger import Entry
from portal.models import Event
from tests.conftest import TestClock, superuser_url
from tests.factories import at
from tests.world import World


def append(world: World, *entries: Entry) -> list[Event]:
    """记几条"""
    return ledger.append(township=world.township, stream="test", entries=list(entries), after=None, clock=read_clock())


@pytest.mark.parametrize(
    "statement", ["UPDATE portal_event SET kind = 'x'", "DELETE FROM portal_event", "TRUNCATE portal_event CASCADE"]
)
def test_nobody_changes_the_ledger(world: World, statement: str) -> None:
    append(world, Entry("one"))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_even_the_owner_is_refused_by_the_trigger() -> None:
    superuser = psycopg2.connect(superuser_url())
    with pytest.raises(psycopg2.Error, match="append-only"):
        superuser.cursor().execute("TRUNCATE portal_event CASCADE")
    superuser.close()


def test_the_chain_names_the_first_event_that_does_not_fit(world: World) -> None:
    events = append(world, Entry("one", {"a": 1}), Entry("two"), Entry("three"))
    assert ledger.verify(events) is None

    events[1].payload = {"a": 2}
    assert ledger.verify(events) == 2
    assert ledger.verify([events[0], events[2]]) == 2


def test_a_commit_after_the_acts_own_end_is_refused(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23"))
    end = portal_now() + timedelta(minutes=1)

    with pytest.raises(DatabaseError, match="limit of this act ended"), transaction.atomic():
        append(world, Entry("late", valid_before=end))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0)")
        superuser = psycopg2.connect(superuser_url())
        superuser.autocommit = True
        superuser.cursor().execute("UPDATE portal_clock_shift SET shift = shift + interval '2 minutes'")
        superuser.close()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_runtime_role_cannot_touch_the_clock(world: World) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE portal_clock_shift SET shift = '1 day'")
