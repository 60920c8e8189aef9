"""不用登录的几页"""

from datetime import timedelta

import pytest
from django.test import Client

from portal.clock import portal_now
from portal.models import Heartbeat
from portal.queries import beat
from tests.factories import at
from tests.portal.pages import words


@pytest.mark.parametrize("mode", ["normal", "large", "contrast"])
def test_reading_mode_is_kept_in_a_cookie_without_script(world, client, mode):
    response = client.get("/reading-mode/", {"mode": mode, "next": "/contact/?a=1"})

    assert response["Location"] == "/contact/?a=1"
    assert f'data-mode="{mode}"' in client.get("/contact/").content.decode()
    assert set(response.cookies) == {"mode"}


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", ""])
def test_reading_mode_never_leads_off_the_site(world, client, wanted):
    assert client.get("/reading-mode/", {"mode": "large", "next": wanted})["Location"] == "/"


def test_unknown_reading_mode_changes_nothing(world, client):
    assert not client.get("/reading-mode/", {"mode": "<script>", "next": "/"}).cookies


def test_reading_mode_goes_home_inside_its_township(world, client):
    assert client.get("/t/bailu/reading-mode/", {"mode": "large"})["Location"] == "/t/bailu/"


def test_contact_names_phones_and_desks(world, client):
    text = words(client.get("/contact/"))

    assert "0000-555 0100" in text
    assert "0000-555 0109" in text
    assert "1号窗口" in text


@pytest.mark.parametrize("path", ["/accessibility/", "/verify/", "/contact/", "/"])
def test_public_page_has_one_heading_and_no_cookie(world, path):
    response = Client().get(path)

    assert response.content.decode().count("<h1") == 1
    assert not response.cookies


def test_verify_page_says_how_the_record_holds_together(world, client):
    text = words(client.get("/verify/"))

    assert "SHA-256" in text
    assert "对不上怎么办" in text


@pytest.mark.parametrize("typed", ["ABC-1", "a/b", "..", "../x", "?#", "%00", "一" * 300, " "])
def test_verify_page_takes_a_number_and_survives_any_text(world, client, typed):
    assert 'name="number"' in client.get("/verify/", {"number": typed}, follow=True).content.decode()


def test_health_is_bad_while_the_sweep_is_late(world, client):
    assert client.get("/healthz").status_code == 503
    beat = Heartbeat.objects.create(name="sweep", at=portal_now())
    assert client.get("/healthz").status_code == 503
    Heartbeat.objects.create(name="deliver", at=portal_now())
    assert client.get("/healthz").status_code == 200
    beat.at -= timedelta(minutes=6)
    beat.save()
    assert client.get("/healthz").json()["late"] is True


@pytest.mark.parametrize("name", ["sweep", "deliver"])
def test_health_is_bad_while_either_worker_is_late(world, client, name):
    for each in ("sweep", "deliver"):
        late = timedelta(minutes=6 if each == name else 4)
        Heartbeat.objects.create(name=each, at=portal_now() - late)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert (answer.json()["late"], answer.json()["outbox"]["late"]) == (name == "sweep", name == "deliver")


@pytest.mark.parametrize(("day", "warned"), [("2026-10-31", False), ("2026-11-01", True), ("2026-12-31", True)])
def test_a_missing_calendar_warns_from_november_and_fails_nothing(world, client, clock, day, warned):
    clock(at(day, "10:00"))
    beat("sweep")
    beat("deliver")

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert any("2027年的放假安排" in warning for warning in answer.json()["warnings"]) is warned
