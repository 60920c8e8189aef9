"""案件推算：what suspends a limit and what lengthens it – a pause, an extension, a posting."""

from datetime import date, timedelta
from typing import Any

import pytest

from approvals.facts import Calendars, CaseState, HowEnded, PauseView
from portal.limits import Light, Pause
from services.definition import Extension, LimitUnit, OnTimeout, StageKind
from tests.approvals.folding import PUBLISHED, Row, filed, state_at
from tests.instants import at
from tests.rules import days, definition, mode, stage


def test_a_pause_suspends_both_clocks_and_ends_by_itself() -> None:
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-02", "11:00"), {})]
    paused = ("paused", at("2026-11-05"), {"id": "p1", "reason": "听证", "clocks": ["promised"], "until": "2026-11-12"})
    rules = definition()

    during = state_at(rules, at("2026-11-10"), *rows, paused)
    after = state_at(rules, at("2026-11-13", "00:00"), *rows, paused)
    never = state_at(rules, at("2026-11-13"), *rows)

    shown, clock, plain = during.clock("promised"), after.clock("promised"), never.clock("promised")
    assert shown is not None
    assert clock is not None
    assert plain is not None
    assert (shown.due_on, shown.latest) == (None, date(2026, 11, 12))
    assert plain.due_on == date(2026, 11, 23)
    assert clock.due_on == date(2026, 11, 30)  # five working days later: 6, 9, 10, 11, 12 November


@pytest.mark.parametrize("unit", [LimitUnit.WORKDAY, LimitUnit.DAY])
def test_the_day_of_due_soon_is_known_beforehand_and_moves_with_a_pause(unit: LimitUnit) -> None:
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-02", "11:00"), {})]
    paused = ("paused", at("2026-11-05"), {"id": "p1", "reason": "听证", "clocks": ["promised"], "until": "2026-11-12"})
    rules = definition(promised=days(20, unit))
    days_of = [date(2026, 11, 13) + timedelta(days=number) for number in range(40)]

    during = state_at(rules, at("2026-11-10"), *rows, paused).clock("promised")
    clocks = {day: state_at(rules, at(day.isoformat()), *rows, paused).clock("promised") for day in days_of}
    plain = state_at(rules, at("2026-11-13"), *rows).clock("promised")

    assert during is not None
    assert plain is not None
    assert during.soon_on is None
    soon = {clock.soon_on for clock in clocks.values() if clock is not None and clock.is_open}
    first = min(day for day, clock in clocks.items() if clock is not None and clock.light == Light.DUE_SOON)
    assert soon == {first}
    assert plain.soon_on is not None
    assert plain.soon_on < first


def test_an_early_resumption_ends_the_pause_that_day() -> None:
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-02", "11:00"), {})]
    paused = ("paused", at("2026-11-05"), {"id": "p1", "reason": "听证", "clocks": ["promised"], "until": "2026-11-12"})
    resumed = ("resumed", at("2026-11-06"), {"id": "p1"})

    clock = state_at(definition(), at("2026-11-09"), *rows, paused, resumed).clock("promised")

    assert clock is not None
    assert clock.due_on == date(2026, 11, 24)


def test_an_extension_adds_to_each_clock_that_has_not_ended() -> None:
    rows = [filed("2026-11-02"), ("extended", at("2026-11-25"), {"length": 5})]  # the promise ended on 23 November

    state = state_at(definition(), at("2026-11-25", "11:00"), *rows)

    promised, statutory = state.clock("promised"), state.clock("statutory")
    assert promised is not None
    assert statutory is not None
    assert (promised.limit.extended_by, statutory.limit.extended_by) == (0, 5)
    assert statutory.due_on == date(2026, 12, 7)


POSTED = (
    stage("post", 1, StageKind.POSTING, days(7, LimitUnit.DAY), counts=False, pauses=("promised",)),
    stage("decide", 2, StageKind.DECIDE, days(3)),
)


def test_a_posting_ends_by_itself_and_costs_the_promise_nothing() -> None:
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-02", "11:00"), {})]
    state = state_at(definition(stages=POSTED), at("2026-11-10", "00:00"), *rows)

    promised, statutory, decide = state.clock("promised"), state.clock("statutory"), state.step("decide")
    assert promised is not None
    assert statutory is not None
    assert decide is not None
    assert decide.opened_on == date(2026, 11, 9)  # seven natural days after 2 November: Monday 9 November
    assert promised.due_on == date(2026, 11, 30)  # five working days in the posting are not counted
    assert statutory.due_on == date(2026, 11, 30)  # 20 working days, not stopped


# an objection on the last day posts again after a written finding, with no default.
def test_an_objection_posts_again() -> None:
    rows = [filed("2026-11-02"), ("accepted", at("2026-11-02", "11:00"), {})]
    objected = ("objected", at("2026-11-09", "16:00"), {"step": "post"})
    found = ("found", at("2026-11-12"), {"step": "post"})
    rules = definition(stages=POSTED)

    waiting = state_at(rules, at("2026-11-11"), *rows, objected)
    again = state_at(rules, at("2026-11-13"), *rows, objected, found)

    assert waiting.step("decide") is None
    step = again.step("post")
    assert step is not None
    assert (step.round, step.opened_on) == (2, date(2026, 11, 12))
    assert step.clock is not None
    assert step.clock.due_on == date(2026, 11, 19)


ACCEPTED: Row = ("accepted", at("2026-11-02", "11:00"), {})
OWN, BRANCH = stage("own", 1, limit=days(5)), stage("branch", 1, limit=days(5))
HALTED = definition(stages=(OWN, BRANCH, stage("decide", 2, StageKind.DECIDE, days(3))))


def paused(day: str, clock: str = "10:00", *, until: str = "2026-11-12", id: str = "p", **more: Any) -> Row:
    """中止通知书"""
    return ("paused", at(day, clock), {"id": id, "reason": "听证", "clocks": ["promised"], "until": until, **more})


def dues(state: CaseState) -> dict[str, date | None]:
    """每个时钟和环节的最后一天"""
    clocks = {clock.key: clock.due_on for clock in state.clocks if clock.key != "intake"}
    return {**clocks, **{step.stage.key: step.clock.due_on for step in state.steps if step.clock}}


PLAIN = {"promised": date(2026, 11, 23), "statutory": date(2026, 11, 30), "own": date(2026, 11, 9), "branch": date(2026, 11, 9)}


# A pause belongs to one step and to the clocks its reason names; parallel siblings run on (engine 4).
@pytest.mark.parametrize(
    ("rows", "moved"),
    [
        ([], {}),
        ([paused("2026-11-05")], {"promised": None}),
        ([paused("2026-11-05", clocks=["promised", "statutory"])], {"promised": None, "statutory": None}),
        ([paused("2026-11-05", step="own")], {"promised": None, "own": None}),
        ([paused("2026-11-05", clocks=[], step="branch")], {"branch": None}),
        ([paused("2026-11-05"), ("resumed", at("2026-11-05", "11:00"), {"id": "p"})], {}),  # the same day costs nothing
        ([paused("2026-11-05"), ("resumed", at("2026-11-05", "11:00"), {"id": "q"})], {"promised": None}),
        ([paused("2026-11-05", clocks=["promised"], step="other")], {"promised": None}),
    ],
)
def test_a_pause_holds_its_own_clocks_and_step(rows: list[Row], moved: dict[str, date | None]) -> None:
    assert dues(state_at(HALTED, at("2026-11-06", "12:00"), filed("2026-11-02"), ACCEPTED, *rows)) == {**PLAIN, **moved}


def test_a_pause_before_acceptance_has_no_effect() -> None:
    state = state_at(HALTED, at("2026-11-04"), filed("2026-11-02"), paused("2026-11-03"))

    assert (state.pauses, dues(state)) == ((), {key: PLAIN[key] for key in ("promised", "statutory")})


def test_a_notice_is_kept_as_it_was_given() -> None:
    state = state_at(HALTED, at("2026-11-06"), filed("2026-11-02"), ACCEPTED, paused("2026-11-05", step="own"))

    assert state.pauses == (PauseView("p", "听证", ("promised",), date(2026, 11, 5), date(2026, 11, 12), None, "own"),)
    promised = state.clock("promised")
    assert promised is not None
    assert promised.limit.pauses == (Pause(date(2026, 11, 5), None, "听证"),)


@pytest.mark.parametrize(
    ("rows", "ended"),
    [
        ([], None),
        ([("resumed", at("2026-11-09"), {"id": "p"})], 9),
        ([("resumed", at("2026-11-09"), {"id": "p"}), ("resumed", at("2026-11-10"), {"id": "p"})], 9),  # it ends once
        ([("opinion", at("2026-11-06"), {"step": "own"})], 6),  # the step it belonged to is done
        ([("opinion", at("2026-11-06"), {"step": "branch"})], None),
        ([("withdrawn", at("2026-11-09"), {})], 9),
    ],
)
def test_when_a_pause_of_a_step_ends(rows: list[Row], ended: int | None) -> None:
    state = state_at(HALTED, at("2026-11-11"), filed("2026-11-02"), ACCEPTED, paused("2026-11-05", step="own"), *rows)

    assert [pause.ended_on for pause in state.pauses] == [date(2026, 11, ended) if ended else None]


def test_a_pause_given_at_the_end_or_after_it_moves_nothing() -> None:
    rules = definition(promised=days(3))  # ends at 24:00 of Thursday the 5th
    rows = [filed("2026-11-02"), ACCEPTED]

    before, after = (
        state_at(rules, at("2026-11-09"), *rows, paused(*when)).clock("promised")
        for when in (("2026-11-05", "23:59:59"), ("2026-11-06", "00:00"))
    )

    assert before is not None
    assert after is not None
    assert (before.due_on, after.due_on, after.how) == (None, date(2026, 11, 5), HowEnded.LAPSED)


def test_silence_that_ends_the_case_ends_its_pauses_on_that_day() -> None:
    rules = definition(timeout=mode(OnTimeout.GRANT), statutory=days(3))

    state = state_at(rules, at("2026-11-09"), filed("2026-11-02"), ACCEPTED, paused("2026-11-04"))

    assert (state.outcome, [pause.ended_on for pause in state.pauses]) == ("approved", [date(2026, 11, 5)])


def test_a_stage_that_does_not_count_and_names_no_clock_pauses_none() -> None:
    uncounted = stage("county", 1, limit=days(5), counts=False)

    state = state_at(definition(stages=(uncounted,)), at("2026-11-04"), filed("2026-11-02"), ACCEPTED)

    assert (state.pauses, dues(state)["promised"]) == ((), PLAIN["promised"])


def test_a_stage_that_opens_in_a_freeze_has_no_last_day_to_pause_until() -> None:
    frozen = Calendars((PUBLISHED,), freezes=((at("2026-11-02"), None),))
    silent = stage("county", 1, limit=days(5), timeout=mode(OnTimeout.CONSENT), counts=False, pauses=("promised",))

    state = state_at(definition(stages=(silent,)), at("2026-11-04"), filed("2026-11-02"), ACCEPTED, calendars=frozen)

    assert (state.pauses, dues(state)["county"]) == ((), None)


def test_what_stopped_in_a_pause_stays_as_it_stood() -> None:
    rows = [paused("2026-11-05"), ("withdrawn", at("2026-11-09"), {})]

    promised = state_at(HALTED, at("2026-11-11"), filed("2026-11-02"), ACCEPTED, *rows).clock("promised")

    assert promised is not None
    assert (promised.how, promised.ended_at, promised.due_on) == (HowEnded.STOPPED, at("2026-11-09"), None)


@pytest.mark.parametrize(
    ("step", "act"),
    [
        ("own", ("opinion", {"step": "own", "outcome": "agree"})),
        ("decide", ("decided", {"step": "decide", "outcome": "approve"})),
    ],
)
def test_what_is_done_in_its_own_pause_keeps_its_last_day(step: str, act: tuple[str, dict[str, str]]) -> None:
    rules = definition(stages=(stage(step, 1, StageKind.REVIEW if step == "own" else StageKind.DECIDE, days(5)),))
    done = (act[0], at("2026-11-10"), act[1])

    state = state_at(rules, at("2026-11-16"), filed("2026-11-02"), ACCEPTED, paused("2026-11-05", step=step), done)

    view = state.step(step)
    assert view is not None
    assert view.clock is not None
    assert (view.status, view.late, view.clock.how) == ("done", False, HowEnded.MET)
    # 6, 9 and 10 November are not counted: five days end on the 12th, fifteen on the 26th
    assert view.clock.due_on == date(2026, 11, 12)
    assert dues(state)["promised"] == date(2026, 11, 26)


def test_a_posting_found_wrong_in_its_own_pause_keeps_its_last_day() -> None:
    rows = [("objected", at("2026-11-04"), {"step": "post"}), ("found", at("2026-11-09"), {"step": "post"})]

    state = state_at(
        definition(stages=POSTED), at("2026-11-10"), filed("2026-11-02"), ACCEPTED, paused("2026-11-05", step="post"), *rows
    )

    first = state.steps[0]
    assert first.clock is not None
    assert (first.outcome, first.clock.due_on) == ("object", date(2026, 11, 13))  # seven days and those of 6 to 9 November


def test_the_later_of_two_pauses_holds_on() -> None:
    rows = [paused("2026-11-05", until="2026-11-10"), paused("2026-11-06", until="2026-11-13", id="q")]

    state = state_at(HALTED, at("2026-11-11"), filed("2026-11-02"), ACCEPTED, *rows)
    done = state_at(HALTED, at("2026-11-14"), filed("2026-11-02"), ACCEPTED, *rows)

    promised = state.clock("promised")
    assert promised is not None
    assert (promised.due_on, promised.latest) == (None, date(2026, 11, 13))
    assert dues(done)["promised"] == date(2026, 12, 1)  # six working days later: 6, 9, 10, 11, 12, 13 November


@pytest.mark.parametrize(
    ("unit", "added"),
    [
        (LimitUnit.WORKDAY, {"promised": 0, "statutory": 0}),  # the limit that rules is in months: nothing to add to
        (LimitUnit.MONTH, {"promised": 0, "statutory": 1}),  # the promise counts working days
    ],
)
def test_an_extension_lengthens_only_limits_of_its_own_unit(unit: LimitUnit, added: dict[str, int]) -> None:
    rules = definition(statutory=days(2, LimitUnit.MONTH), extension=Extension(True, 10, unit))

    state = state_at(rules, at("2026-11-12"), filed("2026-11-02"), ACCEPTED, ("extended", at("2026-11-10"), {"length": 1}))

    assert {c.key: c.limit.extended_by for c in state.clocks if c.key != "intake"} == added
    assert state.extended is any(added.values())
    statutory = state.clock("statutory")
    assert statutory is not None
    assert statutory.due_on == (date(2027, 2, 2) if added["statutory"] else date(2027, 1, 4))  # 2 January rests
