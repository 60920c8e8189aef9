"""申请人的情形：notices brought on paper, deferred papers, absence, the same cause twice, and a county without a limit."""

import dataclasses
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from approvals import actions
from approvals.facts import CaseState
from approvals.loading import fold_application, load_events
from approvals.models import (
    ApplicationLink,
    Card,
    Case,
    CorrectionNotice,
    Decision,
    Opinion,
    Step,
)
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.entering import enter_person
from portal.errors import DeadlinePassed, InvalidInput, NotAllowed, PortalError, WrongState
from portal.limits import day_of
from portal.models import Message, User
from services import actions as drafts
from services.definition import Citation, OnTimeout, Timeout
from services.importing import add_version
from services.models import Application, HowSupplied, ServiceItem
from tests.approvals.test_mandate import told
from tests.conftest import TestClock
from tests.factories import at, file_application, make_draft
from tests.portal.pages import signed_in
from tests.world import World

FILING = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
ABATED = "示例县一次性告知办法（虚构）第九条"


def now_state(application: Application) -> CaseState:
    """此刻的法律状态"""
    return fold_application(application, portal_now())


def change_rules(item: ServiceItem, **changes: Any) -> None:
    """换上一个改过的版本"""
    assert item.current is not None
    rules = dataclasses.replace(item.current.rules, **changes)
    item.current = add_version(item, rules, source_digest="x", by=None, note="改过的规则")
    item.save()


def phoneless(world: World, code: str) -> Application:
    """没有账号的老人，代办员替他交的"""
    person = enter_person(name="甘示例", identity="110105194912310022", phone="00005550009", village=None)
    draft = make_draft(world, code, by=world.zhou)
    Application.objects.filter(pk=draft.pk).update(applicant=person, consent="口头委托，念给本人听过")
    draft.refresh_from_db()
    for material in draft.rules.needed(draft.answers, by_agent=True):
        drafts.set_point(application=draft, material=material.key, how=HowSupplied.WINDOW)
    return actions.file(application=draft, by=world.zhou, key="k")


def test_case_02_term_runs_from_delivery_of_the_notice_on_paper(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    application = phoneless(world, "LY-001")
    clock(at("2026-11-30", "23:00"))  # Monday, the fifth working day
    actions.correct(application=application, by=world.chen, points=[(application.rules.materials[0].key, "看不清，请重拍")])
    waiting = now_state(application)
    serve = waiting.clock("serve")
    assert waiting.clock("answer") is None
    assert serve is not None
    assert serve.due_on == date(2026, 12, 2)  # two working days for the agent to bring it
    assert told(application, "serve_notice") == {"周示例"}

    clock(at("2026-12-03", "09:00"))
    settle_application(application.pk)
    actions.serve(application=application, by=world.zhou, received_by="本人签收")

    answer = now_state(application).clock("answer")
    notice = CorrectionNotice.objects.get(case__application=application)
    assert answer is not None
    assert (answer.limit.started_on, answer.limit.length) == (date(2026, 12, 3), 15)
    assert (notice.served_on, notice.answer_by) == (date(2026, 12, 3), date(2026, 12, 18))
    record = Case.objects.get(application=application).responsibilities.get(clock="serve")
    assert (record.mode, record.user) == ("escalate", world.zhou)  # it was brought a day late
    with pytest.raises(WrongState, match="已经送到了"):
        actions.serve(application=application, by=world.zhou, received_by="本人签收")


def test_the_applicant_is_reminded_once_of_the_term(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    application = file_application(world, "LY-001")
    actions.correct(application=application, by=world.chen, points=[(application.rules.materials[0].key, "看不清，请重拍")])
    clock(at("2026-12-02", "10:00"))

    settle_application(application.pk)
    settle_application(application.pk)

    reminders = Message.objects.filter(subject_number=application.number, kind="reminder", channel="in_site")
    assert [message.recipient for message in reminders] == [world.an]
    assert not Card.objects.filter(case__application=application, clock="answer").exists()


def promised_later(world: World, **changes: Any) -> Application:
    """容缺受理：头一样材料说好过后补"""
    item = world.item("SJ-002")
    assert item.current is not None
    first, *others = item.current.rules.materials
    change_rules(item, materials=(dataclasses.replace(first, deferrable=True), *others), **changes)
    draft = make_draft(world, "SJ-002")
    drafts.set_point(application=draft, material=first.key, how=HowSupplied.DEFERRED)
    return actions.file(application=draft, by=world.an, key="k")


@pytest.fixture
def gap(world: World, clock: TestClock) -> Application:
    """容缺受理的备案，收讫即备案已开通，承诺到11月5日"""
    clock(at("2026-11-02", "09:00"))
    return promised_later(world, timeout=Timeout(OnTimeout.RECORD, OnTimeout.RECORD, FILING))


def test_case_06_deferred_paper_missed_and_decided_on_what_is_there(gap: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-06", "09:00"))  # three working days after the 2nd ended on Thursday the 5th
    settle_application(gap.pk)
    state = now_state(gap)
    assert (state.outcome, state.complete) == ("", False)  # the clock ran, and nothing was recorded by default
    blocked = [effect.blocked_by for effect in state.effects if effect.clock == "promised" and effect.kind == "escalate"]
    assert blocked == ["必要材料没有交齐"]

    actions.accept(application=gap, by=world.wang)
    reasons = {"facts": "说好补的照片没有补来，无法核对", "legal_basis": "示例省食品摊贩备案办法第六条"}
    actions.decide(application=gap, by=world.shi, outcome="refuse", **reasons)
    assert Decision.objects.get(case__application=gap).late


@pytest.fixture
def without(world: World, clock: TestClock) -> Application:
    """头一样必须交的写明交不了，收讫即备案已开通，承诺到11月5日"""
    clock(at("2026-11-02", "09:00"))
    change_rules(world.item("SJ-002"), timeout=Timeout(OnTimeout.RECORD, OnTimeout.RECORD, FILING))
    draft = make_draft(world, "SJ-002")
    needed = draft.rules.needed({**draft.answers})
    drafts.set_point(application=draft, material=needed[0].key, how=HowSupplied.CANNOT, statement="证丢了，还没补办")
    return actions.file(application=draft, by=world.an, key="k")


def test_a_required_paper_that_cannot_be_brought_is_not_passed_over_by_silence(
    without: Application, world: World, clock: TestClock
) -> None:
    client = signed_in(world.an)
    filed = client.get(reverse("approvals:filed", args=[without.number])).content.decode()
    assert "收讫即备案" not in filed and "到那天还没收齐，不会自动办成" in filed

    clock(at("2026-11-06", "09:00"))
    settle_application(without.pk)

    state = now_state(without)
    assert (state.outcome, state.complete) == ("", False)
    blocked = [effect.blocked_by for effect in state.effects if effect.clock == "promised" and effect.kind == "escalate"]
    assert blocked == ["必要材料没有交齐"]


def test_a_paper_found_after_all_lets_the_default_stand(without: Application, world: World, clock: TestClock) -> None:
    key = without.rules.needed({**without.answers})[0].key
    client = signed_in(world.an)
    page = reverse("approvals:supply", args=[without.number])
    assert "有了随时可以补来" in client.get(page).content.decode()
    clock(at("2026-11-04", "09:00"))
    with pytest.raises(InvalidInput, match="还没有交上"):
        actions.supply(application=without, by=world.an)
    drafts.set_point(application=without, material=key, how=HowSupplied.WINDOW)
    actions.supply(application=without, by=world.an)

    clock(at("2026-11-06", "09:00"))

    assert (now_state(without).outcome, now_state(without).complete) == ("recorded", True)


def test_case_06_deferred_paper_missed_and_taken_as_withdrawn(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    application = promised_later(world, on_no_answer="withdrawn", no_answer_citation=ABATED)
    clock(at("2026-11-06", "10:00"))
    key = application.rules.materials[0].key
    actions.correct(application=application, by=world.wang, points=[(key, "说好补的还没有补来")])
    clock(at("2026-11-22", "10:00"))  # the term of 15 days from delivery ends on Saturday the 21st and rolls to Monday
    assert now_state(application).state == "correcting"

    clock(at("2026-11-24", "00:00:01"))
    settle_application(application.pk)

    application.refresh_from_db()
    assert application.state == "withdrawn_deemed"
    assert Decision.objects.get(case__application=application).legal_basis == ABATED
    assert told(application, "withdrawn_deemed") == {"安示例"}
    again = drafts.start_draft(item=world.item("SJ-002"), by=world.an, previous=application)
    assert again.previous == application  # filing anew is linked


def test_case_06_deferred_paper_brought_in_time(gap: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-04", "09:00"))
    key = gap.rules.materials[0].key
    with pytest.raises(InvalidInput, match="还没有交上"):
        actions.supply(application=gap, by=world.an)
    drafts.set_point(application=gap, material=key, how=HowSupplied.WINDOW)

    actions.supply(application=gap, by=world.an)

    clock(at("2026-11-06", "09:00"))
    state = now_state(gap)
    assert (state.state, state.effective_at) == ("recorded", at("2026-11-06", "00:00"))
    with pytest.raises(PortalError):
        actions.supply(application=gap, by=world.an)


def test_a_notice_answered_does_not_stand_for_a_deferred_paper(gap: Application, world: World, clock: TestClock) -> None:
    other = gap.rules.materials[1].key
    actions.correct(application=gap, by=world.wang, points=[(other, "看不清，请换一份")])
    drafts.set_point(application=gap, material=other, how=HowSupplied.WINDOW)

    actions.supply(application=gap, by=world.an)

    state = now_state(gap)
    assert (state.state, state.complete) == ("submitted", False)


def aid(world: World, cause: str, *, by: User | None = None) -> Application:
    """交一份临时救助申请"""
    draft = make_draft(world, "MZ-004", by=by)
    page = next(field.page for field in draft.rules.fields if field.key == "event_kind")
    drafts.save_page(application=draft, page=page, values={"event_kind": cause})
    draft.refresh_from_db()
    return actions.file(application=draft, by=by or world.an, key=draft.number)


def test_case_12_same_cause_twice_in_a_year(world: World, clock: TestClock) -> None:
    clock(at("2026-02-02", "10:00"))
    long_ago = aid(world, "火灾")
    clock(at("2026-06-01", "10:00"))
    first, other_cause = aid(world, "突发重病"), aid(world, "交通事故")
    clock(at("2027-05-31", "10:00"))

    again = aid(world, "突发重病")

    assert again.state == "submitted"  # taken in all the same
    links = ApplicationLink.objects.filter(application=again)
    assert [(link.other, link.kind) for link in links] == [(first, "same_cause")]
    assert [event.payload["of"] for event in load_events(again) if event.kind == "linked"] == [first.number]
    assert told(again, "linked") >= {"王示例"}
    clock(at("2027-06-02", "10:00"))
    assert not ApplicationLink.objects.filter(application=aid(world, "交通事故")).exists()  # more than a year after
    assert not ApplicationLink.objects.filter(other__in=[long_ago, other_cause]).exists()


def test_case_13_county_decides_and_its_limit_is_unknown(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    item = world.item("MZ-011")
    assert item.current is not None
    known = item.current.rules.stages
    stages = tuple(dataclasses.replace(s, limit=None, counts=False) if s.key == "decision" else s for s in known)
    change_rules(item, stages=stages, statutory=None)
    application = file_application(world, "MZ-011")
    actions.accept(application=application, by=world.wang)
    visit = {"step": "site-visit", "outcome": "done", "text": "位置、面积相符", "second_signer": "孙示例"}
    actions.give_opinion(application=application, by=world.she, **visit)
    clock(at("2026-11-05", "15:00"))
    actions.give_opinion(application=application, step="town-review", by=world.zhen, outcome="agree", text="同意转报")

    state = now_state(application)
    promised, step = state.clock("promised"), state.step("decision")
    assert promised is not None
    assert step is not None
    assert step.clock is not None
    assert promised.ended_at is not None
    assert (promised.how, day_of(promised.ended_at)) == ("met", date(2026, 11, 5))  # the township's own result: in time
    assert step.is_handed_up
    assert step.clock.due_on == date(2026, 12, 7)  # 30 natural days end on Saturday 5 December and roll

    clock(at("2026-12-08", "09:00"))
    settle_application(application.pk)
    again = now_state(application).step("decision")
    assert again is not None
    assert again.clock is not None
    assert (again.clock.round, again.clock.due_on) == (2, date(2027, 1, 6))
    assert told(application, "review_day") == {"周示例"}
    assert not Case.objects.get(application=application).overdue
    assert not Card.objects.filter(case__application=application, clock="promised").exists()


@pytest.fixture
def house(world: World, clock: TestClock) -> Application:
    """受理了的宅基地申请，等着实地核查（5个工作日，到11月9日）"""
    clock(at("2026-11-02", "09:00"))
    application = file_application(world, "ZR-001")
    actions.accept(application=application, by=world.chen)
    return application


AWAY: dict[str, Any] = {"step": "site-visit", "text": "10时到户，门锁着，电话约了后天", "second_signer": "孙示例"}


def test_case_23_applicant_absent_at_the_site_visit(house: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-06", "10:30"))
    actions.note_absence(application=house, by=world.fang, **AWAY)

    clock(at("2026-11-13", "09:00"))  # the visit's limit ended on Monday the 9th
    settle_application(house.pk)
    step = now_state(house).step("site-visit")
    assert step is not None
    assert step.clock is not None
    assert (step.status, step.absent, step.clock.how) == ("open", True, "met")
    assert not Card.objects.filter(case__application=house, clock="site-visit", rung="red").exists()
    assert told(house, "not_met") == {"安示例"}
    visit = {"step": "site-visit", "outcome": "done", "text": "位置、面积相符", "second_signer": "孙示例"}
    actions.give_opinion(application=house, by=world.fang, **visit)
    row = Step.objects.get(case__application=house, key="site-visit")
    assert (row.status, row.late) == ("done", False)  # held as kept
    assert list(Opinion.objects.filter(step=row).order_by("pk").values_list("outcome", flat=True)) == ["absent", "done"]


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"text": "没人"}, InvalidInput, "哪天几点"),
        ({"second_signer": " "}, InvalidInput, "两人以上"),
        ({"step": "decision"}, WrongState, "没有走到"),
    ],
)
def test_an_absence_is_written_down_in_full(
    house: Application, world: World, changes: dict[str, Any], refusal: type[PortalError], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        actions.note_absence(application=house, by=world.fang, **{**AWAY, **changes})


def test_an_absence_comes_before_the_end_and_once(house: Application, world: World, clock: TestClock) -> None:
    late = file_application(world, "ZR-001")
    actions.accept(application=late, by=world.chen)
    actions.note_absence(application=house, by=world.fang, **AWAY)
    with pytest.raises(WrongState, match="已经登记过一次"):
        actions.note_absence(application=house, by=world.fang, **AWAY)
    with pytest.raises(NotAllowed):
        actions.note_absence(application=late, by=world.chen, **AWAY)

    clock(at("2026-11-10", "09:00"))

    with pytest.raises(DeadlinePassed, match="不能再按申请人不在算"):
        actions.note_absence(application=late, by=world.fang, **AWAY)
