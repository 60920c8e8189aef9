"""通知单：its name, its day and its seal are those of what has happened – 收件, 受理 or 视为受理."""

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from services.models import Application
from tests.approvals.test_views_progress import page, signed_in
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """食品摊贩备案，2026-09-16（周三）10:00 交齐"""
    clock(at("2026-09-16", "10:00"))
    return file_application(world, "SJ-002")


def test_a_slip_of_acceptance_is_dated_by_the_acceptance(stall: Application, world: World, clock: TestClock) -> None:
    client = signed_in(world.an)
    before = page(client, "slip", stall.number)
    clock(at("2026-09-17", "10:00"))
    actions.accept(application=stall, by=world.wang)
    after = page(client, "slip", stall.number)

    assert "<p>2026年9月16日</p>" in before and "收件专用章" in before
    assert "<p>2026年9月17日</p>" in after and "受理专用章" in after


def test_a_slip_of_acceptance_by_silence_is_dated_by_the_day_that_ended(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    house = file_application(world, "ZR-001")
    clock(at("2026-11-12", "10:00"))

    shown = page(signed_in(world.an), "slip", house.number)

    assert "视为受理：2026年11月9日（星期一）24:00" in shown and "<p>2026年11月9日</p>" in shown and "受理专用章" in shown


def test_the_slip_has_one_name_for_each_state(stall: Application, world: World) -> None:
    client = signed_in(world.an)
    before = [page(client, name, stall.number) for name in ("filed", "progress", "slip")]
    actions.accept(application=stall, by=world.wang)
    after = [page(client, name, stall.number) for name in ("filed", "progress", "slip")]

    assert all("收件通知单" in text and "受理通知单" not in text for text in before)
    assert all("受理通知单" in text and "收件通知单" not in text for text in after)
    assert "通知单（收件或受理）" in Client().get(reverse("approvals:progress_lookup")).content.decode()
