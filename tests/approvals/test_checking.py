"""核对：the projection says what the fold says, and a changed row is found."""

import pytest

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.checking import compare, differences
from approvals.models import Card, Case, Certificate, Decision, ResponsibilityRecord, Step
from approvals.settling import settle_application
from approvals.sweeping import sweep
from portal.calendars import touch_calendar_revision
from portal.models import Freeze
from services.definition import OnTimeout
from tests.approvals.deeds import accepted_stall
from tests.approvals.test_cases_of_applicants import phoneless
from tests.approvals.test_settling import RECORD_RULE
from tests.conftest import CLONE, TestClock
from tests.factories import at, file_application
from tests.keeping import kept
from tests.killing import stepped
from tests.permission_stage import build_stage
from tests.world import World, find_world


def test_a_settled_case_has_no_difference(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02"))
    application = file_application(world, "ZR-001")
    clock(at("2026-11-20"))

    before = compare(Case.objects.get(application=application))
    settle_application(application.pk)

    assert before == []  # due but unwritten: readers refold
    assert dict(differences())[application.number] == []


def test_a_decision_while_it_is_being_checked_is_no_difference(clone: str) -> None:
    world = find_world()
    stall = accepted_stall(world, TestClock(CLONE))
    sweep()
    wrong: list[str] = []

    def check() -> None:
        assert [line for _, lines in differences() for line in lines] == []

    with kept() as restore:
        with stepped(check) as alone:
            alone.run()
        for place in range(len(alone.passed) + 1):
            restore()
            with stepped(check) as checking:
                checking.advance(place)
                actions.decide(application=stall, by=world.shi, outcome="approve", seen=True)
                checking.run()
            wrong += [checking.answer] if checking.answer != "OK" else []

    assert (len(alone.passed) > 10, wrong) == (True, [])


def test_a_changed_row_is_named(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02"))
    application = file_application(world, "ZR-001")
    clock(at("2026-11-20"))
    settle_application(application.pk)
    case = Case.objects.get(application=application)
    Step.objects.filter(case=case).update(status="done")
    Case.objects.filter(pk=case.pk).update(outcome="approved")

    found = compare(Case.objects.get(pk=case.pk))

    assert any(line.startswith("outcome") for line in found)
    assert any("status" in line for line in found)


def test_a_missing_certificate_card_or_responsibility_is_named(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "09:00"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    stall = file_application(world, "SJ-002")
    clock(at("2026-11-30", "10:00"))
    settle_application(stall.pk)
    case = Case.objects.get(application=stall)
    assert compare(case) == []

    Certificate.objects.filter(case=case).update(number="WRONG0000-1")
    ResponsibilityRecord.objects.filter(case=case, mode="record").update(ended_at=at("2026-11-30"))
    Card.objects.filter(case=case, rung="yellow").delete()
    Decision.objects.filter(case=case).update(effective_at=at("2026-11-30"))

    found = "\n".join(compare(case))
    for words in ("默认证明", "责任记录promised#1:record", "牌promised#1:yellow", "决定的effective_at"):
        assert words in found
    assert found.count("\n") == 3


def test_a_step_under_another_rule_and_a_wrong_next_look_are_named(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    house = file_application(world, "ZR-001")
    actions.accept(application=house, by=world.chen)
    case = Case.objects.get(application=house)
    Step.objects.filter(case=case).update(opened_on=at("2026-11-01").date())
    Case.objects.filter(pk=case.pk).update(next_look_at=at("2027-01-01"))

    found = compare(Case.objects.get(pk=case.pk))

    assert [line.split("：")[0] for line in found] == ["next_look_at", "环节site-visit的opened_on"]


@pytest.mark.parametrize("day", ["2026-12-02", "2026-12-24", "2027-02-01"])
def test_no_case_of_the_stage_differs_however_late_it_is_settled(world: World, clock: TestClock, day: str) -> None:
    build_stage(world, clock)
    Freeze.objects.update(released_at=at("2026-11-30", "12:00"))
    touch_calendar_revision()
    clock(at(day, "10:00"))

    assert sweep() > 0

    found = dict(differences())
    assert len(found) == 5
    assert {number: lines for number, lines in found.items() if lines} == {}


@pytest.fixture
def silent_house(world: World, clock: TestClock) -> Case:
    """宅基地申请，2026-11-02（周一）受理，现场核查11月9日到头没人写"""
    clock(at("2026-11-02", "10:00"))
    house = file_application(world, "ZR-001")
    actions.accept(application=house, by=world.chen)
    clock(at("2026-11-12", "10:00"))
    settle_application(house.pk)
    case = Case.objects.get(application=house)
    assert ResponsibilityRecord.objects.get(case=case).user == world.fang
    assert compare(case) == []
    return case


@pytest.mark.parametrize("column", ["user", "post", "office", "previous_user", "clock", "recorded_at"])
def test_a_responsibility_put_on_somebody_else_is_named(silent_house: Case, world: World, column: str) -> None:
    changed = {
        "user": world.deng,
        "post": world.post("deng"),
        "office": world.post("deng").office,
        "previous_user": world.deng,
        "clock": "promised",
        "recorded_at": at("2026-11-10", "00:00:05"),
    }[column]
    ResponsibilityRecord.objects.filter(case=silent_house).update(**{column: changed})

    (line,) = compare(silent_house)

    assert line.startswith("责任记录site-visit#1:escalate的" + column)


def test_a_responsibility_invented_or_lost_is_named(silent_house: Case, world: World) -> None:
    row = ResponsibilityRecord.objects.get(case=silent_house)
    ResponsibilityRecord.objects.filter(pk=row.pk).update(key="joint-water#1:escalate")

    assert compare(silent_house) == ["责任记录site-visit#1:escalate没有记下", "责任记录joint-water#1:escalate多记了"]


def test_who_became_near_later_was_not_so_at_the_end(silent_house: Case, world: World, clock: TestClock) -> None:
    clock(at("2026-11-13", "10:00"))
    actions.declare_relation(by=world.fang, name="安示例", identity=world.an.person.id_number, kind="兄弟姐妹")
    assert Step.objects.get(case=silent_house, key="site-visit").post != world.post("fang")

    silent_house.refresh_from_db()
    assert compare(silent_house) == []
    assert ResponsibilityRecord.objects.get(case=silent_house).user == world.fang

    ResponsibilityRecord.objects.filter(case=silent_house).update(user=world.deng)
    assert len(compare(silent_house)) == 1


def test_a_notice_nobody_served_is_on_the_agent_and_no_difference(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    application = phoneless(world, "LY-001")
    clock(at("2026-11-30", "23:00"))
    actions.correct(application=application, by=world.chen, points=[(application.rules.materials[0].key, "看不清，请重拍")])
    clock(at("2026-12-03", "09:00"))
    settle_application(application.pk)

    case = Case.objects.get(application=application)
    assert case.responsibilities.get(clock="serve").user == world.zhou
    assert compare(case) == []
