"""推演的活：read from the legal state alone – intake, steps, outside stages, findings, extensions, reasons."""

from dataclasses import replace

import pytest

from approvals.routing import Seat
from approvals.simulation.cases import outside_ends_at
from approvals.simulation.desk import Work
from approvals.simulation.plan import Offices
from approvals.simulation.wanted import Wanted, seat_of, wanted
from portal.calendar_data import national_calendar
from portal.limits import day_of
from services.definition import LimitUnit, StageKind, Timeout
from tests.approvals.folding import filed, state_at
from tests.factories import at
from tests.rules import days, definition, stage

LONG = definition(
    intake_timeout=Timeout(),
    stages=(
        stage("look", 1, limit=days(3), signers=2),
        stage("read", 1, limit=days(3)),
        stage("county", 2, limit=days(5), external=True),
        stage("post", 3, StageKind.POSTING, days(5)),
        stage("decide", 4, StageKind.DECIDE, days(3)),
        stage("hand", 5, StageKind.DELIVER, days(1)),
    ),
)
ROWS = [
    filed("2026-03-02"),
    ("accepted", at("2026-03-02", "11:00")),
    ("opinion", at("2026-03-03"), {"step": "look"}),
    ("opinion", at("2026-03-03"), {"step": "read"}),
    ("opinion", at("2026-03-05"), {"step": "county"}),
    ("objected", at("2026-03-09"), {"step": "post"}),
    ("found", at("2026-03-10"), {"step": "post"}),
    ("decided", at("2026-03-19"), {"step": "decide", "outcome": "approve"}),
]


@pytest.mark.parametrize(
    ("facts", "when", "works"),
    [
        (1, "2026-03-02", [("intake#1", Work.INTAKE)]),
        (2, "2026-03-02", [("look#1", Work.VISIT), ("read#1", Work.REVIEW)]),
        (4, "2026-03-03", [("county#1", Work.REGISTER)]),
        (5, "2026-03-06", []),  # the posting ends by itself
        (6, "2026-03-09", [("find:post#1", Work.FINDING)]),
        (7, "2026-03-18", [("decide#1", Work.DECIDE)]),
        (8, "2026-03-19", [("hand#1", Work.DELIVER)]),
    ],
)
def test_work_follows_the_state(facts: int, when: str, works: list[tuple[str, Work]]) -> None:
    state = state_at(LONG, at(when, "12:00"), *ROWS[:facts])

    assert [(entry.key, entry.work) for entry in wanted(state, LONG)] == works


def test_an_overdue_case_also_wants_its_public_reason() -> None:
    state = state_at(LONG, at("2026-04-01"), filed("2026-03-02"))
    found = {entry.key: entry for entry in wanted(state, LONG)}

    assert set(found) == {"intake#1", "reason"}
    assert found["intake#1"].lapsed


def test_more_time_is_wanted_only_near_the_end_and_only_where_it_may_be() -> None:
    rows = [filed("2026-03-02"), ("accepted", at("2026-03-02", "11:00"))]
    early, near = (state_at(definition(), at(day), *rows) for day in ("2026-03-04", "2026-03-23"))

    assert "extend" not in {entry.key for entry in wanted(early, definition(), extends=True)}
    assert "extend" in {entry.key for entry in wanted(near, definition(), extends=True)}
    assert "extend" not in {entry.key for entry in wanted(near, definition(), extends=False)}


@pytest.mark.parametrize(
    ("hands_over", "when", "works"),
    [
        (False, "2026-03-19", {("hand#1", False), ("delivery", False)}),  # two things: the certificate, and bringing it
        (True, "2026-03-19", {("hand#1", False)}),  # one and the same
        (False, "2026-04-10", {("hand#1", True), ("delivery", True)}),
    ],
)
def test_a_result_has_to_be_delivered(hands_over: bool, when: str, works: set[tuple[str, bool]]) -> None:
    stages = (*LONG.stages[:-1], replace(LONG.stages[-1], hands_over=hands_over))
    rules = replace(LONG, stages=stages, delivery_days=10)

    found = wanted(state_at(rules, at(when, "12:00"), *ROWS), rules)
    assert {(entry.key, entry.lapsed) for entry in found} == works
    assert {entry.work for entry in found} == {Work.DELIVER}


def test_on_the_spot_is_its_own_kind_of_work() -> None:
    rules = definition(promised=days(0), stages=(stage("decide", 1, StageKind.DECIDE, days(0)),))
    state = state_at(rules, at("2026-03-02", "12:00"), filed("2026-03-02"), ("accepted", at("2026-03-02", "11:00"), {}))

    assert [entry.work for entry in wanted(state, rules)] == [Work.ON_THE_SPOT]


SEATS = [
    Seat(0, "service-centre", "window"),
    Seat(1, "office", "review"),
    Seat(2, "office", "office_head"),
    Seat(3, "government", "town_leader"),
    Seat(4, "service-centre", "agent"),
]


@pytest.mark.parametrize(
    ("entry", "seat"),
    [
        (Wanted("intake#1", Work.INTAKE), 0),
        (Wanted("read#1", Work.REVIEW, "read"), 1),
        (Wanted("county#1", Work.REGISTER, "county"), 4),
        (Wanted("reason", Work.REASON), 2),
        (Wanted("extend", Work.EXTEND), 2),
        (Wanted("delivery", Work.DELIVER), 4),
    ],
)
def test_work_lies_where_routing_puts_it(entry: Wanted, seat: int) -> None:
    assert seat_of(entry, LONG, SEATS, None) == seat
    assert seat_of(replace(entry, work=Work.REASON), LONG, [SEATS[3]], None) == 3
    assert seat_of(Wanted("reason", Work.REASON), LONG, [SEATS[0]], None) is None


@pytest.mark.parametrize(("limit", "least", "most"), [(days(10), 3, 10), (days(30, LimitUnit.DAY), 9, 30), (None, 1, 1)])
def test_outside_stages_take_a_share_of_their_limit(limit: object, least: int, most: int) -> None:
    calendar = national_calendar(2026)
    rules = replace(LONG, stages=(replace(LONG.stage("county"), group=1, limit=limit), LONG.stage("decide")))
    state = state_at(rules, at("2026-03-02", "12:00"), *ROWS[:2])
    ends = [outside_ends_at(Offices(), state.open_steps[0], calendar, f"甲{n}") for n in range(200)]
    workdays = limit is None or limit.unit == LimitUnit.WORKDAY
    first = state.open_steps[0].opened_on
    took = [calendar.count_workdays(first, day_of(end)) if workdays else (day_of(end) - first).days for end in ends]

    assert least <= min(took) <= max(took) <= most


def test_a_late_outside_stage_comes_after_its_limit() -> None:
    state = state_at(LONG, at("2026-03-03", "12:00"), *ROWS[:4])
    late = Offices(outside_late=1.0)
    ends = [outside_ends_at(late, state.open_steps[0], national_calendar(2026), f"甲{n}") for n in range(50)]

    assert min(day_of(end) for end in ends) > state.step("county").clock.due_on
