"""缺放假安排的报警：once a week, in the daytime, to the calendar desk and the supervisor, while it lasts."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from approvals import actions
from approvals.actions.watching import watch_calendar
from approvals.tasks import watch_calendar as task
from portal.celery import app
from portal.ledger import verify
from portal.models import Event, Message
from portal.queries import inbox
from portal.wording import message_text
from tests.conftest import CLONE, TestClock
from tests.factories import at
from tests.world import World

TEXT = "{year: 2027, number: 国办发明电〔2026〕8号（虚构）, issued: 2026-11-20, days_off: {}, shifted_workdays: {}}"


def told(world: World) -> dict[str, int]:
    """谁收到几次"""
    rows = Message.objects.filter(kind="calendar_missing", channel="in_site", township=world.township)
    names = {user.pk: name for name, user in world.users.items()}
    found: dict[str, int] = {}
    for recipient in rows.values_list("recipient_id", flat=True):
        found[names[recipient]] = found.get(names[recipient], 0) + 1
    return found


def test_nothing_is_missing_before_november(world: World, clock: TestClock) -> None:
    clock(at("2026-10-31", "12:00"))

    watch_calendar()

    assert told(world) == {}


def test_it_comes_once_a_week_however_often_somebody_looks(world: World, clock: TestClock) -> None:
    seen = []
    for day, hour in [
        ("2026-11-01", "12:00"), ("2026-11-01", "13:00"), ("2026-11-07", "23:59"),
        ("2026-11-08", "00:01"), ("2026-11-08", "12:00"), ("2026-11-14", "23:00"), ("2026-11-16", "09:00"),
    ]:  # fmt: skip
        clock(at(day, hour))
        watch_calendar()
        watch_calendar()
        seen.append(told(world).get("li", 0))

    assert seen == [1, 1, 1, 2, 2, 2, 3]
    assert told(world) == {"li": 3, "du": 3}
    events = list(Event.objects.filter(stream=f"missing:{world.township.pk}:2027").order_by("sequence"))
    assert [event.payload for event in events] == [{"year": 2027}] * 3
    assert verify(events) is None


def test_at_night_it_waits_for_the_morning(world: World, clock: TestClock) -> None:
    clock(at("2026-11-03", "02:30"))
    task()
    assert not inbox(world.li).filter(kind="calendar_missing").exists()

    clock(at("2026-11-03", "09:00:01"))

    assert inbox(world.li).filter(kind="calendar_missing").count() == 1
    assert inbox(world.du).filter(kind="calendar_missing").count() == 1
    rows = Message.objects.filter(kind="calendar_missing", recipient=world.li)
    assert [row.next_attempt_at for row in rows] == [at("2026-11-03", "09:00")]
    assert "工作日历" in message_text("calendar_missing", "")


def test_it_ends_with_the_publication(world: World, clock: TestClock) -> None:
    clock(at("2026-11-20", "12:00"))
    watch_calendar()
    actions.publish_notice(version=actions.import_notice(text=TEXT, by=world.li), by=world.zhen)

    clock(at("2026-12-10", "12:00"))
    watch_calendar()

    assert told(world) == {"li": 1, "du": 1}


def test_whoever_answers_for_an_absent_supervisor_is_told(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    actions.register_absence(user=world.du, by=world.du, ends_at=at("2026-11-20", "18:00"), reason="住院")

    watch_calendar()

    assert told(world) == {"li": 1, "zhen": 1}


def test_beat_looks_every_hour() -> None:
    entry = app.conf.beat_schedule["calendar"]

    assert (entry["task"], entry["schedule"]) == (task.name, 3600.0)


def test_two_workers_at_once_tell_once(clone: str) -> None:
    TestClock(CLONE)(at("2026-11-03", "10:00"))

    def look(_number: int) -> None:
        try:
            watch_calendar()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(4)))

    rows = Message.objects.filter(kind="calendar_missing", channel="in_site").values_list("recipient_id", "event_id")
    assert len(rows) == len({recipient for recipient, _event in rows}) > 0
