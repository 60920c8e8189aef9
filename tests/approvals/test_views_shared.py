"""页面的门口：who is not known yet is led to the look-up, and the address of a button leads back to the progress page."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.keys import keys
from services.models import Application
from tests.approvals.test_views_progress import signed_in
from tests.conftest import TestClock
from tests.factories import at, file_application, make_draft
from tests.world import World


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """2026-09-16 的食品摊贩备案"""
    clock(at("2026-09-16", "10:00"))
    return file_application(world, "SJ-002")


@pytest.mark.parametrize("rest", ["", "slip/", "qr.svg", "why/promised/", "correction/", "decision/", "certificate/", "slip.pdf"])
def test_who_is_not_known_is_led_to_the_lookup_whether_there_is_such_a_case_or_not(
    stall: Application, world: World, rest: str, client: Client
) -> None:
    draft = make_draft(world, "SJ-002")
    for number in (stall.number, draft.number, "222222222", "空"):
        response = client.get(f"/progress/{number}/{rest}")
        assert response.status_code == 302
        shown = client.get(response["Location"]).content.decode()
        assert response["Location"].startswith(reverse("approvals:progress_lookup") + "?number=")
        assert "query_code" not in shown and "没找到" not in shown
    assert f'value="{stall.number}"' in client.get(f"/progress/{stall.number}/{rest}", follow=True).content.decode()


def test_who_is_known_is_told_plainly(stall: Application, world: World) -> None:
    assert signed_in(world.bao).get(f"/progress/{stall.number}/").status_code == 404
    assert signed_in(world.an).get(f"/progress/{stall.number}/").status_code == 200


def test_the_query_code_opens_for_an_hour_and_then_asks_again(stall: Application, clock: TestClock, client: Client) -> None:
    code = keys().open_text(bytes(stall.query_code_sealed))
    client.post(reverse("approvals:progress_lookup"), {"number": stall.number, "code": code})

    assert client.get(f"/progress/{stall.number}/").status_code == 200
    clock(at("2026-09-16", "11:30"))
    assert client.get(f"/progress/{stall.number}/").status_code == 302


@pytest.mark.parametrize("name", ["urge", "received", "reopen", "end_mandate"])
def test_the_address_of_a_button_leads_back(stall: Application, world: World, name: str) -> None:
    address, progress = reverse(f"approvals:{name}", args=[stall.number]), reverse("approvals:progress", args=[stall.number])

    assert signed_in(world.an).get(address)["Location"] == progress
    assert Client().get(address)["Location"] == progress
    assert signed_in(world.an).put(address).status_code == 405
