"""审批的读：what may be done is what the actions allow, figures are exact, marks look like the shared pieces."""

from datetime import date, timedelta

import pytest
from django import forms

from approvals import access, actions, tasks
from approvals.act_forms import FORMS
from approvals.forms import ChineseDateField, ChineseMomentField, LookupForm
from approvals.lawful import lawful_acts
from approvals.pages.silence import silences
from approvals.pages.timeline import timeline
from approvals.queries import cases, leader
from approvals.queries.deputies import choices_for
from approvals.queries.desk import Work
from approvals.reading import masked_parts, note_opening
from approvals.supplying import wanted_points
from portal.clock import portal_now
from portal.models import Heartbeat, User
from portal.pagewords import cn_end
from portal.permissions import powers_of
from services.models import AccessRecord, Application
from services.queries import Sheet
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """食品摊贩备案，2026-09-16 交齐"""
    clock(at("2026-09-16", "10:00"))
    return file_application(world, "SJ-002")


def may(application: Application, user: User) -> tuple[set[str], dict[str, str]]:
    """某人能办的和不能办的"""
    folded = cases.fold_one(cases.filed_applications().get(pk=application.pk), portal_now())
    acts, barred = lawful_acts(folded.state, folded.application.rules, powers_of(user, folded.at), number=application.number)
    return {act.act for act in acts}, {bar.label: bar.reason for bar in barred}


def test_lawful_acts_follow_the_case(stall: Application, world: World) -> None:
    acts, _ = may(stall, world.wang)
    assert {"accept", "correct", "reject"} <= acts
    assert acts <= set(FORMS) | {"supply"}
    assert "accept" not in may(stall, world.shui)[0]

    actions.accept(application=stall, by=world.wang)
    acts, barred = may(stall, world.wang)
    assert "accept" not in acts
    assert barred["一次性告知"] == "已经受理了"


def test_people_steps_and_silence_of_a_case(stall: Application) -> None:
    folded = cases.fold_one(cases.filed_applications().get(pk=stall.pk), portal_now())
    people = cases.standing(folded)
    entries = timeline(folded.application.rules, folded.state, cases.happenings(folded), people.names)

    assert people.window is not None
    assert people.window.person == "王示例"
    assert entries[0].done
    assert sum(entry.current for entry in entries) == 1
    assert "不算批准" in silences(stall.rules)[-1].text


def test_figures_count_what_was_kept(stall: Application, world: World, clock: TestClock) -> None:
    assert leader.figures(world.township.pk, portal_now()).open == 1
    assert leader.figures(world.other.pk, portal_now()).open == 0
    assert [load.total for load in leader.loads(world.township.pk, portal_now())] == [1]
    actions.withdraw(application=stall, by=world.an, reason="不办了")

    found = leader.figures(world.township.pk, portal_now())
    assert (found.open, found.closed, found.rate) == (0, 0, "—")


def test_readings_are_noted_once_an_hour_and_answers_covered(stall: Application, world: World) -> None:
    powers = powers_of(world.wang, portal_now())
    for _ in range(2):
        note_opening(stall, world.wang, powers, portal_now())

    assert AccessRecord.objects.filter(application=stall).count() == 1
    shown = str(masked_parts(Sheet(Application.objects.get(pk=stall.pk)).parts))
    assert "00005550001" not in shown
    assert wanted_points(stall, []) == []
    assert world.wang in [user for user, _ in choices_for(world.wang, portal_now()).people]


def test_grants_end_after_an_hour(clock: TestClock, world: World) -> None:
    session: dict[str, object] = {}
    access.grant(session, "H7K4M9R62", at("2026-09-16", "10:00"))  # type: ignore[arg-type] # a session is a mapping

    assert access.is_granted(session, "H7K4M9R62", at("2026-09-16", "10:59"))  # type: ignore[arg-type] # as above
    assert not access.is_granted(session, "H7K4M9R62", at("2026-09-16", "11:00"))  # type: ignore[arg-type] # as above


def test_the_task_beats(world: World) -> None:
    tasks.sweep()

    assert Heartbeat.objects.filter(name="sweep").exists()


@pytest.mark.parametrize("text", ["2026-9-23", "2026年9月23日", "2026/09/23", "2026.9.23"])
def test_dates_as_people_write_them(text: str) -> None:
    assert ChineseDateField().clean(text) == date(2026, 9, 23)
    assert ChineseMomentField().clean(f"{text} 8：30") == at("2026-09-23", "08:30")


def test_a_wrong_date_and_a_wrong_number_say_so() -> None:
    with pytest.raises(forms.ValidationError, match="2026-9-23"):
        ChineseDateField().clean("下周三")
    assert "看错了" in str(LookupForm({"number": "H7K 4M9 R63", "code": "x"}).errors)


@pytest.mark.parametrize(("away", "deputy"), [("deng", "sun"), ("sun", "deng")])
def test_what_two_powers_reach_stands_there_once(world: World, clock: TestClock, away: str, deputy: str) -> None:
    """Someone who also stands in for another office sees each piece of work once, and both sides add up."""
    clock(at("2026-11-02", "10:00"))
    house = file_application(world, "ZR-001")
    actions.accept(application=house, by=world.chen)
    visit = {"step": "site-visit", "outcome": "done", "text": "已到场核查", "second_signer": "孙示例"}
    actions.give_opinion(application=house, by=world.fang, **visit)
    now, who = portal_now(), world.users[deputy]
    span = {"starts_at": now, "ends_at": now + timedelta(days=3), "reason": "外出开会"}
    actions.delegate(post=world.post(away), deputy=who, by=world.users[away], **span)
    now = portal_now()
    powers = powers_of(who, now)
    sides = [Work(who, [power], now) for power in powers]
    both = Work(who, powers, now)

    rows = both.page().rows

    assert [side.count()[0][""] for side in sides] == [1, 1]
    assert len({(row.kind, row.id) for row in rows}) == len(rows) == both.count()[0][""] == 2


def test_the_window_answers_by_whatever_ends_first(stall: Application, world: World, clock: TestClock) -> None:
    """食品摊贩：promised in three working days, while the window would have five."""
    state = cases.fold_one(stall, portal_now()).state
    house = cases.fold_one(file_application(world, "ZR-001"), portal_now()).state
    told = timeline(stall.rules, state, [], {})

    assert state.answer_clock is not None
    assert state.answer_clock.key == "promised"
    assert f"窗口最晚{cn_end(state.answer_clock.due_at)}答复您。" in [entry.later for entry in told]
    assert house.answer_clock is not None
    assert house.answer_clock.key == "intake"
    actions.accept(application=stall, by=world.wang)
    assert cases.fold_one(stall, portal_now()).state.answer_clock is None
