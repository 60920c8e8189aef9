"""公开页缓存：for whom, for how long, and never past the instant at which a page changes by itself."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from portal import pagecache
from portal.clock import portal_now
from portal.pagecache import cached, mark_public, remembered

pytestmark = pytest.mark.django_db


class Page:
    """一个公开页, counting how often it is made."""

    def __init__(self, **words):
        self.made, self.words = 0, words

    def __call__(self, request):
        self.made += 1
        return mark_public(HttpResponse(f"第{self.made}次"), **self.words)


class Time:
    """单调的钟, moved by hand."""

    def __init__(self, monkeypatch):
        self.now = 1000.0
        monkeypatch.setattr(pagecache.time, "monotonic", lambda: self.now)


@pytest.fixture
def clockwork(monkeypatch, settings):
    settings.PAGE_CACHE_SECONDS = 5
    pagecache.clear()
    yield Time(monkeypatch)
    pagecache.clear()


def ask(handler, path="/", **headers):
    return handler(RequestFactory().get(path, headers=headers))


def test_a_public_page_is_made_once_in_five_seconds(clockwork):
    page = Page()
    handler = cached(page)
    first, second = ask(handler), ask(handler)
    assert (page.made, second.content, second["ETag"]) == (1, first.content, first["ETag"])
    clockwork.now += 5.1
    assert ask(handler).content.decode() == "第2次"


def test_plain_and_secure_readers_are_kept_apart(clockwork):
    page = Page()
    handler = cached(page)
    handler(RequestFactory().get("/"))
    handler(RequestFactory().get("/", secure=True))
    assert page.made == 2


def test_no_entry_outlives_the_next_legal_instant(clockwork):
    now = portal_now()
    page = Page(until=now + timedelta(seconds=2), now=now)
    handler = cached(page)
    ask(handler)
    clockwork.now += 1.9
    ask(handler)
    assert page.made == 1
    clockwork.now += 0.2
    ask(handler)
    assert page.made == 2


def test_a_slow_page_does_not_last_longer(clockwork):
    now = portal_now()

    def slow(request):
        clockwork.now += 1.5  # after the page had read its `now`
        return mark_public(HttpResponse("慢"), until=now + timedelta(seconds=2), now=now)

    handler = cached(slow)
    ask(handler)
    kept = pagecache._pages["http testserver / "][0]
    assert kept == pytest.approx(1002.0)


def test_a_page_behind_its_time_is_not_kept(clockwork):
    now = portal_now()
    page = Page(until=now - timedelta(seconds=1), now=now)
    handler = cached(page)
    ask(handler)
    ask(handler)
    assert page.made == 2


def test_each_address_and_reading_mode_has_its_own_entry(clockwork):
    page = Page()
    handler = cached(page)
    for path, cookie in (("/", ""), ("/?a=1", ""), ("/", "mode=large")):
        ask(handler, path, cookie=cookie)
    assert page.made == 3


@pytest.mark.parametrize("cookie", ["sessionid=x", "csrftoken=x", "messages=x"])
def test_whoever_is_known_gets_a_page_of_their_own(clockwork, cookie):
    page = Page()
    handler = cached(page)
    ask(handler, cookie=cookie)
    ask(handler, cookie=cookie)
    assert page.made == 2


def test_a_page_that_has_not_changed_is_not_sent_again(clockwork):
    handler = cached(Page())
    tag = ask(handler)["ETag"]
    again = ask(handler, if_none_match=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)


def test_a_value_is_remembered_as_long_as_a_page_and_never_past_its_end(clockwork):
    now, made = portal_now(), []
    def ask_for(until=None):
        return remembered("值", lambda: made.append(1) or len(made), until=until, now=now)

    assert (ask_for(), ask_for()) == (1, 1)
    clockwork.now += 5.1
    assert ask_for(until=now + timedelta(seconds=2)) == 2
    clockwork.now += 2.1
    assert ask_for() == 3


def test_without_a_page_cache_nothing_is_remembered(clockwork, settings):
    settings.PAGE_CACHE_SECONDS = 0
    made = []
    for _ in range(2):
        remembered("值", lambda: made.append(1))
    assert len(made) == 2
