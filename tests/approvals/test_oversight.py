"""提醒、黄牌、红牌和往上报：once, in daytime, to whoever must know; and what the supervisor sees of it."""

import pytest
from django.urls import reverse

from approvals import actions
from approvals.checking import differences
from approvals.models import Card, Case, OverdueReason, Step
from approvals.queries import oversight
from approvals.settling import settle_application
from approvals.sweeping import sweep
from portal.errors import NotAllowed
from portal.models import Event, Message, User
from portal.queries import inbox
from portal.sign_in import PortalBackend
from services.models import Application
from tests.approvals.test_views_desk import page, signed_in
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World


@pytest.fixture
def house(world: World, clock: TestClock) -> Application:
    """宅基地申请，2026-11-02（周一）受理; promised 15 working days, through Monday the 23rd"""
    clock(at("2026-11-02", "10:00"))
    application = file_application(world, "ZR-001")
    actions.accept(application=application, by=world.chen)
    return application


def told(kind: str) -> set[int]:
    """收到某种消息的人; each once."""
    found = list(Message.objects.filter(kind=kind).values_list("recipient_id", "event_id"))
    assert len(found) == len(set(found))
    return {recipient for recipient, _event in found}


def settle_twice(application: Application) -> None:
    """结算两遍"""
    settle_application(application.pk)
    settle_application(application.pk)


def test_the_three_rungs_of_a_step_tell_person_head_and_supervisor_once(
    house: Application, world: World, clock: TestClock
) -> None:
    step = Step.objects.get(key="site-visit")
    for day, rung, people in (
        ("2026-11-05", "card_remind", {world.fang}),
        ("2026-11-09", "card_yellow", {world.fang, world.nonghead, world.du}),
        ("2026-11-10", "card_red", {world.fang, world.nonghead, world.du}),
    ):
        clock(at(day, "08:59"))
        settle_twice(house)
        if rung != "card_red":
            assert told(rung) == set()
        clock(at(day, "09:00:05"))
        settle_twice(house)
        assert told(rung) == {user.pk for user in people}
        assert Card.objects.filter(clock="site-visit", rung=rung.removeprefix("card_"), user=world.fang).count() == 1
    assert step.due_at == at("2026-11-10", "00:00")


def test_a_red_card_is_dated_at_the_end_and_told_in_the_morning(
    house: Application, world: World, clock: TestClock
) -> None:
    clock(at("2026-11-10", "00:01"))

    settle_twice(house)

    assert Card.objects.get(clock="site-visit", rung="red").at == at("2026-11-10", "00:00")
    assert not inbox(world.fang).filter(kind="card_red").exists()
    unread = PortalBackend().get_user(world.fang.pk).unread
    clock(at("2026-11-10", "08:59:50"))
    assert not inbox(world.fang).filter(kind="card_red").exists()
    clock(at("2026-11-10", "09:00:01"))
    assert inbox(world.fang).filter(kind="card_red").count() == 1
    assert PortalBackend().get_user(world.fang.pk).unread == unread + 3  # all three rungs were written that night


def test_where_the_head_bears_the_card_the_leader_is_told(house: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-04", "10:00"))
    later = at("2026-12-10", "18:00")
    actions.register_absence(user=world.fang, by=world.nonghead, ends_at=later, reason="突然生病")
    clock(at("2026-11-10", "09:30"))

    settle_twice(house)

    assert Card.objects.get(clock="site-visit", rung="red").user == world.nonghead
    assert told("card_red") == {world.nonghead.pk, world.du.pk, world.zhen.pk}


def test_a_reason_that_does_not_come_in_three_working_days_goes_up_once(
    house: Application, world: World, clock: TestClock
) -> None:
    clock(at("2026-11-24", "09:30"))
    settle_twice(house)
    assert told("reason_due") == heads_of(house)
    assert Case.objects.get().reason_due_on == at("2026-11-26").date()
    clock(at("2026-11-26", "23:59"))
    settle_twice(house)
    assert told("reason_late") == set()
    assert Case.objects.get().next_look_at == at("2026-11-27", "00:00")

    clock(at("2026-11-27", "00:00:01"))
    assert sweep() == 1
    assert sweep() == 0

    assert told("reason_late") == {world.zhen.pk}
    assert not inbox(world.zhen).filter(kind="reason_late").exists()
    clock(at("2026-11-27", "09:00:01"))
    assert inbox(world.zhen).filter(kind="reason_late").count() == 1
    assert Event.objects.filter(kind="effect_raised").count() == 1


def heads_of(application: Application) -> set[int]:
    """事项责任站所的负责人，没有就是镇长"""
    found = User.objects.filter(holdings__post__office__key=application.rules.office, holdings__post__duty="office_head")
    found = found or User.objects.filter(holdings__post__duty="town_leader", township=application.township_id)
    return set(found.values_list("pk", flat=True))


def test_only_the_head_of_the_items_office_or_the_leader_gives_the_reason(
    house: Application, world: World, clock: TestClock
) -> None:
    clock(at("2026-11-25", "10:00"))
    settle_twice(house)

    with pytest.raises(NotAllowed, match="公开逾期理由要由农业农村办公室的负责人或镇领导办理"):
        actions.publish_reason(application=house, by=world.jianhead, text="测量队排期晚了，本月二十七日前办好")
    assert not OverdueReason.objects.exists()


def test_a_published_reason_goes_no_further(house: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-25", "10:00"))
    settle_twice(house)
    actions.publish_reason(application=house, by=world.nonghead, text="测量队排期晚了，本月二十七日前办好")
    clock(at("2026-12-01", "10:00"))

    settle_twice(house)

    assert OverdueReason.objects.get().by == world.nonghead
    assert told("reason_late") == set()
    assert oversight.owed_reasons(world.township.pk, at("2026-12-01")) == []


def test_an_applicant_who_owes_papers_is_reminded_once(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    stall = file_application(world, "SJ-002")
    actions.correct(application=stall, by=world.wang, points=[(stall.rules.materials[0].key, "看不清，请换一份")])
    clock(at("2026-11-09", "10:00"))
    settle_twice(stall)
    assert told("reminder") == set()

    clock(at("2026-11-10", "09:00:05"))  # day 8 of 15
    settle_twice(stall)
    clock(at("2026-11-16", "09:00"))
    settle_twice(stall)

    assert set(Message.objects.filter(kind="reminder").values_list("channel", flat=True)) == {"in_site", "sms", "email"}
    assert Message.objects.filter(kind="reminder", channel="in_site").count() == 1


def test_the_supervisor_sees_open_cards_and_owed_reasons_by_office(
    house: Application, world: World, clock: TestClock
) -> None:
    clock(at("2026-11-09", "10:00"))
    settle_twice(house)
    (card,) = oversight.open_cards(world.township.pk)
    assert (card.rung, card.person, card.number) == ("yellow", "方示例", house.number)

    clock(at("2026-11-27", "10:00"))
    text = page(signed_in(world.du), "oversight")

    cards = oversight.open_cards(world.township.pk)
    assert [card.rung for card in cards] == ["red", "red"]
    assert {card.clock for card in cards} == {"site-visit", "promised"}
    (row,) = [row for row in oversight.by_office(world.township.pk, at("2026-11-27")) if row.red]
    assert (row.yellow, row.red) == (0, 2)
    (owed,) = oversight.owed_reasons(world.township.pk, at("2026-11-27"))
    assert owed.late
    assert "理由晚了" in text
    assert "能办的" not in text and "补写理由" in page(signed_in(world.zhen), "oversight")  # no column for who can only look
    assert "方示例" in text
    page(signed_in(world.chen), "oversight", status=404)
    public = signed_in(world.bao).get("/board/defaults/").content.decode()
    assert "理由晚了" in public
    assert "各站所本月的黄牌、红牌" in public


def test_the_end_of_the_law_has_a_red_card_beside_that_of_the_promise(
    house: Application, world: World, clock: TestClock
) -> None:
    clock(at("2026-12-02", "10:00"))
    settle_twice(house)

    found = Card.objects.filter(case__application=house, clock="statutory")
    assert [(card.rung, card.at, card.user) for card in found] == [("red", at("2026-12-01", "00:00"), world.fang)]
    reds = [card.clock for card in oversight.open_cards(world.township.pk) if card.rung == "red"]
    assert sorted(reds) == ["promised", "site-visit", "statutory"]
    assert "整件的法定期限，在" in signed_in(world.du).get("/messages/").content.decode()
    (row,) = [row for row in oversight.by_office(world.township.pk, at("2026-12-02", "10:00")) if row.red]
    assert (row.yellow, row.red, row.recent) == (0, 3, 3)
    assert dict(differences())[house.number] == []


def test_a_card_is_settled_by_the_act_or_by_a_correction(house: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-10", "10:00"))
    settle_twice(house)
    assert [card.rung for card in oversight.open_cards(world.township.pk)] == ["red"]
    visit = {"step": "site-visit", "outcome": "done", "text": "已到场核查", "second_signer": "孙示例"}
    actions.give_opinion(application=house, by=world.fang, **visit)
    assert oversight.open_cards(world.township.pk) == []

    other = file_application(world, "ZR-001")
    clock(at("2026-11-17", "10:00"))  # the last of the five working days of the intake
    settle_twice(other)
    mine = [card for card in oversight.open_cards(world.township.pk) if card.number == other.number]
    assert [card.clock for card in mine] == ["intake"]
    actions.correct(application=other, by=world.chen, points=[(other.rules.materials[0].key, "看不清，请换一份")])
    assert [card for card in oversight.open_cards(world.township.pk) if card.number == other.number] == []


def test_a_reason_stays_owed_after_the_decision_and_the_head_finds_it(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:00"))
    first, second = file_application(world, "MZ-001"), file_application(world, "MZ-001")
    for application in (first, second):
        actions.accept(application=application, by=world.wang)
    clock(at("2026-12-30", "10:00"))
    words = {"facts": "要办的事已经由县里办了，没有可办的了", "legal_basis": "示例办法（虚构）第五条"}
    actions.terminate(application=first, by=world.shehead, ground="gone", **words)
    settle_twice(second)

    home = signed_in(world.shehead).get("/staff/").content.decode()
    head, leader, du = (page(signed_in(user), "leader") for user in (world.shehead, world.zhen, world.du))
    watched = page(signed_in(world.du), "oversight")

    assert oversight.count_owed(world.township.pk, at("2026-12-30")) == (2, 2)
    for text in (head, leader, du):
        assert "还有2件没公开理由" in text
        assert "2件晚了" in text
    for application in (first, second):
        write = reverse("approvals:act", args=[application.number, "reason"])
        assert "该您公开的理由" in home
        assert [write in text for text in (home, head, leader, du, watched)] == [True, True, True, False, False]
        assert all(application.number in text for text in (du, watched))
    assert "该您公开的理由" not in signed_in(world.jianhead).get("/staff/").content.decode()
    assert reverse("approvals:act", args=[first.number, "reason"]) not in page(signed_in(world.jianhead), "leader")


def test_the_head_opens_his_offices_case_whichever_office_has_the_step(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    application = file_application(world, "MZ-001")

    assert Step.objects.filter(case__application=application).count() == 0
    page(signed_in(world.shehead), "case", application.number)
    page(signed_in(world.jianhead), "case", application.number, status=404)
