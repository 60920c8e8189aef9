"""案件推算的事实：what each kind of fact does to a case, when it comes too late, and what it leaves alone."""

from datetime import date
from typing import Any

import pytest

from approvals.facts import HowEnded, Kind
from approvals.fold import Replay
from services.definition import StageKind
from tests.approvals.folding import Row, filed, state_at
from tests.instants import at
from tests.rules import days, definition, stage

ACCEPTED: Row = ("accepted", at("2026-11-02", "11:00"), {})
LATER = at("2026-12-31")
OWN, DECIDE = stage("own", 1), stage("decide", 2, StageKind.DECIDE, days(3))


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_fact_does_something(kind: Kind) -> None:
    assert callable(getattr(Replay, f"_on_{kind}"))


@pytest.mark.parametrize("kind", ["linked", "urged", "stand_beside", "settled"])
def test_other_events_of_the_stream_leave_the_case_alone(kind: str) -> None:
    without = state_at(definition(), at("2026-11-04"), filed("2026-11-02"))

    assert state_at(definition(), at("2026-11-04"), filed("2026-11-02"), (kind, at("2026-11-03"), {})) == without


def test_what_is_recorded_later_is_not_looked_at() -> None:
    rows = [filed("2026-11-02"), ACCEPTED, ("withdrawn", at("2026-11-05"), {})]

    assert state_at(definition(), at("2026-11-04", "23:59:59"), *rows).state == "accepted"
    assert state_at(definition(), at("2026-11-05"), *rows).state == "withdrawn"


@pytest.mark.parametrize(
    ("fact", "data", "left"),
    [
        ("opinion", {"step": "decide"}, ["decide"]),  # an opinion decides nothing
        ("decided", {"step": "own", "outcome": "approve"}, ["own"]),  # nor is a decision taken at another step
        ("found", {"step": "own"}, ["own"]),  # no finding where nobody objected
        ("absent", {"step": "own"}, ["own"]),
    ],
)
def test_an_act_that_does_not_fit_the_step_leaves_it_open(fact: str, data: dict[str, Any], left: list[str]) -> None:
    stages = (OWN,) if left == ["own"] else (DECIDE,)

    state = state_at(definition(stages=stages), at("2026-11-04"), filed("2026-11-02"), ACCEPTED, (fact, at("2026-11-03"), data))

    assert [step.stage.key for step in state.open_steps] == left
    assert (state.outcome, state.steps[0].absent) == ("", False)


def test_the_next_delivery_opens_when_the_first_is_done() -> None:
    stages = (stage("hand", 0, StageKind.DELIVER), OWN, stage("call", 3, StageKind.DELIVER), DECIDE)
    rows = [
        filed("2026-11-02"),
        ACCEPTED,
        ("opinion", at("2026-11-03"), {"step": "own"}),
        ("decided", at("2026-11-04"), {"step": "decide", "outcome": "approve"}),
        ("opinion", at("2026-11-05"), {"step": "hand"}),
    ]

    state = state_at(definition(stages=stages), LATER, *rows)

    assert [(step.stage.key, step.status, step.opened_on.day) for step in state.steps] == [
        ("own", "done", 2),
        ("decide", "done", 3),
        ("hand", "done", 4),
        ("call", "open", 5),
    ]


CARRIED: Row = ("corrected", at("2026-11-03"), {"served": False})


# the agent has two working days; the applicant's term runs from the day the notice came (engine 4, 6)
def test_the_term_of_a_notice_on_paper_runs_from_its_service() -> None:
    rules = definition(answer_days=10)
    rows = [filed("2026-11-02"), CARRIED]
    served = ("served", at("2026-11-06"), {})

    waiting = state_at(rules, at("2026-11-05", "23:00"), *rows)
    brought = state_at(rules, at("2026-11-06", "12:00"), *rows, served, ("served", at("2026-11-06", "11:00"), {}))

    serve = waiting.clock("serve")
    assert serve is not None
    assert (serve.due_on, serve.limit.started_on, waiting.clock("answer")) == (date(2026, 11, 5), date(2026, 11, 3), None)
    assert [(c.key, c.due_on, c.how) for c in brought.clocks if c.key in {"serve", "answer"}] == [
        ("serve", date(2026, 11, 5), HowEnded.LATE),
        ("answer", date(2026, 11, 16), None),
    ]


def test_who_supplies_before_the_notice_comes_has_supplied() -> None:
    rows = [CARRIED, ("supplied", at("2026-11-04"), {"complete": True}), ("served", at("2026-11-04", "15:00"), {})]

    state = state_at(definition(), at("2026-11-05"), filed("2026-11-02"), *rows)

    serve = state.clock("serve")
    assert serve is not None
    assert (state.state, serve.how, state.clock("answer")) == ("submitted", HowEnded.STOPPED, None)


def test_a_notice_not_yet_brought_carries_no_cards_and_the_leader_no_reason() -> None:
    state = state_at(definition(), at("2026-11-20"), filed("2026-11-02"), CARRIED)

    assert [(e.kind, e.clock) for e in state.effects if e.clock == "serve"] == [("escalate", "serve")]
    assert (state.state, state.reason_due_on) == ("correcting", None)
