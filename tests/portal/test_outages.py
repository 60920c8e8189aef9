"""停机：a gap of more than an hour of opening time covers its day; a demo and a short gap leave nothing."""

from datetime import date, time, timedelta

import pytest
from django.db import connection

from portal import uptime
from portal.clock import portal_now
from portal.models import Heartbeat, Outage, Revision
from portal.outages import covered_days
from tests.factories import at
from tests.world import World

HOURS = (time(9, 0), time(17, 0))


@pytest.mark.parametrize(
    ("start", "end", "covered"),
    [
        (("2026-11-26", "09:00"), ("2026-11-26", "10:00"), {}),  # sixty minutes are not more than sixty
        (("2026-11-26", "09:00"), ("2026-11-26", "10:01"), {date(2026, 11, 26): 61}),
        (("2026-11-25", "17:00"), ("2026-11-26", "09:00"), {}),  # a night
        (("2026-11-25", "15:00"), ("2026-11-26", "10:30"), {date(2026, 11, 25): 120, date(2026, 11, 26): 90}),
        (("2026-11-25", "16:30"), ("2026-11-26", "09:30"), {}),  # two half hours on two days
    ],
)
def test_covered_days(start: tuple[str, str], end: tuple[str, str], covered: dict[date, int]) -> None:
    assert covered_days(at(*start), at(*end), *HOURS) == covered


def test_naive_instants_are_refused() -> None:
    with pytest.raises(ValueError, match="时区"):
        covered_days(at("2026-11-26").replace(tzinfo=None), at("2026-11-27"), *HOURS)


@pytest.fixture
def last_beat(world: World) -> Heartbeat:
    """两天前的心跳"""
    return Heartbeat.objects.create(name=uptime.NAME, at=portal_now() - timedelta(days=2))


def test_a_gap_is_written_once_and_calendars_reload(last_beat: Heartbeat) -> None:
    before = Revision.objects.filter(name="calendar").values_list("number", flat=True).first() or 0

    uptime.beat()
    uptime.beat()

    assert Outage.objects.filter(minutes=480).exists()  # the whole day in between
    assert Revision.objects.get(name="calendar").number == before + 1
    last_beat.refresh_from_db()
    assert portal_now() - last_beat.at < timedelta(minutes=1)


def test_a_demo_keeps_no_gaps(last_beat: Heartbeat, settings: object) -> None:
    settings.PORTAL_MODE = "demo"  # type: ignore[attr-defined] # pytest-django's settings

    uptime.beat()

    assert not Outage.objects.exists()


def test_a_short_gap_and_the_first_beat_leave_nothing(world: World) -> None:
    uptime.beat()
    uptime.beat()

    assert not Outage.objects.exists()
    assert Heartbeat.objects.filter(name=uptime.NAME).count() == 1


def test_the_gap_is_measured_on_the_real_clock(last_beat: Heartbeat) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (real,) = cursor.fetchone()

    uptime.beat()

    last_beat.refresh_from_db()
    assert abs(last_beat.at - real) < timedelta(seconds=5)
