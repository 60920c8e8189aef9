"""督办的公开数：counts by office, and paused days by hand against the running days of the same office."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals import actions
from approvals.settling import settle_application
from disclosure.queries.figures import OfficeCards, OfficeReasons, PauseShare, supervision
from portal import pagecache
from portal.clock import portal_now
from tests.conftest import TestClock
from tests.factories import at, file_application, first_step
from tests.world import World


def read(world: World):
    """现在的几个数, not those kept a moment ago."""
    pagecache.clear()
    return supervision(world.township, portal_now(), None)


def test_paused_days_are_a_share_of_the_days_the_cases_of_the_office_ran(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    house, other = file_application(world, "ZR-001"), file_application(world, "ZR-001")
    office = house.item.office.name
    for application in (house, other):
        actions.accept(application=application, by=world.chen)
    reason = house.rules.pause_reasons[0]
    words = {"reason": reason.key, "notice": "需要到现场再量一次，五天", "step": first_step(house)}
    actions.pause(application=house, by=world.fang, until=date(2026, 11, 7), **words)
    clock(at("2026-11-05", "10:00"))
    assert read(world).pauses == [PauseShare(office, reason.name, 1, 3, 6)]
    assert read(world).pauses[0].share == "50.0%"

    clock(at("2026-11-12", "10:00"))  # ended by itself on the 7th

    assert read(world).pauses == [PauseShare(office, reason.name, 1, 5, 20)]
    actions.pause(application=other, by=world.fang, until=date(2026, 11, 20), **words)
    clock(at("2026-11-14", "10:00"))
    actions.resume(application=other, by=world.fang)
    clock(at("2026-11-22", "10:00"))
    assert read(world).pauses == [PauseShare(office, reason.name, 2, 7, 40)]
    clock(at("2028-11-22", "10:00"))
    assert read(world).pauses[0].days == 0  # beyond the year


def test_cards_and_owed_reasons_are_counted_by_office(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    house = file_application(world, "ZR-001")
    actions.accept(application=house, by=world.chen)
    clock(at("2026-11-24", "10:00"))
    settle_application(house.pk)

    found = read(world)

    assert found.cards == [OfficeCards("农业农村办公室", 2, 2)]
    assert found.reasons == [OfficeReasons(house.item.office.name, 1, 0)]
    clock(at("2026-11-27", "00:00:01"))
    assert read(world).reasons == [OfficeReasons(house.item.office.name, 1, 1)]
    clock(at("2026-12-01", "10:00"))
    assert read(world).cards == []


def test_three_statements_however_many_cases_and_none_while_kept(world: World, clock: TestClock, settings) -> None:
    settings.PAGE_CACHE_SECONDS = 5
    clock(at("2026-11-02", "10:00"))
    for _ in range(3):
        file_application(world, "ZR-001")
    pagecache.clear()

    with CaptureQueriesContext(connection) as seen:
        supervision(world.township, at("2026-11-02"), None)
        supervision(world.township, at("2026-11-02"), None)

    assert len(seen) == 3
