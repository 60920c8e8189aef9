"""巡查：late, twice, two at once, and past a case that cannot be settled – always the same rows."""

import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from django.db import connections

from approvals import sweeping
from approvals.actions.modes import switch_on
from approvals.models import Case, Decision, SweepFailure
from approvals.writing import Work
from portal.clock import portal_now
from portal.models import Event, Heartbeat
from services.definition import Citation, OnTimeout
from services.models import Application
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")


def stalls(world: World, clock: TestClock, count: int) -> list[Application]:
    """几件食品摊贩备案，2026-11-23 交齐，26日24时收讫即备案"""
    clock(at("2026-11-23", "09:00"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    clock(at("2026-11-23", "10:00"))
    return [file_application(world, "SJ-002") for _ in range(count)]


def legal_rows() -> list[tuple[object, ...]]:
    """台账和结果里有法律意义的东西"""
    events = Event.objects.filter(stream__startswith="case:").order_by("stream", "sequence")
    return [
        *events.values_list("stream", "sequence", "kind", "payload"),
        *Decision.objects.order_by("pk").values_list("outcome", "manner", "effective_at", "counts_from"),
    ]


def test_a_late_sweep_writes_the_legal_instant_and_a_second_one_nothing(world: World, clock: TestClock) -> None:
    filed = stalls(world, clock, 3)
    clock(at("2026-11-30", "08:00"))

    assert sweeping.sweep() == 3
    first = legal_rows()
    assert sweeping.sweep() == 0

    assert legal_rows() == first
    found = Decision.objects.filter(case__application__in=filed).values_list("effective_at", flat=True)
    assert set(found) == {at("2026-11-27", "00:00")}
    assert Heartbeat.objects.get(name="sweep").detail == {"settled": 0}


def test_a_bad_case_stands_alone_and_backs_off(world: World, clock: TestClock, monkeypatch: pytest.MonkeyPatch) -> None:
    filed = stalls(world, clock, 5)
    bad = filed[2].pk
    clock(at("2026-11-30", "08:00"))
    settle_one = sweeping._settle_one

    def fail(work: Work, now: datetime) -> None:
        if work.application.pk == bad:
            raise LookupError("乡镇没有站所")
        settle_one(work, now)

    monkeypatch.setattr(sweeping, "_settle_one", fail)
    assert sweeping.sweep() == 4

    case = Case.objects.get(application=bad)
    wait = case.next_look_at - portal_now()
    assert case.failures == 1
    assert timedelta(seconds=50) < wait <= timedelta(minutes=1)
    assert SweepFailure.objects.get(case=case).error == "LookupError: 乡镇没有站所"
    assert sweeping.sweep() == 0

    monkeypatch.undo()
    clock(at("2026-11-30", "08:02"))
    assert sweeping.sweep() == 1
    case.refresh_from_db()
    assert case.failures == 0
    assert sweeping.open_failures() == 0
    assert Decision.objects.get(case=case).effective_at == at("2026-11-27", "00:00")


@pytest.mark.process
def test_two_sweeps_at_once_do_each_case_once(
    clone: str, django_db_blocker: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.world import find_world

    with django_db_blocker.unblock():  # type: ignore[attr-defined] # pytest-django's blocker
        clock = TestClock("portal_clone")
        stalls(find_world(), clock, 12)
        clock(at("2026-11-30", "08:00"))
        connections.close_all()
        command = [sys.executable, "-c", "import django; django.setup(); from approvals.sweeping import sweep; print(sweep())"]
        environment = {**os.environ, "DATABASE_URL": clone, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        running = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        counts = [int(process.communicate(timeout=60)[0].splitlines()[-1]) for process in running]

        assert sum(counts) == 12
        assert Decision.objects.count() == 12
        assert not SweepFailure.objects.exists()
