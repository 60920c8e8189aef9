"""案件推算的边角：which clocks carry cards, what a second round closes, what a pause keeps – found by mutants that lived."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from approvals.facts import Calendars, CaseState, Closing, Effect, HowEnded, PauseView, Publication
from approvals.fold import fold
from services.definition import LimitUnit, OnTimeout, StageKind
from tests.approvals.folding import CALENDARS, PUBLISHED, Row, state_at
from tests.instants import at
from tests.rules import days, definition, mode, stage

FILED: Row = ("filed", at("2026-11-02"), {"received_on": "2026-11-02", "complete": True})
ACCEPTED: Row = ("accepted", at("2026-11-02", "11:00"), {})
LATER = at("2026-12-31")


def cards(state: CaseState) -> list[tuple[str, str]]:
    """发过的卡：哪个时钟，哪一种"""
    return sorted((e.clock, e.kind) for e in state.effects if e.kind in {"remind", "yellow", "red"})


POST = stage("post", 1, StageKind.POSTING, days(7, LimitUnit.DAY), counts=False, pauses=("promised",))
DECIDE = stage("decide", 2, StageKind.DECIDE, days(3))
THREE = ["red", "remind", "yellow"]


def test_the_promise_and_each_step_carry_cards_the_statutory_limit_a_red_one_and_a_posting_none() -> None:
    state = state_at(definition(stages=(POST, DECIDE)), LATER, FILED, ACCEPTED)

    every = [(clock, kind) for clock in ("decide", "promised") for kind in THREE]
    assert cards(state) == [*every, ("statutory", "red")]
    red = {effect.clock: effect.at for effect in state.effects if effect.kind == "red"}
    assert red["statutory"] == at("2026-12-01", "00:00")  # at the end itself: 20 working days end on Monday 30 November


def test_the_statutory_limit_carries_cards_where_silence_grants() -> None:
    state = state_at(definition(timeout=mode(OnTimeout.GRANT)), at("2026-11-28"), FILED, ACCEPTED)

    assert ("statutory", "remind") in cards(state)


def test_the_window_gets_cards_and_the_applicant_one_reminder() -> None:
    silent = state_at(definition(), at("2026-11-12"), FILED)
    asked = state_at(definition(answer_days=10), at("2026-11-13", "23:00"), FILED, ("corrected", at("2026-11-03"), {}))

    assert [kind for clock, kind in cards(silent) if clock == "intake"] == THREE
    assert [kind for clock, kind in cards(asked) if clock == "answer"] == ["remind"]


def test_an_effect_says_by_what_it_was_stopped_and_only_then() -> None:
    rules = definition(timeout=mode(OnTimeout.RECORD), positive="recorded", promised=days(3), statutory=None)
    lacking = ("filed", FILED[1], {**FILED[2], "complete": False})

    stopped = state_at(rules, at("2026-11-06"), lacking)
    taken = state_at(rules, at("2026-11-06"), FILED)

    assert {e.key: e.blocked_by for e in stopped.effects if e.blocked_by} == {"promised#1:escalate": "必要材料没有交齐"}
    assert [e.blocked_by for e in taken.effects] == [""] * len(taken.effects)
    assert taken.effects[-2] == Effect(
        "promised#1:record", "record", at("2026-11-06", "00:00"), "promised", citation=rules.timeout.citation
    )


def test_the_state_carries_the_calendar_it_rests_on() -> None:
    newer = Publication(at("2026-11-05"), replace(PUBLISHED.calendar, days_off=frozenset()), 2)

    before, after = (
        state_at(definition(), at(day), FILED, calendars=Calendars((PUBLISHED, newer))) for day in ("2026-11-04", "2026-11-06")
    )

    assert (before.calendar, after.calendar) == (PUBLISHED.calendar, newer.calendar)


def test_accepting_after_a_supply_ends_the_second_intake() -> None:
    rows = [FILED, ("corrected", at("2026-11-03"), {}), ("supplied", at("2026-11-05"), {"complete": True})]

    state = state_at(definition(), LATER, *rows, ("accepted", at("2026-11-06"), {}))

    assert [(c.key, c.round, c.how) for c in state.clocks if c.key == "intake"] == [
        ("intake", 1, HowEnded.MET),
        ("intake", 2, HowEnded.MET),
    ]


def test_a_decision_meets_the_case_and_stops_what_else_was_open() -> None:
    rules = definition(stages=(stage("own", 2, limit=days(9)), DECIDE))
    decided = ("decided", at("2026-11-04"), {"step": "decide", "outcome": "refuse"})

    state = state_at(rules, LATER, FILED, ACCEPTED, decided)

    ends = {clock.key: clock.how for clock in state.clocks}
    own = state.step("own")
    assert own is not None
    assert own.clock is not None
    assert (ends["promised"], ends["statutory"]) == (HowEnded.MET, HowEnded.MET)
    assert (own.status, own.clock.key, own.clock.how) == ("superseded", "step:own", HowEnded.STOPPED)


def test_a_grant_without_a_statutory_limit_starts_none() -> None:
    state = state_at(definition(timeout=mode(OnTimeout.GRANT), statutory=None), LATER, FILED, ACCEPTED)

    assert state.clock("statutory") is None


def test_a_delivery_waits_for_the_decision_whatever_its_number() -> None:
    stages = (stage("hand", 0, StageKind.DELIVER), stage("own", 1), stage("call", 2, StageKind.DELIVER), replace(DECIDE, group=3))
    rows = [FILED, ACCEPTED, ("opinion", at("2026-11-03"), {"step": "own", "outcome": "agree"})]
    decided = ("decided", at("2026-11-04"), {"step": "decide", "outcome": "approve"})

    waiting = state_at(definition(stages=stages), at("2026-11-03", "12:00"), *rows)
    done = state_at(definition(stages=stages), at("2026-11-04", "12:00"), *rows, decided)

    assert [step.stage.key for step in waiting.open_steps] == ["decide"]
    assert [step.stage.key for step in done.open_steps] == ["hand"]


def test_a_posting_stops_only_what_its_version_says_and_keeps_its_notice() -> None:
    counted = replace(POST, counts=True)
    spot = replace(POST, limit=days(0))
    ended = PauseView("post#1", "环节post", ("promised",), date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 9))

    assert state_at(definition(stages=(counted, DECIDE)), LATER, FILED, ACCEPTED).pauses == ()
    assert state_at(definition(stages=(spot, DECIDE)), LATER, FILED, ACCEPTED).pauses == ()
    assert state_at(definition(stages=(POST, DECIDE)), LATER, FILED, ACCEPTED).pauses == (ended,)


def test_a_pause_of_a_step_moves_no_clock_that_has_stopped() -> None:
    rules = definition(stages=(stage("own", 1, limit=days(5)), DECIDE))
    agreed = ("opinion", at("2026-11-03"), {"step": "own", "outcome": "agree"})
    notice = {"id": "p", "reason": "听证", "clocks": [], "until": "2026-11-10", "step": "own"}

    step = state_at(rules, at("2026-11-05"), FILED, ACCEPTED, agreed, ("paused", at("2026-11-04"), notice)).step("own")

    assert step is not None
    assert step.clock is not None
    assert step.clock.due_on == date(2026, 11, 9)


@pytest.mark.parametrize(
    ("closes", "filed", "due"),
    [
        (time(16, 30), "16:29", 2),
        (time(16, 30), "16:30", 3),
        (time(17, 30), "17:15", 2),
        (time(17, 0), "17:00", 3),
        (time(17, 0), "16:59:59", 2),
    ],
)
def test_on_the_spot_is_the_same_day_until_closing_time(closes: time, filed: str, due: int) -> None:
    row = ("filed", at("2026-11-02", filed), FILED[2])

    state = state_at(definition(promised=days(0)), row[1], row, calendars=Calendars((PUBLISHED,), closes_at=closes))

    promised = state.clock("promised")
    assert promised is not None
    assert promised.due_on == date(2026, 11, due)


@pytest.mark.parametrize(
    ("published", "due"),
    [
        ("2026-11-01", 3),
        ("2026-11-02", 3),  # that very instant
        ("2026-11-03", 2),  # a notice that comes later shortens no day that has passed
    ],
)
def test_on_the_spot_on_a_day_the_office_closes_early(published: str, due: int) -> None:
    early = Closing(date(2026, 11, 2), time(12), at(published, "13:00"))
    row = ("filed", at("2026-11-02", "13:00"), FILED[2])

    state = state_at(definition(promised=days(0)), row[1], row, calendars=Calendars((PUBLISHED,), closings=(early,)))

    promised = state.clock("promised")
    assert promised is not None
    assert promised.due_on == date(2026, 11, due)


@pytest.mark.parametrize("outcome", ["approved", "recorded", "completed", "renewed"])
def test_a_yes_has_the_name_its_version_gives_it(outcome: str) -> None:
    decided = ("decided", at("2026-11-03"), {"step": "decide", "outcome": "approve"})

    state = state_at(definition(positive=outcome), LATER, FILED, ACCEPTED, decided)

    assert (state.state, state.outcome, state.manner, state.steps[0].fact) == (outcome, outcome, "signed", 3)


@pytest.mark.parametrize(("silence", "outcome"), [("record", "recorded"), ("complete", "completed"), ("grant", "approved")])
def test_silence_has_the_result_of_its_mode(silence: str, outcome: str) -> None:
    rules = definition(timeout=mode(OnTimeout(silence)), promised=days(3), statutory=days(4))

    assert state_at(rules, LATER, FILED, ACCEPTED).outcome == outcome


RENEWAL = {"timeout": mode(OnTimeout.RENEW), "positive": "renewed", "intake": days(30), "answer_days": 60}


def renewal(expires: str) -> Row:
    return ("filed", at("2026-11-02"), {**FILED[2], "expires_on": expires})


@pytest.mark.parametrize(
    ("changes", "rows", "reason"),
    [
        ({}, [FILED], "逾期不产生同意效果"),
        ({"timeout": mode(OnTimeout.GRANT)}, [FILED, ACCEPTED, ("died", at("2026-11-03"), {})], "申请人已去世"),
        ({"timeout": mode(OnTimeout.GRANT)}, [FILED, ACCEPTED, ("duplicate", at("2026-11-03"), {})], "与先前的申请重复"),
        ({"timeout": mode(OnTimeout.GRANT), "statutory": days(60)}, [FILED, ACCEPTED], "到期日是暂定的"),
        (
            {"timeout": mode(OnTimeout.GRANT), "stages": (stage("own", 1), DECIDE)},
            [FILED, ACCEPTED, ("opinion", at("2026-11-03"), {"step": "own", "outcome": "object"})],
            "有异议没有处理",
        ),
        (
            {"timeout": mode(OnTimeout.GRANT), "stages": (stage("own", 1), POST, DECIDE)},
            [FILED, ACCEPTED, ("objected", at("2026-11-03"), {"step": "post"})],
            "公示还没有结束",
        ),
        ({**RENEWAL, "intake_timeout": mode(OnTimeout.ESCALATE)}, [renewal("2026-12-07")], "延续申请没有受理"),
        (RENEWAL, [renewal("2026-12-07"), ("corrected", at("2026-11-03"), {})], "延续申请没有受理"),
        (RENEWAL, [renewal("2026-11-20"), ACCEPTED], "没有提前30个自然日申请延续"),
    ],
)
def test_what_stops_a_default_is_said(changes: dict[str, Any], rows: list[Row], reason: str) -> None:
    state = state_at(definition(**changes), at("2027-03-01"), *rows)

    assert reason in {effect.blocked_by for effect in state.effects if effect.kind == "escalate"}
    assert state.outcome == ""


def test_a_repealed_document_is_named_as_the_reason_and_only_after_its_last_day() -> None:
    rules = definition(timeout=mode(OnTimeout.RECORD), promised=days(3), statutory=None, licence=False)
    title = rules.timeout.citation.title if rules.timeout.citation else ""
    stopped, in_force = (
        state_at(rules, LATER, FILED, calendars=Calendars((PUBLISHED,), repealed={title: date(2026, 11, day)})) for day in (4, 5)
    )

    reasons = [e.blocked_by for e in stopped.effects if e.clock == "promised" and e.kind == "escalate"]
    assert reasons == ["所依据的文件到期时已失效"]
    assert in_force.outcome == "recorded"


def test_a_default_without_a_document_needs_none_in_force() -> None:
    silent = replace(mode(OnTimeout.RECORD), citation=None)

    assert state_at(definition(timeout=silent, promised=days(3), statutory=None), LATER, FILED).outcome == "recorded"


def test_a_posting_done_lets_the_grant_take_effect() -> None:
    state = state_at(definition(timeout=mode(OnTimeout.GRANT), stages=(POST, DECIDE)), LATER, FILED, ACCEPTED)

    assert (state.outcome, state.manner) == ("approved", "deemed")


def test_an_objection_to_the_posting_is_no_objection_of_an_office() -> None:
    rows = [("objected", at("2026-11-04"), {"step": "post"}), ("found", at("2026-11-05"), {"step": "post"})]

    state = state_at(definition(timeout=mode(OnTimeout.GRANT), stages=(POST, DECIDE)), LATER, FILED, ACCEPTED, *rows)

    first, second = (step for step in state.steps if step.stage.key == "post")
    assert (first.status, first.outcome, first.ended_at, first.fact) == ("done", "object", at("2026-11-05"), 4)
    assert (second.round, second.status, second.outcome) == (2, "done", "posted")
    assert [(p.id, p.ended_on) for p in state.pauses] == [
        ("post#1", date(2026, 11, 5)),
        ("post#2", date(2026, 11, 12)),
    ]
    assert state.outcome == "approved"


def test_an_office_that_objects_does_not_stop_the_silence_of_another() -> None:
    offices = (stage("own", 1, limit=days(3), timeout=mode(OnTimeout.CONSENT)), stage("branch", 1), DECIDE)
    objection = ("opinion", at("2026-11-03"), {"step": "branch", "outcome": "object"})

    step = state_at(definition(stages=offices), LATER, FILED, ACCEPTED, objection).step("own")

    assert step is not None
    assert (step.status, step.outcome) == ("deemed", "consent")


def test_a_renewal_still_owed_papers_does_not_renew() -> None:
    rows = [renewal("2026-12-07"), ("corrected", at("2026-11-03"), {})]

    state = state_at(definition(**{**RENEWAL, "answer_days": 3}), at("2026-12-09"), *rows)

    assert (state.state, state.outcome) == ("accepted", "")
    assert "要补的材料没有补齐" in {effect.blocked_by for effect in state.effects}


@pytest.mark.parametrize(
    ("citation", "dead", "state"),
    [("某办法第三条", False, "withdrawn_deemed"), ("", False, "accepted"), ("某办法第三条", True, "accepted")],
)
def test_silence_withdraws_only_on_a_document_and_never_for_the_dead(citation: str, dead: bool, state: str) -> None:
    rules = definition(on_no_answer="withdrawn", no_answer_citation=citation, answer_days=5)
    rows = [FILED, ("corrected", at("2026-11-03"), {})] + [("died", at("2026-11-04"), {})] * dead

    assert state_at(rules, at("2026-11-11"), *rows).state == state


@pytest.mark.parametrize("way", ["record", "complete"])
def test_a_filing_is_not_corrected_once_its_promise_has_lapsed(way: str) -> None:
    rules = definition(timeout=mode(OnTimeout(way)), promised=days(2), statutory=None)
    lacking = ("filed", FILED[1], {**FILED[2], "complete": False})

    assert state_at(rules, at("2026-11-06"), lacking, ("corrected", at("2026-11-05"), {})).corrections == 0


def test_a_filing_that_says_nothing_of_its_papers_is_complete() -> None:
    rules = definition(timeout=mode(OnTimeout.RECORD), promised=days(2), statutory=None)

    assert state_at(rules, LATER, ("filed", FILED[1], {"received_on": "2026-11-02"})).outcome == "recorded"


def test_an_opinion_is_done_unless_it_says_more() -> None:
    step = state_at(
        definition(stages=(stage("own", 1), DECIDE)), LATER, FILED, ACCEPTED, ("opinion", at("2026-11-03"), {"step": "own"})
    ).step("own")

    assert step is not None
    assert (step.outcome, step.fact) == ("done", 3)


@pytest.mark.parametrize(("seconds", "due"), [("10:00", 24), ("10:00:01", 24)])
def test_a_calendar_published_with_the_filing_counts_from_the_start(seconds: str, due: int) -> None:
    newer = Publication(at("2026-11-02", seconds), replace(PUBLISHED.calendar, days_off=frozenset({date(2026, 11, 10)})), 2)

    state = state_at(definition(), at("2026-11-03"), FILED, calendars=Calendars((PUBLISHED, newer)))

    promised = state.clock("promised")
    assert promised is not None
    assert (promised.due_on, state.calendar) == (date(2026, 11, due), newer.calendar)


def test_before_anything_is_filed_calendars_change_nothing() -> None:
    newer = Publication(at("2026-11-01"), PUBLISHED.calendar, 2)

    assert state_at(definition(), LATER, calendars=Calendars((PUBLISHED, newer))).next_look_at is None


def test_an_instant_without_a_zone_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="^时刻必须带时区$"):
        fold([], definition(), CALENDARS, LATER.replace(tzinfo=None))
