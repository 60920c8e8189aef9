"""中止的账：which pauses run, which clocks a new one would stop, how many days are left of a reason, who has to sign. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from approvals.facts import CaseState, ClockView, PauseView, StepView
from portal.limits import DUE_SOON_SHARE, rung_on
from services.definition import PauseReason


def running_notices(pauses: Iterable[PauseView]) -> dict[str, PauseView]:
    """发了通知、还停着的, by the step each belongs to; "" is a pause of the case's own clocks."""
    return {pause.step: pause for pause in pauses if pause.by_notice and pause.ended_on is None}


def clocks_stopped(state: CaseState, keys: Iterable[str], step: StepView | None) -> list[ClockView]:
    """这次中止会停住的时钟: those of its reason and that of its step, as far as they run; hours run through every pause."""
    found = [*(state.clock(key) for key in keys), step.clock if step is not None else None]
    return [clock for clock in found if clock is not None and clock.is_open and not clock.in_hours]


def needs_second(state: CaseState, stopped: Iterable[ClockView]) -> bool:
    """要不要第二人签: from the 90 % day of the case or of any clock that would stop (engine 6)."""
    return any(_is_near(clock) for clock in (state.case_clock, *stopped) if clock is not None)


def _is_near(clock: ClockView) -> bool:
    """到没到九成的日子; one that stands still is as it was on the day it was stopped."""
    on = min([clock.shown_on, *(pause.start for pause in clock.days.pauses if pause.end is None)])
    ended = tuple(pause for pause in clock.days.pauses if pause.end is not None)
    near = rung_on(replace(clock.days, pauses=ended), clock.calendar, DUE_SOON_SHARE)
    return near is not None and near <= on


def days_of(pauses: Iterable[PauseView], reason: str) -> frozenset[date]:
    """为这个事由停了的和写明要停的日子（自然日）: each day once, whichever steps stood still on it."""
    found = (pause for pause in pauses if pause.by_notice and pause.reason == reason)
    return frozenset(day for pause in found for day in span(pause.start, pause.ended_on or pause.until))


def span(start: date, end: date) -> list[date]:
    """中止的日子：the day it began still counts, the day it ended does not (engine 3)."""
    return [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]


def days_left(pauses: Sequence[PauseView], rule: PauseReason) -> int:
    """这个事由还能停几天（自然日）: the maximum is of the reason in the case, not of one notice."""
    return max(rule.max_days - len(days_of(pauses, rule.name)), 0)
