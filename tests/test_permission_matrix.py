"""权限表的检查：every route × every role × own and other's object; a route without a row fails (T01, G16)."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path, reverse
from django.urls.resolvers import RegexPattern, URLResolver

from portal.models import Event
from tests.conftest import TestClock
from tests.permission_stage import Route, Stage, build_stage, routes
from tests.permission_table import ROWS, Row
from tests.world import find_world


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    """同一个台给整张表用: built once in a transaction that is never committed."""
    clock = TestClock()
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                connection.cursor().execute(
                    "SET LOCAL transaction_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
                )
                yield build_stage(find_world(), clock)
                transaction.set_rollback(True)
        finally:
            clock.reset()


def outcome(stage: Stage, role: str, method: str, address: str) -> str:
    """一个角色走一条网址的结果: the status, `!` if the ledger grew, `login` if sent to sign in; undone afterwards."""
    client = stage.client(role)
    prefixed = f"/t/bailu{address}" if role == "chenb_home" else address
    with transaction.atomic():
        before = Event.objects.count()
        response = getattr(client, method.lower())(prefixed)
        grown = Event.objects.count() > before
        transaction.set_rollback(True)
    to_sign_in = response.status_code == 302 and "/sign-in/" in response["Location"]
    return "login" if to_sign_in else f"{response.status_code}{'!' if grown else ''}"


def without_row(found: list[Route], rows: list[Row]) -> list[str]:
    """表里没有的网址"""
    return sorted({route.name for route in found} - {row.route for row in rows})


def test_every_route_has_its_row():
    assert without_row(routes(), ROWS) == []


def test_every_row_has_its_route():
    assert {row.route for row in ROWS} <= {route.name for route in routes()}


def test_a_route_without_a_row_is_found():
    dummy = URLResolver(RegexPattern(r"^/"), [path("dummy/", lambda _request: HttpResponse(), name="dummy")])

    assert without_row([*routes(), *routes(dummy)], ROWS) == ["dummy"]


def test_a_route_without_a_name_is_found_too():
    dummy = URLResolver(RegexPattern(r"^/"), [path("unnamed/<int:pk>/", lambda _request, pk: HttpResponse())])

    assert without_row(routes(dummy), ROWS) == ["unnamed/<int:pk>/"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.route} of {row.of}")
def test_role_gets_what_the_table_says(stage: Stage, django_db_blocker, row: Row, method: str):
    route = next(route for route in routes() if route.name == row.route)
    values = stage.objects[row.of]
    address = reverse(row.route, kwargs={name: values[name] for name in route.arguments}) + row.query.format(
        **values
    )
    expected = row.expected(method)

    with django_db_blocker.unblock():
        found = {role: outcome(stage, role, method, address) for role in expected}

    assert found == expected


def test_a_wrong_expectation_is_found(stage: Stage, django_db_blocker):
    row = Row("portal:account", GET="200", POST="405")

    with django_db_blocker.unblock():
        assert outcome(stage, "anonymous", "GET", "/account/") != row.expected("GET")["anonymous"]
