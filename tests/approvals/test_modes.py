"""开通和交账的重复：what is sent a second time is written once."""

from datetime import timedelta

from approvals import actions
from approvals.models import ModeSwitch
from portal.clock import portal_now
from portal.models import Event
from services.definition import Citation, OnTimeout
from tests.conftest import TestClock
from tests.factories import at
from tests.world import World

RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
OTHER = Citation("示例省食品摊贩备案办法（虚构）", "第九条", "2026-01-05")


def test_switching_on_the_same_again_makes_no_version(world: World) -> None:
    item = world.item("SJ-002")
    first = actions.switch_on(item=item, target="item", mode=OnTimeout.RECORD, citation=RULE, by=world.pi)

    again = actions.switch_on(item=item, target="item", mode=OnTimeout.RECORD, citation=RULE, by=world.pi)

    assert again.pk == first.pk
    assert ModeSwitch.objects.filter(item=item).count() == 1
    other = actions.switch_on(item=item, target="item", mode=OnTimeout.RECORD, citation=OTHER, by=world.pi)
    assert other.number == first.number + 1


def test_reporting_the_same_again_writes_no_second_event(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "09:00"))
    now = portal_now()
    row = actions.delegate(
        post=world.post("chen"), deputy=world.wang, by=world.chen, starts_at=now, ends_at=now + timedelta(days=2), reason="公出"
    )
    reports = Event.objects.filter(stream=f"delegation:{row.number}", kind="delegation_reported")

    actions.report_back(delegation=row, by=world.wang, text="收了三件，都已受理")
    actions.report_back(delegation=row, by=world.wang, text=" 收了三件，都已受理 ")
    assert reports.count() == 1
    actions.report_back(delegation=row, by=world.wang, text="收了四件，都已受理")
    assert reports.count() == 2
