"""案件推算的事实：what each kind of fact does to a case, when it comes too late, and what it leaves alone."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from approvals.facts import HowEnded, Kind
from approvals.fold import Replay
from services.definition import Stage, StageKind
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


# a delivery is the act that ends the step which is nothing else; what else comes after a decision has its own end
HANDING = stage("hand", 3, StageKind.DELIVER, days(3), hands_over=True)


@pytest.mark.parametrize(
    ("stages", "when", "ended"),
    [
        ((HANDING,), at("2026-11-05"), [("hand", "done", False, HowEnded.MET)]),
        ((HANDING,), at("2026-11-13"), [("hand", "done", True, HowEnded.LATE)]),
        ((replace(HANDING, hands_over=False),), at("2026-11-05"), [("hand", "open", False, HowEnded.LAPSED)]),
        (
            (HANDING, stage("pay", 3, StageKind.DELIVER, days(9))),
            at("2026-11-05"),
            [("hand", "done", False, HowEnded.MET), ("pay", "open", False, None)],
        ),
        (
            (stage("pay", 3, StageKind.DELIVER, days(9)), replace(HANDING, group=4)),
            at("2026-11-05"),
            [("pay", "done", False, HowEnded.MET)],  # and nothing opens that has been done already
        ),
    ],
)
def test_a_registered_delivery_ends_the_step_that_is_the_delivery(
    stages: tuple[Stage, ...], when: datetime, ended: list[tuple[str, str, bool, HowEnded | None]]
) -> None:
    rules = definition(stages=(DECIDE, *stages), delivery_days=10)
    rows = [("decided", at("2026-11-04"), {"step": "decide", "outcome": "approve"}), ("delivered", when, {})]
    if len(ended) == 1 and ended[0][0] == "pay":
        rows.append(("opinion", at("2026-11-06"), {"step": "pay"}))

    state = state_at(rules, at("2026-11-13", "12:00"), filed("2026-11-02"), ACCEPTED, *rows)

    steps = [step for step in state.steps if step.stage.kind == StageKind.DELIVER]
    assert [(s.stage.key, s.status, s.late, s.clock.how if s.clock else None) for s in steps] == ended
    assert [s.ended_at for s in steps if s.stage.hands_over] == [when] * any(s.stage.hands_over for s in steps)
    assert (state.awaits_delivery, state.handing_over) == (False, None)


CALL = stage("call", 4, StageKind.DELIVER, days(3))
GRANTED = replace(HANDING, positive_only=True)


# what only a positive outcome brings never opens after a refusal; the telling of it and the clock of delivery do
@pytest.mark.parametrize(
    ("stages", "outcome", "opened"),
    [
        ((GRANTED,), "approve", ["hand"]),
        ((GRANTED,), "refuse", []),
        ((HANDING,), "refuse", ["hand"]),
        ((GRANTED, CALL), "refuse", ["call"]),  # the next group, at once
        ((HANDING, replace(CALL, positive_only=True)), "refuse", ["hand"]),
        ((HANDING, replace(CALL, positive_only=True)), "approve", ["hand", "call"]),
        ((replace(CALL, group=3, positive_only=True), replace(HANDING, group=3)), "refuse", ["hand"]),
    ],
)
@pytest.mark.parametrize("by", ["delivery", "opinion"])
def test_after_a_refusal_only_what_tells_it_is_still_to_do(
    stages: tuple[Stage, ...], outcome: str, opened: list[str], by: str
) -> None:
    rules = definition(stages=(DECIDE, *stages), delivery_days=10)
    rows = [("decided", at("2026-11-04", "10:00"), {"step": "decide", "outcome": outcome})]
    end = ("opinion", at("2026-11-05"), {"step": "hand"}) if by == "opinion" else ("delivered", at("2026-11-05"), {})

    told = state_at(rules, at("2026-11-04", "11:00"), filed("2026-11-02"), ACCEPTED, *rows)
    state = state_at(rules, at("2026-11-06"), filed("2026-11-02"), ACCEPTED, *rows, end)

    delivery = told.clock("delivery")
    assert delivery is not None
    assert (delivery.is_open, told.awaits_delivery) == (True, True)
    assert [step.stage.key for step in told.open_steps] == opened[:1]
    assert [step.stage.key for step in state.steps if step.stage.kind == StageKind.DELIVER] == opened


# what follows a delivery opens on the day of it, and the step says which fact has ended it
def test_what_comes_after_the_delivery_opens_with_it() -> None:
    rules = definition(stages=(DECIDE, HANDING, CALL), delivery_days=10)
    when = at("2026-11-05", "10:00")
    rows = [("decided", at("2026-11-04"), {"step": "decide", "outcome": "approve"}), ("delivered", when, {})]

    state = state_at(rules, at("2026-11-06"), filed("2026-11-02"), ACCEPTED, *rows)

    hand, call = state.step("hand"), state.step("call")
    assert hand is not None
    assert call is not None
    assert (hand.status, hand.outcome, hand.fact) == ("done", "done", 4)  # filed, accepted, decided, delivered
    assert (call.status, call.opened_at, call.opened_on) == ("open", when, date(2026, 11, 5))


# a step that was answered in the old way has ended then, whatever is registered later
def test_a_delivery_leaves_alone_a_step_that_has_ended() -> None:
    rules = definition(stages=(DECIDE, HANDING), delivery_days=10)
    answered = at("2026-11-05", "10:00")
    rows = [
        ("decided", at("2026-11-04"), {"step": "decide", "outcome": "approve"}),
        ("opinion", answered, {"step": "hand"}),
        ("delivered", at("2026-11-06"), {}),
    ]

    hand = state_at(rules, at("2026-11-07"), filed("2026-11-02"), ACCEPTED, *rows).step("hand")

    assert hand is not None
    assert (hand.status, hand.ended_at) == ("done", answered)


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


# -- acts come in time or do nothing ----------------------------------------------------------------

CORRECTED: Row = ("corrected", at("2026-11-03"), {})
APPROVED: Row = ("decided", at("2026-11-04"), {"step": "decide", "outcome": "approve"})


@pytest.mark.parametrize("outcome", ["not_ours", "not_accepted", "not_required", "forwarded"])
@pytest.mark.parametrize("served", [True, False])
def test_what_is_seen_after_the_notice_is_told_and_nobody_waits_for_an_answer(outcome: str, served: bool) -> None:
    noticed = ("corrected", at("2026-11-03"), {"served": served})
    rejected = ("rejected", at("2026-11-04"), {"outcome": outcome})

    state = state_at(definition(), LATER, filed("2026-11-02"), noticed, rejected)

    assert (state.state, state.outcome, state.manner, state.effective_at) == (outcome, outcome, "signed", at("2026-11-04"))
    assert [clock.key for clock in state.clocks if clock.is_open] == []
    waited = state.clock("answer" if served else "serve")
    assert waited is not None
    assert (waited.how, waited.ended_at, state.next_look_at) == ("stopped", at("2026-11-04"), None)


@pytest.mark.parametrize("act", ["withdrawn", "terminated"])
@pytest.mark.parametrize("rows", [[], [CORRECTED], [ACCEPTED]], ids=["submitted", "correcting", "accepted"])
def test_a_case_is_withdrawn_or_terminated_while_it_has_no_outcome(act: str, rows: list[Row]) -> None:
    state = state_at(definition(), LATER, filed("2026-11-02"), *rows, (act, at("2026-11-04"), {}))

    assert (state.state, state.outcome, state.manner, state.effective_at) == (act, act, "signed", at("2026-11-04"))
    assert [clock.key for clock in state.clocks if clock.is_open] == []
    assert (state.open_steps, state.next_look_at) == ((), None)


@pytest.mark.parametrize(
    "act",
    [
        ("withdrawn", {}),
        ("terminated", {}),
        ("accepted", {}),
        ("rejected", {"outcome": "not_ours"}),
        ("corrected", {}),
        ("corrected", {"override": True}),
        ("supplied", {"complete": True}),
        ("opinion", {"step": "decide"}),
        ("decided", {"step": "decide", "outcome": "refuse"}),
        ("paused", {"id": "p", "reason": "听证", "clocks": ["promised"], "until": "2026-11-20"}),
        ("resumed", {"id": "p"}),
        ("extended", {"length": 5}),
        ("objected", {"step": "decide"}),
        ("found", {"step": "decide"}),
        ("absent", {"step": "decide"}),
    ],
    ids=lambda act: act[0],
)
def test_no_act_moves_what_has_its_outcome(act: tuple[str, dict[str, Any]]) -> None:
    rows = [filed("2026-11-02"), ACCEPTED, APPROVED]
    early = at("2026-11-05", "12:00")

    assert state_at(definition(), early, *rows, (act[0], at("2026-11-05"), act[1])) == state_at(definition(), early, *rows)


@pytest.mark.parametrize("act", ["withdrawn", "terminated"])
def test_nothing_is_withdrawn_before_it_is_filed(act: str) -> None:
    assert state_at(definition(), LATER, (act, at("2026-11-02"), {})).state == "draft"


def test_a_correction_is_in_time_while_the_intake_runs_whatever_became_of_the_promise() -> None:
    rules = definition(promised=days(1), statutory=None)  # an approval: the promise has no default that could have come up

    state = state_at(rules, at("2026-11-06"), filed("2026-11-02"), ("corrected", at("2026-11-05"), {}))

    assert (state.state, state.corrections) == ("correcting", 1)


def test_a_correction_stops_both_limits_and_a_supply_starts_them_again() -> None:
    supplied = ("supplied", at("2026-11-05"), {"complete": True})

    state = state_at(definition(), at("2026-11-06"), filed("2026-11-02", complete=False), CORRECTED, supplied)

    assert [(c.key, c.round, c.how, c.limit.started_on.day) for c in state.clocks] == [
        ("intake", 1, HowEnded.MET, 2),
        ("promised", 1, HowEnded.STOPPED, 2),
        ("statutory", 1, HowEnded.STOPPED, 2),
        ("answer", 1, HowEnded.MET, 3),
        ("intake", 2, None, 5),
        ("promised", 2, None, 5),
        ("statutory", 2, None, 5),
    ]
    assert (state.complete, state.clocks[3].ended_at) == (True, at("2026-11-05"))


@pytest.mark.parametrize(
    ("data", "state", "complete"),
    [
        ({"complete": True}, "submitted", True),
        ({"complete": True, "lacking": True}, "submitted", False),  # a deferred paper is still to come
        ({"complete": False}, "correcting", False),  # a part of what was listed
        ({}, "correcting", False),
    ],
)
def test_a_supply_is_full_when_it_says_so(data: dict[str, Any], state: str, complete: bool) -> None:
    found = state_at(definition(), at("2026-11-05"), filed("2026-11-02"), CORRECTED, ("supplied", at("2026-11-04"), data))

    assert (found.state, found.complete) == (state, complete)


def test_a_paper_entered_on_its_own_day_waits_for_nobody() -> None:
    assert not state_at(definition(), at("2026-11-03"), filed("2026-11-02")).receipt_waits


# -- extension ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "acts", "added"),
    [
        ({}, [("2026-11-10", 5)], {"promised": 5, "statutory": 5}),
        ({"statutory": None}, [("2026-11-10", 5)], {"promised": 5}),
        ({}, [("2026-11-10", 5), ("2026-11-11", 5)], {"promised": 5, "statutory": 5}),  # once
        ({"promised": days(30), "statutory": days(5)}, [("2026-11-10", 5)], {"promised": 0, "statutory": 0}),  # too late
        ({"promised": days(5), "statutory": None}, [("2026-11-10", 5)], {"promised": 0}),
    ],
)
def test_one_extension_before_the_limit_that_rules(
    changes: dict[str, Any], acts: list[tuple[str, int]], added: dict[str, int]
) -> None:
    extensions = [("extended", at(day), {"length": length}) for day, length in acts]

    state = state_at(definition(**changes), at("2026-11-12"), filed("2026-11-02"), ACCEPTED, *extensions)

    assert {c.key: c.limit.extended_by for c in state.clocks if c.key != "intake"} == added
    assert state.extended is any(added.values())


# -- a visit where nobody was met (law 11, case 23) ---------------------------------------------------

VISIT = stage("visit", 1, limit=days(3), signers=2)


@pytest.mark.parametrize(
    ("visit", "day", "absent", "how"),
    [
        (VISIT, "2026-11-05", True, HowEnded.MET),  # on its last day
        (VISIT, "2026-11-06", False, HowEnded.LAPSED),  # after it
        (stage("visit", 1, limit=days(3)), "2026-11-05", False, None),  # no visit
        (stage("visit", 1, signers=2), "2026-11-05", False, None),  # a visit without a limit has none to keep
    ],
)
def test_a_visit_counts_as_kept_where_nobody_was_met_in_time(visit: Stage, day: str, absent: bool, how: HowEnded | None) -> None:
    rows = [filed("2026-11-02"), ACCEPTED, ("absent", at(day), {"step": "visit"})]

    step = state_at(definition(stages=(visit, DECIDE)), at(day, "12:00"), *rows).steps[0]

    assert (step.absent, step.status) == (absent, "open")
    assert (step.clock.how if step.clock else None) == how
    assert not absent or (step.clock is not None and step.clock.ended_at == at(day))


# -- death --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "passed"),
    [
        ([("died", {"passes": True})], True),
        ([("died", {})], False),
        ([("died", {}), ("passed", {})], True),  # the member was named later
    ],
)
def test_a_matter_of_the_household_passes_on(rows: list[tuple[str, dict[str, Any]]], passed: bool) -> None:
    acts = [(kind, at("2026-11-04"), data) for kind, data in rows]

    state = state_at(definition(), at("2026-11-05"), filed("2026-11-02"), *acts)

    assert (state.dead, state.passed) == (True, passed)
