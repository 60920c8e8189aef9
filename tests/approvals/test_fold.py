"""案件推算：cases of law and practice as tables – facts in, legal state out."""

from datetime import date

import pytest

from approvals.facts import Calendars, HowEnded
from approvals.fold import fold
from services.definition import OnTimeout, StageKind
from tests.approvals.folding import CALENDARS, PUBLISHED, filed, kinds, state_at
from tests.instants import at
from tests.rules import CITED, days, definition, mode, stage


def test_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="时区"):
        fold([], definition(), CALENDARS, at("2026-01-01").replace(tzinfo=None))


def test_nothing_filed_is_a_draft() -> None:
    assert state_at(definition(), at("2026-11-23")).state == "draft"


# received Friday 16:50, silent for five working days: accepted from that Friday.
def test_intake_silence_counts_from_the_day_of_receipt() -> None:
    rows = [filed("2026-09-18", "16:50")]  # Friday; the worked Sunday 20 September is the first day

    before = state_at(definition(), at("2026-09-24", "23:59:59"), *rows)
    after = state_at(definition(), at("2026-09-25", "00:00"), *rows)

    assert before.state == "submitted"
    assert (after.state, after.acceptance_deemed) == ("accepted", True)
    assert after.accepted_at == at("2026-09-25", "00:00")  # 24:00 of Thursday 24 September
    assert after.counts_from == date(2026, 9, 18)
    promised = after.clock("promised")
    assert promised is not None
    assert promised.limit.started_on == date(2026, 9, 18)
    step = after.step("decide")
    assert step is not None
    assert step.opened_on == date(2026, 9, 24)  # an end at 24:00 of D is on D


# a correction notice on working day 5 at 23:00 is in time.
def test_correction_on_the_fifth_day_is_in_time_and_restarts_the_clock() -> None:
    rows = [filed("2026-11-23"), ("corrected", at("2026-11-30", "23:00"), {})]
    supplied = ("supplied", at("2026-12-03"), {"complete": True})

    waiting = state_at(definition(), at("2026-12-02"), *rows)
    restarted = state_at(definition(), at("2026-12-03", "11:00"), *rows, supplied)

    assert waiting.state == "correcting"
    answer, promised = waiting.clock("answer"), waiting.clock("promised")
    assert answer is not None
    assert promised is not None
    assert answer.limit.started_on == date(2026, 11, 30)
    assert promised.how == HowEnded.STOPPED
    again = restarted.clock("promised")
    assert again is not None
    assert (restarted.state, again.round, again.limit.started_on) == ("submitted", 2, date(2026, 12, 3))


def test_a_late_fact_never_undoes_a_default() -> None:
    rows = [filed("2026-11-23"), ("corrected", at("2026-12-01", "00:00"), {})]  # exactly the end: late

    state = state_at(definition(), at("2026-12-02"), *rows)

    assert (state.state, state.acceptance_deemed) == ("accepted", True)


def test_second_correction_under_override_stops_nothing() -> None:
    first = [filed("2026-11-23"), ("corrected", at("2026-11-24"), {}), ("supplied", at("2026-11-25"), {"complete": True})]
    second = ("corrected", at("2026-11-26"), {"override": True})

    without = state_at(definition(), at("2026-11-27"), *first)
    with_it = state_at(definition(), at("2026-11-27"), *first, second)

    assert (with_it.state, with_it.corrections) == ("submitted", 2)
    assert with_it.clock("promised") == without.clock("promised")


@pytest.mark.parametrize(
    ("rule", "expected", "outcome"),
    [("decide", "accepted", ""), ("withdrawn", "withdrawn_deemed", "withdrawn_deemed")],
)
def test_the_applicants_silence(rule: str, expected: str, outcome: str) -> None:
    rules = definition(on_no_answer=rule, no_answer_citation="示例办法（虚构）第三条", answer_days=15)
    rows = [filed("2026-11-23"), ("corrected", at("2026-11-24"), {})]

    # 15 natural days from 24 November end on Wednesday 9 December
    assert state_at(rules, at("2026-12-09", "23:59:59"), *rows).state == "correcting"
    state = state_at(rules, at("2026-12-10", "00:00"), *rows)
    assert (state.state, state.outcome) == (expected, outcome)


RECORDING = {"timeout": mode(OnTimeout.RECORD), "positive": "recorded", "promised": days(3), "statutory": None}


def test_record_takes_effect_at_the_second_its_limit_ends() -> None:
    rules = definition(**RECORDING)

    before = state_at(rules, at("2026-11-26", "23:59:59"), filed("2026-11-23"))
    after = state_at(rules, at("2026-11-27", "00:00"), filed("2026-11-23"))

    assert (before.state, before.next_look_at) == ("submitted", at("2026-11-27", "00:00"))
    assert (after.state, after.manner, after.effective_at) == ("recorded", "deemed", at("2026-11-27", "00:00"))
    assert after.counts_from == date(2026, 11, 23)


def test_record_needs_every_material() -> None:
    state = state_at(definition(**RECORDING), at("2026-11-27", "00:00"), filed("2026-11-23", complete=False))

    assert state.state == "submitted"
    assert [e.blocked_by for e in state.effects if e.kind == "escalate"] == ["必要材料没有交齐"]


@pytest.mark.parametrize("fact", ["died", "duplicate"])
def test_record_does_not_fire_for_the_dead_or_the_duplicate(fact: str) -> None:
    rows = [filed("2026-11-23"), (fact, at("2026-11-24"), {})]

    assert state_at(definition(**RECORDING), at("2026-11-28"), *rows).outcome == ""


def test_record_does_not_fire_on_a_provisional_end_nor_ever_later() -> None:
    rules = definition(**RECORDING)
    rows = [filed("2026-12-23")]  # Wednesday; the third working day is Monday 28 December, not yet published

    state = state_at(rules, at("2027-03-01"), *rows)

    assert state.outcome == ""
    assert "escalate" in kinds(state)


def test_an_outage_moves_the_end_to_the_next_working_day() -> None:
    out = Calendars((PUBLISHED,), outages=frozenset({date(2026, 11, 26)}))
    rules = definition(**RECORDING)

    assert state_at(rules, at("2026-11-27", "12:00"), filed("2026-11-23"), calendars=out).outcome == ""
    moved = state_at(rules, at("2026-11-28", "00:00"), filed("2026-11-23"), calendars=out)
    assert (moved.state, moved.effective_at) == ("recorded", at("2026-11-28", "00:00"))


def test_a_repealed_citation_escalates() -> None:
    repealed = Calendars((PUBLISHED,), repealed={CITED.title: date(2026, 11, 25)})

    state = state_at(definition(**RECORDING), at("2026-11-27"), filed("2026-11-23"), calendars=repealed)

    assert state.outcome == ""
    assert kinds(state) == ["escalate"]


def test_escalation_leaves_the_decision_to_the_office_and_marks_it_late() -> None:
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-03"), {})]
    decided = ("decided", at("2026-12-15"), {"step": "decide", "outcome": "approve"})

    overdue = state_at(definition(), at("2026-12-10"), *rows)
    done = state_at(definition(), at("2026-12-16"), *rows, decided)

    assert (overdue.state, overdue.outcome) == ("accepted", "")
    assert overdue.reason_due_on == date(2026, 11, 26)  # 3 working days after Monday 23 November
    promised = done.clock("promised")
    assert promised is not None
    assert (done.state, promised.how) == ("approved", HowEnded.LATE)


PARALLEL = (
    stage("own", 1, limit=days(5), timeout=mode(OnTimeout.CONSENT)),
    stage("branch", 1, limit=days(5)),
    stage("decide", 2, StageKind.DECIDE, days(3)),
)


def test_consent_completes_its_own_step_and_the_join_waits_for_all() -> None:
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-02", "11:00"), {})]
    rules = definition(stages=PARALLEL)

    waiting = state_at(rules, at("2026-11-10"), *rows)  # five working days: Monday 9 November
    opinion = ("opinion", at("2026-11-10", "15:00"), {"step": "branch", "outcome": "agree"})
    joined = state_at(rules, at("2026-11-10", "16:00"), *rows, opinion)

    own, branch = waiting.step("own"), waiting.step("branch")
    assert own is not None
    assert branch is not None
    assert (own.status, own.outcome, own.ended_at) == ("deemed", "consent", at("2026-11-10", "00:00"))
    assert (branch.status, waiting.step("decide")) == ("open", None)
    assert branch.clock is not None
    assert branch.clock.how == HowEnded.LAPSED
    decide = joined.step("decide")
    assert decide is not None
    assert decide.opened_on == date(2026, 11, 10)
    late = joined.step("branch")
    assert late is not None
    assert late.late


def test_a_chain_of_silence_after_ten_days_is_dated_as_if_nobody_had_slept() -> None:
    chain = (
        stage("one", 1, limit=days(2), timeout=mode(OnTimeout.CONSENT)),
        stage("two", 2, limit=days(2), timeout=mode(OnTimeout.CONSENT)),
        stage("decide", 3, StageKind.DECIDE, days(3)),
    )
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-02", "11:00"), {})]

    state = state_at(definition(stages=chain), at("2026-11-20"), *rows)

    assert [(s.stage.key, s.opened_on, s.ended_at) for s in state.steps] == [
        ("one", date(2026, 11, 2), at("2026-11-05", "00:00")),
        ("two", date(2026, 11, 4), at("2026-11-07", "00:00")),
        ("decide", date(2026, 11, 6), None),
    ]


def test_a_step_of_length_zero_opened_by_a_default_is_due_the_next_working_day() -> None:
    chain = (
        stage("one", 1, limit=days(2), timeout=mode(OnTimeout.CONSENT)),
        stage("decide", 2, StageKind.DECIDE, days(0)),
    )
    rows = [filed("2026-11-03"), ("accepted", at("2026-11-04", "11:00"), {})]  # step one ends Friday 6 November

    step = state_at(definition(stages=chain), at("2026-11-07", "12:00"), *rows).step("decide")

    assert step is not None
    assert step.clock is not None
    assert step.clock.due_on == date(2026, 11, 9)


def test_renewal_is_deemed_at_expiry_even_if_it_is_a_rest_day() -> None:
    rules = definition(timeout=mode(OnTimeout.RENEW), positive="renewed")
    rows = [filed("2026-10-01", expires_on="2026-11-01"), ("accepted", at("2026-10-08"), {})]  # 31 days; a Sunday

    state = state_at(rules, at("2026-11-02", "00:00"), *rows)

    assert (state.state, state.manner, state.effective_at) == ("renewed", "deemed", at("2026-11-02", "00:00"))


# filed 29 natural days before expiry.
def test_renewal_filed_29_days_before_expiry_escalates() -> None:
    rules = definition(timeout=mode(OnTimeout.RENEW), positive="renewed")
    rows = [filed("2026-10-08", expires_on="2026-11-06"), ("accepted", at("2026-10-09"), {})]

    state = state_at(rules, at("2026-11-08"), *rows)

    assert state.outcome == ""
    assert any(e.blocked_by == "没有提前30个自然日申请延续" for e in state.effects)


def test_a_grant_runs_from_formal_acceptance() -> None:
    rules = definition(timeout=mode(OnTimeout.GRANT))
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-05"), {})]

    clock = state_at(rules, at("2026-11-06"), *rows).clock("statutory")
    state = state_at(rules, at("2026-12-04", "00:00"), *rows)

    assert clock is not None
    assert clock.limit.started_on == date(2026, 11, 5)  # 20 working days: Thursday 3 December
    assert (state.state, state.manner) == ("approved", "deemed")


def test_the_cards_stand_at_nine_on_their_days() -> None:
    state = state_at(definition(**{**RECORDING, "promised": days(10)}), at("2026-12-20"), filed("2026-11-02"))
    cards = {e.key: e.at for e in state.effects if e.kind in {"remind", "yellow", "red"} and e.clock == "promised"}

    assert cards == {
        "promised#1:remind": at("2026-11-09", "09:00"),  # day 5
        "promised#1:yellow": at("2026-11-13", "09:00"),  # day 9
        "promised#1:red": at("2026-11-17", "00:00"),
    }


# National Day, worked Sundays and the unpublished year through the whole fold.
@pytest.mark.parametrize(
    ("day", "length", "due", "provisional"),
    [
        ("2026-09-18", 5, date(2026, 9, 24), False),
        ("2026-09-24", 20, date(2026, 10, 29), False),
        ("2026-11-23", 45, date(2027, 1, 26), True),
        ("2026-12-22", 5, date(2026, 12, 29), True),
        ("2026-12-10", 20, date(2027, 1, 8), True),
    ],
)
def test_limits_across_holidays_and_the_unpublished_year(day: str, length: int, due: date, provisional: bool) -> None:
    clock = state_at(definition(promised=days(length), statutory=None), at(day, "23:00"), filed(day)).clock("promised")

    assert clock is not None
    assert (clock.due_on, clock.provisional) == (due, provisional)


def test_what_stands_beside_an_outcome_leaves_it_and_stops_what_was_to_be_handed_out() -> None:
    hand = stage("hand", 2, StageKind.DELIVER, days(5))
    rules = definition(stages=(stage("decide", 1, StageKind.DECIDE, days(3)), hand))
    rows = [filed("2026-11-23"), ("accepted", at("2026-11-24"), {})]
    rows.append(("decided", at("2026-11-25"), {"step": "decide", "outcome": "approve"}))
    early = ("revoked", at("2026-11-24", "11:00"), {})  # before there was an outcome: of no effect

    corrected = state_at(rules, at("2026-11-27"), *rows, ("rectified", at("2026-11-26"), {}))
    revoked = state_at(rules, at("2026-11-27"), *rows[:2], early, rows[2], ("revoked", at("2026-11-26"), {}))

    for state in (corrected, revoked):
        assert (state.state, state.outcome, state.effective_at) == ("approved", "approved", at("2026-11-25"))
    assert (corrected.linked, [s.status for s in corrected.steps]) == (("rectified",), ["done", "open"])
    assert (revoked.linked, [s.status for s in revoked.steps]) == (("revoked",), ["done", "superseded"])
