"""补材料：what is still asked for, after one notice and after a supervisor's second one (A3, engine 6)."""

from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.loading import fold_application, load_events
from approvals.models import CorrectionNotice
from approvals.supplying import notices_of, told_points, wanted_points
from portal.clock import portal_now
from services import actions as drafts
from services.models import Application, HowSupplied
from tests.conftest import TestClock
from tests.factories import file_application
from tests.instants import at
from tests.world import World

SECOND = "窗口当时没有说清，责任在窗口"


def noticed_twice(world: World, clock: TestClock) -> tuple[Application, str, str]:
    """补过一次、受理了，又特批第二次补正的食品摊贩备案"""
    clock(at("2026-11-23", "10:00"))
    stall = file_application(world, "SJ-002")
    first, second = (material.key for material in stall.rules.materials[:2])
    clock(at("2026-11-23", "11:00"))
    actions.correct(application=stall, by=world.wang, points=[(first, "看不清，请重拍")])
    clock(at("2026-11-23", "12:00"))
    drafts.set_point(application=stall, material=first, how=HowSupplied.FILE)
    actions.supply(application=stall, by=world.an)
    actions.accept(application=stall, by=world.wang)
    clock(at("2026-11-24", "10:00"))
    actions.correct(application=stall, by=world.du, points=[(second, "缺反面")], override=SECOND)
    clock(at("2026-11-24", "11:00"))
    stall.refresh_from_db()
    return stall, first, second


def supplies(application: Application) -> list[list[str]]:
    """记下的每一次补交"""
    return [event.payload["points"] for event in load_events(application) if event.kind == "supplied"]


def test_a_second_notice_is_shown_and_can_be_answered(world: World, clock: TestClock, client: Client) -> None:
    stall, first, second = noticed_twice(world, clock)
    client.force_login(world.an)
    address = reverse("approvals:supply", args=[stall.number])
    page = client.get(address).content.decode()

    assert "缺反面" in page and "看不清，请重拍" not in page
    client.force_login(world.wang)  # she brings it to the window
    client.post(address, {f"how-{second}": "window"})

    assert supplies(stall) == [[first], sorted([first, second])]
    state = fold_application(stall, portal_now())
    assert (state.state, state.complete, state.corrections) == ("accepted", True, 2)


def test_a_second_notice_stops_nothing_when_it_is_not_answered(world: World, clock: TestClock) -> None:
    stall, _, second = noticed_twice(world, clock)
    clocks = fold_application(stall, portal_now()).clocks

    assert [point.key for point in wanted_points(stall, notices_of(stall.case))] == [second]
    assert all(clock.how != "stopped" for clock in clocks if clock.round > 1)
    assert fold_application(stall, portal_now()).complete


def test_while_a_case_waits_only_what_it_waits_for_is_asked(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    stall = file_application(world, "SJ-002")
    first, second = (material.key for material in stall.rules.materials[:2])
    actions.correct(application=stall, by=world.wang, points=[(first, "看不清，请重拍")])
    actions.correct(application=stall, by=world.du, points=[(second, "缺反面")], override=SECOND)
    stall.refresh_from_db()
    notices = notices_of(stall.case)

    assert [notice.override for notice in notices] == [None, SECOND]
    assert list(told_points(notices, correcting=True)) == [first]
    assert list(told_points(notices, correcting=False)) == [first, second]
    clock(at("2026-11-23", "12:00"))
    drafts.set_point(application=stall, material=first, how=HowSupplied.FILE)
    actions.supply(application=stall, by=world.an)
    stall.refresh_from_db()
    assert fold_application(stall, portal_now()).state == "submitted"
    assert [point.key for point in wanted_points(stall, notices)] == [second]


def test_the_newest_notice_counts_from_its_own_instant(world: World, clock: TestClock) -> None:
    stall, first, _ = noticed_twice(world, clock)
    CorrectionNotice.objects.filter(override=SECOND).update(points=[{"key": first, "name": "表", "why": "又不对"}])

    (point,) = wanted_points(stall, notices_of(stall.case))
    assert (point.key, point.why, point.supplied) == (first, "又不对", False)


def test_the_newest_notice_is_printed_and_the_first_stays_beside_it(world: World, clock: TestClock, client: Client) -> None:
    stall, _, _ = noticed_twice(world, clock)
    client.force_login(world.an)
    address = reverse("approvals:correction_notice", args=[stall.number])
    newest, first = (client.get(address + which).content.decode() for which in ("", "?which=1"))
    progress = client.get(reverse("approvals:progress", args=[stall.number])).content.decode()

    assert "缺反面" in newest and SECOND in newest and "不停表" in newest
    assert "补齐以前，承诺的日子不走" not in newest and "以后不会再要您补别的" not in newest
    assert "看不清，请重拍" in first and "补齐以前，承诺的日子不走" in first
    assert all(f"{address}?which={n}" in progress for n in (1, 2))
    assert [client.get(f"{address}?which={bad}").status_code for bad in ("0", "3", "x", "9999")] == [404] * 4


def test_the_window_is_offered_to_register_what_a_second_notice_asks_for(world: World, clock: TestClock, client: Client) -> None:
    stall, _, _ = noticed_twice(world, clock)
    client.force_login(world.wang)

    assert "登记第二次补正的材料" in client.get(reverse("approvals:case", args=[stall.number])).content.decode()
