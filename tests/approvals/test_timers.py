"""走动中的时钟：ends, floors after a calendar, outages and freezes, cards – each by itself."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from approvals.facts import Calendars, HowEnded, Publication
from approvals.timers import FAR, ORDER, Timer
from portal.limits import Light, Pause, end_of_day
from portal.workdays import WorkCalendar
from services.definition import LimitUnit, OnTimeout
from tests.instants import at
from tests.rules import days

WEEKS = WorkCalendar(frozenset(), frozenset(), date(2026, 12, 24))
START = date(2026, 11, 2)  # a Monday
OPENED = at("2026-11-02")


def known(**outside: Any) -> Calendars:
    """平常的周历，加上外面发生的事"""
    return Calendars((Publication(at("2025-11-04"), WEEKS),), **outside)


def clock(key: str = "promised", calendars: Calendars | None = None, **more: Any) -> Timer:
    """2026-11-02（周一）打开的时钟"""
    return Timer(key, **{"calendars": calendars or known(), "calendar": WEEKS, "started_on": START, "started_at": OPENED, **more})


def timer(length: int = 5, mode: OnTimeout = OnTimeout.RECORD, calendars: Calendars | None = None) -> Timer:
    """从 2026-11-02（周一）起的几个工作日"""
    return clock(calendars=calendars, limit=days(length), mode=mode)


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
    assert timer(calendars=known(**outside)).due == due


def test_they_do_not_move_an_end_without_a_default() -> None:
    calendars = known(outages=frozenset({date(2026, 11, 9)}))

    assert timer(5, OnTimeout.ESCALATE, calendars).due == date(2026, 11, 9)


@pytest.mark.parametrize(
    ("outside", "due"),
    [
        ({}, date(2026, 11, 9)),
        ({"outages": frozenset({date(2026, 11, 9)})}, date(2026, 11, 10)),
        ({"freezes": ((at("2026-11-06"), at("2026-11-10", "15:00")),)}, date(2026, 11, 11)),
        ({"freezes": ((at("2026-11-06"), None),)}, None),
    ],
)
def test_they_move_the_term_in_which_the_applicant_has_to_answer(outside: dict[str, object], due: date | None) -> None:
    term = clock("answer", known(**outside), limit=days(7, LimitUnit.DAY))

    assert term.due == due


def test_a_moved_end_does_not_fall_into_a_pause() -> None:
    paused = timer(calendars=known(outages=frozenset({date(2026, 11, 9)})))
    paused.pauses["p"] = Pause(date(2026, 11, 10), None, "听证")
    assert paused.ends_at == FAR

    paused.pauses["p"] = Pause(date(2026, 11, 10), date(2026, 11, 12), "听证")
    paused.changed()
    assert paused.due == date(2026, 11, 13)


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

    running.republished(newer, published_on)

    assert running.due == due


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

    first = running.next_card()
    running.fired.add("remind")
    second = running.next_card()
    running.fired.add("yellow")

    assert (first, second) == ((remind, "remind"), (yellow, "yellow"))
    assert running.next_card() == (FAR, "")


def test_a_fixed_date_never_rolls() -> None:
    sunday = date(2026, 11, 8)
    expiry = fixed(sunday, calendars=known(outages=frozenset({sunday})))

    assert expiry.ends_at == end_of_day(sunday)


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
    over.start_by(later, at("2026-11-05", "00:00"))
    running = timer(5)
    running.start_by(later, at("2026-11-05", "00:00"))

    assert (over.started_on, running.started_on) == (later, START)
    assert (over.due, running.due) == (date(2026, 11, 5), date(2026, 11, 9))


def test_an_end_moved_beyond_the_notice_is_provisional() -> None:
    calendars = known(outages=frozenset({date(2026, 12, 24)}))
    running = clock(calendars=calendars, started_on=date(2026, 12, 21), limit=days(3), mode=OnTimeout.RECORD)

    view = running.view(at("2026-12-22"))

    assert (view.due_on, view.provisional) == (date(2026, 12, 25), True)


SHORT = WorkCalendar(frozenset(), frozenset(), date(2026, 11, 5))


def worked(*days: int) -> WorkCalendar:
    """平常的周历，十一月的这几天上班"""
    return WorkCalendar(frozenset(), frozenset(date(2026, 11, day) for day in days), date(2026, 12, 24))


def fixed(on: date, **more: Any) -> Timer:
    """许可到期日"""
    return clock("expiry", **{"fixed_on": on, "mode": OnTimeout.RENEW, **more})


def test_at_one_and_the_same_end_the_order_of_the_law() -> None:
    ranks = [{mode for mode in OnTimeout if ORDER[mode] == rank} for rank in sorted(set(ORDER.values()))]

    assert ranks == [
        {OnTimeout.ACCEPT},
        {OnTimeout.CONSENT},
        {OnTimeout.RECORD, OnTimeout.COMPLETE},
        {OnTimeout.RENEW},
        {OnTimeout.GRANT},
        {OnTimeout.ESCALATE},
    ]
    assert min(ORDER.values()) > 0  # a pause that ends at that instant has ended


def test_a_new_clock_is_the_first_of_its_name_and_has_counted_nothing() -> None:
    plain = clock()

    assert (plain.name, plain.length, plain.round, plain.step) == ("promised:#1", 0, 1, "")
    assert (fixed(date(2026, 11, 12)).length, fixed(date(2026, 11, 1)).length) == (10, 0)


@pytest.mark.parametrize(
    ("calendar", "outages", "pause"),
    [
        (worked(7), {9}, 10),  # as counted before, the outage moves the end into the pause; the new one ends earlier
        (WorkCalendar(frozenset({date(2026, 11, 9)}), frozenset(), date(2026, 12, 24)), set(), 10),  # the other way round
    ],
)
def test_an_end_that_either_calendar_leaves_open_is_open(calendar: WorkCalendar, outages: set[int], pause: int) -> None:
    running = timer(calendars=known(outages=frozenset(date(2026, 11, day) for day in outages)))
    running.pauses["p"] = Pause(date(2026, 11, pause), None, "听证")

    running.republished(calendar, date(2026, 11, 4))

    assert running.due is None


def test_an_end_brought_forward_on_its_last_day_stays_though_a_pause_opens_after_it() -> None:
    running = timer()
    running.pauses["p"] = Pause(date(2026, 11, 10), None, "听证")

    running.republished(worked(7), date(2026, 11, 9))

    assert running.due == date(2026, 11, 9)


def test_an_end_brought_forward_onto_an_outage_moves_on() -> None:
    running = timer(calendars=known(outages=frozenset({date(2026, 11, 8)})))

    running.republished(worked(7, 8), date(2026, 11, 7))

    assert running.due == date(2026, 11, 9)


def test_no_outage_moves_a_fixed_date() -> None:
    monday = date(2026, 11, 9)

    assert fixed(monday, mode=OnTimeout.GRANT, calendars=known(outages=frozenset({monday}))).due == monday


@pytest.mark.parametrize(("released", "due"), [("00:00", 9), ("00:00:01", 11)])
def test_a_freeze_released_at_the_very_end_covers_nothing(released: str, due: int) -> None:
    frozen = known(freezes=((at("2026-11-06"), at("2026-11-10", released)),))

    assert timer(calendars=frozen).due == date(2026, 11, due)


def cards_of(running: Timer) -> list[tuple[datetime, str]]:
    """它会发的卡，一张接一张"""
    found = []
    while (card := running.next_card())[0] != FAR:
        found.append(card)
        running.fired.add(card[1])
    assert card == (FAR, "")
    return found


def test_cards_of_a_short_an_extended_and_a_fixed_clock() -> None:
    extended, dated = timer(1), fixed(date(2026, 11, 12))
    extended.extended_by = 5

    assert cards_of(timer(2)) == [(at("2026-11-03", "09:00"), "remind"), (at("2026-11-04", "09:00"), "yellow")]
    assert cards_of(extended) == [(at("2026-11-05", "09:00"), "remind"), (at("2026-11-10", "09:00"), "yellow")]
    assert cards_of(dated) == [(at("2026-11-07", "09:00"), "remind"), (at("2026-11-11", "09:00"), "yellow")]


@pytest.mark.parametrize(
    ("unit", "remind", "yellow"),
    [
        (LimitUnit.MONTH, "2026-11-17", "2026-11-29"),  # to 2 December: days 15 and 27 of 30
        (LimitUnit.YEAR, "2027-05-04", "2027-09-27"),  # days 183 and 329 of 365
    ],
)
def test_cards_of_one_month_and_one_year_stand_on_their_counted_days(unit: LimitUnit, remind: str, yellow: str) -> None:
    assert cards_of(clock(limit=days(1, unit))) == [(at(remind, "09:00"), "remind"), (at(yellow, "09:00"), "yellow")]


def test_an_extension_moves_the_cards_that_are_still_to_come() -> None:
    running = timer(10)
    before = running.next_card()
    running.extended_by = 10
    running.changed()

    assert (before, running.next_card()) == ((at("2026-11-09", "09:00"), "remind"), (at("2026-11-16", "09:00"), "remind"))


def test_a_fixed_date_moves_for_no_pause_and_its_cards_wait_for_the_day_itself() -> None:
    dated = fixed(date(2026, 11, 12))
    dated.pauses["p"] = Pause(START, None, "听证")

    assert dated.due == date(2026, 11, 12)
    assert cards_of(dated) == [(at("2026-11-12", "09:00"), "remind"), (at("2026-11-12", "09:00"), "yellow")]


def test_a_clock_may_have_one_card_or_none() -> None:
    once, never, stopped = timer(), clock("posting", limit=days(5), rungs=()), timer()
    once.rungs = ("remind",)
    stopped.pauses["p"] = Pause(START, None, "听证")

    assert [kind for _, kind in cards_of(once)] == ["remind"]
    assert cards_of(never) == cards_of(stopped) == []


def test_a_new_calendar_is_told_to_a_running_clock_and_shown_by_it() -> None:
    running, untold = timer(), timer()
    running.republished(SHORT, date(2026, 11, 4))

    assert [clock.view(at("2026-11-12")).provisional for clock in (running, untold)] == [True, False]
    assert (running.view(OPENED).calendar, untold.view(OPENED).calendar) == (SHORT, WEEKS)


@pytest.mark.parametrize(
    ("how", "ended", "shown"),
    [
        (HowEnded.MET, "2026-11-04", Light.NORMAL),  # as on the day it was met
        (HowEnded.LAPSED, "2026-11-09", Light.OVERDUE),  # it goes on being overdue
        (HowEnded.STOPPED, "2026-11-04", Light.OVERDUE),
    ],
)
def test_the_light_of_an_ended_clock(how: HowEnded, ended: str, shown: Light) -> None:
    stopped = timer()
    stopped.close(at(ended), how)

    assert stopped.view(at("2026-11-20")).light == shown
    assert timer().view(at("2026-11-20")).light == Light.OVERDUE


def test_a_fixed_date_and_an_end_on_the_spot_are_never_provisional() -> None:
    spot = clock(started_on=date(2026, 12, 28), limit=days(0))

    assert (fixed(date(2027, 3, 1)).provisional, spot.provisional) == (False, False)


def test_a_clock_in_two_pauses_shows_the_later_planned_end_of_those_still_open() -> None:
    halted = timer()
    ends = {"a": (None, 20), "b": (None, 24), "c": (date(2026, 11, 4), 27)}
    for key, (end, until) in ends.items():
        halted.pauses[key], halted.planned[key] = Pause(date(2026, 11, 3), end, ""), date(2026, 11, until)

    assert halted.view(OPENED).latest == date(2026, 11, 24)


def test_no_calendar_draws_the_end_that_an_extension_has_kept_into_the_past() -> None:
    """Moved to the 16th by a freeze, then extended to the 13th; the 16th becomes a day off and, on it, a working day again."""
    running = timer(calendars=known(freezes=((at("2026-11-06"), at("2026-11-13", "15:00")),)))
    assert running.due == date(2026, 11, 16)
    running.extend(4)
    assert running.due == date(2026, 11, 16)

    running.republished(WorkCalendar(frozenset({date(2026, 11, 16)}), frozenset(), date(2026, 12, 24)), date(2026, 11, 12))
    assert running.due == date(2026, 11, 17)
    running.republished(WEEKS, date(2026, 11, 16))

    assert running.due == date(2026, 11, 17)
