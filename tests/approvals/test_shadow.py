"""推演：what a proposed default would have done, from the record alone – and that it does nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.facts import Calendars, Fact, Publication
from approvals.models import Case, Decision, ResponsibilityRecord
from approvals.queries import shadow as found
from approvals.settling import settle_application
from approvals.shadow import ENDED_EARLIER, Foreseen, clock_of, count, foresee
from approvals.sweeping import sweep
from portal.calendar_data import national_calendar
from portal.clock import portal_now
from portal.errors import InvalidInput
from portal.models import Event, Message
from portal.templating import draw
from services.definition import OnTimeout, StageKind
from services.models import Application
from tests.approvals.deeds import CONSENT_RULE, RECORD_RULE
from tests.conftest import TestClock
from tests.factories import file_application
from tests.instants import at
from tests.portal.pages import signed_in, words
from tests.rules import days, definition, stage
from tests.world import World

CALENDARS = Calendars((Publication(datetime(2025, 11, 4, tzinfo=UTC), national_calendar(2026)),))
JOINT = "joint-construction"
NOW = at("2026-11-23", "10:00")


def facts(*rows: tuple[str, datetime, dict]) -> list[Fact]:
    """事实表"""
    return [Fact(kind, when, data, number) for number, (kind, when, data) in enumerate(rows, 1)]


FILED = ("filed", at("2026-11-02", "10:00"), {"received_on": "2026-11-02", "complete": True})


# a filing of 3 working days, received Monday the 2nd: its promise ends on Thursday the 5th at 24:00
@pytest.mark.parametrize(
    ("rows", "effective", "blocked", "answer", "against", "waited"),
    [
        ([FILED], True, "", "", False, 12),
        ([FILED, ("accepted", at("2026-11-03"), {})], True, "", "", False, 12),
        ([FILED, ("withdrawn", at("2026-11-06"), {})], True, "", "已撤回", False, 1),
        ([FILED, ("rejected", at("2026-11-09"), {"outcome": "not_accepted"})], True, "", "不予受理", True, 2),
        ([FILED, ("died", at("2026-11-05", "23:59"), {})], False, "申请人已去世", "", False, 12),
        ([FILED, ("died", at("2026-11-06", "00:00"), {})], True, "", "", False, 12),
        ([(*FILED[:2], {"received_on": "2026-11-02", "complete": False})], False, "必要材料没有交齐", "", False, 12),
    ],
)
def test_an_end_is_asked_of_the_fold_itself(
    rows: list, effective: bool, blocked: str, answer: str, against: bool, waited: int
) -> None:
    rules = definition(positive="recorded", promised=days(3), statutory=None)

    seen = foresee(facts(*rows), rules, CALENDARS, NOW, target="item", mode=OnTimeout.RECORD, key="promised#1:escalate")

    assert seen.ended_at == at("2026-11-06", "00:00")
    assert (seen.takes_effect, seen.blocked_by, seen.answer, seen.against, seen.workdays) == (
        effective, blocked, answer, against, waited,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "contrary", "answer"), [("agree", False, "无意见"), ("object", True, "有意见")]
)
def test_a_silent_office_that_spoke_late_is_seen_with_what_it_said(outcome: str, contrary: bool, answer: str) -> None:
    stages = (stage("joint", 1, limit=days(3)), stage("decide", 2, StageKind.DECIDE, days(3)))
    said = ("opinion", at("2026-11-10", "09:00"), {"step": "joint", "outcome": outcome})
    rows = facts(FILED, ("accepted", at("2026-11-03", "09:00"), {}), said)

    seen = foresee(
        rows, definition(stages=stages), CALENDARS, NOW, target="joint", mode=OnTimeout.CONSENT, key="joint#1:escalate"
    )

    assert (seen.ended_at, seen.takes_effect, seen.answered_at) == (at("2026-11-07", "00:00"), True, said[1])
    assert (seen.answer, seen.against, seen.is_contrary, seen.workdays) == (answer, contrary, contrary, 2)


def test_an_intake_that_fell_silent_would_have_been_accepted() -> None:
    rules = definition(intake_timeout=definition().timeout, licence=False)
    rows = facts(FILED, ("accepted", at("2026-11-12", "09:00"), {}))

    seen = foresee(rows, rules, CALENDARS, NOW, target="intake", mode=OnTimeout.ACCEPT, key="intake#1:escalate")

    assert (seen.ended_at, seen.takes_effect, seen.answer, seen.workdays) == (at("2026-11-10", "00:00"), True, "受理", 3)


def test_a_second_end_of_a_case_that_would_have_ended_is_none() -> None:
    rules = definition(positive="recorded", promised=days(1), statutory=None)
    notice = ("corrected", at("2026-11-04", "09:00"), {})
    supply = ("supplied", at("2026-11-05", "09:00"), {"complete": True})
    rows = facts(FILED, notice, supply)

    seen = foresee(rows, rules, CALENDARS, NOW, target="item", mode=OnTimeout.RECORD, key="promised#2:escalate")

    assert (seen.takes_effect, seen.blocked_by) == (False, ENDED_EARLIER)


def test_an_end_that_was_none_is_refused() -> None:
    with pytest.raises(LookupError):
        foresee(
            facts(FILED), definition(), CALENDARS, at("2026-11-03"),
            target="item", mode=OnTimeout.GRANT, key="statutory#1:escalate",
        )  # fmt: skip


def test_figures_count_what_they_say() -> None:
    end = at("2026-11-07", "00:00")
    rows = [
        Foreseen(end, True, "", end, "有意见", True, 3),
        Foreseen(end, True, "", None, "", False, 9),
        Foreseen(end, False, "申请人已去世", end, "不予", True, 1),
    ]

    found = count(rows)

    assert (found.looked, found.effective, found.blocked, found.contrary, found.waiting, found.longest) == (3, 2, 1, 1, 1, 9)
    assert count([]).longest == 0


def test_every_mode_of_an_item_has_its_clock() -> None:
    assert [clock_of("item", m) for m in (OnTimeout.RECORD, OnTimeout.COMPLETE, OnTimeout.GRANT, OnTimeout.RENEW)] == [
        "promised", "promised", "statutory", "expiry",
    ]  # fmt: skip
    assert (clock_of("intake", OnTimeout.ACCEPT), clock_of(JOINT, OnTimeout.CONSENT)) == ("intake", JOINT)


@pytest.fixture
def houses(world: World, clock: TestClock) -> list[Application]:
    """三件宅基地申请，联审11月5日开始；村建办都没有按时答复，第一件后来写了不同意见"""
    clock(at("2026-11-02", "10:00"))
    made = [file_application(world, "ZR-001") for _ in range(3)]
    visit = {"step": "site-visit", "outcome": "done", "text": "已到场核查", "second_signer": "孙示例"}
    for house in made:
        actions.accept(application=house, by=world.chen)
        actions.give_opinion(application=house, by=world.fang, **visit)
    clock(at("2026-11-20", "10:00"))
    sweep()
    said = {"step": JOINT, "outcome": "object", "text": "线路上方有高压线"}
    actions.give_opinion(application=made[0], by=world.deng, **said)
    clock(NOW)
    return made


def look(world: World, at_: datetime) -> list[found.Line]:
    """推演一页"""
    rows = found.ran_out(world.item("ZR-001"), JOINT, OnTimeout.CONSENT, at_)
    return found.page(rows, JOINT, OnTimeout.CONSENT, at_, after="")[0]


def test_the_page_shows_the_approver_what_silence_would_have_meant(houses: list[Application], world: World) -> None:
    url = reverse("approvals:switch_mode", args=["ZR-001", JOINT, "consent"])

    approver, supervisor = words(signed_in(world.pi).get(url)), words(signed_in(world.du).get(url))

    (ended,) = {line.foreseen.ended_at for line in look(world, portal_now())}
    assert ResponsibilityRecord.objects.filter(clock=JOINT, mode="escalate", ended_at=ended).count() == 3
    for text in (approver, supervisor):
        assert "要是早就开通了，会怎样" in text
        assert "到头没人答复3次" in text
        assert "会“视为无异议”3次" in text
        assert "会生效，可后来办的人说不1次" in text
        assert "到现在还没答复2次" in text
        assert "2026年11月20日（星期五）10:00，有意见" in text
    assert "依据的文件名称" in approver
    assert "依据的文件名称" not in supervisor
    assert "安示例" not in approver + supervisor
    assert "3次" in words(signed_in(world.du).get(reverse("approvals:modes")))


def test_looking_changes_nothing(houses: list[Application], world: World) -> None:
    def record() -> list:
        rows = list(Case.objects.order_by("pk").values()) + list(ResponsibilityRecord.objects.order_by("pk").values())
        return [*rows, Event.objects.count(), Message.objects.count(), Decision.objects.count()]

    sweep()
    before = record()

    assert [line.foreseen.takes_effect for line in look(world, portal_now())] == [True] * 3
    assert signed_in(world.pi).get(reverse("approvals:switch_mode", args=["ZR-001", JOINT, "consent"])).status_code == 200

    assert record() == before


def test_what_was_switched_on_in_time_is_no_guess_any_more(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    stall = file_application(world, "SJ-002")
    clock(NOW)
    settle_application(stall.pk)

    assert ResponsibilityRecord.objects.filter(case__application=stall, mode="record").exists()
    assert list(found.ran_out(world.item("SJ-002"), "item", OnTimeout.RECORD, NOW)) == []


def test_cases_of_the_version_before_are_still_looked_at_after_switching_on(houses: list[Application], world: World) -> None:
    switch_on(item=world.item("ZR-001"), target=JOINT, mode=OnTimeout.CONSENT, citation=CONSENT_RULE, by=world.pi)

    assert len(look(world, portal_now())) == 3


def test_a_year_back_and_no_further(houses: list[Application], world: World) -> None:
    ends = look(world, NOW)[0].foreseen.ended_at

    assert len(look(world, ends + timedelta(days=365, seconds=-1))) == 3
    assert look(world, ends + timedelta(days=365)) == []
    with pytest.raises(InvalidInput):
        rows = found.ran_out(world.item("ZR-001"), JOINT, OnTimeout.CONSENT, NOW)
        found.page(rows, JOINT, OnTimeout.CONSENT, NOW, after="没人给过")


def test_one_row_costs_what_three_cost(houses: list[Application], world: World) -> None:
    client, url = signed_in(world.pi), reverse("approvals:switch_mode", args=["ZR-001", JOINT, "consent"])
    client.get(url)
    costs = []
    for left in (3, 1):
        ResponsibilityRecord.objects.filter(case__application__in=houses[left:]).delete()
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        costs.append(len(seen))

    assert costs[0] == costs[1]


@pytest.mark.parametrize("target", [("item", "consent"), ("intake", "record"), (JOINT, "grant"), ("moon", "consent")])
def test_a_mode_that_cannot_stand_there_is_no_page(world: World, target: tuple[str, str]) -> None:
    assert signed_in(world.pi).get(reverse("approvals:switch_mode", args=["ZR-001", *target])).status_code == 404


@pytest.mark.parametrize(("may_open", "words_"), [(True, "开通以前请先看这几件"), (False, "请先看下表这几件")])
def test_only_who_may_open_the_cases_is_told_to(may_open: bool, words_: str) -> None:
    seen = Foreseen(NOW, True, "", NOW, "有意见", True, 2)
    line = {"number": "H7K4M9R62", "office": "水管站", "post": "审核岗", "foreseen": seen}

    shown = draw("approvals/_shadow.html", counts=count([seen]), lines=[line], mode="视为无异议", now=NOW, may_open=may_open)

    assert words_ in shown
    assert ('<th scope="row" class="nowrap"><a' in shown) == may_open
