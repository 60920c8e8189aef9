"""有效期：the last day by the months of the item and the one reminder – each by itself."""

from datetime import date
from typing import Any

import pytest

from approvals.facts import CaseState, Effect
from approvals.validity import reminded_on, renew_by, valid_until
from services.definition import ItemDefinition, OnTimeout
from tests.approvals.folding import Row, filed, state_at
from tests.instants import at
from tests.rules import days, definition, mode

ACCEPTED: Row = ("accepted", at("2026-11-02", "11:00"), {})
APPROVED: Row = ("decided", at("2026-11-24"), {"step": "decide", "outcome": "approve"})
REMINDED = Effect("validity#1:expiring", "expiring", at("2027-09-25", "09:00"), "validity")


def item(months: int = 12, **more: Any) -> ItemDefinition:
    """一个有有效期的事项"""
    return definition(**{"validity_months": months, "statutory": None, "delivery_days": 0, **more})


def approved(when: str, *rows: Row, rules: ItemDefinition | None = None) -> CaseState:
    """11月24日批的，后来怎样"""
    return state_at(rules or item(), at(when), filed("2026-11-02"), ACCEPTED, APPROVED, *rows)


# -- until when ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        (date(2026, 11, 24), 12, date(2027, 11, 24)),  # the day itself is not counted
        (date(2026, 12, 31), 2, date(2027, 2, 28)),  # a month without the day ends on its last
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 9, 1), 1, date(2026, 10, 1)),  # a holiday: nothing is to be done on it, so nothing moves
        (date(2026, 11, 24), 1200, date(2126, 11, 24)),
    ],
)
def test_a_term_ends_on_the_corresponding_day(day: date, months: int, until: date) -> None:
    assert valid_until(item(months), day) == until


@pytest.mark.parametrize(
    ("expires_on", "until"),
    [
        (None, date(2027, 11, 24)),
        (date(2026, 11, 23), date(2027, 11, 24)),  # decided too late: from the decision on
        (date(2026, 11, 24), date(2027, 11, 24)),
        (date(2026, 12, 31), date(2027, 12, 31)),  # decided early: nothing of the old term is lost
    ],
)
def test_a_renewal_counts_from_the_end_of_the_old_term(expires_on: date | None, until: date) -> None:
    assert valid_until(item(), date(2026, 11, 24), expires_on) == until


def test_a_decision_counts_from_the_day_it_was_signed() -> None:
    state = approved("2026-11-30")

    assert (state.valid_until, state.granted_until, state.is_expired) == (date(2027, 11, 24), date(2027, 11, 24), False)
    assert state.next_look_at == at("2027-09-25", "09:00")


def test_a_default_counts_from_the_day_that_ended() -> None:
    rules = item(positive="recorded", promised=days(3), timeout=mode(OnTimeout.RECORD), stages=())
    state = state_at(rules, at("2026-11-30"), filed("2026-11-02"))

    assert (state.state, state.effective_at) == ("recorded", at("2026-11-06", "00:00"))
    assert state.valid_until == date(2027, 11, 5)  # the 5th, whose 24:00 it was


@pytest.mark.parametrize(
    ("decided", "manner", "until"),
    [([("decided", at("2026-11-24"), {"step": "decide", "outcome": "approve"})], "signed", 30), ([], "deemed", 30)],
)
def test_a_renewal_leaves_no_gap_whoever_or_whatever_renewed_it(decided: list[Row], manner: str, until: int) -> None:
    rules = item(36, positive="renewed", promised=days(30), timeout=mode(OnTimeout.RENEW))
    state = state_at(rules, at("2026-12-30"), filed("2026-10-12", expires_on="2026-11-30"), ACCEPTED, *decided)

    assert (state.outcome, state.manner) == ("renewed", manner)
    assert state.valid_until == date(2029, 11, until)


def test_an_approval_knows_no_older_permit() -> None:
    rows = (filed("2026-11-02", expires_on="2026-12-31"), ACCEPTED, APPROVED)

    assert state_at(item(), at("2026-11-30"), *rows).valid_until == date(2027, 11, 24)


@pytest.mark.parametrize(
    ("act", "until"),
    [("revoked", None), ("renounced", None), ("rectified", date(2027, 11, 24)), ("delivered", date(2027, 11, 24))],
)
def test_a_result_that_is_gone_holds_no_longer(act: str, until: date | None) -> None:
    state = approved("2027-10-30", (act, at("2026-12-01"), {}))

    assert (state.valid_until, state.granted_until) == (until, date(2027, 11, 24))
    assert [e for e in state.effects if e.kind == "expiring"] == ([REMINDED] if until else [])


@pytest.mark.parametrize(("months", "outcome"), [(0, "approve"), (12, "refuse")])
def test_what_has_no_term_says_and_does_nothing(months: int, outcome: str) -> None:
    rows = (filed("2026-11-02"), ACCEPTED, ("decided", at("2026-11-24"), {"step": "decide", "outcome": outcome}))
    state = state_at(item(months), at("2028-01-01"), *rows)

    assert (state.valid_until, state.next_look_at, state.is_expired) == (None, None, False)


# -- the reminder ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "renewal_days", "reminded"),
    [
        (12, 30, date(2027, 9, 25)),  # sixty days before
        (12, 60, date(2027, 8, 26)),
        (6, 30, date(2027, 3, 25)),
        (3, 30, date(2027, 1, 9)),  # half of it: a month before renewal is due would be too early
        (1, 30, date(2026, 12, 9)),
    ],
)
def test_the_reminder_comes_a_month_before_renewal_is_due(months: int, renewal_days: int, reminded: date) -> None:
    rules, day = item(months, renewal_days=renewal_days), date(2026, 11, 24)

    assert reminded_on(rules, day, valid_until(rules, day)) == reminded


@pytest.mark.parametrize(
    ("when", "effects"),
    [(("2027-09-25", "08:59:59"), []), (("2027-09-25", "09:00"), [REMINDED]), (("2030-01-01", "00:00"), [REMINDED])],
)
def test_it_takes_place_once_at_nine(when: tuple[str, str], effects: list[Effect]) -> None:
    state = state_at(item(), at(*when), filed("2026-11-02"), ACCEPTED, APPROVED)

    assert [e for e in state.effects if e.kind == "expiring"] == effects
    assert state.next_look_at == (None if effects else at("2027-09-25", "09:00"))


@pytest.mark.parametrize(
    ("died", "passed", "instant"),
    [
        ({}, [], None),
        ({"passes": True}, [], at("2027-09-25", "09:00")),  # a household's: somebody else holds it now
        ({}, [("passed", at("2026-11-12"), {})], at("2027-09-25", "09:00")),
        ({}, [("passed", at("2027-10-01"), {})], at("2027-10-01")),
    ],
)
def test_nobody_reminds_the_dead(died: dict[str, Any], passed: list[Row], instant: Any) -> None:
    rows = sorted([("died", at("2026-11-10"), died), APPROVED, *passed], key=lambda row: row[1])
    state = state_at(item(), at("2027-10-30"), filed("2026-11-02"), ACCEPTED, *rows)

    assert [e.at for e in state.effects if e.kind == "expiring"] == ([instant] if instant else [])


def test_the_last_day_for_a_renewal_is_the_items_own() -> None:
    assert renew_by(item(renewal_days=45), date(2027, 11, 24)) == date(2027, 10, 10)
