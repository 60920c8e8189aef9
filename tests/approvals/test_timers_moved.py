"""走动中的时钟，后来的事：terms in hours, and ends that outages, freezes and confirmations have moved."""

from datetime import date, timedelta
from typing import Any

import pytest

from approvals.facts import HowEnded
from approvals.timers import HourTimer
from portal.limits import HourLimit, Light, Pause
from portal.workdays import WorkCalendar
from services.definition import LimitUnit
from tests.approvals.test_timers import OPENED, START, WEEKS, known, timer
from tests.instants import at
from tests.rules import days


def test_a_timer_in_hours() -> None:
    values: dict[str, Any] = {"calendars": known(shares=(0.5, 0.8)), "calendar": WEEKS, "started_on": START, "started_at": OPENED}
    five = HourTimer("step:call", **values, limit=days(5, LimitUnit.HOUR), step="call")
    five.pauses["p"] = Pause(START, None, "听证")
    five.changed()

    view = five.view(OPENED + timedelta(hours=4, minutes=30))
    assert (view.limit, view.in_hours, view.provisional) == (HourLimit(OPENED, 5), True, False)
    assert (view.due_at, view.due_on, five.ends_at) == (at("2026-11-02", "15:00"), START, at("2026-11-02", "15:00"))
    assert five.mornings == {"remind": OPENED, "yellow": at("2026-11-02", "14:00")}
    assert (view.light, view.soon_on) == (Light.DUE_SOON, START)
    with pytest.raises(TypeError, match="step:call 按小时计，没有天数"):
        _ = view.days
    five.close(at("2026-11-02", "15:00"), HowEnded.LAPSED)
    assert five.view(at("2026-11-03")).soon_on is None


def test_what_an_outage_moved_under_one_calendar_the_next_does_not_draw_into_the_past() -> None:
    through = date(2026, 12, 24)
    off = [WorkCalendar(frozenset(date(2026, 11, n) for n in rest), frozenset(), through) for rest in ((3, 4, 5), (5,))]
    running = timer(1, calendars=known(outages=frozenset({date(2026, 11, 4)})))
    running.opened_under = running.calendar = off[0]
    assert running.due == date(2026, 11, 6)

    running.republished(off[1], date(2026, 11, 3))  # the third is worked after all: no earlier than the fourth, which is out
    assert running.due == date(2026, 11, 6)
    running.republished(WEEKS, date(2026, 11, 6))  # the fifth too: that day is over
    assert running.due == date(2026, 11, 6)


def test_what_waits_for_confirmation_is_read_in_the_calendar_known_by_then() -> None:
    """Three calendars before the second person looks: only in the last of them is the day after worked."""
    off = WorkCalendar(frozenset({date(2026, 11, 12)}), frozenset(), date(2026, 12, 24))
    entered = timer()
    entered.entered_at = at("2026-11-10")
    for newer in (off, off, WEEKS):
        entered.republished(newer, date(2026, 11, 11))
    assert entered.due is None

    entered.confirmed(at("2026-11-11"))
    assert entered.due == date(2026, 11, 12)


def test_an_extension_keeps_the_very_day_to_which_a_freeze_had_moved_the_end() -> None:
    running = timer(calendars=known(freezes=((at("2026-11-06"), at("2026-11-11", "15:00")),)))
    assert running.due == date(2026, 11, 12)

    running.extend(2)  # counted, the eleventh
    assert running.due == date(2026, 11, 12)
