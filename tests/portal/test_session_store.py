"""会话的存放: the same rows and the same answers as Django's own store."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore as DjangosOwn
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.session_store import SessionStore


def saved(**content):
    store = SessionStore()
    store.update(content)
    store.save()
    return store.session_key


def test_what_was_saved_is_found_by_both(world):
    key = saved(seen_at=5)

    assert SessionStore(key)["seen_at"] == DjangosOwn(key)["seen_at"] == 5


def test_a_session_past_its_time_or_unknown_is_forgotten(world):
    key = saved(seen_at=5)
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))

    for wanted in (key, "nothere"):
        store = SessionStore(wanted)
        assert store.get("seen_at") is None
        assert store.session_key is None


def test_a_look_up_is_one_statement(world, django_assert_num_queries):
    key = saved(seen_at=5)
    with django_assert_num_queries(1):
        assert SessionStore(key)["seen_at"] == 5
