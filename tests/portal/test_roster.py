"""在岗名册: kept while nothing has changed, read again after any change, whoever wrote it."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.models import (
    Absence,
    Delegation,
    Duty,
    Office,
    Person,
    Post,
    PostHolding,
    Township,
    User,
    Village,
)
from portal.roster import current_roster
from tests.factories import at

NOW = at("2026-11-23", "10:00")


def test_a_kept_roster_costs_one_statement(world):
    current_roster()

    with CaptureQueriesContext(connection) as seen:
        assert current_roster() is current_roster()

    assert len(seen) == 2


def changes(world):
    """谁都可能写的每一种变化"""
    deng = world.post("deng")
    stand = {"starts_at": at("2026-11-23", "08:00"), "ends_at": at("2026-11-24"), "reason": "培训", "number": "D1"}
    return {
        "holding": lambda: PostHolding.objects.filter(post=deng).update(ends_on=date(2026, 11, 1)),
        "holding gone": lambda: PostHolding.objects.filter(post=deng).delete(),
        "delegation": lambda: Delegation.objects.create(post=deng, principal=world.deng, deputy=world.wang, **stand),
        "absence": lambda: Absence.objects.create(
            user=world.deng, township=world.township, sudden=True, registered_by=world.deng, **stand
        ),
        "post": lambda: Post.objects.filter(pk=deng.pk).update(title="改了"),
        "office": lambda: Office.objects.filter(pk=deng.office_id).update(name="改了"),
        "village": lambda: Village.objects.filter(slug="liuwan").update(name="改了"),
        "name": lambda: Person.objects.filter(pk=world.deng.person_id).update(name="邓改名"),
        "township": lambda: Township.objects.filter(pk=world.township.pk).update(card_shares=[0.4, 0.8]),
    }


@pytest.mark.parametrize(
    "what", ["holding", "holding gone", "delegation", "absence", "name", "post", "office", "village", "township"]
)
def test_any_change_is_seen_at_once_and_its_rollback_too(world, what):
    before = current_roster()

    with transaction.atomic():
        changes(world)[what]()
        changed = current_roster()
        transaction.set_rollback(True)

    assert changed is not before
    assert vars(changed) != vars(before) or what in {"post", "office", "village", "township"}
    assert current_roster() is not changed


def test_what_changes_no_name_counts_as_no_change(world):
    before = current_roster()

    User.objects.filter(pk=world.deng.pk).update(last_login=NOW)
    Person.objects.filter(pk=world.deng.person_id).update(name=world.deng.person.name)

    assert current_roster() is before


def test_the_roster_says_who_holds_what(world):
    roster, deng = current_roster(), world.post("deng")

    assert roster.holder(deng, NOW) == world.deng.pk
    assert roster.names[world.deng.pk] == world.deng.display_name
    assert roster.holder(None, NOW) is None
    assert roster.holder(deng, at("2025-12-31", "23:59")) is None
    assert roster.posts[deng.pk].office.key == "village-construction"
    assert roster.offices[world.township.pk, "village-construction"].pk == deng.office_id
    assert [post.pk for post in roster.with_duty(world.township.pk, Duty.TOWN_LEADER)] == [world.post("zhen").pk]
    seats = [post.pk for post in roster.posts_in[world.township.pk]]
    assert seats == list(Post.objects.filter(township=world.township).values_list("pk", flat=True))
