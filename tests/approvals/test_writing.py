"""一次写：a refused act keeps the settling, a broken clock is refused, nobody is told twice."""

from datetime import timedelta

import pytest

from approvals import actions
from approvals.models import Case
from approvals.settling import settle
from approvals.writing import Work, _clamped, open_work, perform
from portal.clock import Reading, portal_now
from portal.errors import InvalidInput, WrongState
from portal.models import Event, Message
from tests.conftest import TestClock
from tests.factories import at, file_application, make_draft
from tests.world import World


def refuse(work: Work) -> None:
    """总是拒绝的动作"""
    work.record()
    raise InvalidInput("不行。")


def test_a_refused_act_keeps_the_settling(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02"))
    house = file_application(world, "ZR-001")
    clock(at("2026-11-10"))

    with pytest.raises(InvalidInput):
        perform(house.pk, refuse, settle)

    house.refresh_from_db()
    assert (house.state, Case.objects.get(application=house).accepted_at) == ("accepted", at("2026-11-10", "00:00"))


def test_a_draft_has_no_case(world: World) -> None:
    work = open_work(make_draft(world, "SJ-002").pk)

    with pytest.raises(WrongState, match="还没有提交"):
        _ = work.opened


def test_a_clock_a_little_behind_is_clamped_and_more_is_refused(world: World) -> None:
    now = portal_now()
    last = [Event(recorded_at=now)]

    assert _clamped(Reading(now - timedelta(seconds=1), False), last).at == now
    assert _clamped(Reading(now, True), []).at == now
    with pytest.raises(RuntimeError, match="behind the ledger"):
        _clamped(Reading(now - timedelta(seconds=3), False), last)


def test_nobody_is_told_the_same_thing_of_one_event_twice(world: World) -> None:
    house = file_application(world, "ZR-001")
    work = open_work(house.pk)
    event = work.events[-1]

    work.tell(event, "card_red", [world.chen.pk, None, world.chen.pk])
    work.tell(event, "card_red", [world.chen.pk])
    work.tell(event, "card_yellow", [world.chen.pk])

    work.flush()
    told = Message.objects.filter(event=event, recipient=world.chen, kind__startswith="card_").order_by("pk")
    assert [message.kind for message in told] == ["card_red", "card_yellow"]


def test_the_clock_is_read_after_the_lock(world: World) -> None:
    house = file_application(world, "ZR-001")
    before = portal_now()

    assert open_work(house.pk).clock.at >= before
    actions.accept(application=house, by=world.chen)
