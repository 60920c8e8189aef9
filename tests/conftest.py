"""测试的底子：a migrated database with a small township in it, a clock that can be set, clones for processes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from portal import calendars, http, roster
from services import versions
from tests.world import World, build_world, find_world

CLONE = "portal_clone"


def _connect(url: str) -> Any:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def superuser_url(database: str | None = None) -> str:
    """测试服务器的超级用户地址"""
    parts = urlsplit(os.environ["PORTAL_TEST_SUPERUSER_URL"])
    return urlunsplit(parts._replace(path=f"/{database}") if database else parts)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> None:
    """建表（表的主人）并放进一个小镇（运行角色）; rolled back tests all start from it."""
    with django_db_blocker.unblock():
        settings = connections["default"].settings_dict
        runtime = {name: settings[name] for name in ("USER", "PASSWORD")}
        owner = urlsplit(os.environ["DATABASE_OWNER_URL"])
        settings.update(USER=owner.username, PASSWORD=owner.password)
        call_command("migrate", verbosity=0, skip_checks=True)
        connections["default"].close()
        settings.update(runtime)
        build_world()
        connections["default"].close()


@pytest.fixture(autouse=True)
def _fresh_caches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """进程内的缓存不许从一个测试漏到另一个

    The list of townships lasts a whole test: where its five seconds end between two counts of statements, they differ by one.
    """
    monkeypatch.setattr(http, "_TOWNSHIP_SECONDS", 10**9)
    yield
    forget_all()


def forget_all() -> None:
    """像刚起的进程那样：什么都没读过"""
    calendars.forget_calendars()
    roster.forget_roster()
    versions.forget_versions()
    http.forget_townships()


class TestClock:
    """测试数据库的钟: shifted by its owner, as on a demo database."""

    __test__ = False

    def __init__(self, database: str | None = None) -> None:
        self.url = superuser_url(database)

    def __call__(self, instant: datetime) -> None:
        """把钟拨到某一刻; it goes on from there. What this test has written is checked as if committed now."""
        self._settle_checks()
        self._run("UPDATE portal_clock_shift SET shift = %s - clock_timestamp()", [instant])

    def reset(self) -> None:
        """拨回真的时间"""
        self._settle_checks()
        self._run("UPDATE portal_clock_shift SET shift = '0'", [])

    @staticmethod
    def _settle_checks() -> None:
        connection = connections["default"]
        if connection.in_atomic_block and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    def _run(self, statement: str, values: list[Any]) -> None:
        connection = _connect(self.url)
        connection.cursor().execute(statement, values)
        connection.close()


@pytest.fixture
def clock(db: None) -> Iterator[TestClock]:
    """可以拨的钟"""
    test_clock = TestClock()
    yield test_clock
    test_clock.reset()


@pytest.fixture
def world(db: None) -> World:
    """一个小镇和它的人"""
    return find_world()


@contextmanager
def cloned(blocker: DjangoDbBlocker) -> Iterator[str]:
    """整库的一份拷贝: yields its runtime-role URL; every connection of this process goes there meanwhile."""
    settings = connections["default"].settings_dict
    original = settings["NAME"]
    with blocker.unblock():
        connections["default"].close()
        admin = _connect(superuser_url("postgres"))
        cursor = admin.cursor()
        cursor.execute(f"DROP DATABASE IF EXISTS {CLONE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {CLONE} TEMPLATE {original}")
        settings["NAME"] = CLONE
        try:
            parts = urlsplit(os.environ["DATABASE_URL"])
            yield urlunsplit(parts._replace(path=f"/{CLONE}"))
        finally:
            connections.close_all()
            settings["NAME"] = original
            cursor.execute(f"DROP DATABASE IF EXISTS {CLONE} WITH (FORCE)")
            admin.close()


@pytest.fixture
def clone(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """整库的一份拷贝，真提交: for races, kills and other processes."""
    with cloned(django_db_blocker) as url:
        yield url
