"""会话：fifteen idle minutes for staff, thirty for villagers, sliding; a one-time password opens one page."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from portal.sessions import RENEW_SECONDS, STAFF_IDLE_SECONDS
from tests.portal.pages import sign_in, signed_in


def idle_limit() -> float:
    """还剩多久（秒）, to the nearest minute."""
    return round((Session.objects.get().expire_date - timezone.now()) / timedelta(minutes=1))


@pytest.mark.parametrize(("name", "minutes"), [("chen", 15), ("00005550001", 30)])
def test_idle_limit_depends_on_who_signed_in(world, client, name, minutes):
    sign_in(client, name)

    assert idle_limit() == minutes


def grow_old(client: Client, seconds: int) -> None:
    """让会话像是过了一阵"""
    session = client.session
    session["seen_at"] -= seconds
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=STAFF_IDLE_SECONDS - seconds))


def test_work_moves_the_limit(world, client):
    sign_in(client, "chen")
    grow_old(client, RENEW_SECONDS * 5)
    assert idle_limit() == 10

    client.get("/account/")

    assert idle_limit() == 15


def test_reading_twice_in_a_minute_writes_once(world, client, django_assert_num_queries):
    sign_in(client, "chen")
    grow_old(client, RENEW_SECONDS // 2)
    before = Session.objects.get().session_data

    client.get("/account/")

    assert Session.objects.get().session_data == before


def test_idle_session_has_ended(world, client):
    sign_in(client, "chen")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert client.get("/account/")["Location"] == "/sign-in/?next=/account/"


def test_one_time_password_opens_only_the_page_that_replaces_it(world):
    world.an.must_change_password = True
    world.an.save(update_fields=["must_change_password"])
    client = signed_in(world.an)

    assert client.get("/account/")["Location"] == "/account/password/"
    assert client.get("/")["Location"] == "/account/password/"
    assert client.get("/account/password/").status_code == 200
    assert client.post("/sign-out/").status_code == 302


def test_one_time_password_holds_in_the_other_townships_pages_too(world):
    world.an.must_change_password = True
    world.an.save(update_fields=["must_change_password"])

    assert signed_in(world.an).get("/t/bailu/account/")["Location"] == "/t/bailu/account/password/"
