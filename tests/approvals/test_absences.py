"""不在岗和代理的范围：power never rests with nobody, never with two who are both away, and only as far as it was given."""

from datetime import timedelta

import pytest
from django.urls import reverse

from approvals import actions
from approvals.models import Card, Opinion, ResponsibilityRecord, Step
from approvals.permissions import visible_to
from approvals.queries.deputies import NOBODY, absences_seen, own_work, scope_text
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.models import Absence, Delegation, Event, Message, Post, Relation, User
from portal.numbers import grouped
from portal.permissions import holder_of, powers_of, responsible_at
from portal.roster import Matter
from services.models import Application
from tests.approvals.test_views_desk import page, signed_in
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World, make_staff


@pytest.fixture
def house(world: World, clock: TestClock) -> Application:
    """宅基地申请，2026-11-02 收件、受理、核查完，村建办等着会签"""
    clock(at("2026-11-02", "10:00"))
    application = file_application(world, "ZR-001")
    actions.accept(application=application, by=world.chen)
    visit = {"step": "site-visit", "outcome": "done", "text": "已到场核查", "second_signer": "孙示例"}
    actions.give_opinion(application=application, by=world.fang, **visit)
    return application


def out(world: World, who: User, by: User, **more: object) -> Absence:
    """从这一刻起不在，三天"""
    return actions.register_absence(user=who, by=by, ends_at=portal_now() + timedelta(days=3), reason="突然生病", **more)


def sign(application: Application, by: User) -> Opinion:
    """村建办的会签意见"""
    actions.give_opinion(application=application, step="joint-construction", by=by, outcome="agree", text="")
    return Opinion.objects.get(step__key="joint-construction")


def test_a_sudden_absence_goes_up_at_once(house: Application, world: World) -> None:
    out(world, world.deng, world.jianhead)

    now, seat = portal_now(), world.post("deng")
    assert holder_of(seat, now) is None
    assert responsible_at(seat, now, township_id=world.township.pk) == (world.post("jianhead"), world.jianhead)
    (fallen,) = [power for power in powers_of(world.jianhead, now) if power.fallen]
    assert (fallen.post, fallen.on_behalf_of) == (seat, world.deng)
    queue = page(signed_in(world.jianhead), "workbench")
    assert house.number in queue
    assert "代 邓示例" in queue
    assert Message.objects.filter(recipient=world.jianhead, kind="power_fell").count() == 1
    assert Message.objects.filter(recipient=world.deng, kind="absent").count() == 1


def test_power_climbs_to_the_leader_the_leaders_deputy_and_the_county(house: Application, world: World) -> None:
    now, seat, town = portal_now(), world.post("deng"), world.township.pk
    out(world, world.deng, world.deng)
    out(world, world.jianhead, world.zhen)
    now = portal_now()
    assert responsible_at(seat, now, township_id=town)[1] == world.zhen
    assert {power.post for power in powers_of(world.zhen, now) if power.fallen} == {seat, world.post("jianhead")}

    absence = out(world, world.zhen, world.zhen, deputy=world.head)
    now = portal_now()
    assert responsible_at(seat, now, township_id=town) == (world.post("zhen"), world.head)
    assert seat in [power.post for power in powers_of(world.head, now) if power.fallen]

    actions.end_absence(absence=absence, by=world.zhen)
    out(world, world.zhen, world.zhen)
    assert responsible_at(seat, portal_now(), township_id=town) == (seat, None)
    assert NOBODY in absences_seen(world.zhen, portal_now(), 5)[0].falls_to


def test_the_leader_signs_for_an_office_that_is_empty(house: Application, world: World) -> None:
    with pytest.raises(NotAllowed):
        sign(house, world.zhen)
    out(world, world.deng, world.deng)
    out(world, world.jianhead, world.jianhead)

    opinion = sign(house, world.zhen)

    assert (opinion.by, opinion.post, opinion.on_behalf_of) == (world.zhen, world.post("deng"), world.deng)
    event = Event.objects.get(pk=opinion.event_id)
    assert event.on_behalf_of == world.deng


def test_time_that_runs_out_meanwhile_is_borne_by_the_head(house: Application, world: World, clock: TestClock) -> None:
    step = Step.objects.get(key="joint-construction")
    assert step.due_at is not None
    clock(step.due_at - timedelta(hours=3))  # the evening of the last day: the yellow card was still his
    out(world, world.deng, world.jianhead)
    clock(step.due_at + timedelta(minutes=1))

    settle_application(house.pk)

    record = ResponsibilityRecord.objects.get(clock="joint-construction")
    assert (record.user, record.previous_user) == (world.jianhead, world.deng)
    assert Card.objects.get(clock="joint-construction", rung="red").user == world.jianhead
    assert Card.objects.get(clock="joint-construction", rung="yellow").user == world.deng


def test_new_work_of_a_person_who_is_out_is_told_to_the_head(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    out(world, world.chen, world.chen)

    file_application(world, "ZR-001")

    assert Message.objects.filter(kind="assigned", recipient=world.head).count() == 1
    assert not Message.objects.filter(kind="assigned", recipient=world.chen).exists()


def test_the_two_of_a_pair_are_never_planned_away_at_once(world: World) -> None:
    now = portal_now()
    span = {"starts_at": now, "ends_at": now + timedelta(days=3), "reason": "外出开会"}
    actions.delegate(post=world.post("chen"), deputy=world.wang, by=world.chen, **span)

    with pytest.raises(WrongState, match="AB岗"):
        actions.register_absence(user=world.wang, by=world.wang, **span)
    out(world, world.zhou, world.zhou)
    with pytest.raises(WrongState, match="同时不在"):
        actions.delegate(post=world.post("wang"), deputy=world.zhou, by=world.wang, **span)


def test_a_deputy_who_falls_ill_leaves_no_gap(world: World) -> None:
    now = portal_now()
    span = {"starts_at": now, "ends_at": now + timedelta(days=3), "reason": "外出开会"}
    actions.delegate(post=world.post("deng"), deputy=world.sun, by=world.deng, **span)
    out(world, world.deng, world.deng)
    assert holder_of(world.post("deng"), portal_now()) == world.sun

    out(world, world.sun, world.zhen)

    assert responsible_at(world.post("deng"), portal_now(), township_id=world.township.pk)[1] == world.jianhead
    assert world.post("deng") not in [power.post for power in powers_of(world.sun, portal_now())]
    assert Message.objects.filter(kind="power_fell", recipient=world.jianhead).count() == 1


def test_an_absence_with_a_deputy_is_one_registration_and_ends_with_the_return(world: World) -> None:
    absence = out(world, world.deng, world.jianhead, deputy=world.sun, handover="急件在左手抽屉")

    delegation = Delegation.objects.get()
    assert (delegation.absence, delegation.deputy, delegation.handover) == (absence, world.sun, "急件在左手抽屉")
    assert not Message.objects.filter(kind="power_fell").exists()
    actions.end_absence(absence=absence, by=world.deng)
    assert holder_of(world.post("deng"), portal_now()) == world.deng
    assert [row.state for row in absences_seen(world.deng, portal_now(), 5)] == ["回来了"]
    with pytest.raises(WrongState, match="已经结束"):
        actions.end_absence(absence=absence, by=world.deng)


def test_nothing_is_registered_backwards_or_by_strangers(world: World) -> None:
    now = portal_now()
    span = {"ends_at": now + timedelta(days=3), "reason": "外出开会"}

    with pytest.raises(InvalidInput, match="往前补登"):
        actions.register_absence(user=world.deng, by=world.deng, starts_at=now - timedelta(days=1), **span)
    with pytest.raises(InvalidInput, match="往前补登"):
        actions.delegate(
            post=world.post("deng"), deputy=world.sun, by=world.deng, starts_at=now - timedelta(days=1), **span
        )
    with pytest.raises(NotAllowed, match="所办的负责人"):
        out(world, world.deng, world.nonghead)
    out(world, world.deng, world.deng)
    with pytest.raises(WrongState, match="已经登记过"):
        out(world, world.deng, world.deng)
    assert Absence.objects.get().starts_at >= now


def narrowed(world: World, deputy: User, **scope: list[str]) -> Delegation:
    """邓把一部分交出去"""
    now = portal_now()
    span = {"starts_at": now, "ends_at": now + timedelta(days=3), "reason": "忙不过来"}
    return actions.delegate(post=world.post("deng"), deputy=deputy, by=world.deng, scope=scope, **span)


def test_a_scope_reaches_as_far_as_it_was_given(house: Application, world: World) -> None:
    assert not visible_to(world.lin, portal_now()).filter(pk=house.pk).exists()
    narrowed(world, world.lin, items=["ZR-002"])
    with pytest.raises(NotAllowed):
        sign(house, world.lin)
    assert not visible_to(world.lin, portal_now()).filter(pk=house.pk).exists()
    assert house.number not in page(signed_in(world.lin), "workbench")

    narrowed(world, world.shui, items=["ZR-001"], kinds=["review"])

    seat, now = world.post("deng"), portal_now()
    assert holder_of(seat, now, Matter("ZR-001", "review", house.number)) == world.shui
    assert holder_of(seat, now, Matter("ZR-001", "decide", house.number)) == world.deng
    assert holder_of(seat, now) == world.deng
    assert house.number in page(signed_in(world.shui), "workbench")
    assert sign(house, world.shui).on_behalf_of == world.deng


def test_two_deputies_share_a_post_only_where_their_scopes_do_not_meet(world: World) -> None:
    narrowed(world, world.lin, items=["ZR-002"])
    narrowed(world, world.shui, items=["ZR-001"])

    with pytest.raises(WrongState, match="已经登记了代理人"):
        narrowed(world, world.sun, kinds=["review"])
    with pytest.raises(WrongState, match="已经登记了代理人"):
        narrowed(world, world.sun)


def test_chosen_cases_are_handed_over_in_one_go(house: Application, world: World) -> None:
    other = file_application(world, "ZR-001")
    rows = own_work(world.deng, portal_now())
    assert [row.number for row in rows] == [house.number]
    desk = signed_in(world.deng)
    fields = {"deputy": str(world.lin.pk), "ends_at": "2026-11-09", "reason": "下乡三天", "handover": "图纸在夹子里"}
    url = reverse("approvals:hand_over")

    assert "请选出要移交的件" in desk.post(url, fields).content.decode()
    assert "下乡三天" in desk.post(url, fields).content.decode()
    assert desk.post(url, {**fields, "cases": [house.number]}).status_code == 302

    delegation = Delegation.objects.get()
    assert (delegation.scope, delegation.post) == ({"cases": [house.number]}, world.post("deng"))
    assert "只代办件" in scope_text(delegation.scope)
    assert visible_to(world.lin, portal_now()).filter(pk=house.pk).exists()
    assert not visible_to(world.lin, portal_now()).filter(pk=other.pk).exists()
    assert sign(house, world.lin).on_behalf_of == world.deng
    with pytest.raises(InvalidInput, match=f"{grouped(other.number)}现在不在您自己的岗位上"):
        actions.delegate_cases(
            numbers=[other.number], deputy=world.lin, by=world.deng, ends_at=at("2026-11-09"), reason="下乡"
        )


def test_a_hand_over_without_cases_says_so_where_they_are_ticked(house: Application, world: World) -> None:
    answer = signed_in(world.deng).post(reverse("approvals:hand_over"), {"reason": "培训"})

    at_fieldset = answer.content.decode().split('<fieldset id="id_cases"')[1].split("</fieldset>")[0]
    assert answer.status_code == 200
    assert 'aria-describedby="id_cases_error"' in at_fieldset
    assert "要改：请选出要移交的件。" in at_fieldset


@pytest.mark.parametrize("name", ["hand_over", "delegations", "absences"])
def test_colleagues_of_the_same_office_come_first_among_the_deputies(house: Application, world: World, name: str) -> None:
    select = page(signed_in(world.deng), name).split('<select name="deputy"')[1].split("</select>")[0]

    own, rest = select.split('<optgroup label="其他">')
    assert world.jianhead.display_name in own
    assert all(str(user.display_name) in rest for user in (world.lin, world.sun))
    assert not any(str(user.display_name) in own for user in (world.lin, world.sun))


def test_the_keys_are_told_only_where_they_work(house: Application, world: World) -> None:
    assert '<p class="keys needs-js">' in page(signed_in(world.deng), "workbench")


def test_what_lies_at_a_colleagues_post_is_neither_listed_nor_dropped(house: Application, world: World) -> None:
    twin = make_staff(world.township, "tang", "唐示例", "village-construction", "review", "村建办第二审核岗", [])
    step = Step.objects.get(case__application=house, key="joint-construction")
    Step.objects.filter(pk=step.pk).update(post=Post.objects.get(holdings__user=twin))
    assert house.number in page(signed_in(world.deng), "workbench")  # the office's queue is shown to both
    assert [row.number for row in own_work(twin, portal_now())] == [house.number]
    assert own_work(world.deng, portal_now()) == []
    second = file_application(world, "ZR-001")  # waits at the window
    words = {"deputy": world.fang, "ends_at": at("2026-11-09"), "reason": "下乡"}

    with pytest.raises(InvalidInput, match=f"{grouped(second.number)}现在不在您自己的岗位上.*一件也没有移交"):
        actions.delegate_cases(numbers=[house.number, second.number], by=twin, **words)
    fields = {"deputy": str(world.lin.pk), "ends_at": "2026-11-09", "reason": "下乡", "cases": [house.number]}
    refused = signed_in(world.deng).post(reverse("approvals:hand_over"), fields)

    assert not Delegation.objects.exists()
    assert f"{house.number}现在不在您自己的岗位上" in refused.content.decode()


@pytest.mark.parametrize(("who", "shown"), [("deng", True), ("chen", True), ("nonghead", True), ("gao", False), ("pi", False)])
def test_the_workbench_leads_to_the_hand_over_whoever_has_cases(world: World, who: str, shown: bool) -> None:
    desk = signed_in(world.users[who]).get(reverse("approvals:workbench")).content.decode()

    assert (reverse("approvals:hand_over") in desk) == shown


def test_the_absence_page_says_to_whom_the_work_falls(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    head = signed_in(world.jianhead)
    fields = {"user": str(world.deng.pk), "ends_at": "2026-11-04", "reason": "突然生病", "deputy": "", "starts_at": ""}
    url = reverse("approvals:absences")

    wrong = head.post(url, {**fields, "ends_at": "2026-11-01"})
    assert wrong.status_code == 400
    assert "突然生病" in wrong.content.decode()
    assert head.post(url, fields).status_code == 302

    shown = page(head, "absences")
    assert "没有人代 → <b>村建办主任 简示例</b>" in shown
    assert "村建办审核岗" in page(signed_in(world.zhen), "leader")
    number = Absence.objects.get().number
    signed_in(world.deng).post(reverse("approvals:end_absence", args=[number]))
    assert "没有人代 →" not in page(head, "absences")


def test_the_register_says_the_scope_and_who_still_owes_a_report(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    narrowed(world, world.lin, kinds=["review"])
    assert "只代环节：审核、会签" in page(signed_in(world.deng), "delegations")
    assert "还没交账" not in page(signed_in(world.deng), "delegations")

    clock(at("2026-11-09", "10:00"))

    assert "还没交账" in page(signed_in(world.lin), "delegations")


@pytest.mark.parametrize("bond", ["relation", "phone", "household", "identity"])
def test_a_deputy_near_to_the_applicant_acts_on_no_such_case(house: Application, world: World, bond: str) -> None:
    narrowed(world, world.lin, items=["ZR-001"])
    own, near = world.lin.person, world.an.person
    if bond == "relation":
        Relation.objects.create(person=own, relative=near, kind="兄弟")
    elif bond == "identity":
        world.lin.person = near
        world.lin.save(update_fields=["person"])
    else:
        near.household_hash = near.household_hash or "户"
        near.save(update_fields=["household_hash"])
        setattr(own, f"{bond}_hash", getattr(near, f"{bond}_hash"))
        own.save(update_fields=[f"{bond}_hash"])

    with pytest.raises(NotAllowed, match="回避"):
        sign(house, User.objects.get(pk=world.lin.pk))
    assert sign(house, world.jianhead).on_behalf_of is None
