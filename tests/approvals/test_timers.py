"""走动中的时钟：ends, floors after a calendar, outages and freezes, cards – each by itself."""

from datetime import date, datetime, timedelta

import pytest

from approvals.facts import Calendars, HowEnded, Publication
from approvals.timers import FAR, Timer
from portal.limits import Pause, end_of_day
from portal.workdays import WorkCalendar
from services.definition import OnTimeout
from tests.instants import at
from tests.rules import days

WEEKS = WorkCalendar(frozenset(), frozenset(), date(2026, 12, 24))
START = date(2026, 11, 2)  # a Monday
OPENED = at("2026-11-02")


def timer(length: int = 5, mode: OnTimeout = OnTimeout.RECORD) -> Timer:
    """从 2026-11-02（周一）起的几个工作日"""
    return Timer("promised", started_on=START, started_at=OPENED, limit=days(length), mode=mode)


def known(**outside: object) -> Calendars:
    """平常的周历，加上外面发生的事"""
    return Calendars((Publication(at("2025-11-04"), WEEKS),), **outside)  # type: ignore[arg-type] # tests name the fields


@pytest.mark.parametrize(
    ("outside", "due"),
    [
        ({}, date(2026, 11, 9)),
        ({"outages": frozenset({date(2026, 11, 9)})}, date(2026, 11, 10)),
        ({"outages": frozenset({date(2026, 11, 9), date(2026, 11, 10)})}, date(2026, 11, 11)),
        ({"freezes": ((at("2026-11-09"), at("2026-11-12")),)}, date(2026, 11, 13)),
        (
            {"freezes": ((at("2026-11-09"), at("2026-11-12")),), "outages": frozenset({date(2026, 11, 13)})},
            date(2026, 11, 16),
        ),
        ({"freezes": ((at("2026-11-09"), None),)}, None),
        (
            {"freezes": ((at("2026-11-10", "00:00"), None),)},
            date(2026, 11, 9),
        ),  # it began when the end had come
    ],
)
def test_only_an_outage_and_a_freeze_move_an_end(outside: dict[str, object], due: date | None) -> None:
    assert timer().due(known(**outside), WEEKS) == due


def test_they_do_not_move_an_end_without_a_default() -> None:
    calendars = known(outages=frozenset({date(2026, 11, 9)}))

    assert timer(mode=OnTimeout.ESCALATE).due(calendars, WEEKS) == date(2026, 11, 9)


def test_a_moved_end_does_not_fall_into_a_pause() -> None:
    calendars, paused = known(outages=frozenset({date(2026, 11, 9)})), timer()
    paused.pauses["p"] = Pause(date(2026, 11, 10), None, "听证")
    assert paused.ends_at(calendars, WEEKS) == FAR

    paused.pauses["p"] = Pause(date(2026, 11, 10), date(2026, 11, 12), "听证")
    paused.changed()
    assert paused.due(calendars, WEEKS) == date(2026, 11, 13)


@pytest.mark.parametrize(
    ("days_off", "worked", "published_on", "due"),
    [
        ({date(2026, 11, 5)}, set(), date(2026, 11, 4), date(2026, 11, 10)),  # later: as counted
        (
            set(),
            {date(2026, 11, 7), date(2026, 11, 8)},
            date(2026, 11, 4),
            date(2026, 11, 7),
        ),  # earlier, and far enough
        (
            set(),
            {date(2026, 11, 7), date(2026, 11, 8)},
            date(2026, 11, 8),
            date(2026, 11, 9),
        ),  # earlier: the first working day
        (set(), {date(2026, 11, 7)}, date(2026, 11, 9), date(2026, 11, 9)),  # never later than it was
    ],
)
def test_a_new_calendar_brings_no_end_forward_overnight(
    days_off: set[date], worked: set[date], published_on: date, due: date
) -> None:
    newer, running = WorkCalendar(frozenset(days_off), frozenset(worked), date(2027, 12, 24)), timer()

    running.republished(known(), WEEKS, newer, published_on)

    assert running.due(known(), newer) == due


@pytest.mark.parametrize(
    ("length", "remind", "yellow"),
    [
        (10, at("2026-11-09", "09:00"), at("2026-11-13", "09:00")),  # counted days 5 and 9
        (7, at("2026-11-06", "09:00"), at("2026-11-11", "09:00")),  # ceil(3.5), ceil(6.3)
        (1, OPENED, at("2026-11-03", "09:00")),
        (0, OPENED, OPENED),  # opened at ten, after nine of its only day
    ],
)
def test_cards_stand_at_their_mornings(length: int, remind: datetime, yellow: datetime) -> None:
    running = timer(length)

    first = running.next_card(known(), WEEKS)
    running.fired.add("remind")
    second = running.next_card(known(), WEEKS)
    running.fired.add("yellow")

    assert (first, second) == ((remind, "remind"), (yellow, "yellow"))
    assert running.next_card(known(), WEEKS) == (FAR, "")


def test_a_fixed_date_never_rolls() -> None:
    expiry = Timer(
        "expiry", started_on=START, started_at=OPENED, fixed_on=date(2026, 11, 8), mode=OnTimeout.RENEW
    )

    assert expiry.ends_at(known(outages=frozenset({date(2026, 11, 8)})), WEEKS) == end_of_day(
        date(2026, 11, 8)
    )


def test_a_lapsed_clock_becomes_late_when_the_act_comes_and_keeps_its_end() -> None:
    running, end = timer(), at("2026-11-10", "00:00")
    running.close(end, HowEnded.LAPSED)
    running.close(end + timedelta(days=1), HowEnded.MET)

    assert (running.ended_at, running.how) == (end, HowEnded.LATE)


def test_a_stopped_clock_stays_stopped() -> None:
    running = timer()
    running.close(OPENED, HowEnded.STOPPED)
    running.close(OPENED + timedelta(days=1), HowEnded.MET)

    assert (running.ended_at, running.how) == (OPENED, HowEnded.STOPPED)


def test_start_by_gives_the_later_day_only_where_the_limit_would_be_over() -> None:
    later, over = date(2026, 11, 4), timer(1)
    over.start_by(later, at("2026-11-05", "00:00"), known(), WEEKS)
    running = timer(5)
    running.start_by(later, at("2026-11-05", "00:00"), known(), WEEKS)

    assert (over.started_on, running.started_on) == (later, START)


def test_an_end_moved_beyond_the_notice_is_provisional() -> None:
    calendars = known(outages=frozenset({date(2026, 12, 24)}))
    running = Timer(
        "promised", started_on=date(2026, 12, 21), started_at=OPENED, limit=days(3), mode=OnTimeout.RECORD
    )

    view = running.view(calendars, WEEKS, date(2026, 12, 22))

    assert (view.due_on, view.provisional) == (date(2026, 12, 25), True)
