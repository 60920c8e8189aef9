"""咨询锁：which of the two each kind of write has alone, and which it shares (engine section 8)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from portal.locks import DEPLOYMENT_LOCK, TOWNSHIP_LOCK, lock_deployment, lock_township, share_township
from tests.world import World

SHARED, ALONE = "ShareLock", "ExclusiveLock"


@pytest.mark.parametrize(
    ("lock", "held"),
    [
        (lambda pk: lock_deployment(), {(DEPLOYMENT_LOCK, 0): ALONE}),
        (lock_township, {(DEPLOYMENT_LOCK, 0): SHARED, (TOWNSHIP_LOCK, "pk"): ALONE}),
        (share_township, {(DEPLOYMENT_LOCK, 0): SHARED, (TOWNSHIP_LOCK, "pk"): SHARED}),
    ],
)
def test_what_is_held_to_the_end_of_the_transaction(lock: Callable[[int], Any], held: dict[Any, str], world: World) -> None:
    pk = world.township.pk
    with transaction.atomic(), connection.cursor() as cursor:
        lock(pk)
        cursor.execute(
            "SELECT classid, objid, mode FROM pg_locks"
            " WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND classid IN (7001, 7002)"
        )
        found = {(kind, which): mode for kind, which, mode in cursor.fetchall()}

    assert found == {(kind, pk if which == "pk" else which): mode for (kind, which), mode in held.items()}
