"""结算：defaults are dated by the clock, written once, whoever wakes when."""

from datetime import date

import pytest

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.models import Case, Decision, PublicResult, ResponsibilityRecord
from approvals.settling import settle_application
from portal.errors import DeadlinePassed, WrongState
from portal.models import PostHolding
from services.definition import Citation, OnTimeout
from services.models import Application
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """食品摊贩备案，2026-11-23（周一）10:00 交齐，承诺3个工作日"""
    clock(at("2026-11-23", "09:00"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    clock(at("2026-11-23", "10:00"))
    return file_application(world, "SJ-002")


def test_filing_opens_a_case_with_its_clocks(stall: Application) -> None:
    case = Case.objects.get(application=stall)

    assert stall.state == "submitted"
    assert case.promised_due_at == at("2026-11-27", "00:00")  # Thursday 26 November, 24:00
    assert case.due_at == case.promised_due_at


def test_default_is_dated_by_the_clock(stall: Application, clock: TestClock) -> None:
    clock(at("2026-11-30", "08:00"))

    settle_application(stall.pk)
    settle_application(stall.pk)

    decision = Decision.objects.get(case__application=stall)
    stall.refresh_from_db()
    assert stall.state == "recorded"
    assert (decision.manner, decision.effective_at) == ("deemed", at("2026-11-27", "00:00"))
    assert decision.recorded_at > at("2026-11-30", "08:00")
    assert decision.counts_from == at("2026-11-23").date()
    assert ResponsibilityRecord.objects.filter(case__application=stall, mode="record").count() == 1
    assert PublicResult.objects.filter(number=stall.number, manner="deemed").count() == 1


def test_a_correction_one_second_late_is_refused_and_the_settling_stays(
    stall: Application, world: World, clock: TestClock
) -> None:
    clock(at("2026-11-27", "00:00:01"))

    with pytest.raises(DeadlinePassed, match="收讫即备案"):
        actions.correct(application=stall, by=world.wang, points=[(stall.rules.materials[0].key, "看不清")])

    stall.refresh_from_db()
    assert stall.state == "recorded"


def test_a_post_handed_over_in_the_last_tenth_names_both(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    house = file_application(world, "ZR-001")  # promised through Monday 23 November; day 14 is Friday the 20th
    actions.accept(application=house, by=world.chen)
    post = world.post("fang")
    PostHolding.objects.filter(post=post).update(ends_on=date(2026, 11, 6))
    PostHolding.objects.create(post=post, user=world.deng, starts_on=date(2026, 11, 7))
    clock(at("2026-11-10", "08:00"))  # the site visit of five working days ended with Monday the 9th, its day 5

    settle_application(house.pk)

    record = ResponsibilityRecord.objects.get(case__application=house, clock="site-visit")
    assert (record.user, record.previous_user) == (world.deng, None)
    clock(at("2026-11-24", "08:00"))
    PostHolding.objects.filter(post=post, user=world.deng).update(ends_on=date(2026, 11, 21))
    PostHolding.objects.create(post=post, user=world.fang, starts_on=date(2026, 11, 22))
    settle_application(house.pk)
    promised = ResponsibilityRecord.objects.get(case__application=house, clock="promised")
    assert (promised.user, promised.previous_user) == (world.fang, world.deng)


def test_a_correction_comes_too_late_once_the_promise_of_a_filing_has_ended(
    stall: Application, world: World, clock: TestClock
) -> None:
    actions.repeal(title=RECORD_RULE.title, last_day=at("2026-11-24").date(), source="示例县公告（虚构）", by=world.pi)
    clock(at("2026-11-27", "09:00"))  # the third working day was the 26th; intake runs to the 30th

    with pytest.raises(DeadlinePassed, match="承诺期限已届满"):
        actions.correct(application=stall, by=world.wang, points=[(stall.rules.materials[0].key, "看不清")])

    stall.refresh_from_db()
    assert stall.state == "submitted"


def test_a_repeal_registered_late_takes_nothing_back(stall: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-30", "09:00"))
    actions.repeal(title=RECORD_RULE.title, last_day=at("2026-11-01").date(), source="示例县公告（虚构）", by=world.pi)

    settle_application(stall.pk)

    stall.refresh_from_db()
    assert stall.state == "recorded"
    clock(at("2026-12-01", "09:00"))
    with pytest.raises(WrongState, match="已经失效"):
        actions.repeal(title=RECORD_RULE.title, last_day=at("2027-01-01").date(), source="示例县公告（虚构）", by=world.pi)
