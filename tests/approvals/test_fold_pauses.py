"""案件推算：what suspends a limit and what lengthens it – a pause, an extension, a posting."""

from datetime import date, timedelta

import pytest

from portal.limits import Light
from services.definition import LimitUnit, StageKind
from tests.approvals.folding import filed, state_at
from tests.instants import at
from tests.rules import days, definition, stage


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
