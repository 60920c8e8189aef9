"""登录核验：counted before the password is looked at, by account and by address."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from portal.errors import TooManyAttempts
from portal.models import SignInAttempt
from portal.sign_in import ADDRESS_LIMIT, clean_old_attempts, login_of, staff_login, verify, villager_login
from tests.factories import at
from tests.world import PASSWORD

PLACE = "192.0.2.7"


def attempt(name: str, password: str = "wrong", address: str = PLACE):
    return verify(login=login_of(name), password=password, address=address)


def test_digits_are_a_villager_and_anything_else_a_member_of_staff(world):
    assert login_of("0000-555 0001") == villager_login("00005550001") == world.an.login
    assert login_of(" Chen ") == staff_login("chen") == world.chen.login


def test_right_password_signs_in(world):
    assert attempt("chen", PASSWORD) == world.chen
    assert attempt("00005550001", PASSWORD) == world.an


def test_right_password_leaves_no_count(world):
    attempt("chen")
    attempt("chen", PASSWORD)

    assert set(SignInAttempt.objects.values_list("failures", flat=True)) == {1}  # the address keeps the wrong one


@pytest.mark.parametrize("name", ["chen", "nobody", "00005550001", "00005559999"])
def test_sixth_try_is_refused_in_the_same_words_even_if_right(world, name):
    for _ in range(5):
        assert attempt(name) is None

    with pytest.raises(TooManyAttempts, match="15分钟"):
        attempt(name, PASSWORD)


def test_lock_ends_after_fifteen_minutes(world, clock):
    clock(at("2026-11-23", "10:00"))
    for _ in range(5):
        attempt("chen")
    clock(at("2026-11-23", "10:16"))

    assert attempt("chen", PASSWORD) == world.chen


def test_one_address_trying_many_accounts_is_stopped(world):
    for number in range(ADDRESS_LIMIT):
        attempt(f"nobody{number}")

    with pytest.raises(TooManyAttempts):
        attempt("chen", PASSWORD)
    assert attempt("wang", PASSWORD, address="192.0.2.8") == world.wang


def test_many_people_of_one_hall_may_sign_in(world):
    for _ in range(ADDRESS_LIMIT + 1):
        assert attempt("chen", PASSWORD) == world.chen


def test_closed_account_is_like_none(world):
    world.an.is_active = False
    world.an.save(update_fields=["is_active"])

    assert attempt("00005550001", PASSWORD) is None


def test_counts_hold_nothing_that_was_typed(world):
    attempt("00005550001")

    assert all(len(row.subject_hash) == 64 for row in SignInAttempt.objects.all())


def test_old_counts_are_cleared(world, clock):
    clock(at("2026-11-23", "10:00"))
    attempt("chen")
    clock(at("2026-11-23", "10:16"))

    assert clean_old_attempts() == 2
    assert not SignInAttempt.objects.exists()


def test_burst_of_wrong_passwords_is_counted_one_by_one(clone, django_db_blocker):
    def outcome(_number: int) -> str:
        with django_db_blocker.unblock():
            try:
                return "evaluated" if attempt("chen") is None else "signed in"
            except TooManyAttempts:
                return "refused"
            finally:
                connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(outcome, range(40)))

    assert outcomes.count("evaluated") == 5
    assert outcomes.count("refused") == 35
