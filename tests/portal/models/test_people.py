"""自然人、账号、岗位：sealed fields open only through their properties; constraints hold the law."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from portal.models import Person, PostHolding, User


def test_numbers_are_sealed_in_the_row_and_open_by_name(world):
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_person::text FROM portal_person WHERE id = %s", [world.an.person_id])
        (row,) = cursor.fetchone()

    assert not any(text in row for text in ("11010519491231002X", "00005550001"))
    assert (world.an.person.id_number, world.an.person.phone) == ("11010519491231002X", "00005550001")
    assert (world.an.person.email, world.an.person.previous_phone) == ("", "")


def test_staff_are_named_in_full_and_villagers_masked(world):
    assert world.chen.display_name == "陈示例"
    assert world.an.display_name == str(world.an.person) == "安*例"
    assert "安" not in str(world.an)


def test_user_is_found_by_its_login(world):
    assert User.objects.get_by_natural_key(world.chen.login) == world.chen


def test_one_person_for_one_identity(world):
    with pytest.raises(IntegrityError, match="one_person_per_identity"), transaction.atomic():
        Person.objects.create(name="另示例", id_hash=world.an.person.id_hash)
    assert Person.objects.filter(id_hash="").count() > 1


def test_one_holder_of_a_post_at_a_time(world):
    post = world.post("deng")
    with pytest.raises(IntegrityError, match="one_holder_per_post"), transaction.atomic():
        PostHolding.objects.create(post=post, user=world.fang, starts_on=date(2026, 6, 1))

    post.holdings.update(ends_on=date(2026, 5, 31))
    PostHolding.objects.create(post=post, user=world.fang, starts_on=date(2026, 6, 1))
