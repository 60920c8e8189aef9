"""亲属关系申报：declared on a page, ended on a page by oneself, the head or a leader – and what an end changes."""

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.actions.relations import may_end_relation
from approvals.models import RecusalRecord, Step
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.ledger import verify
from portal.models import Event, Message, Relation
from portal.permissions import must_recuse, powers_of
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.portal.pages import signed_in, words
from tests.world import World

WHY = "申报时写错了人"


@pytest.fixture
def declared(world: World, clock: TestClock) -> Relation:
    """方示例（农业农村办审核岗）申报安示例是姐弟，2026-11-02"""
    clock(at("2026-11-02", "10:00"))
    actions.declare_relation(by=world.fang, name="安示例", identity=world.an.person.id_number, kind="兄弟姐妹")
    return Relation.objects.get(person=world.fang.person)


def told(kind: str) -> set[int]:
    """收到某种消息的人"""
    return set(Message.objects.filter(kind=kind).values_list("recipient_id", flat=True))


def end_page(relation: Relation) -> str:
    """结束那一页的地址"""
    return reverse("approvals:end_relation", args=[relation.pk])


def test_one_ends_what_one_declared_and_head_and_supervisor_are_told(declared: Relation, world: World) -> None:
    client = signed_in(world.fang)
    assert "写错了、没有这层关系了" in words(client.get(reverse("approvals:relations")))
    empty = client.post(end_page(declared), {"reason": ""})
    assert (empty.status_code, "请写明为什么结束" in words(empty)) == (400, True)

    assert client.post(end_page(declared), {"reason": WHY}).status_code == 302

    declared.refresh_from_db()
    assert (declared.ended_by, declared.end_reason) == (world.fang, WHY)
    assert told("relation_ended") == {world.nonghead.pk, world.du.pk}
    events = list(Event.objects.filter(stream=f"account:{world.fang.pk}").order_by("sequence"))
    assert [event.kind for event in events] == ["relation_declared", "relation_ended"]
    assert verify(events) is None
    assert WHY not in str(events[-1].payload)
    shown = words(client.get(reverse("approvals:relations")))
    assert WHY in shown
    assert "写错了、没有这层关系了" not in shown
    again = client.post(end_page(declared), {"reason": WHY})
    assert (again.status_code, "已经结束了" in words(again)) == (409, True)


@pytest.mark.parametrize(("who", "told_too"), [("nonghead", {"du", "fang"}), ("zhen", {"du", "fang", "nonghead"})])
def test_the_head_or_a_leader_may_end_it(declared: Relation, world: World, who: str, told_too: set[str]) -> None:
    client: Client = signed_in(world.users[who])
    shown = words(client.get(reverse("approvals:relations")))
    assert "方示例" in shown
    assert "安*例" in shown
    assert "安示例" not in shown

    assert client.post(end_page(declared), {"reason": WHY}).status_code == 302

    assert told("relation_ended") == {world.users[name].pk for name in told_too}


@pytest.mark.parametrize("who", ["an", "chen", "deng", "head", "du", "chenb"])
def test_nobody_else_may(declared: Relation, world: World, who: str) -> None:
    user = world.users[who]

    assert signed_in(user).post(end_page(declared), {"reason": WHY}).status_code == 404
    with pytest.raises(NotAllowed):
        actions.end_relation(relation=declared, by=user, reason=WHY)

    declared.refresh_from_db()
    assert declared.ended_at is None
    assert not may_end_relation(user, powers_of(user, portal_now()), world.fang, portal_now())


def test_the_supervisor_reads_what_he_may_not_end(declared: Relation, world: World) -> None:
    shown = signed_in(world.du).get(reverse("approvals:relations")).content.decode()

    assert "方示例" in shown
    assert end_page(declared) not in shown


def test_from_the_end_on_he_acts_again_and_what_went_on_stays(declared: Relation, world: World, clock: TestClock) -> None:
    before = file_application(world, "ZR-001")
    actions.accept(application=before, by=world.chen)
    assert must_recuse(world.fang, world.an.person)

    actions.end_relation(relation=declared, by=world.fang, reason=WHY)

    after = file_application(world, "ZR-001")
    actions.accept(application=after, by=world.chen)
    posts = {s.case.application_id: s.post for s in Step.objects.select_related("case", "post").filter(key="site-visit")}
    assert posts == {before.pk: world.post("nonghead"), after.pk: world.post("fang")}
    assert [r.case.application for r in RecusalRecord.objects.all()] == [before]
    assert not must_recuse(world.fang, world.an.person)
    visit = {"step": "site-visit", "outcome": "done", "text": "已到场核查", "second_signer": "孙示例"}
    actions.give_opinion(application=after, by=world.fang, **visit)


def test_a_relation_ended_can_be_declared_anew(declared: Relation, world: World) -> None:
    actions.end_relation(relation=declared, by=world.fang, reason=WHY)

    actions.declare_relation(by=world.fang, name="安示例", identity=world.an.person.id_number, kind="夫妻")

    assert must_recuse(world.fang, world.an.person)
    assert Relation.objects.filter(person=world.fang.person).count() == 2
    with pytest.raises(WrongState, match="已经申报过"):
        actions.declare_relation(by=world.fang, name="安示例", identity=world.an.person.id_number, kind="夫妻")


def test_an_end_takes_a_reason_and_comes_once(declared: Relation, world: World) -> None:
    with pytest.raises(InvalidInput, match="为什么结束"):
        actions.end_relation(relation=declared, by=world.fang, reason="  ")
    actions.end_relation(relation=declared, by=world.fang, reason=WHY)
    with pytest.raises(WrongState, match="已经结束"):
        actions.end_relation(relation=declared, by=world.fang, reason=WHY)

    assert Event.objects.filter(kind="relation_ended").count() == 1
