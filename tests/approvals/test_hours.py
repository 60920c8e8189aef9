"""按小时的环节：four hours are four hours, by night, on rest days and through a pause, and carry no default."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.checking import differences
from approvals.facts import CaseState, HowEnded, StepView
from approvals.loading import fold_application
from approvals.models import Case
from approvals.pages.deadlines import hours_left
from portal.clock import portal_now
from portal.limits import Light, day_of
from services.definition import LimitUnit, StageKind
from services.models import Application
from tests.approvals.folding import Row, filed, state_at
from tests.conftest import TestClock
from tests.factories import make_draft
from tests.instants import at
from tests.rules import days, definition, stage
from tests.world import World

FOUR = days(4, LimitUnit.HOUR)
RULES = definition(stages=(stage("decide", 1, StageKind.DECIDE, days(3)), stage("report", 2, StageKind.DELIVER, FOUR)))
EVENING = at("2026-09-30", "22:00")  # the night before the National Day holiday
DECIDED: list[Row] = [
    filed("2026-09-30", "09:00"),
    ("accepted", at("2026-09-30", "10:00"), {}),
    ("decided", EVENING, {"step": "decide", "outcome": "approve"}),
]


def report(when: datetime, *more: Row) -> StepView:
    """那一刻的这一步"""
    step = state_at(RULES, when, *DECIDED, *more).step("report")
    assert step is not None and step.clock is not None
    return step


@pytest.mark.parametrize(
    ("passed", "light"),
    [
        (timedelta(), Light.NORMAL),
        (timedelta(hours=3, minutes=36) - timedelta(microseconds=1), Light.NORMAL),
        (timedelta(hours=3, minutes=36), Light.DUE_SOON),
        (timedelta(hours=4) - timedelta(microseconds=1), Light.DUE_SOON),
        (timedelta(hours=4), Light.OVERDUE),
    ],
)
def test_they_run_through_the_night_and_the_holiday(passed: timedelta, light: Light) -> None:
    clock = report(EVENING + passed).clock

    assert clock is not None
    assert (clock.due_at, clock.due_on) == (at("2026-10-01", "02:00"), day_of(at("2026-10-01")))
    assert (clock.light, clock.provisional) == (light, False)


def cards(state: CaseState) -> list[tuple[str, datetime]]:
    """这一步出过的卡和后果"""
    return [(effect.kind, effect.at) for effect in state.effects if effect.step == "report"]


def test_a_reminder_at_once_a_yellow_card_in_the_last_tenth_and_a_red_one_at_the_end() -> None:
    state = state_at(RULES, at("2026-10-02"), *DECIDED)

    assert cards(state) == [
        ("remind", EVENING),
        ("yellow", at("2026-10-01", "01:36")),
        ("escalate", at("2026-10-01", "02:00")),
        ("red", at("2026-10-01", "02:00")),
    ]
    assert state_at(RULES, EVENING + timedelta(minutes=1), *DECIDED).next_look_at == at("2026-10-01", "01:36")


@pytest.mark.parametrize(
    ("done_at", "how", "late"),
    [(at("2026-10-01", "01:59"), HowEnded.MET, False), (at("2026-10-01", "02:00"), HowEnded.LATE, True)],
)
def test_in_time_is_strictly_before_the_end(done_at: datetime, how: HowEnded, late: bool) -> None:
    step = report(at("2026-10-08"), ("opinion", done_at, {"step": "report", "outcome": "done"}))

    assert step.clock is not None
    assert (step.status, step.clock.how, step.late) == ("done", how, late)


def test_no_pause_stops_them() -> None:
    rules = definition(stages=(stage("look", 1, limit=FOUR), stage("decide", 2, StageKind.DECIDE, days(3))))
    rows: list[Row] = [
        filed("2026-09-30", "09:00"),
        ("accepted", at("2026-09-30", "10:00"), {}),
        ("paused", at("2026-09-30", "11:00"),
         {"id": "p", "reason": "听证", "clocks": ["promised"], "until": "2026-10-12", "step": "look"}),
    ]  # fmt: skip

    state = state_at(rules, at("2026-09-30", "12:00"), *rows)
    look, promised = state.step("look"), state.clock("promised")
    assert look is not None and look.clock is not None and look.clock.due_at == at("2026-09-30", "14:00")
    assert promised is not None and promised.due_at is None


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-200, "还剩3小时20分钟"), (-60, "还剩1小时"), (-1, "还剩1分钟"), (0, "已超期0分钟"), (180, "已超期3小时")],
)
def test_what_is_left_is_told_in_hours(minutes: int, words: str) -> None:
    assert hours_left(EVENING, EVENING + timedelta(minutes=minutes)) == words


def feast(world: World, *, crowd: str) -> Application:
    """一份集体聚餐的告知"""
    draft = make_draft(world, "SJ-001")
    Application.objects.filter(pk=draft.pk).update(answers={**draft.answers, "crowd": crowd})
    draft.refresh_from_db()
    case = actions.file(application=draft, by=world.an, key=f"feast-{crowd}")
    actions.accept(application=case, by=world.chen)
    actions.decide(application=case, by=world.shi, outcome="approve")
    return Application.objects.get(pk=case.pk)


def test_a_small_feast_is_reported_to_nobody(world: World, clock: TestClock) -> None:
    clock(at("2026-09-30", "10:00"))
    case = feast(world, crowd="否")

    state = fold_application(case, portal_now())
    assert (state.outcome, state.step("report-up")) == ("recorded", None)
    assert Case.objects.get(application=case).closed_at is not None
    assert [problem for _, problems in differences() for problem in problems] == []


def test_a_large_feast_is_reported_within_four_hours(world: World, clock: TestClock, client: Client) -> None:
    clock(EVENING)
    case = feast(world, crowd="是")
    client.force_login(world.shi)
    desk = reverse("approvals:workbench")

    assert Case.objects.get(application=case).closed_at is None
    assert "10月1日02:00到期" in client.get(desk).content.decode()
    why = client.get(reverse("approvals:why", args=[case.number, "report-up"])).content.decode()
    assert "连着数4个小时，夜里、休息日也算，到 <b>2026年10月1日（星期四）02:00</b>为止" in why
    assert "还剩3小时59分钟" in client.get(reverse("approvals:case", args=[case.number])).content.decode()
    assert_light(client, desk, case, "正常", "临期")

    clock(at("2026-10-01", "01:40"))
    assert_light(client, desk, case, "临期", "正常")
    assert "今天02:00到期" in client.get(desk).content.decode()

    clock(at("2026-10-01", "02:05") + timedelta(seconds=30))
    assert_light(client, desk, case, "超期", "临期")
    assert "已超期5分钟" in client.get(reverse("approvals:case", args=[case.number])).content.decode()
    actions.give_opinion(application=case, by=world.shi, step="report-up", outcome="done", text="已经电话上报县局。")
    step = fold_application(case, portal_now()).step("report-up")
    assert step is not None and step.late
    assert "办完，已超期5分钟" in client.get(reverse("approvals:why", args=[case.number, "report-up"])).content.decode()
    assert [problem for _, problems in differences() for problem in problems] == []


def assert_light(client: Client, desk: str, case: Application, light: str, other: str) -> None:
    """列表按灯找，和这一行自己的灯是一回事"""
    assert case.number in client.get(desk, {"light": light}).content.decode()
    assert case.number not in client.get(desk, {"light": other}).content.decode()
