"""没有人干活时的情形：workers asleep for days, and two of them awake at once."""

from collections.abc import Iterator

import pytest

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.loading import load_events
from approvals.models import Card, Case, Decision, ResponsibilityRecord
from approvals.settling import settle_application
from portal.ledger import verify
from portal.models import Message
from services.definition import Citation, OnTimeout
from services.models import Application
from tests import children
from tests.conftest import CLONE, TestClock
from tests.factories import at, file_application
from tests.world import World, find_world

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")


def effects(application: Application) -> list[tuple[str, str]]:
    """写下的效果和各自生效的时刻"""
    events = load_events(application)
    return [(event.payload["key"], event.payload["at"]) for event in events if event.kind.startswith("effect_")]


def test_case_20_beat_down_for_three_days(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    swept, left = file_application(world, "LY-001"), file_application(world, "LY-001")
    for day in ("2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01"):
        clock(at(day, "09:01"))
        settle_application(swept.pk)
        if day < "2026-11-30":  # the other one is left alone from Saturday, over its end, to Thursday
            settle_application(left.pk)
    for day in ("2026-12-02", "2026-12-03"):
        clock(at(day, "09:01"))
        settle_application(swept.pk)

    settle_application(left.pk)
    settle_application(left.pk)

    assert effects(left) == effects(swept)
    written = dict(effects(left))
    assert len(written) == len(effects(left))  # each effect once
    assert written["intake#1:accept"] == "2026-11-30T16:00:00+00:00"  # 24:00 of Monday 30 November
    assert Case.objects.get(application=left).accepted_at == at("2026-12-01", "00:00")
    assert ResponsibilityRecord.objects.filter(case__application=left, mode="accept").count() == 1
    assert Card.objects.filter(case__application=left).count() == Card.objects.filter(case__application=swept).count()
    assert Message.objects.filter(subject_number=left.number, kind="deemed_accepted", channel="in_site").count() == 1


@pytest.fixture
def ended(clone: str) -> Iterator[Application]:
    """承诺期限已经到了，还没有谁写下来"""
    clock = TestClock(CLONE)
    clock(at("2026-11-23", "09:00"))
    world = find_world()
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    application = file_application(world, "SJ-002")
    actions.accept(application=application, by=world.wang)
    clock(at("2026-11-30", "08:00"))
    yield application


@pytest.mark.process
def test_case_21_two_workers_on_one_case(clone: str, ended: Application) -> None:
    first = children.start(clone, "settle", ended.number, slow="approvals.settling:_conclude", seconds=1.5)
    children.wait_ready(first)  # it holds the row and has not finished
    second = children.start(clone, "settle", ended.number)

    answers = [children.answer(first), children.answer(second)]

    assert answers == ["OK", "OK"]
    keys = [key for key, _at in effects(ended)]
    assert len(keys) == len(set(keys))
    assert keys.count("promised#1:record") == 1
    assert Decision.objects.get(case__application=ended).effective_at == at("2026-11-27", "00:00")
    assert Message.objects.filter(subject_number=ended.number, kind="deemed_recorded", channel="in_site").count() == 1
    assert verify(load_events(ended)) is None
