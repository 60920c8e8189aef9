"""动作：stories of whole cases, and every refusal with its own sentence."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.lawful import lawful_acts
from approvals.loading import fold_application, load_events
from approvals.models import Card, Case, CorrectionNotice, Decision, Opinion, PublicResult, Step
from approvals.settling import settle_application
from portal import ledger
from portal.clock import portal_now
from portal.errors import DeadlinePassed, InvalidInput, NotAllowed, PortalError, WrongState
from portal.models import Message, PostHolding
from portal.permissions import powers_of
from services import actions as drafts
from services.definition import Citation, LimitUnit, OnTimeout
from services.models import Application, HowSupplied
from tests.conftest import TestClock
from tests.factories import at, file_application, first_step, make_draft
from tests.world import World

LOCAL = Citation("示例县部门协同办理规定（虚构）", "第三条", "2026-01-05")


@pytest.fixture
def house(world: World, clock: TestClock) -> Application:
    """宅基地申请，2026-11-02（周一）提交，村建办会签已开通视为无异议"""
    clock(at("2026-11-02", "09:00"))
    item = world.item("ZR-001")
    office = next(s for s in item.current.rules.stages if s.timeout.proposed == "consent" and s.office == "village-construction")
    switch_on(item=item, target=office.key, mode=OnTimeout.CONSENT, citation=LOCAL, by=world.pi)
    return file_application(world, "ZR-001")


def open_step(application: Application, office: str) -> str:
    """某站所正在办的环节"""
    state = fold_application(application, portal_now())
    return next(step.stage.key for step in state.open_steps if step.stage.office == office)


def agree(application: Application, by: Any, office: str, **more: Any) -> None:
    """无意见"""
    step = open_step(application, office)
    actions.give_opinion(application=application, step=step, by=by, outcome="agree", text="符合规定", **more)


def test_a_house_goes_all_the_way(house: Application, world: World, clock: TestClock) -> None:
    key = house.rules.needed(house.answers)[0].key
    clock(at("2026-11-03"))
    actions.correct(application=house, by=world.chen, points=[(key, "照片看不清，请重拍")])
    clock(at("2026-11-05"))
    drafts.set_point(application=house, material=key, how=HowSupplied.WINDOW)
    actions.supply(application=house, by=world.an)
    actions.accept(application=house, by=world.chen)
    agree(house, world.fang, "agriculture", second_signer="孙示例")
    state = fold_application(house, portal_now())
    assert len(state.open_steps) >= 3  # the offices of the joint review, side by side

    clock(at("2026-11-06"))
    for step in state.open_steps:
        if step.stage.office != "village-construction":
            who = {"agriculture": world.nonghead, "natural-resources": world.sun, "water": world.shui}
            agree(house, who[step.stage.office], step.stage.office)
    clock(at("2026-11-13", "09:00"))  # five working days after 5 November ended on the 12th: silence is consent
    actions.decide(application=house, by=world.zhen, outcome="approve", facts="同意", legal_basis="土地管理法第六十二条")

    house.refresh_from_db()
    decision = Decision.objects.get(case__application=house)
    silent = Step.objects.get(case__application=house, office__key="village-construction", outcome="consent")
    assert (house.state, decision.manner, decision.late) == ("approved", "signed", False)
    assert (silent.status, silent.ended_at) == ("deemed", at("2026-11-13", "00:00"))
    result = PublicResult.objects.get(number=house.number)
    assert (result.applicant_masked, result.outcome) == ("安*例", "approved")
    assert (result.days_used, result.days_paused, result.late) == (6, 0, False)  # from the day of supply: 6, 9 to 13 November
    assert Message.objects.filter(recipient=world.an, kind="approved", channel="in_site").count() == 1
    assert ledger.verify(load_events(house)) is None


def test_the_same_key_files_once(world: World, clock: TestClock) -> None:
    draft, key = make_draft(world, "SJ-002"), uuid4().hex

    first = actions.file(application=draft, by=world.an, key=key)
    again = actions.file(application=draft, by=world.an, key=key)

    assert first.number == again.number
    assert sum(event.kind == "filed" for event in load_events(draft)) == 1
    with pytest.raises(WrongState, match="别的内容"):
        actions.file(application=make_draft(world, "SJ-002"), by=world.an, key=key)


def test_an_incomplete_draft_names_everything_missing(world: World) -> None:
    draft = drafts.start_draft(item=world.item("SJ-002"), by=world.an)

    with pytest.raises(InvalidInput) as refusal:
        actions.file(application=draft, by=world.an, key="k")

    for material in draft.rules.needed({}):
        assert material.name in refusal.value.message


def test_a_strangers_draft_is_not_filed(world: World) -> None:
    with pytest.raises(NotAllowed, match="不是您填写的"):
        actions.file(application=make_draft(world, "SJ-002"), by=world.bao, key="k")


def test_a_second_correction_is_refused(house: Application, world: World) -> None:
    points = [(house.rules.materials[0].key, "看不清")]
    actions.correct(application=house, by=world.chen, points=points)

    with pytest.raises(NotAllowed, match="第二次补正"):
        actions.correct(application=house, by=world.chen, points=points)

    assert CorrectionNotice.objects.filter(case__application=house).count() == 1


def test_a_supervisors_override_is_recorded_and_stops_nothing(house: Application, world: World) -> None:
    points = [(house.rules.materials[0].key, "看不清")]
    actions.correct(application=house, by=world.chen, points=points)
    before = fold_application(house, portal_now()).clock("answer")

    actions.correct(application=house, by=world.du, points=points, override="申请人自己请求再说明一次")

    after = fold_application(house, portal_now())
    assert after.corrections == 2
    assert after.clock("answer") == before


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"notice": "  "}, InvalidInput, "没有发出书面通知"),
        ({"reason": "tea-break"}, InvalidInput, "没有这个中止事由"),
        ({"until": date(2026, 11, 3)}, InvalidInput, "今天以后"),
        ({"until": date(2027, 11, 3)}, InvalidInput, "最长中止"),
        ({"step": ""}, InvalidInput, "请选停哪个环节（现场核查"),
        ({"step": "decide"}, InvalidInput, "这个环节现在没有在办"),
    ],
)
def test_a_pause_needs_notice_reason_and_end(
    house: Application, world: World, clock: TestClock, changes: dict[str, Any], refusal: type[PortalError], words: str
) -> None:
    clock(at("2026-11-03"))
    actions.accept(application=house, by=world.chen)
    values = {"reason": house.rules.pause_reasons[0].key, "until": date(2026, 11, 10), "notice": "需要听证，约七天"}
    values["step"] = first_step(house)

    with pytest.raises(refusal, match=words):
        actions.pause(application=house, by=world.fang, **{**values, **changes})


def test_a_pause_with_notice_stops_the_clock_and_resuming_starts_it(
    house: Application, world: World, clock: TestClock
) -> None:
    clock(at("2026-11-03"))
    actions.accept(application=house, by=world.chen)
    key = house.rules.pause_reasons[0].key
    words: dict[str, Any] = {"until": date(2026, 11, 10), "notice": "需要听证，约七天", "step": first_step(house)}
    actions.pause(application=house, by=world.fang, reason=key, **words)
    case = Case.objects.get(application=house)
    assert (case.paused, case.promised_due_at) == (True, None)
    assert Step.objects.get(case=case, status="open").due_at is None

    clock(at("2026-11-05"))
    actions.resume(application=house, by=world.fang)

    case.refresh_from_db()
    assert case.paused is False
    assert case.promised_due_at == at("2026-11-26", "00:00")  # two working days later than 23 November
    assert Step.objects.get(case=case, status="open").due_at is not None


def test_a_pause_in_the_last_tenth_needs_a_second_signer(house: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-03"))
    actions.accept(application=house, by=world.chen)
    clock(at("2026-11-20"))  # day 14 of 15
    values = {"reason": house.rules.pause_reasons[0].key, "until": date(2026, 11, 25), "notice": "需要听证，约五天"}
    values["step"] = first_step(house)

    with pytest.raises(NotAllowed, match="第二人"):
        actions.pause(application=house, by=world.fang, **values)

    actions.pause(application=house, by=world.fang, second=world.zhen, **values)
    assert Case.objects.get(application=house).paused


def test_an_extension_one_second_after_the_end_is_refused(house: Application, world: World, clock: TestClock) -> None:
    end = fold_application(house, portal_now()).clock("statutory")
    assert end is not None
    assert end.due_at is not None
    clock(end.due_at + timedelta(seconds=1))

    with pytest.raises(DeadlinePassed, match="算逾期"):
        actions.extend(application=house, by=world.zhen, length=5, reason="案情复杂需要延长")

    assert Case.objects.get(application=house).overdue


def test_an_extension_is_granted_once(house: Application, world: World) -> None:
    actions.extend(application=house, by=world.zhen, length=5, reason="案情复杂需要延长")

    with pytest.raises(WrongState, match="已经延长过一次"):
        actions.extend(application=house, by=world.zhen, length=5, reason="案情复杂需要延长")
    with pytest.raises(NotAllowed, match="批准延长"):
        actions.extend(application=file_application(world, "ZR-001"), by=world.chen, length=5, reason="案情复杂需要延长")


def test_an_extension_in_another_unit_than_the_limits_is_neither_offered_nor_granted(
    house: Application, world: World, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version from before the import refused it; ten working days are nothing to add to two months."""
    told = "延长和它的期限不是一个单位"
    clock(at("2026-11-10", "00:00"))  # accepted by silence
    state, powers = fold_application(house, portal_now()), powers_of(world.zhen, portal_now())
    fits = house.rules
    misfit = replace(fits, extension=replace(fits.extension, unit=LimitUnit.MONTH))

    offered = [lawful_acts(state, rules, powers, number=house.number) for rules in (fits, misfit)]
    monkeypatch.setattr(Application, "rules", property(lambda _: misfit))

    assert ["extend" in {act.act for act in acts} for acts, _ in offered] == [True, False]
    assert told in {bar.label: bar.reason for bar in offered[1][1]}["延长一次"]
    with pytest.raises(WrongState, match=told):
        actions.extend(application=house, by=world.zhen, length=5, reason="案情复杂需要延长")


def test_complete_is_not_switched_on_for_a_money_benefit(world: World) -> None:
    with pytest.raises(InvalidInput) as refusal:
        switch_on(item=world.item("MZ-006"), target="item", mode=OnTimeout.COMPLETE, citation=LOCAL, by=world.pi)

    assert refusal.value.message
    with pytest.raises(NotAllowed, match="事项审批岗"):
        switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=LOCAL, by=world.chen)


# 低保 left past its limit is escalated; the office can still decide, recorded 逾期.
def test_a_benefit_left_alone_is_escalated_and_still_decided(world: World, clock: TestClock) -> None:
    clock(at("2026-08-03", "09:00"))
    application = file_application(world, "MZ-001")
    actions.accept(application=application, by=world.wang)
    clock(at("2026-11-20", "09:00"))

    settle_application(application.pk)

    case = Case.objects.get(application=application)
    assert (case.outcome, case.overdue) == ("", True)
    assert case.reason_due_on is not None
    assert Card.objects.filter(case=case, rung="red", clock="promised").count() == 1
    heads = Message.objects.filter(kind="reason_due", subject_number=application.number)
    assert {message.recipient for message in heads} == {world.shehead}
    actions.publish_reason(application=application, by=world.shehead, text="入户核查人手不足，十二月一日前办好")
    _walk_to_the_decision(application, world, clock)
    decision = Decision.objects.get(case=case)
    assert (decision.outcome, decision.late) == ("approved", True)


def _walk_to_the_decision(application: Application, world: World, clock: TestClock) -> None:
    """按岗位一步步办到决定, letting a posting run its days"""
    by = {"agent": world.zhou, "review": world.she, "office_head": world.shehead, "town_leader": world.zhen}
    for _ in range(12):
        state = fold_application(application, portal_now())
        if state.outcome:
            return
        stage = state.open_steps[0].stage
        if stage.kind == "posting":
            clock(portal_now() + timedelta(days=8))
        elif stage.kind == "decide":
            actions.decide(application=application, by=by[stage.duty], outcome="approve", seen=True)
        else:
            actions.give_opinion(
                application=application, step=stage.key, by=by[stage.duty], outcome="done", text="已核查", second_signer="甲示例"
            )
    raise AssertionError("没有走到决定")


def test_a_late_opinion_is_attached_and_must_be_seen(house: Application, world: World, clock: TestClock) -> None:
    actions.accept(application=house, by=world.chen)
    agree(house, world.fang, "agriculture", second_signer="孙示例")
    step = open_step(house, "village-construction")
    for office, who in (("agriculture", world.nonghead), ("natural-resources", world.sun), ("water", world.shui)):
        agree(house, who, office)
    clock(at("2026-11-10", "09:00"))

    actions.give_opinion(application=house, step=step, by=world.deng, outcome="object", text="占了村里的规划路")

    assert Opinion.objects.get(step__case__application=house, outcome="object").late
    with pytest.raises(InvalidInput, match="已看过"):
        actions.decide(application=house, by=world.zhen, outcome="approve")
    actions.decide(application=house, by=world.zhen, outcome="approve", seen=True)


def test_only_the_applicant_withdraws(house: Application, world: World) -> None:
    with pytest.raises(NotAllowed, match="申请人本人"):
        actions.withdraw(application=house, by=world.chen, reason="劝回")
    with pytest.raises(InvalidInput, match="为什么撤回"):
        actions.withdraw(application=house, by=world.an, reason=" ")

    actions.withdraw(application=house, by=world.an, reason="不盖了")

    house.refresh_from_db()
    assert house.state == "withdrawn"
    assert not PublicResult.objects.filter(number=house.number).exists()


def test_urging_is_once_a_day(house: Application, world: World, clock: TestClock) -> None:
    actions.urge(application=house, by=world.an)

    with pytest.raises(WrongState, match="明天"):
        actions.urge(application=house, by=world.an)

    clock(at("2026-11-03", "09:30"))
    actions.urge(application=house, by=world.an)


def test_what_is_done_says_what_came_of_it(house: Application, world: World) -> None:
    actions.accept(application=house, by=world.chen)
    visit = {"application": house, "step": "site-visit", "outcome": "done", "second_signer": "孙示例", "by": world.fang}

    with pytest.raises(InvalidInput, match="已办的要写明结果"):
        actions.give_opinion(**visit, text="  ")

    assert not Opinion.objects.exists()


def test_where_nobody_holds_the_duty_power_falls_to_the_leader(house: Application, world: World) -> None:
    actions.accept(application=house, by=world.chen)
    visit = {"application": house, "step": "site-visit", "outcome": "done", "text": "位置、面积相符", "second_signer": "孙示例"}
    with pytest.raises(NotAllowed):
        actions.give_opinion(by=world.zhen, **visit)

    PostHolding.objects.filter(post__office__key="agriculture").delete()

    actions.give_opinion(by=world.zhen, **visit)
    assert Opinion.objects.get(step__case__application=house).post.duty == "town_leader"


def test_an_office_whose_silence_was_no_consent_can_still_give_its_opinion(
    house: Application, world: World, clock: TestClock
) -> None:
    clock(at("2026-11-03"))
    actions.accept(application=house, by=world.chen)
    agree(house, world.fang, "agriculture", second_signer="孙示例")
    actions.repeal(title=LOCAL.title, last_day=date(2026, 11, 4), source="示例县公告（虚构）", by=world.pi)
    clock(at("2026-11-13", "09:00"))  # the five days ended on the 10th, with no document that makes silence consent

    agree(house, world.deng, "village-construction")

    clock(at("2026-11-13", "09:05"))  # what was written is checked as if it were committed
    step = Step.objects.get(case__application=house, office__key="village-construction")
    assert (step.status, step.outcome, step.late) == ("done", "agree", True)
