"""数据库连接: asked only when the wire has news or has been silent; a connection that was ended is never used."""

import pytest
from django.db import connection

from portal.database import base
from tests.conftest import _connect, superuser_url


@pytest.fixture
def kept(clone):
    """一条用过的连接"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    connection.asked_at = 0.0
    assert connection.is_usable()
    return pid


def asked(monkeypatch):
    """数一数真问了几次"""
    times = []
    real = base.base.DatabaseWrapper.is_usable
    monkeypatch.setattr(base.base.DatabaseWrapper, "is_usable", lambda self: times.append(1) or real(self))
    return times


def test_a_quiet_connection_is_not_asked_again(kept, monkeypatch):
    times = asked(monkeypatch)

    assert connection.is_usable()
    assert times == []


def test_after_a_long_silence_it_is_asked(kept, monkeypatch):
    times = asked(monkeypatch)
    connection.asked_at -= base.SILENT + 1

    assert connection.is_usable()
    assert times == [1]


def test_a_connection_that_the_server_ended_is_replaced_before_the_next_request(kept):
    admin = _connect(superuser_url("postgres"))
    admin.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", [kept])
    admin.close()

    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != kept


def test_no_connection_is_not_usable(clone):
    connection.close()
    assert not connection.is_usable()
