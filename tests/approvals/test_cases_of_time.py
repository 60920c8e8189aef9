"""期限的情形：cases of practice, numbered as the office keeps them, through the real actions on the ledger."""

from datetime import date, timedelta

import pytest

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.facts import CaseState
from approvals.loading import fold_application, load_events
from approvals.models import Case, CorrectionNotice, Decision
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.errors import DeadlinePassed, InvalidInput, NotAllowed
from services.definition import Citation, ItemDefinition, OnTimeout
from services.models import Application
from tests.approvals.folding import filed as filed_fact
from tests.approvals.folding import kinds, state_at
from tests.conftest import TestClock
from tests.factories import at, file_application, first_step
from tests.rules import definition, mode
from tests.world import World

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")


def now_state(application: Application) -> CaseState:
    """此刻的法律状态"""
    return fold_application(application, portal_now())


def due(application: Application, key: str) -> date | None:
    """某个时钟的最后一天"""
    clock = now_state(application).clock(key)
    assert clock is not None
    return clock.due_on


def test_case_01_received_on_friday_and_no_notice_in_five_working_days(world: World, clock: TestClock) -> None:
    clock(at("2026-09-18", "16:50"))  # Friday; Sunday the 20th is worked, so the five days end on Thursday the 24th
    application = file_application(world, "LY-001")
    clock(at("2026-09-24", "23:59:58"))
    assert now_state(application).state == "submitted"

    clock(at("2026-09-25", "08:00"))
    settle_application(application.pk)

    application.refresh_from_db()
    case = Case.objects.get(application=application)
    assert (application.state, case.accepted_at) == ("accepted", at("2026-09-25", "00:00"))
    assert case.counts_from == date(2026, 9, 18)
    promised = now_state(application).clock("promised")
    assert promised is not None
    # the decision clock has been running since that Friday: 20, 21, 22, 23, 24, 28 and 29 September
    assert (promised.limit.started_on, promised.due_on) == (date(2026, 9, 18), date(2026, 9, 29))


def test_case_02_correction_notice_on_the_fifth_day_at_eleven_at_night(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    application = file_application(world, "LY-001")
    clock(at("2026-11-30", "23:00"))  # Monday, the fifth working day

    actions.correct(application=application, by=world.chen, points=[(application.rules.materials[0].key, "看不清，请重拍")])

    state = now_state(application)
    answer = state.clock("answer")
    assert (state.state, [kind for kind in kinds(state) if kind == "accept"]) == ("correcting", [])
    assert answer is not None
    assert answer.limit.started_on == date(2026, 11, 30)  # it is in her messages at once: delivered that day
    clock(at("2026-12-01", "00:00:01"))
    late = file_application(world, "LY-001")
    clock(at("2026-12-09", "00:00:01"))  # five working days after 1 December ended on Tuesday the 8th
    with pytest.raises(DeadlinePassed, match="已经视为受理"):
        actions.correct(application=late, by=world.chen, points=[(late.rules.materials[0].key, "看不清，请重拍")])


def test_case_03_second_correction_notice(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    application = file_application(world, "LY-001")
    points = [(application.rules.materials[0].key, "看不清，请重拍")]
    actions.correct(application=application, by=world.chen, points=points)
    with pytest.raises(NotAllowed, match="第二次补正"):
        actions.correct(application=application, by=world.chen, points=points)
    before = [clock for clock in now_state(application).clocks]

    actions.correct(application=application, by=world.du, points=points, override="申请人自己请求再说明一次")

    after = now_state(application)
    assert (after.corrections, list(after.clocks)) == (2, before)  # recorded, and nothing stops
    notices = CorrectionNotice.objects.filter(case__application=application).order_by("pk")
    assert [notice.override for notice in notices] == [None, "申请人自己请求再说明一次"]


def test_case_04_pause_without_an_issued_notice(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    application = file_application(world, "LY-001")
    actions.accept(application=application, by=world.chen)
    ends = due(application, "promised")
    reason = application.rules.pause_reasons[0].key
    words = {"until": date(2026, 12, 1), "notice": "", "step": first_step(application)}

    with pytest.raises(InvalidInput, match="没有发出书面通知"):
        actions.pause(application=application, by=world.lin, reason=reason, **words)

    assert due(application, "promised") == ends
    assert not [event for event in load_events(application) if event.kind == "paused"]


def test_case_05_extension_one_second_after_the_end(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    application = file_application(world, "LY-001")
    actions.accept(application=application, by=world.chen)
    ended = now_state(application).clock("statutory")
    assert ended is not None
    assert ended.due_at is not None
    clock(ended.due_at + timedelta(seconds=1))

    with pytest.raises(DeadlinePassed, match="算逾期"):
        actions.extend(application=application, by=world.zhen, length=5, reason="案情复杂需要延长")

    assert Case.objects.get(application=application).overdue
    assert not now_state(application).extended


def test_case_07_paused_over_new_year_without_a_calendar(world: World, clock: TestClock) -> None:
    clock(at("2026-12-01", "10:00"))
    application = file_application(world, "LY-001")
    actions.accept(application=application, by=world.chen)
    clock(at("2026-12-03", "10:00"))
    rule = next(rule for rule in application.rules.pause_reasons if "promised" in rule.clocks)
    until = date(2026, 12, 3) + timedelta(days=rule.max_days)
    words = {"notice": "要请专家评审，写明所需时间", "step": first_step(application)}
    actions.pause(application=application, by=world.lin, reason=rule.key, until=until, **words)

    paused = now_state(application).clock("promised")
    assert paused is not None
    assert (paused.due_on, paused.latest, paused.provisional) == (None, until, False)
    clock(at("2027-01-04", "10:00"))
    actions.resume(application=application, by=world.lin)
    state = now_state(application)
    resumed = state.clock("promised")
    assert resumed is not None
    # two days were used before the pause; 5, 6, 7, 8 and 11 January 2027 rest on no notice
    assert (resumed.due_on, resumed.provisional) == (date(2027, 1, 11), True)


def test_case_22_last_day_is_a_worked_sunday(world: World, clock: TestClock) -> None:
    clock(at("2026-09-14", "09:00"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    clock(at("2026-09-16", "10:00"))  # Wednesday: 17, 18 and the worked Sunday 20 September
    application = file_application(world, "SJ-002")
    assert due(application, "promised") == date(2026, 9, 20)
    clock(at("2026-09-20", "23:59:58"))
    assert now_state(application).outcome == ""

    clock(at("2026-09-21", "09:00"))
    settle_application(application.pk)

    decision = Decision.objects.get(case__application=application)
    assert (decision.outcome, decision.effective_at) == ("recorded", at("2026-09-21", "00:00"))


def renewal() -> ItemDefinition:
    """一项要延续的许可"""
    return definition(positive="renewed", timeout=mode(OnTimeout.RENEW))


@pytest.mark.parametrize(
    ("filed_on", "expected", "blocked"),
    [("2026-11-23", "renew", ""), ("2026-11-24", "escalate", "没有提前30个自然日申请延续")],
)
def test_case_25_renewal_filed_thirty_and_twenty_nine_days_before_expiry(filed_on: str, expected: str, blocked: str) -> None:
    rows = [filed_fact(filed_on, expires_on="2026-12-23")]

    state = state_at(renewal(), at("2026-12-24", "00:00"), *rows)

    effect = next(effect for effect in state.effects if effect.clock == "expiry" and effect.kind in {"renew", "escalate"})
    assert (effect.kind, effect.blocked_by, effect.at) == (expected, blocked, at("2026-12-24", "00:00"))
    assert state.outcome == ("renewed" if expected == "renew" else "")
