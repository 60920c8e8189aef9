"""数据库检查: the embedded database passes; what it looks for is really looked for."""

import pytest
from django.db import connection

from portal import checks


@pytest.mark.django_db
def test_the_embedded_database_passes() -> None:
    assert checks.check_database(databases=["default"]) == []
    assert checks._check_owner() == []


@pytest.mark.django_db
def test_without_a_database_nothing_is_asked() -> None:
    assert checks.check_database() == []


@pytest.mark.django_db
def test_a_runtime_role_that_owns_a_table_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE own_one (id int)")

    assert [message.id for message in checks._check_owner()] == ["portal.E003"]


@pytest.mark.django_db
def test_an_old_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "OLDEST", 990000)

    assert [message.id for message in checks._check_version()] == ["portal.E001"]
