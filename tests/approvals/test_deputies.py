"""职位代理和第二签字人：how far a power reaches – over whose posts, in which township, and never for one's own."""

from datetime import date, timedelta

import pytest

from approvals import actions
from approvals.queries.deputies import choices_for, delegations_seen
from portal.clock import portal_now
from portal.errors import NotAllowed
from portal.models import Delegation, Duty, PostHolding, Relation, User
from services.models import Application
from tests.conftest import TestClock
from tests.factories import at, file_application, first_step
from tests.world import World, make_staff


@pytest.fixture
def late(world: World, clock: TestClock) -> Application:
    """宅基地申请，期限已过九成"""
    clock(at("2026-09-16", "10:00"))
    application = file_application(world, "ZR-001")
    actions.accept(application=application, by=world.chen)
    clock(at("2026-10-13", "10:00"))
    return application


def pause(application: Application, world: World, second: User) -> None:
    """九成以后中止"""
    reason = application.rules.pause_reasons[0].key
    words = {"reason": reason, "until": date(2026, 10, 20), "notice": "需要到现场再量一次，三天"}
    words["step"] = first_step(application)
    actions.pause(application=application, by=world.fang, second=second, **words)


def test_a_head_of_another_township_is_no_second_signer(late: Application, world: World) -> None:
    stranger = make_staff(world.other, "headb", "贺示例", "service-centre", Duty.OFFICE_HEAD, "中心主任", [])

    with pytest.raises(NotAllowed, match="第二签字"):
        pause(late, world, stranger)


def test_a_relative_of_the_applicant_is_no_second_signer(late: Application, world: World) -> None:
    Relation.objects.create(person=world.nonghead.person, relative=world.an.person, kind="兄弟")

    with pytest.raises(NotAllowed, match="回避"):
        pause(late, world, world.nonghead)


def test_one_person_with_two_accounts_is_not_two_signers(late: Application, world: World) -> None:
    world.nonghead.person = world.fang.person
    world.nonghead.save(update_fields=["person"])

    with pytest.raises(NotAllowed, match="第二人"):
        pause(late, world, world.nonghead)


def away(world: World, by: User, post: str, deputy: User) -> Delegation:
    """从现在起代三天"""
    now = portal_now()
    span = {"starts_at": now, "ends_at": now + timedelta(days=3), "reason": "外出开会"}
    return actions.delegate(post=world.post(post), deputy=deputy, by=by, **span)


def test_an_office_head_hands_over_the_posts_of_that_office_only(world: World) -> None:
    offered = {post.title for post in choices_for(world.jianhead, portal_now()).posts}

    assert offered == {"村建办审核岗", "村建办主任"}
    assert away(world, world.jianhead, "deng", world.fang).principal == world.deng
    for post in ("zhen", "pi", "shi", "fang"):
        with pytest.raises(NotAllowed, match="本所办的负责人"):
            away(world, world.jianhead, post, world.jianhead)


def test_an_office_head_takes_back_the_delegations_of_that_office_only(world: World) -> None:
    delegation = away(world, world.chen, "chen", world.wang)

    assert [row.may_revoke for row in delegations_seen(world.jianhead, portal_now(), 5)] == [False]
    assert [row.may_revoke for row in delegations_seen(world.head, portal_now(), 5)] == [True]
    with pytest.raises(NotAllowed):
        actions.revoke_delegation(delegation=delegation, by=world.jianhead)
    actions.revoke_delegation(delegation=delegation, by=world.zhen)


def test_no_office_head_hands_over_the_leader_of_the_same_office(world: World) -> None:
    leader = world.post("zhen")
    leader.office = world.post("jianhead").office
    leader.save()

    with pytest.raises(NotAllowed):
        away(world, world.jianhead, "zhen", world.deng)
    assert leader not in choices_for(world.jianhead, portal_now()).posts


def test_a_former_head_hands_over_nothing(world: World) -> None:
    PostHolding.objects.filter(user=world.jianhead).update(ends_on=date(2026, 1, 2))

    with pytest.raises(NotAllowed):
        away(world, world.jianhead, "deng", world.fang)
