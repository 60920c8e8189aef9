"""实际用了多久的量法：working days from a complete application to its result, over the last year."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.models import Case
from approvals.queries.taken import measured
from approvals.tasks import measure_taken
from portal import pagecache
from portal.calendars import current_calendar
from services.models import Application
from services.taken import Taken
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
NOW = at("2026-11-24", "03:20")
# begun, decided, working days between them: 2026 has 国庆节 1-7 October, worked Saturday 10 October, worked Sunday 20 September
SPANS = [
    ("2026-11-02", "2026-11-02", 0),
    ("2026-11-02", "2026-11-03", 1),
    ("2026-11-05", "2026-11-09", 2),  # a weekend between
    ("2026-11-02", "2026-11-05", 3),
    ("2026-09-18", "2026-09-23", 4),  # the worked Sunday counts
    ("2026-11-02", "2026-11-09", 5),
    ("2026-09-29", "2026-10-13", 6),  # 30 September, 8, 9, Saturday 10, 12 and 13 October
    ("2026-11-02", "2026-11-11", 7),
    ("2026-11-02", "2026-11-12", 8),
    ("2026-11-02", "2026-11-23", 15),
]


def decided(application: Application, begun: str, day: str, **values: Any) -> None:
    """这件在这些日子收齐和办结"""
    values = {"outcome": "approved", "manner": "signed", "effective_at": at(day, "16:00"), **values}
    Case.objects.filter(application=application).update(counts_from=begun, **values)


@pytest.fixture
def cases(world: World, clock: TestClock) -> list[Application]:
    """十件食品摊贩备案"""
    clock(at("2026-09-14", "09:30"))
    filed = [file_application(world, "SJ-002") for _ in SPANS]
    for application, (begun, day, _) in zip(filed, SPANS, strict=True):
        decided(application, begun, day)
    clock(NOW)
    return filed


def taken(application: Application, now: datetime = NOW) -> Taken | None:
    """量出来的"""
    return measured(now, current_calendar()).get(application.item_id)


def test_half_and_nine_tenths_to_the_day(cases: list[Application]) -> None:
    days = sorted(current_calendar().count_workdays(date.fromisoformat(b), date.fromisoformat(d)) for b, d, _ in SPANS)

    assert days == sorted(length for *_, length in SPANS) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 15]
    assert taken(cases[0]) == Taken(10, 4, 8, TODAY)


def test_a_default_counts_on_the_day_its_limit_ended(cases: list[Application]) -> None:
    midnight = at("2026-11-12", "00:00")  # 24:00 of the 11th, seven working days after the 2nd

    for application in cases:
        decided(application, "2026-11-02", "2026-11-12", manner="deemed", effective_at=midnight, outcome="recorded")

    assert taken(cases[0]) == Taken(10, 7, 7, TODAY)


def test_without_a_day_of_supply_it_counts_from_the_day_of_receipt(cases: list[Application]) -> None:
    Case.objects.update(counts_from=None)

    assert taken(cases[0]) == Taken(10, 34, 39, TODAY)  # from 14 September, day 0


@pytest.mark.parametrize("outcome", ["", "withdrawn", "withdrawn_deemed", "terminated", "not_accepted", "forwarded"])
def test_what_was_not_decided_does_not_count(cases: list[Application], outcome: str) -> None:
    Case.objects.filter(application=cases[-1]).update(outcome=outcome)

    assert taken(cases[0]) == Taken(9, 4, 8, TODAY)


def test_only_the_last_year_counts_and_nothing_of_tomorrow(cases: list[Application]) -> None:
    decided(cases[0], "2025-11-03", "2025-11-24")
    decided(cases[1], "2025-11-03", "2025-11-25")
    decided(cases[2], "2026-11-20", "2026-11-24")

    assert taken(cases[0]) == Taken(8, 6, 16, TODAY)
    assert taken(cases[0], NOW + timedelta(days=400)) is None


def test_the_task_writes_once_and_the_pages_say_it(cases: list[Application], world: World) -> None:
    measure_taken()
    first = world.item("SJ-002").taken

    assert first == Taken(10, 4, 8, TODAY)
    assert actions.measure_taken() == 0
    guide = Client().get("/items/SJ-002/").content.decode()
    assert "最近一年办过的10件，一半4个工作日内有结果，九成8个工作日内有结果。" in guide
    assert "截至2026年11月24日（星期二）。" in guide
    assert "办过的还太少，满10件再说" in Client().get("/items/ZR-001/").content.decode()
    limits = Client().get(reverse("api:item", args=["SJ-002"])).json()["disclosures"]["limits"]
    assert limits["taken"] == {"cases": 10, "median": 4, "ninetieth": 8, "on": "2026-11-24"}


def test_whoever_waits_sees_what_others_waited(cases: list[Application], world: World) -> None:
    waiting = file_application(world, "SJ-002")
    client = Client()
    client.force_login(world.an)
    address = reverse("approvals:progress", args=[waiting.number])

    before = client.get(address).content.decode()
    measure_taken()
    pagecache.clear()
    after = client.get(address).content.decode()

    assert "这样的事" not in before
    assert "这样的事最近一年办过的10件，一半4个工作日内有结果" in after


def test_a_case_decided_by_hand_is_measured(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:30"))
    application = file_application(world, "SJ-002")
    actions.accept(application=application, by=world.wang)
    clock(at("2026-11-04", "09:30"))
    actions.decide(application=application, by=world.shi, outcome="approve")

    assert taken(application, at("2026-11-05")) == Taken(1, 2, 2, date(2026, 11, 5))
