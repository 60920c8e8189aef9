"""作决定：a refusal and its reasons, who may not decide, and deputies."""

from datetime import timedelta
from typing import Any

import pytest

from approvals import actions
from approvals.models import Decision, Step
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.models import Relation
from services.models import Application
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """等着决定的摊贩备案"""
    clock(at("2026-11-02", "09:00"))
    application = file_application(world, "SJ-002")
    actions.accept(application=application, by=world.wang)
    return application


def decider(application: Application, world: World) -> Any:
    """这件该谁决定"""
    step = Step.objects.get(case__application=application, kind="decide")
    assert step.post is not None
    return step.post.holdings.get().user


@pytest.mark.parametrize(
    ("facts", "basis", "words"),
    [("", "某法第一条", "事实和理由"), ("摊位在禁止区域内", "", "法律依据"), ("不行", "某法第一条", "事实和理由")],
)
def test_a_refusal_without_reason_is_refused(
    stall: Application, world: World, facts: str, basis: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        actions.decide(application=stall, by=decider(stall, world), outcome="refuse", facts=facts, legal_basis=basis)

    assert not Decision.objects.filter(case__application=stall).exists()


def test_a_refusal_carries_its_remedies(stall: Application, world: World) -> None:
    reasons = {"facts": "摊位在学校门口五十米内", "legal_basis": "示例省食品摊贩条例第八条"}

    actions.decide(application=stall, by=decider(stall, world), outcome="refuse", **reasons)

    decision = Decision.objects.get(case__application=stall)
    assert (decision.outcome, decision.remedies) == (
        "refused",
        ["60日内向示例县人民政府申请行政复议", "6个月内向示例县人民法院提起行政诉讼"],
    )


def test_nobody_decides_twice(stall: Application, world: World) -> None:
    by = decider(stall, world)
    actions.decide(application=stall, by=by, outcome="approve")

    with pytest.raises(WrongState, match="已经有结果"):
        actions.decide(application=stall, by=by, outcome="approve")


def test_a_stranger_may_not_decide(stall: Application, world: World) -> None:
    for by in (world.chen, world.an, world.chenb, world.gao):
        with pytest.raises(NotAllowed):
            actions.decide(application=stall, by=by, outcome="approve")


def test_a_relative_may_not_decide(stall: Application, world: World) -> None:
    by = decider(stall, world)
    Relation.objects.create(person=by.person, relative=world.an.person, kind="姐弟")

    with pytest.raises(NotAllowed, match="回避"):
        actions.decide(application=stall, by=by, outcome="approve")


def test_a_deputy_may_not_decide_their_own_case(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    own = file_application(world, "SJ-002", by=world.fang)
    actions.accept(application=own, by=world.wang)
    holder = decider(own, world)
    post = Step.objects.get(case__application=own, kind="decide").post
    assert post is not None
    now = portal_now()
    actions.delegate(
        post=post, deputy=world.fang, by=holder, starts_at=now, ends_at=now + timedelta(days=3), reason="外出开会"
    )
    clock(at("2026-11-02", "10:00"))

    with pytest.raises(NotAllowed, match="回避"):
        actions.decide(application=own, by=world.fang, outcome="approve")


def test_a_deputy_acts_for_the_holder_and_loses_the_power_at_once(
    stall: Application, world: World, clock: TestClock
) -> None:
    holder = decider(stall, world)
    post = Step.objects.get(case__application=stall, kind="decide").post
    assert post is not None
    now = portal_now()
    delegation = actions.delegate(
        post=post, deputy=world.fang, by=holder, starts_at=now, ends_at=now + timedelta(days=3), reason="外出开会"
    )
    other = file_application(world, "SJ-002")
    actions.accept(application=other, by=world.wang)

    actions.decide(application=stall, by=world.fang, outcome="approve")
    actions.revoke_delegation(delegation=delegation, by=holder)

    assert Decision.objects.get(case__application=stall).on_behalf_of == holder
    with pytest.raises(NotAllowed):
        actions.decide(application=other, by=world.fang, outcome="approve")


def test_deputies_make_no_chain_and_are_not_both_away(world: World) -> None:
    now = portal_now()
    span = {"starts_at": now, "ends_at": now + timedelta(days=3), "reason": "外出开会"}
    actions.delegate(post=world.post("chen"), deputy=world.wang, by=world.chen, **span)

    with pytest.raises(WrongState, match="正代理别人"):
        actions.delegate(post=world.post("wang"), deputy=world.zhou, by=world.wang, **span)
    with pytest.raises(WrongState, match="同时不在"):
        actions.delegate(post=world.post("zhou"), deputy=world.chen, by=world.zhou, **span)
    with pytest.raises(InvalidInput, match="代理自己"):
        actions.delegate(post=world.post("zhou"), deputy=world.zhou, by=world.zhou, **span)
