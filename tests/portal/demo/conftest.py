"""演示测试的底子：an empty copy of the database, seeded once with a small demo township."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from portal import calendars
from portal.demo import seed
from portal.management.commands import seed_demo
from tests.conftest import CLONE, cloned, superuser_url

SIZE = 30
KEPT = ("django_migrations", "portal_clock_shift")


def empty(url: str) -> None:
    """清空全部表: the ledger's triggers stay out of it for this one connection."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("SET session_replication_role = replica")
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)", [list(KEPT)])
    tables = ", ".join(row[0] for row in cursor.fetchall())
    cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    connection.close()


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any
) -> Iterator[tuple[seed.Outcome, Path]]:
    """建好的演示乡镇: what the seed said, and its data folder."""
    kept_url, kept_folder = os.environ["DATABASE_OWNER_URL"], settings.DATA_DIR
    with cloned(django_db_blocker):
        empty(superuser_url(CLONE))
        calendars.forget_calendars()
        os.environ["DATABASE_OWNER_URL"] = superuser_url(CLONE)
        settings.DATA_DIR = tmp_path_factory.mktemp("demo")
        try:
            outcome = seed.seed(SIZE, lambda line: None)
            call_command(seed_demo.Command(), verbosity=0)
            yield outcome, settings.DATA_DIR
        finally:
            os.environ["DATABASE_OWNER_URL"], settings.DATA_DIR = kept_url, kept_folder
            calendars.forget_calendars()
