"""重复件：the later of two is linked to the earlier, and no default takes effect on it; the earlier one goes its way."""

import dataclasses

import pytest

from approvals import actions
from approvals.actions.linking import link_duplicate
from approvals.loading import fold_application
from approvals.models import ApplicationLink
from approvals.queries.links import candidates, links_of
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.models import Person
from services.definition import Citation, OnTimeout, Timeout
from services.importing import add_version
from services.models import Application
from tests.approvals.test_mandate import told
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

FILING = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")


@pytest.fixture
def two(world: World, clock: TestClock) -> tuple[Application, Application]:
    """同一个人同一件事交了两回，收讫即备案已开通"""
    clock(at("2026-11-02", "09:00"))
    item = world.item("SJ-002")
    assert item.current is not None
    rules = dataclasses.replace(item.current.rules, timeout=Timeout(OnTimeout.RECORD, OnTimeout.RECORD, FILING))
    item.current = add_version(item, rules, source_digest="x", by=None, note="开通")
    item.save()
    return file_application(world, "SJ-002"), file_application(world, "SJ-002")


def test_no_default_on_the_later_of_two(two: tuple[Application, Application], world: World, clock: TestClock) -> None:
    earlier, later = two
    assert candidates(later) == [earlier.number]

    link_duplicate(application=later, by=world.chen, earlier=earlier.number)

    clock(at("2026-11-06", "09:00"))
    for application in two:
        settle_application(application.pk)
    states = [fold_application(application, portal_now()) for application in two]
    assert [state.outcome for state in states] == ["recorded", ""]
    assert [effect.blocked_by for effect in states[1].effects if effect.kind == "escalate"] == ["与先前的申请重复"]
    assert [link.words for link in links_of(later)] == ["这一件和它重复"]
    assert [link.words for link in links_of(earlier)] == ["它和这一件重复"]
    assert told(later, "duplicate") == {"安示例"}


def test_only_the_later_of_two_of_one_matter_is_linked(two: tuple[Application, Application], world: World) -> None:
    earlier, later = two
    strangers, other_item = file_application(world, "SJ-002", by=world.fang), file_application(world, "ZR-001")

    with pytest.raises(InvalidInput, match="那一件在后"):
        link_duplicate(application=earlier, by=world.chen, earlier=later.number)
    for number in (strangers.number, other_item.number):
        with pytest.raises(InvalidInput, match="不算重复"):
            link_duplicate(application=later, by=world.chen, earlier=number)
    with pytest.raises(InvalidInput, match="没有这个编号"):
        link_duplicate(application=later, by=world.chen, earlier=later.number)
    with pytest.raises(NotAllowed):
        link_duplicate(application=later, by=world.deng, earlier=earlier.number)
    assert not ApplicationLink.objects.exists()


def test_one_household_files_once(two: tuple[Application, Application], world: World) -> None:
    Person.objects.filter(pk__in=[world.an.person_id, world.fang.person_id]).update(household_hash="h" * 64)
    third = file_application(world, "SJ-002", by=world.fang)

    actions.link_duplicate(application=third, by=world.chen, earlier=two[0].number)

    with pytest.raises(WrongState, match="已经登记为重复件"):
        actions.link_duplicate(application=third, by=world.chen, earlier=two[1].number)
