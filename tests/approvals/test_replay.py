"""走动中的案件：the cases that the literal model found, each as small as it can be (engine sections 2 to 6)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from approvals.facts import Calendars, CaseState, HowEnded, Publication
from approvals.replay import RunningCase
from portal.workdays import WorkCalendar
from services.definition import Citation, LimitUnit, OnTimeout, StageKind, Timeout
from services.lifecycle import State
from tests.approvals.folding import CALENDARS, filed, kinds, state_at
from tests.instants import at
from tests.rules import CITED, days, definition, mode, stage


def test_a_new_case_is_a_draft_without_clocks() -> None:
    state = RunningCase(definition(), CALENDARS).result(at("2026-11-02"), None)

    calendar = CALENDARS.versions[0].calendar
    assert state == CaseState(at("2026-11-02"), State.DRAFT, complete=False, gathered=False, calendar=calendar)


@pytest.mark.parametrize(
    ("fact", "data", "field"),
    [
        ("died", {}, "dead"),
        ("passed", {}, "passed"),
        ("duplicate", {}, "duplicate"),
        ("extended", {"length": 5}, "extended"),
        ("reason_published", {}, "reason_published"),
    ],
)
def test_what_was_recorded_stands_in_the_state(fact: str, data: dict[str, Any], field: str) -> None:
    rows = [filed("2026-11-02"), (fact, at("2026-11-03"), data)]

    assert [getattr(state_at(definition(), at("2026-11-04"), *rows[:size]), field) for size in (1, 2)] == [False, True]


def test_what_is_lacking_and_who_has_not_confirmed_stand_in_the_state() -> None:
    entered = filed("2026-11-03", received_on="2026-11-02", complete=False)

    waiting = state_at(definition(), at("2026-11-03"), entered)
    confirmed = state_at(definition(), at("2026-11-04"), entered, ("receipt_confirmed", at("2026-11-03", "11:00"), {}))

    assert [(s.complete, s.receipt_waits) for s in (waiting, confirmed)] == [(False, True), (False, False)]


def test_the_clocks_of_an_accepted_case_and_what_each_carries() -> None:
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-02", "11:00"), {})]

    plain = state_at(definition(), at("2026-11-03"), *rows)
    grant = state_at(definition(timeout=mode(OnTimeout.GRANT)), at("2026-11-03"), *rows)
    record = state_at(definition(timeout=mode(OnTimeout.RECORD)), at("2026-11-03"), *rows)

    carried = [[(c.key, c.mode.value, c.citation is not None) for c in state.clocks] for state in (plain, grant, record)]
    accept = ("intake", "accept", True)
    assert carried == [
        [accept, ("promised", "escalate", False), ("statutory", "escalate", False)],
        [accept, ("promised", "escalate", False), ("statutory", "grant", True)],
        [accept, ("promised", "record", True), ("statutory", "escalate", False)],
    ]
    assert [(s.clock.key, s.clock.round) for s in plain.steps if s.clock] == [("step:decide", 1)]


@pytest.mark.parametrize("positive", ["approved", "recorded", "completed", "renewed"])
@pytest.mark.parametrize("answer", ["approve", "refuse"])
def test_every_decision_meets_the_limits_and_is_delivered(positive: str, answer: str) -> None:
    rows = [filed("2026-11-02", expires_on="2026-12-31"), ("accepted", at("2026-11-02", "11:00"), {})]
    decided = ("decided", at("2026-11-04"), {"step": "decide", "outcome": answer})

    state = state_at(definition(positive=positive, delivery_days=10), at("2026-11-05"), *rows, decided)

    assert {c.key: c.how for c in state.clocks} == {
        "intake": HowEnded.MET,
        "promised": HowEnded.MET,
        "statutory": HowEnded.MET,
        "expiry": HowEnded.MET,
        "delivery": None,
    }


@pytest.mark.parametrize("act", ["withdrawn", "terminated"])
def test_what_is_given_up_stops_the_limits_without_meeting_them(act: str) -> None:
    state = state_at(definition(), at("2026-11-05"), filed("2026-11-02"), (act, at("2026-11-04"), {}))

    assert {c.key: c.how for c in state.clocks} == dict.fromkeys(("intake", "promised", "statutory"), HowEnded.STOPPED)


def test_silence_that_ends_a_case_stops_the_other_limits() -> None:
    state = state_at(definition(timeout=mode(OnTimeout.RECORD), promised=days(3)), at("2026-11-06"), filed("2026-11-02"))

    assert {c.key: c.how for c in state.clocks} == {
        "intake": HowEnded.STOPPED,
        "promised": HowEnded.DEFAULT,
        "statutory": HowEnded.STOPPED,
    }


@pytest.mark.parametrize(
    ("day", "clock", "due"),
    [
        ("2026-11-06", "16:59:59", date(2026, 11, 6)),  # Friday, open
        ("2026-11-06", "17:00", date(2026, 11, 9)),
        ("2026-11-07", "10:00", date(2026, 11, 9)),  # Saturday
    ],
)
def test_on_the_spot_waits_for_the_office_to_open(day: str, clock: str, due: date) -> None:
    rules = definition(
        intake=days(0), promised=days(0), stages=(stage("decide", 1, StageKind.DECIDE, days(0)),)
    )
    state = state_at(rules, at(day, clock), filed(day, clock), ("accepted", at(day, clock), {}))

    step = state.step("decide")
    assert step is not None
    assert step.clock is not None
    assert [c.due_on for c in state.clocks if c.key in {"intake", "promised"}] == [due, due]
    assert step.clock.due_on == due


RECORDING: dict[str, Any] = {
    "timeout": mode(OnTimeout.RECORD), "positive": "recorded", "promised": days(3), "statutory": None, "answer_days": 1,
}  # fmt: skip


def test_nothing_is_recorded_while_listed_materials_are_missing() -> None:
    rows = [filed("2026-11-02"), ("corrected", at("2026-11-03"), {})]  # the answer term ends on the 4th
    late = ("supplied", at("2026-11-09"), {"complete": True})

    silent = state_at(definition(**RECORDING), at("2026-11-20"), *rows)
    supplied = state_at(definition(**RECORDING), at("2026-11-20"), *rows, late)

    assert silent.outcome == ""
    assert [e.blocked_by for e in silent.effects if e.clock == "promised" and e.kind == "escalate"] == [
        "必要材料没有交齐"
    ]
    assert supplied.outcome == "recorded"  # late, but before the closing act: it counts


def test_a_correction_is_late_once_the_promise_of_a_filing_has_ended() -> None:
    rules = definition(**{**RECORDING, "promised": days(2)})
    rows = [filed("2026-11-02", complete=False), ("corrected", at("2026-11-05"), {})]  # intake still runs

    state = state_at(rules, at("2026-11-05", "11:00"), *rows)

    assert (state.state, state.corrections) == ("submitted", 0)


@pytest.mark.parametrize("again", ["2026-11-05", "2026-11-06"])
def test_one_correction_however_many_intakes(again: str) -> None:
    first = [
        filed("2026-11-02"),
        ("corrected", at("2026-11-03"), {}),
        ("supplied", at("2026-11-04"), {"complete": True}),
    ]

    assert state_at(definition(), at("2026-11-07"), *first, ("corrected", at(again), {})).state == "submitted"


def test_a_correction_after_an_intake_that_only_lapsed_stops_nothing() -> None:
    rules = definition(intake_timeout=Timeout())
    rows = [filed("2026-11-02"), ("corrected", at("2026-11-10"), {})]  # intake ended on Monday the 9th

    state = state_at(rules, at("2026-11-11"), *rows)

    assert state.state == "submitted"
    promised = state.clock("promised")
    assert promised is not None
    assert promised.is_open


def test_a_licence_is_accepted_and_renewed_whatever_became_of_the_citation() -> None:
    gone = Calendars(CALENDARS.versions, repealed={CITED.title: date(2026, 1, 31)})
    rules = definition(timeout=mode(OnTimeout.RENEW), positive="renewed", licence=True)

    state = state_at(rules, at("2026-12-10"), filed("2026-11-02", expires_on="2026-12-08"), calendars=gone)
    other = state_at(definition(licence=False), at("2026-12-10"), filed("2026-11-02"), calendars=gone)

    assert (kinds(state)[0], state.state) == ("accept", "renewed")
    assert kinds(other)[0] == "escalate"


def test_a_citation_with_its_own_last_day_escalates_after_it() -> None:
    until = Citation(CITED.title, CITED.article, CITED.published_on, "2026-11-04")
    rules = definition(**{**RECORDING, "timeout": Timeout(OnTimeout.RECORD, OnTimeout.RECORD, until)})

    assert (
        state_at(rules, at("2026-11-06"), filed("2026-10-30")).outcome == "recorded"
    )  # due on the 4th itself
    assert state_at(rules, at("2026-11-06"), filed("2026-11-02")).outcome == ""


@pytest.mark.parametrize(("supplied", "outcome"), [("2026-12-07", "renewed"), ("2026-12-09", "")])
def test_a_renewal_renews_only_if_supplied_before_expiry(supplied: str, outcome: str) -> None:
    rules = definition(timeout=mode(OnTimeout.RENEW), positive="renewed", answer_days=5)
    rows = [filed("2026-11-02", expires_on="2026-12-08"), ("corrected", at("2026-11-03"), {})]
    late = ("supplied", at(supplied), {"complete": True})  # after the answer term, the office was to decide

    assert state_at(rules, at("2026-12-10"), *rows, late).outcome == outcome


@pytest.mark.parametrize(("dead", "outcome"), [(False, "withdrawn_deemed"), (True, "")])
def test_the_dead_do_not_withdraw(dead: bool, outcome: str) -> None:
    rules = definition(on_no_answer="withdrawn", no_answer_citation="示例办法（虚构）第三条")
    rows = [filed("2026-11-02"), ("corrected", at("2026-11-03"), {}), ("died", at("2026-11-04"), {})]

    assert state_at(rules, at("2026-12-01"), *rows[: 2 + dead]).outcome == outcome


POST = stage("post", 1, StageKind.POSTING, days(4, LimitUnit.DAY), counts=False)
DECIDE = stage("decide", 3, StageKind.DECIDE, days(3))


def test_two_postings_keep_their_own_clocks() -> None:
    again = stage("again", 2, StageKind.POSTING, days(7, LimitUnit.DAY), counts=False)
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-02", "11:00"), {})]

    state = state_at(definition(stages=(POST, again, DECIDE)), at("2026-11-09"), *rows)

    dues = [step.clock.due_on for step in state.steps if step.clock is not None]
    assert dues == [date(2026, 11, 6), date(2026, 11, 13)]


def test_silence_gives_nothing_before_the_posting_has_had_its_turn() -> None:
    rules = definition(**{**RECORDING, "stages": (POST, DECIDE)})

    state = state_at(rules, at("2026-11-20"), filed("2026-11-02"))

    assert state.outcome == ""
    assert [e.blocked_by for e in state.effects if e.kind == "escalate" and e.clock == "promised"] == [
        "公示还没有结束"
    ]


def test_silence_does_not_decide_against_an_office_that_objects() -> None:
    rules = definition(**{**RECORDING, "stages": (stage("own", 1, limit=days(5)), DECIDE)})
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-02", "11:00"), {})]

    def after(outcome: str) -> str:
        return state_at(
            rules, at("2026-11-20"), *rows, ("opinion", at("2026-11-03"), {"step": "own", "outcome": outcome})
        ).outcome

    assert (after("agree"), after("object")) == ("recorded", "")


def test_a_deemed_acceptance_moves_no_date_of_a_grant() -> None:
    rules = definition(timeout=mode(OnTimeout.GRANT))

    deemed = state_at(rules, at("2026-11-11"), filed("2026-11-02")).clock("statutory")

    assert deemed is not None
    assert deemed.limit.started_on == date(2026, 11, 2)


def test_what_a_default_opens_at_an_end_does_not_move_that_end() -> None:
    own = stage("own", 1, limit=days(3), timeout=mode(OnTimeout.CONSENT))
    post = stage("post", 2, StageKind.POSTING, days(4, LimitUnit.DAY), counts=False, pauses=("promised",))
    rules = definition(**{**RECORDING, "stages": (own, post, DECIDE)})
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-02", "11:00"), {})]  # both end on Thursday the 5th

    promised = state_at(rules, at("2026-11-20"), *rows).clock("promised")

    assert promised is not None
    assert (promised.due_on, promised.how) == (date(2026, 11, 5), HowEnded.LAPSED)


def test_a_calendar_published_during_a_pause_ends_nothing_in_it() -> None:
    plain = WorkCalendar(frozenset(), frozenset(), date(2026, 12, 24))
    busy = WorkCalendar(frozenset(), frozenset({date(2026, 11, 7), date(2026, 11, 8)}), date(2027, 12, 24))
    calendars = Calendars(
        (Publication(datetime(2025, 11, 4, tzinfo=UTC), plain), Publication(at("2026-11-10"), busy, 2))
    )
    rules = definition(
        **{**RECORDING, "promised": days(7)}
    )  # Wednesday the 11th; Monday the 9th under the new one
    pause = {"id": "pause1", "reason": "听证", "clocks": ["promised"], "until": "2026-11-18"}
    rows = [
        filed("2026-11-02"),
        ("accepted", at("2026-11-02", "11:00"), {}),
        ("paused", at("2026-11-09"), pause),
    ]

    during = state_at(rules, at("2026-11-17"), *rows, calendars=calendars)
    after = state_at(rules, at("2026-11-30"), *rows, calendars=calendars)

    assert during.outcome == ""
    assert after.effective_at == at(
        "2026-11-20", "00:00"
    )  # Thursday the 19th, the first working day after the pause


def test_a_late_rejection_is_marked_late() -> None:
    rows = [filed("2026-11-02"), ("rejected", at("2026-11-12"), {"outcome": "not_accepted"})]

    state = state_at(definition(intake_timeout=Timeout()), at("2026-11-13"), *rows)

    intake = state.clock("intake")
    assert intake is not None
    assert (state.outcome, intake.how) == ("not_accepted", HowEnded.LATE)


def test_a_renewal_that_lapses_owes_its_reason_in_public() -> None:
    rules = definition(timeout=mode(OnTimeout.RENEW), positive="renewed", promised=days(60), statutory=None)

    state = state_at(rules, at("2026-11-20"), filed("2026-11-02", expires_on="2026-11-18"))

    assert state.reason_due_on == date(2026, 11, 23)


def test_an_expired_permit_opens_no_renewal_clock() -> None:
    rules = definition(timeout=mode(OnTimeout.RENEW), positive="renewed")

    assert (
        state_at(rules, at("2026-11-03"), filed("2026-11-02", expires_on="2026-11-01")).clock("expiry")
        is None
    )
