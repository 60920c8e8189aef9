"""案件推算的性质：the fold against a second, literal model, on random items, calendars and histories.

The ordinary run takes 10,000 histories and 2,000 courses of up to 50 events, always the same ones, in under
five minutes on one core; `--nightly` takes 10,000 courses, and others every night. Blocks are small, so that
`mutate` can ask one of them.
"""

import os
import random
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from approvals.facts import Calendars, CaseState, Fact, Publication
from approvals.fold import fold
from portal.limits import day_of, due_on, end_of_day, used
from services.definition import ItemDefinition
from tests.case_histories import CALENDARS, COMMON, RARE, TIMES, Dice, fact_of, local
from tests.naive_case import NaiveCase, naive_case, walk
from tests.naive_limits import naive_is_workday
from tests.naive_view import fold_view, naive_view
from tests.rules import CITED

NIGHTLY = bool(os.environ.get("PORTAL_NIGHTLY"))
HISTORIES, COURSES = 10_000, 10_000 if NIGHTLY else 2_000
BLOCKS, COURSE_BLOCKS = 40, 100
START = random.SystemRandom().randrange(10**9) if NIGHTLY else 0
QUIET = {
    "deadline": None,
    "database": None,
    "derandomize": not NIGHTLY,
    "suppress_health_check": list(HealthCheck),
}
MOMENT = timedelta(microseconds=1)


def seen(state: CaseState) -> dict[str, Any]:
    """Everything that may not change between two looks; `light` and `at` are counters."""
    return {**fold_view(state), "cards": [(e.key, e.at) for e in state.effects]}


def difference(facts: list[Fact], rules: ItemDefinition, calendars: Calendars, at: datetime) -> str:
    """Where the fold and the model differ; empty when they agree."""
    ours, theirs = (
        fold_view(fold(facts, rules, calendars, at)),
        naive_view(naive_case(facts, rules, calendars, at)),
    )
    return "\n".join(
        f"{name}: fold {ours[name]}\n  model {theirs[name]}" for name in ours if ours[name] != theirs[name]
    )


def shortest(facts: list[Fact], rules: ItemDefinition, calendars: Calendars, at: datetime) -> list[Fact]:
    """The same difference with fewer facts."""
    for fact in facts[1:]:
        fewer = [other for other in facts if other is not fact]
        if difference(fewer, rules, calendars, at):
            facts = fewer
    return facts


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_fold_is_the_literal_model(block: int) -> None:
    for seed in range(block, HISTORIES, BLOCKS):
        dice = Dice(seed + START)
        rules, calendars, facts = dice.item(), dice.calendars(), dice.history()
        at = dice.choice((facts[-1], facts[len(facts) // 2], facts[0])).at + timedelta(
            minutes=15 * dice.randrange(2000)
        )
        if difference(facts, rules, calendars, at):
            facts = shortest([fact for fact in facts if fact.at <= at], rules, calendars, at)
            pytest.fail(
                f"seed {seed + START} at {at}\n{difference(facts, rules, calendars, at)}\n{facts}\n{calendars}\n{rules}"
            )


class CaseCourse(RuleBasedStateMachine):
    """一件办件的一生: facts are recorded as time passes; after each step the whole past is asked again."""

    rules: ItemDefinition
    calendars: Calendars
    now: datetime

    @initialize(seed=st.integers(0, 10**9))
    def file(self, seed: int) -> None:
        dice = Dice(seed)
        self.rules, self.facts, calendar = dice.item(), [dice.filing()], dice.choice(CALENDARS)
        self.now = self.facts[0].at
        self.calendars = Calendars((Publication(self.now - timedelta(days=200), calendar),))
        self.naive = NaiveCase(self.rules, self.calendars, self.now - MOMENT)
        walk(self.naive, self.facts, self.now)
        self.pauses = 0
        self.earlier: CaseState | None = None
        self.state = fold(self.facts, self.rules, self.calendars, self.now)

    def go(self, until: datetime, facts: list[Fact]) -> None:
        walk(self.naive, facts, until)
        self.facts += facts
        self.earlier, self.now = self.state, until
        self.state = fold(self.facts, self.rules, self.calendars, until)

    @rule(days=st.integers(0, 9), clock=st.sampled_from(TIMES))
    def wait(self, days: int, clock: time) -> None:
        day = day_of(self.now) + timedelta(days=days)
        self.go(max(self.now, local(day, clock)), [])

    @rule(shift=st.integers(-1, 1))
    def wait_for_the_next_look(self, shift: int) -> None:
        if self.state.next_look_at is not None:
            self.go(max(self.now, self.state.next_look_at + shift * MOMENT), [])

    @rule(kind=st.sampled_from(COMMON + RARE), number=st.integers(0, 11), minutes=st.integers(0, 400))
    def record(self, kind: str, number: int, minutes: int) -> None:
        at = self.now + timedelta(minutes=minutes) + MOMENT
        self.pauses += kind == "paused"
        self.go(at, [fact_of(kind, number, at, self.pauses, len(self.facts) + 1)])

    @rule(calendar=st.sampled_from(CALENDARS))
    def publish(self, calendar: Any) -> None:
        if len(self.calendars.versions) < 3:
            at = self.now + MOMENT
            version = Publication(at, calendar, len(self.calendars.versions) + 1)
            self.outside(versions=(*self.calendars.versions, version))
            self.go(at, [])

    @rule()
    def fail(self) -> None:
        self.outside(outages=self.calendars.outages | {day_of(self.now)})

    @rule(hours=st.integers(1, 200))
    def freeze(self, hours: int) -> None:
        if not self.calendars.freezes:
            self.outside(freezes=((self.now, self.now + timedelta(hours=hours)),))

    @precondition(lambda self: not self.calendars.repealed)
    @rule(days=st.integers(0, 9))
    def repeal(self, days: int) -> None:
        self.outside(repealed={CITED.title: day_of(self.now) + timedelta(days=days)})

    def outside(self, **changes: Any) -> None:
        kept = {
            name: getattr(self.calendars, name) for name in ("versions", "outages", "freezes", "repealed")
        }
        self.calendars = self.naive.calendars = Calendars(**{**kept, **changes})
        if (
            "outages" in changes or "freezes" in changes
        ):  # they may move an end, and a card, after the day has begun
            self.naive, self.earlier = naive_case(self.facts, self.rules, self.calendars, self.now), None
        self.state = fold(self.facts, self.rules, self.calendars, self.now)

    @invariant()
    def is_the_literal_model(self) -> None:
        assert fold_view(self.state) == naive_view(self.naive)

    @invariant()
    def only_adds_effects(self) -> None:
        if self.earlier is not None:
            old = self.earlier.effects
            assert self.state.effects[: len(old)] == old
            if self.earlier.outcome:
                assert self.earlier.outcome == self.state.outcome
                assert self.earlier.effective_at == self.state.effective_at
            again = fold(self.facts, self.rules, self.calendars, self.earlier.at)
            assert again.effects == old

    @invariant()
    def looks_again_exactly_when_something_happens(self) -> None:
        look = self.state.next_look_at
        if look is not None:
            assert look > self.now
            assert seen(fold(self.facts, self.rules, self.calendars, look - MOMENT)) == seen(self.state)
            assert seen(fold(self.facts, self.rules, self.calendars, look)) != seen(self.state)

    @invariant()
    def repeats_itself_and_ignores_what_is_no_fact(self) -> None:
        noise = Fact("reassigned", self.now, {"to": "another"}, len(self.facts) + 1)
        assert fold([*self.facts, noise], self.rules, self.calendars, self.now) == self.state

    @invariant()
    def ends_are_in_order_and_days_add_up(self) -> None:
        ends = [effect.at for effect in self.state.effects]
        assert ends == sorted(ends)
        assert len({effect.key for effect in self.state.effects}) == len(ends)
        assert all(end <= self.now for end in ends)
        for clock in self.state.clocks:
            if clock.key == "expiry" or clock.due_on is None:
                continue
            assert clock.due_on >= clock.limit.started_on
            if clock.is_open:
                assert clock.due_at == end_of_day(clock.due_on)
                assert clock.due_at > self.now
                self.days_add_up(clock)

    def days_add_up(self, clock: Any) -> None:
        """Counted days and paused days together are the days of the calendar since day 0."""
        calendar, today = self.calendars.newest(self.now), day_of(self.now)
        moved = len(self.calendars.versions) > 1 or self.calendars.outages or self.calendars.freezes
        if clock.limit.unit != "workday" or moved or clock.due_on != due_on(clock.limit, calendar):
            return  # an end that waits for a receipt entered later lies behind the counted days; the model knows it
        span = [
            clock.limit.started_on + timedelta(days=n)
            for n in range(1, (today - clock.limit.started_on).days + 1)
        ]
        worked = [day for day in span if naive_is_workday(day, calendar)]
        paused = [day for day in worked if any(pause.covers(day) for pause in clock.limit.pauses)]
        held = [
            p.start
            for p in clock.limit.pauses
            if p.start in worked and p.start not in paused and p.start != p.end
        ]
        counted = used(clock.limit, calendar, today)
        assert counted + len(paused) <= len(worked) <= counted + len(paused) + len(held)


@pytest.mark.parametrize("block", range(COURSE_BLOCKS))
def test_a_case_agrees_with_the_literal_model_at_every_step_of_its_course(block: int) -> None:
    class Course(CaseCourse):
        """一组办件: its own chances, drawn from its own name."""

    Course.__name__ = Course.__qualname__ = f"Course{block}"
    run_state_machine_as_test(
        Course, settings=settings(max_examples=COURSES // COURSE_BLOCKS, stateful_step_count=50, **QUIET)
    )
