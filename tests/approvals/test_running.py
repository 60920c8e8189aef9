"""走动中的环节：how a step ends, and what it shows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from approvals.facts import HowEnded, StepView
from approvals.running import RunningStep
from approvals.timers import Timer
from services.definition import StageKind
from tests.approvals.folding import CALENDARS, PUBLISHED
from tests.instants import at
from tests.rules import days, stage

OPENED = at("2026-11-02")


def open_step(kind: StageKind = StageKind.REVIEW) -> RunningStep:
    """一个有期限的环节"""
    step = RunningStep(stage("own", 1, kind, days(3)), 1, OPENED, date(2026, 11, 2))
    step.timer = Timer(
        "step:own",
        calendars=CALENDARS,
        calendar=PUBLISHED.calendar,
        started_on=date(2026, 11, 2),
        started_at=OPENED,
        limit=days(3),
        step="own",
    )
    return step


@pytest.mark.parametrize(
    ("status", "lapsed", "how", "late"),
    [
        ("done", False, HowEnded.MET, False),
        ("done", True, HowEnded.LATE, True),
        ("superseded", False, HowEnded.STOPPED, False),
        ("superseded", True, HowEnded.LAPSED, False),
    ],
)
def test_an_ended_step_stops_its_clock(status: str, lapsed: bool, how: HowEnded, late: bool) -> None:
    step = open_step()
    assert step.timer is not None
    if lapsed:
        step.timer.close(OPENED + timedelta(days=3), HowEnded.LAPSED)

    step.close(OPENED + timedelta(days=4), status, "agree", fact=7)

    assert (step.timer.how, step.late, step.fact) == (how, late, 7)


def test_a_step_without_a_limit_is_never_late() -> None:
    step = RunningStep(stage("branch", 1), 1, OPENED, date(2026, 11, 2))
    step.close(OPENED + timedelta(days=90), "done", "agree")

    assert (step.view({}).clock, step.view({}).late, step.view({}).outcome) == (None, False, "agree")


def test_a_step_shows_what_was_said_of_it_and_by_which_fact() -> None:
    step, clocks = open_step(), {}
    step.timer = None
    before = step.view(clocks)
    step.objection = step.absent = True
    step.close(OPENED, "deemed")

    assert before == StepView(step.stage, 1, OPENED, date(2026, 11, 2), None, "open")
    assert step.view(clocks) == replace(before, status="deemed", ended_at=OPENED, objection=True, absent=True)


@pytest.mark.parametrize(
    ("kind", "posting"), [(StageKind.POSTING, True), (StageKind.REVIEW, False), (StageKind.DECIDE, False)]
)
def test_only_a_posting_is_a_posting(kind: StageKind, posting: bool) -> None:
    assert open_step(kind).is_posting is posting
