"""从哪天数起：the words for day 0 are true in every state – nobody is told that papers are complete before a window says so."""

from datetime import datetime

import pytest

from approvals.pages.day_zero import day_zero, is_restarted
from services.definition import LimitUnit, OnTimeout, StageKind
from tests.approvals.folding import Row, filed, state_at
from tests.instants import at
from tests.rules import days, definition, mode, stage

FILED = filed("2026-11-02")
ACCEPTED: Row = ("accepted", at("2026-11-03"), {})
CORRECTED: Row = ("corrected", at("2026-11-03"), {})
OVERRIDDEN: Row = ("corrected", at("2026-11-04"), {"override": True})
SUPPLIED: Row = ("supplied", at("2026-11-09"), {"complete": True})
LATER = at("2026-11-10")


@pytest.mark.parametrize(
    ("rows", "intake", "promised", "statutory", "restarted"),
    [
        ([], "收到申请", "收到申请", "收到申请", False),  # nothing has been looked at yet
        ([ACCEPTED], "收到申请", "收到申请", "收到申请", False),  # acceptance moves no date
        ([CORRECTED], "收到申请", "补齐材料", "补齐材料", False),  # what will start anew; the intake was answered
        ([CORRECTED, SUPPLIED], "补齐材料", "补齐材料", "补齐材料", True),
        ([CORRECTED, SUPPLIED, ("accepted", at("2026-11-09", "15:00"), {})], "补齐材料", "补齐材料", "补齐材料", True),
        ([ACCEPTED, OVERRIDDEN, SUPPLIED], "收到申请", "收到申请", "收到申请", False),  # a second notice stops nothing
    ],
)
def test_day_zero_is_the_receipt_until_a_notice_has_been_answered(
    rows: list[Row], intake: str, promised: str, statutory: str, restarted: bool
) -> None:
    state = state_at(definition(), LATER, FILED, *rows)

    words = [day_zero(state, clock, key) for key in ("intake", "promised", "statutory") if (clock := state.clock(key))]

    assert words == [intake, promised, statutory]
    assert is_restarted(state) is restarted


def test_who_does_not_answer_is_counted_from_the_end_of_his_term() -> None:
    state = state_at(definition(on_no_answer="decide"), at("2026-11-23"), FILED, CORRECTED)
    intake, promised = state.clock("intake"), state.clock("promised")

    assert intake is not None
    assert promised is not None
    assert (state.state, promised.round) == ("accepted", 2)
    assert (day_zero(state, intake, "intake"), day_zero(state, promised, "promised")) == ("收到申请", "补材料的期限到期")


@pytest.mark.parametrize(
    ("rows", "when", "words"),
    [
        ([ACCEPTED], LATER, "正式受理"),  # the day after the receipt
        ([("accepted", at("2026-11-02", "15:00"), {})], LATER, "收到申请"),  # the same day
        ([], at("2026-11-11"), "收到申请"),  # accepted by silence, as of the day of receipt
        ([CORRECTED, SUPPLIED], at("2026-11-18"), "补齐材料"),
    ],
)
def test_a_deemed_grant_counts_from_the_formal_acceptance(rows: list[Row], when: datetime, words: str) -> None:
    rules = definition(timeout=mode(OnTimeout.GRANT))

    state = state_at(rules, when, FILED, *rows)

    clock = state.clock("statutory")
    assert clock is not None
    assert day_zero(state, clock, "statutory") == words


@pytest.mark.parametrize(
    ("filing", "words"),
    [
        (filed("2026-11-02", "10:00"), "收到申请"),
        (filed("2026-11-02", "18:00"), "算作收到申请"),  # after hours: the next working day
        (filed("2026-11-07", "10:00"), "算作收到申请"),  # a Saturday
    ],
)
def test_what_came_after_hours_counts_as_received_on_the_next_working_day(filing: Row, words: str) -> None:
    state = state_at(definition(promised=days(0), statutory=None), at("2026-11-07", "20:00"), filing)

    clock = state.clock("promised")
    assert clock is not None
    assert day_zero(state, clock, "promised") == words


def test_steps_and_the_other_terms_have_their_own_day_zero() -> None:
    stages = (
        stage("own", 1, limit=days(5)),
        stage("post", 2, StageKind.POSTING, days(3, LimitUnit.DAY)),
        stage("decide", 3, StageKind.DECIDE, days(3)),
        stage("hand", 4, StageKind.DELIVER, days(3)),
        stage("call", 5, StageKind.DELIVER, days(3)),
    )
    rows: list[Row] = [
        ("accepted", at("2026-11-02", "11:00"), {}),
        ("opinion", at("2026-11-03"), {"step": "own"}),
        ("objected", at("2026-11-04"), {"step": "post"}),
        ("found", at("2026-11-09"), {"step": "post"}),
        ("decided", at("2026-11-16"), {"step": "decide", "outcome": "approve"}),
        ("opinion", at("2026-11-17"), {"step": "hand"}),
    ]
    told = {"own": "受理", "post": "核查有了结论", "decide": "上一步办完", "hand": "有了结果", "call": "上一步办完"}

    state = state_at(definition(stages=stages, delivery_days=10), at("2026-11-18"), FILED, *rows)

    found = {s.stage.key: s.clock for s in state.steps} | {"delivery": state.clock("delivery")}
    told["delivery"] = "有了结果"
    assert {key: day_zero(state, clock, key) for key, clock in found.items() if clock is not None} == told


def test_the_applicants_own_term_runs_from_the_notice() -> None:
    unserved = state_at(definition(), LATER, FILED, ("corrected", at("2026-11-03"), {"served": False}))
    served = state_at(definition(), LATER, FILED, CORRECTED)
    serve, answer = unserved.clock("serve"), served.clock("answer")

    assert serve is not None
    assert answer is not None
    assert (day_zero(unserved, serve, "serve"), day_zero(served, answer, "answer")) == ("告知书发出", "告知书送到")
