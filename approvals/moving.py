"""改期：which limits a calendar moves, from when to when – between two foldings of one case at one instant. Pure."""

from dataclasses import dataclass
from datetime import date

from approvals.facts import Calendars, CaseState, ClockView, Publication
from portal.workdays import WorkCalendar

LABELS = {
    "intake": "窗口答复",
    "promised": "承诺",
    "statutory": "法定",
    "expiry": "原许可到期",
    "answer": "补材料",
    "serve": "送达告知书",
}


@dataclass(frozen=True, slots=True)
class Move:
    """一个期限的改动: `step` is the key of the step it belongs to, if any; None stands for a limit that is paused."""

    clock: str
    round: int
    label: str
    step: str
    before: date | None
    after: date | None


def moves_between(before: CaseState, after: CaseState) -> list[Move]:
    """哪些在走的期限变了"""
    found = []
    old = {name: clock for name, (clock, _) in _clocks(before).items()}
    for (key, round), (clock, label) in _clocks(after).items():
        was = old.get((key, round))
        if was is not None and clock.is_open and was.is_open and was.due_on != clock.due_on:
            step = "" if key in LABELS else key
            found.append(Move(key, round, label, step, was.due_on, clock.due_on))
    return found


def _clocks(state: CaseState) -> dict[tuple[str, int], tuple[ClockView, str]]:
    """每个时钟和它的叫法; a step's clock goes by the step."""
    own = {(clock.key, clock.round): (clock, LABELS.get(clock.key, clock.key)) for clock in state.clocks}
    steps = {(s.stage.key, s.round): (s.clock, s.stage.name) for s in state.steps if s.clock is not None}
    return own | steps


def first_difference(old: WorkCalendar, new: WorkCalendar, days: list[date]) -> date | None:
    """两版日历头一个不一样的日子, among those given; None if they agree on all of them."""
    return next((day for day in days if old.is_workday(day) != new.is_workday(day)), None)


def with_publication(known: Calendars, coming: Publication) -> Calendars:
    """照某一版公布以后的样子: the versions before it and it."""
    versions = tuple(version for version in known.versions if version.at < coming.at)
    return _replaced(known, (*versions, coming))


def without_publication(known: Calendars, coming: Publication) -> Calendars:
    """照某一版公布以前的样子"""
    return _replaced(known, tuple(version for version in known.versions if version.at < coming.at))


def _replaced(known: Calendars, versions: tuple[Publication, ...]) -> Calendars:
    return Calendars(
        versions=versions,
        outages=known.outages,
        freezes=known.freezes,
        repealed=known.repealed,
        closes_at=known.closes_at,
        closings=known.closings,
        shares=known.shares,
    )
