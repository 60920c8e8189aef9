"""补登的纸件：the clocks run from the declared day of receipt; what silence gives waits for the second person."""

from datetime import date, datetime
from typing import Any

import pytest

from approvals.facts import Calendars, HowEnded, Publication
from portal.workdays import WorkCalendar
from services.definition import Extension, ItemDefinition, OnTimeout
from tests.approvals.folding import PUBLISHED, filed, state_at
from tests.instants import at
from tests.rules import days, definition, mode

RECORD = {"timeout": mode(OnTimeout.RECORD), "positive": "recorded", "promised": days(3), "statutory": None}
CONFIRMED = ("receipt_confirmed", at("2026-12-01"), {})  # a Tuesday


def entered(day: str = "2026-11-30", **data: Any) -> tuple[str, datetime, dict[str, Any]]:
    """2026-11-16（周一）收到的纸，day 10:00 才登记"""
    return filed(day, received_on="2026-11-16", **data)


def record_rules(**changes: Any) -> ItemDefinition:
    """承诺3个工作日，到期收讫即备案: the end of paper received on the 16th is the 19th"""
    return definition(**{**RECORD, **changes})


def test_acceptance_by_silence_takes_effect_at_the_entry() -> None:
    state = state_at(definition(), at("2026-11-30", "10:00:00"), entered())

    assert (state.state, state.acceptance_deemed) == ("accepted", True)
    assert state.accepted_at == at("2026-11-30")
    assert state.counts_from == date(2026, 11, 16)
    intake = state.clock("intake")
    assert intake is not None
    assert (intake.due_on, intake.ended_at, intake.how) == (date(2026, 11, 23), at("2026-11-30"), HowEnded.DEFAULT)


def test_a_default_waits_for_the_second_person_however_long() -> None:
    state = state_at(record_rules(), at("2027-03-01"), entered())

    promised = state.clock("promised")
    assert promised is not None
    assert (state.outcome, promised.due_on, promised.is_open) == ("", None, True)


@pytest.mark.parametrize(("when", "outcome"), [(("2026-12-02", "23:59:59"), ""), (("2026-12-03", "00:00"), "recorded")])
def test_it_fires_at_24_00_of_the_next_working_day_after_the_confirmation(when: tuple[str, str], outcome: str) -> None:
    state = state_at(record_rules(), at(*when), entered(), CONFIRMED)

    assert state.outcome == outcome
    if outcome:
        assert state.effective_at == at("2026-12-03", "00:00")
        assert state.counts_from == date(2026, 11, 16)


def test_what_is_confirmed_at_the_entry_waits_one_working_day() -> None:
    rows = [entered("2026-11-27", confirmed=True)]  # a Friday

    assert state_at(record_rules(), at("2026-11-30", "23:59:59"), *rows).outcome == ""
    assert state_at(record_rules(), at("2026-12-01", "00:00"), *rows).effective_at == at("2026-12-01", "00:00")


def test_an_end_after_the_entry_stands_and_needs_nobody() -> None:
    state = state_at(record_rules(), at("2026-11-20", "00:00"), entered("2026-11-18"))

    assert (state.outcome, state.effective_at) == ("recorded", at("2026-11-20", "00:00"))


def test_a_limit_without_a_default_is_overdue_since_its_own_end() -> None:
    state = state_at(definition(promised=days(3), statutory=None), at("2026-11-30", "10:00:00"), entered())

    promised = state.clock("promised")
    assert promised is not None
    assert (promised.how, promised.ended_at) == (HowEnded.LAPSED, at("2026-11-20", "00:00"))
    assert ("red", at("2026-11-20", "00:00")) in [(e.kind, e.at) for e in state.effects]
    assert state.reason_due_on == date(2026, 11, 24)


def test_an_end_that_has_passed_is_not_extended() -> None:
    rules = record_rules(extension=Extension(True, 10))
    rows = [entered(), ("extended", at("2026-12-01", "09:00"), {"length": 10})]

    state = state_at(rules, at("2026-12-01", "10:00"), *rows)

    assert not state.extended


def test_a_renewal_received_before_the_expiry_renews_after_the_confirmation() -> None:
    rules = definition(timeout=mode(OnTimeout.RENEW), positive="renewed", promised=days(40), statutory=days(60))
    rows = [filed("2026-11-30", received_on="2026-09-16", expires_on="2026-11-20")]

    waiting = state_at(rules, at("2026-12-01", "09:00"), *rows)
    renewed = state_at(rules, at("2026-12-03", "00:00"), *rows, CONFIRMED)

    assert waiting.outcome == ""
    assert (renewed.outcome, renewed.effective_at) == ("renewed", at("2026-12-03", "00:00"))


def test_an_end_at_the_very_instant_of_the_entry_waits_too() -> None:
    entry = filed("2026-11-20", "00:00", received_on="2026-11-16")  # three working days end at 24:00 of Thursday the 19th

    state = state_at(record_rules(), at("2026-11-27"), entry)

    assert (state.outcome, state.receipt_waits) == ("", True)


def test_a_second_confirmation_moves_no_date() -> None:
    again = ("receipt_confirmed", at("2026-12-02"), {})

    assert state_at(record_rules(), at("2026-12-03", "00:00"), entered(), CONFIRMED, again).outcome == "recorded"


def test_what_was_decided_before_the_confirmation_is_not_dated_by_it() -> None:
    rows = [entered(), ("decided", at("2026-11-30", "15:00"), {"step": "decide", "outcome": "approve"}), CONFIRMED]

    promised = state_at(record_rules(), at("2026-12-04"), *rows).clock("promised")

    assert promised is not None
    assert (promised.how, promised.due_on) == (HowEnded.MET, None)


def test_an_outage_on_the_day_after_the_confirmation_moves_the_end_on() -> None:
    out = Calendars((PUBLISHED,), outages=frozenset({date(2026, 12, 2)}))

    def outcome(*when: str) -> str:
        return state_at(record_rules(), at(*when), entered(), CONFIRMED, calendars=out).outcome

    assert (outcome("2026-12-03"), outcome("2026-12-04", "00:00")) == ("", "recorded")


@pytest.mark.parametrize(
    ("again", "end"),
    [
        (None, at("2026-12-04", "00:00")),
        (at("2026-12-01", "16:00"), at("2026-12-03", "00:00")),
        (at("2026-12-02", "16:00"), at("2026-12-04", "00:00")),  # not before the working day after it came out
        (at("2026-12-03", "16:00"), at("2026-12-04", "00:00")),  # and never in the past
    ],
)
def test_a_calendar_draws_no_end_that_waited_for_the_confirmation_into_the_past(again: datetime | None, end: datetime) -> None:
    """The 2nd, to which it was confirmed, becomes a day off; then a third calendar makes it a working day again."""
    shut = WorkCalendar(frozenset({date(2026, 12, 2)}), frozenset(), date(2026, 12, 24))
    versions = [PUBLISHED, Publication(at("2026-12-01", "14:00"), shut, 2)]
    versions += [Publication(again, PUBLISHED.calendar, 3)] if again else []

    state = state_at(record_rules(), at("2026-12-10"), entered(), CONFIRMED, calendars=Calendars(tuple(versions)))

    assert (state.outcome, state.effective_at) == ("recorded", end)
