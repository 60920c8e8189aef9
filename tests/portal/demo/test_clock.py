"""演示的钟：set by the owner, put right on the way out, refused without the owner's address."""

import pytest

from portal.clock import read_clock
from portal.demo.clock import DemoClock
from portal.errors import NotAllowed
from tests.conftest import superuser_url
from tests.factories import at


def test_clock_is_set_and_put_right(clone: str) -> None:
    with DemoClock(superuser_url("portal_clone")) as clock:
        clock.set(at("2026-11-23"))
        inside = read_clock()

    assert (inside.at - at("2026-11-23")).total_seconds() < 5
    assert (inside.simulated, read_clock().simulated) == (True, False)


def test_clock_is_put_right_after_an_error(clone: str) -> None:
    with pytest.raises(ZeroDivisionError), DemoClock(superuser_url("portal_clone")) as clock:
        clock.set(at("2026-11-23"))
        raise ZeroDivisionError

    assert read_clock().simulated is False


def test_clock_needs_the_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)

    with pytest.raises(NotAllowed, match="DATABASE_OWNER_URL"):
        DemoClock()
