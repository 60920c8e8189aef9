"""岗位与权力：read from the rows at the instant, never from the session; no chain, no relatives."""

from datetime import date

import pytest

from portal.models import Delegation, Duty, Person, Relation
from portal.permissions import find_power, has_duty, holder_of, must_recuse, powers_of, responsible_at
from tests.factories import at
from tests.world import World

NOW = at("2026-11-23", "10:00")


@pytest.fixture
def stand_in(world: World) -> Delegation:
    """王示例代邓示例，2026-11-23 08:00 到 18:00"""
    return Delegation.objects.create(
        post=world.post("deng"), principal=world.deng, deputy=world.wang, starts_at=at("2026-11-23", "08:00"),
        ends_at=at("2026-11-23", "18:00"), reason="培训", number="D1",
    )  # fmt: skip


def test_own_post_is_a_power_of_its_duty_and_office(world):
    (power,) = powers_of(world.deng, NOW)

    assert (power.post, power.on_behalf_of) == (world.post("deng"), None)
    assert find_power([power], office=power.post.office, duties={Duty.REVIEW}) == power
    assert find_power([power], office=power.post.office_id + 1, duties={Duty.REVIEW}) is None
    assert find_power([power], office=None, duties={Duty.APPROVE}) is None
    assert not has_duty(world.deng, Duty.WINDOW, NOW)


@pytest.mark.parametrize(
    ("day", "holds"), [(date(2026, 11, 22), False), (date(2026, 11, 23), True), (date(2026, 11, 24), True)]
)
def test_last_day_of_a_holding_still_counts(world, day, holds):
    world.post("deng").holdings.update(ends_on=day)

    assert has_duty(world.deng, Duty.REVIEW, NOW) is holds


def test_closed_account_has_no_power(world):
    world.deng.is_active = False
    world.deng.save(update_fields=["is_active"])

    assert powers_of(world.deng, NOW) == []


@pytest.mark.parametrize(
    ("instant", "stands_in"), [("07:59", False), ("08:00", True), ("17:59:59", True), ("18:00", False)]
)
def test_deputy_has_the_power_exactly_while_it_lasts(world, stand_in, instant, stands_in):
    moment = at("2026-11-23", instant)

    assert has_duty(world.wang, Duty.REVIEW, moment) is stands_in
    assert (holder_of(world.post("deng"), moment) == world.wang) is stands_in


def test_power_taken_back_ends_at_once(world, stand_in):
    stand_in.revoked_at = NOW
    stand_in.save(update_fields=["revoked_at"])

    assert not has_duty(world.wang, Duty.REVIEW, NOW)
    assert has_duty(world.wang, Duty.REVIEW, at("2026-11-23", "09:59:59"))


def test_deputy_does_not_hand_the_power_on(world, stand_in):
    Delegation.objects.create(
        post=world.post("wang"), principal=world.wang, deputy=world.chen, starts_at=stand_in.starts_at,
        ends_at=stand_in.ends_at, reason="外出", number="D2",
    )  # fmt: skip

    assert not has_duty(world.chen, Duty.REVIEW, NOW)


@pytest.mark.parametrize("whose", ["deng", "wang"])
def test_deputy_has_no_power_once_either_has_left_the_post(world, stand_in, whose):
    world.post(whose).holdings.update(ends_on=date(2026, 11, 22))

    assert not has_duty(world.wang, Duty.REVIEW, NOW)
    assert holder_of(world.post("deng"), NOW) == (None if whose == "deng" else world.deng)


def test_locking_gives_the_same_powers(world, stand_in):
    assert powers_of(world.wang, NOW, lock=True) == powers_of(world.wang, NOW)


def test_responsibility_falls_to_the_head_and_then_to_the_town(world):
    post, township_id = world.post("deng"), world.township.pk
    assert responsible_at(post, NOW, township_id=township_id) == (post, world.deng)

    post.holdings.all().delete()
    assert responsible_at(post, NOW, township_id=township_id)[1] == world.jianhead

    world.post("jianhead").holdings.all().delete()
    assert responsible_at(post, NOW, township_id=township_id)[1] == world.zhen
    assert responsible_at(None, NOW, township_id=township_id)[1] == world.zhen

    world.post("zhen").holdings.all().delete()
    assert responsible_at(post, NOW, township_id=township_id) == (post, None)


def test_own_case_and_declared_relatives_bar_in_both_directions(world):
    assert must_recuse(world.an, world.an.person)
    assert not must_recuse(world.deng, world.an.person)
    Relation.objects.create(person=world.an.person, relative=world.deng.person, kind="父子")

    assert must_recuse(world.deng, world.an.person)


@pytest.mark.parametrize("field", ["id_hash", "phone_hash", "household_hash"])
def test_same_identity_phone_or_household_bars(world, field):
    Person.objects.filter(pk=world.an.person_id).update(household_hash="same household")
    world.an.person.refresh_from_db()
    setattr(world.deng.person, field, getattr(world.an.person, field))

    assert must_recuse(world.deng, world.an.person)


def test_empty_hashes_are_nothing_in_common(world):
    assert not must_recuse(world.deng, Person.objects.create(name="某示例"))
