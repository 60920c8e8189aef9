"""修订号: a page looks once; an act looks anew, and so does what follows it on the page."""

from django.db import connection, transaction

from portal.calendars import touch_revision
from portal.clock import portal_now
from portal.revisions import one_look, revision


def test_a_page_asks_once(clone, django_assert_num_queries):
    with one_look(), django_assert_num_queries(1):
        assert revision("roster") is not None
        assert revision("calendar") == revision("calendar")


def test_the_clock_of_a_page_brings_them_along(clone, django_assert_num_queries):
    with one_look(), django_assert_num_queries(1):
        assert portal_now()
        assert revision("calendar") == revision("calendar")


def test_the_clock_goes_on_though_the_page_has_looked(clone):
    with one_look():
        first = portal_now()
        before = revision("calendar")
        touch_revision("calendar")
        assert portal_now() > first
        assert revision("calendar") == before


def test_without_a_page_each_question_is_asked(clone, django_assert_num_queries):
    with django_assert_num_queries(2):
        revision("calendar")
        revision("calendar")


def test_a_page_keeps_to_what_it_has_seen_and_the_next_sees_the_change(clone):
    with one_look():
        before = revision("calendar")
        touch_revision("calendar")
        assert revision("calendar") == before
    with one_look():
        assert revision("calendar") == (before or 0) + 1


def test_an_act_looks_anew_and_the_page_after_it_too(clone):
    with one_look():
        before = revision("calendar")
        touch_revision("calendar")
        with transaction.atomic():
            assert connection.in_atomic_block
            assert revision("calendar") == (before or 0) + 1
        assert revision("calendar") == (before or 0) + 1


def test_a_name_nobody_has_counted_is_none(clone):
    assert revision("nothing") is None
