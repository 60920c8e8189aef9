"""案件推算，期限到了没有人做：what silence does at an end, in which order, and what stops it (engine section 5)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from approvals.facts import Calendars, Effect, HowEnded
from portal.limits import Light
from services.definition import LimitUnit, OnTimeout, StageKind
from tests.approvals.folding import PUBLISHED, Row, filed, kinds, state_at
from tests.instants import at
from tests.rules import CITED, days, definition, mode, stage

ACCEPTED: Row = ("accepted", at("2026-11-02", "11:00"), {})
LATER = at("2026-12-31")
DECIDE = stage("decide", 3, StageKind.DECIDE, days(3))
SILENT = stage("own", 1, limit=days(3), timeout=mode(OnTimeout.CONSENT))
RECORD: dict[str, Any] = {"timeout": mode(OnTimeout.RECORD), "positive": "recorded", "promised": days(3), "statutory": None}

GRANT: dict[str, Any] = {"timeout": mode(OnTimeout.GRANT), "statutory": days(3)}
SOON = (replace(SILENT, limit=days(2)), DECIDE)  # opened by an acceptance on the 3rd, it ends with a promise of three days


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({**RECORD, "intake": days(3)}, ["accept", "record"]),
        ({**RECORD, "timeout": mode(OnTimeout.COMPLETE), "intake": days(3)}, ["accept", "complete"]),
        ({**RECORD, "intake": days(1), "stages": SOON}, ["accept", "consent", "record"]),
        ({**GRANT, "intake": days(1), "stages": SOON}, ["accept", "consent", "grant"]),
    ],
    ids=["filing", "service", "step and filing", "step and grant"],
)
def test_what_ends_at_one_instant_takes_effect_in_the_order_of_the_law(changes: dict[str, Any], expected: list[str]) -> None:
    state = state_at(definition(**changes), at("2026-11-06"), filed("2026-11-02"))

    assert kinds(state) == expected
    assert state.effective_at == at("2026-11-06", "00:00")


def test_a_consent_at_the_end_of_the_case_comes_before_it() -> None:
    state = state_at(definition(**{**RECORD, "stages": (SILENT, DECIDE)}), LATER, filed("2026-11-02"), ACCEPTED)

    own = state.steps[0]
    assert (own.status, own.outcome, own.ended_at) == ("deemed", "consent", at("2026-11-06", "00:00"))
    assert (state.outcome, state.effective_at) == ("recorded", at("2026-11-06", "00:00"))


def test_a_posting_that_ends_is_posted_and_nothing_else() -> None:
    post = stage("post", 1, StageKind.POSTING, days(7, LimitUnit.DAY), counts=False, pauses=("promised",))

    state = state_at(definition(stages=(post, DECIDE)), at("2026-11-10", "00:00"), filed("2026-11-02"), ACCEPTED)

    assert state.effects == (Effect("post#1:posted", "posted", at("2026-11-10", "00:00"), "post", "post"),)
    assert state.steps[0].clock is not None
    assert state.steps[0].clock.how == HowEnded.MET


def test_an_acceptance_by_silence_says_where_it_is_written() -> None:
    state = state_at(definition(), at("2026-11-10", "00:00"), filed("2026-11-02"))

    assert [e for e in state.effects if e.kind == "accept"] == [
        Effect("intake#1:accept", "accept", at("2026-11-10", "00:00"), "intake", citation=CITED)
    ]


@pytest.mark.parametrize(
    ("way", "lacking", "outcome"),
    [
        (OnTimeout.RECORD, True, ""),
        (OnTimeout.COMPLETE, True, ""),
        (OnTimeout.GRANT, True, "approved"),  # quality is a matter of the decision; only a filing needs every paper
        (OnTimeout.COMPLETE, False, "completed"),
    ],
)
def test_only_filings_and_services_need_every_paper(way: OnTimeout, lacking: bool, outcome: str) -> None:
    rules = definition(timeout=mode(way), promised=days(3), statutory=days(4))

    assert state_at(rules, LATER, filed("2026-11-02", complete=not lacking), ACCEPTED).outcome == outcome


def test_an_office_stays_silent_although_a_paper_is_lacking() -> None:
    state = state_at(definition(stages=(SILENT, DECIDE)), LATER, filed("2026-11-02", complete=False), ACCEPTED)

    assert state.steps[0].outcome == "consent"


@pytest.mark.parametrize(("length", "outcome", "blocked"), [(5, "", ["公示还没有结束"]), (2, "consent", [])])
def test_an_office_is_not_silent_while_a_posting_beside_it_runs(length: int, outcome: str, blocked: list[str]) -> None:
    beside = stage("post", 1, StageKind.POSTING, days(length), counts=False)
    rows = [filed("2026-11-02"), ACCEPTED]

    state = state_at(definition(stages=(SILENT, beside, DECIDE)), at("2026-11-06", "00:00"), *rows)

    assert state.steps[0].outcome == outcome
    assert [e.blocked_by for e in state.effects if e.step == "own" and e.blocked_by] == blocked


# a document repealed between the end and the entry of the paper was in force on the due day
@pytest.mark.parametrize(("last_day", "state"), [("2026-11-08", "submitted"), ("2026-11-09", "accepted")])
def test_a_document_must_be_in_force_on_the_due_day_not_at_the_entry(last_day: str, state: str) -> None:
    gone = Calendars((PUBLISHED,), repealed={CITED.title: date.fromisoformat(last_day)})
    entered = filed("2026-11-20", received_on="2026-11-02")  # the intake ended on Monday the 9th

    assert state_at(definition(licence=False), at("2026-11-21"), entered, calendars=gone).state == state


# -- the county decides and has published no limit (law 11, case 13) ----------------------------------

COUNTY = stage("county", 2, StageKind.DECIDE, external=True)


def test_a_case_handed_up_has_kept_its_promise_and_is_looked_at_again() -> None:
    rows = [filed("2026-11-02"), ACCEPTED, ("opinion", at("2026-11-04"), {"step": "own"})]
    rules = definition(stages=(stage("own", 1), COUNTY), statutory=None)

    handed, again = (state_at(rules, at(day), *rows) for day in ("2026-11-05", "2026-12-08"))

    promised, county = handed.clock("promised"), handed.steps[1]
    assert promised is not None
    assert county.clock is not None
    assert (promised.how, promised.ended_at, county.is_handed_up) == (HowEnded.MET, at("2026-11-04"), True)
    # thirty natural days from 4 November
    asked = county.clock
    assert (asked.key, asked.limit.started_on, asked.due_on) == ("review", date(2026, 11, 4), date(2026, 12, 4))
    assert again.effects == (Effect("county#1:review", "review", at("2026-12-05", "00:00"), "county", "county"),)
    later = again.steps[1].clock
    assert later is not None
    assert (later.round, later.limit.started_on, later.due_on) == (2, date(2026, 12, 4), date(2027, 1, 4))
    assert again.reason_due_on is None


@pytest.mark.parametrize(
    ("step", "promised", "review"),
    [
        (COUNTY, HowEnded.MET, True),
        (replace(COUNTY, kind=StageKind.REVIEW), None, True),  # they only give an opinion: the promise runs on
        (replace(COUNTY, external=False), None, False),  # our own office
        (replace(COUNTY, kind=StageKind.POSTING), None, False),
    ],
)
def test_who_is_asked_again(step: Any, promised: HowEnded | None, review: bool) -> None:
    state = state_at(definition(stages=(step,)), at("2026-11-05"), filed("2026-11-02"), ACCEPTED)

    clock = state.clock("promised")
    assert clock is not None
    assert (clock.how, state.steps[0].is_handed_up) == (promised, review)


def test_the_promise_that_lapsed_before_the_papers_came_is_not_met_by_handing_up() -> None:
    rows = [
        filed("2026-11-02"),
        ("corrected", at("2026-11-05"), {}),  # the intake still runs, the promise of one day has lapsed
        ("supplied", at("2026-11-06"), {"complete": True}),
        ("accepted", at("2026-11-06", "11:00"), {}),
    ]

    state = state_at(definition(stages=(COUNTY,), promised=days(1), statutory=None), at("2026-11-07"), *rows)

    assert [(c.round, c.how) for c in state.clocks if c.key == "promised"] == [(1, HowEnded.LAPSED), (2, HowEnded.MET)]


# -- where the days of what follows begin -------------------------------------------------------------

HAND = stage("hand", 4, StageKind.DELIVER, days(2))


@pytest.mark.parametrize(
    ("changes", "rows", "day"),
    [
        (RECORD, [], 5),  # an end at 24:00 of Thursday the 5th is on the 5th
        ({}, [("decided", at("2026-11-06", "00:00"), {"step": "decide", "outcome": "approve"})], 6),  # signed that minute
        ({}, [("decided", at("2026-11-06", "09:00"), {"step": "decide", "outcome": "refuse"})], 6),
    ],
)
def test_delivery_begins_on_the_day_of_the_result(changes: dict[str, Any], rows: list[Row], day: int) -> None:
    rules = definition(**{"stages": (DECIDE, HAND), "delivery_days": 10, **changes})

    state = state_at(rules, at("2026-11-06", "12:00"), filed("2026-11-02"), ACCEPTED, *rows)

    delivery, hand = state.clock("delivery"), state.step("hand")
    assert delivery is not None
    assert hand is not None
    assert hand.clock is not None
    assert (delivery.limit.started_on, hand.opened_on, hand.clock.limit.started_on) == (date(2026, 11, day),) * 3
    assert (delivery.limit.length, delivery.mode, hand.status) == (10, OnTimeout.ESCALATE, "open")


@pytest.mark.parametrize("rule", ["withdrawn", "decide"])
@pytest.mark.parametrize(
    ("outside", "end"),
    [
        ({"freezes": ((at("2026-11-07"), None),)}, None),  # restored from a backup, nobody has released it
        ({"freezes": ((at("2026-11-07"), at("2026-11-10", "11:00")),)}, at("2026-11-12", "00:00")),
        ({"outages": frozenset({date(2026, 11, 9)})}, at("2026-11-11", "00:00")),
        ({"outages": frozenset({date(2026, 11, 8)})}, at("2026-11-10", "00:00")),  # not on the last day
    ],
)
def test_the_applicants_term_does_not_end_in_a_freeze_or_an_outage(
    rule: str, outside: dict[str, Any], end: datetime | None
) -> None:
    rules = definition(on_no_answer=rule, no_answer_citation="示例办法（虚构）第三条", answer_days=6)  # to Monday the 9th
    rows = [filed("2026-11-02"), ("corrected", at("2026-11-03"), {})]

    late = state_at(rules, at("2026-11-20"), *rows, calendars=Calendars((PUBLISHED,), **outside)).clock("answer")

    assert late is not None
    assert late.ended_at == end
    assert late.light == (Light.OVERDUE if end else Light.DUE_SOON)


@pytest.mark.parametrize("act", [("withdrawn", {}), ("rejected", {"outcome": "not_ours"})])
def test_without_a_decision_nothing_is_handed_out(act: tuple[str, dict[str, Any]]) -> None:
    rules = definition(stages=(DECIDE, HAND), delivery_days=10)

    state = state_at(rules, LATER, filed("2026-11-02"), (act[0], at("2026-11-03"), act[1]))

    assert (state.clock("delivery"), state.steps) == (None, ())


def test_silence_of_the_applicant_withdraws_at_the_end_of_the_term() -> None:
    rules = definition(on_no_answer="withdrawn", no_answer_citation="示例办法（虚构）第三条", answer_days=5)

    state = state_at(rules, at("2026-11-10"), filed("2026-11-02"), ("corrected", at("2026-11-03"), {}))

    answer = state.clock("answer")
    assert answer is not None
    assert (answer.how, answer.ended_at) == (HowEnded.LAPSED, at("2026-11-10", "00:00"))
    assert (kinds(state), state.manner) == (["lapse"], "deemed")


def test_silence_of_the_applicant_decides_on_what_is_there_from_the_last_day_of_the_term() -> None:
    rules = definition(answer_days=5)

    state = state_at(rules, at("2026-11-10"), filed("2026-11-02"), ("corrected", at("2026-11-03"), {}))

    assert kinds(state) == ["decide"]
    assert (state.accepted_at, state.acceptance_deemed) == (at("2026-11-10", "00:00"), False)
    assert state.counts_from == date(2026, 11, 2)
    # the term of five natural days ended on Sunday the 8th and rolled to Monday; no second intake
    assert [(c.key, c.round, c.limit.started_on.day) for c in state.clocks if c.is_open] == [
        ("promised", 2, 9),
        ("statutory", 2, 9),
    ]


# A deemed acceptance moves no date of a grant, unless that end has come by then: then it runs from the acceptance.
@pytest.mark.parametrize(("length", "started"), [(4, 9), (5, 9), (6, 2)])
def test_a_grant_after_a_deemed_acceptance_runs_from_receipt_if_it_still_can(length: int, started: int) -> None:
    rules = definition(timeout=mode(OnTimeout.GRANT), statutory=days(length))  # the intake of five days ends on the 9th

    statutory = state_at(rules, at("2026-11-10"), filed("2026-11-02")).clock("statutory")

    assert statutory is not None
    assert (statutory.limit.started_on, statutory.is_open) == (date(2026, 11, started), True)


@pytest.mark.parametrize(("expires", "outcome"), [("2026-12-02", "renewed"), ("2026-12-01", "")])
def test_a_renewal_filed_thirty_natural_days_ahead_is_in_time(expires: str, outcome: str) -> None:
    rules = definition(timeout=mode(OnTimeout.RENEW), positive="renewed")

    assert state_at(rules, at("2026-12-04"), filed("2026-11-02", expires_on=expires), ACCEPTED).outcome == outcome


def test_a_renewal_supplied_again_keeps_its_one_expiry() -> None:
    rules = definition(timeout=mode(OnTimeout.RENEW), positive="renewed")
    rows = [filed("2026-11-02", expires_on="2026-12-08"), ("corrected", at("2026-11-03"), {})]

    state = state_at(rules, at("2026-11-06"), *rows, ("supplied", at("2026-11-05"), {"complete": True}))

    assert [(c.key, c.round, c.due_on) for c in state.clocks if c.key == "expiry"] == [("expiry", 1, date(2026, 12, 8))]
    assert [c.mode for c in state.clocks if c.key == "promised"] == [OnTimeout.ESCALATE] * 2


def test_a_permit_that_ends_today_is_still_renewed_and_without_the_rule_only_escalated() -> None:
    last = filed("2026-11-02", expires_on="2026-11-02")

    today = state_at(definition(timeout=mode(OnTimeout.RENEW), positive="renewed"), at("2026-11-02", "12:00"), last)
    plain = state_at(definition(), at("2026-11-02", "12:00"), last)

    clocks = [c for state in (today, plain) for c in state.clocks if c.key == "expiry"]
    assert [(c.due_on, c.mode) for c in clocks] == [
        (date(2026, 11, 2), OnTimeout.RENEW),
        (date(2026, 11, 2), OnTimeout.ESCALATE),
    ]
