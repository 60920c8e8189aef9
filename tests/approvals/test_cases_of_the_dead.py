"""申请人去世以后：no default follows, and a matter of the household passes to a member."""

from datetime import date
from typing import Any

import pytest

from approvals import actions
from approvals.loading import load_events
from approvals.models import DeathRecord, Decision
from approvals.settling import settle_application
from portal.entering import enter_person
from portal.errors import DeadlinePassed, InvalidInput, NotAllowed, PortalError, WrongState
from portal.ledger import verify
from portal.models import Person
from services.definition import OnTimeout, Timeout
from services.models import Application
from tests.approvals.test_cases_of_applicants import FILING, change_rules, now_state
from tests.approvals.test_mandate import told
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

DEATH: dict[str, Any] = {"died_on": date(2026, 11, 1), "proof": "死亡医学证明 示例0001号"}


@pytest.fixture
def house(world: World, clock: TestClock) -> Application:
    """受理了的宅基地申请"""
    clock(at("2026-11-02", "09:00"))
    application = file_application(world, "ZR-001")
    actions.accept(application=application, by=world.chen)
    return application


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """收讫即备案已开通的摊贩备案，承诺到11月5日"""
    clock(at("2026-11-02", "09:00"))
    change_rules(world.item("SJ-002"), timeout=Timeout(OnTimeout.RECORD, OnTimeout.RECORD, FILING))
    return file_application(world, "SJ-002")


def test_case_19_applicant_dies_and_no_default_follows(stall: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-05", "16:00"))
    actions.record_death(application=stall, by=world.chen, second=world.she, **DEATH)

    clock(at("2026-11-10", "09:00"))
    settle_application(stall.pk)

    state = now_state(stall)
    assert (state.outcome, state.dead) == ("", True)
    assert not Decision.objects.filter(case__application=stall).exists()
    record = DeathRecord.objects.get(case__application=stall)
    assert (record.by, record.second_signer, record.successor) == (world.chen, world.she, None)
    assert told(stall, "died") >= {"王示例", "周示例"}
    assert "示例0001" not in str([event.payload for event in load_events(stall)])


def test_a_death_recorded_after_the_end_undoes_no_default(stall: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-06", "00:00:01"))

    with pytest.raises(DeadlinePassed, match="收讫即备案"):
        actions.record_death(application=stall, by=world.chen, second=world.she, **DEATH)

    stall.refresh_from_db()
    assert stall.state == "recorded"


def member(name: str = "安家属") -> Person:
    """家里另一位"""
    return enter_person(name=name, identity="110105195203070048", phone="00005550008", village=None)


def test_case_19_household_matter_passes_to_a_named_member(house: Application, world: World, clock: TestClock) -> None:
    due = now_state(house).clock("promised")
    actions.record_death(application=house, by=world.chen, second=world.she, successor=member(), relation="妻子", **DEATH)

    house.refresh_from_db()
    state = now_state(house)
    promised = state.clock("promised")
    assert (house.applicant.name, house.applicant_masked) == ("安家属", "安*属")
    assert (state.dead, state.passed, state.state) == (True, True, "accepted")
    assert due is not None
    assert promised is not None
    assert promised.due_on == due.due_on  # no date moves
    with pytest.raises(NotAllowed):
        actions.withdraw(application=house, by=world.an, reason="不办了")  # nobody acts with the account of the dead
    actions.give_opinion(
        application=house, step="site-visit", by=world.fang, outcome="done", text="位置相符", second_signer="孙示例"
    )
    assert verify(load_events(house)) is None


def test_the_member_may_be_named_later(house: Application, world: World) -> None:
    with pytest.raises(WrongState, match="还没有登记"):
        actions.pass_to_member(application=house, by=world.chen, successor=member(), relation="儿子")
    actions.record_death(application=house, by=world.chen, second=world.she, **DEATH)

    actions.pass_to_member(application=house, by=world.zhou, successor=world.bao.person, relation="儿子")

    assert told(house, "passed_to_you") == {"鲍示例"}
    with pytest.raises(WrongState, match="已经转给"):
        actions.pass_to_member(application=house, by=world.chen, successor=member(), relation="儿子")


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"proof": " "}, InvalidInput, "凭什么证明"),
        ({"died_on": date(2026, 12, 1)}, InvalidInput, "不能晚于今天"),
        ({"second": "chen"}, NotAllowed, "两个人登记"),
        ({"second": "gao"}, NotAllowed, "第二签字"),
        ({"by": "deng"}, NotAllowed, "登记申请人去世"),
        ({"successor": "member"}, InvalidInput, "这件事是个人的"),
    ],
)
def test_a_death_takes_two_people_and_proof(
    stall: Application, world: World, changes: dict[str, Any], refusal: type[PortalError], words: str
) -> None:
    values = {"by": "chen", "second": "she", **DEATH, **changes}
    people = {key: world.users[values[key]] for key in ("by", "second")}
    successor = {"successor": member(), "relation": "妻子"} if "successor" in values else {}

    with pytest.raises(refusal, match=words):
        actions.record_death(application=stall, **{**values, **people, **successor})

    assert not now_state(stall).dead
