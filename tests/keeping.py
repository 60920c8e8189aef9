"""留底的库：a prepared clone that can be had back in a moment, and what can be counted in it."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.db import connection, connections

from approvals.checking import differences
from portal.ledger import verify
from portal.models import Event
from tests.conftest import CLONE, forget_all, superuser_url

KEPT = "portal_kept"
# What differs between two runs of one act and means nothing: the server's own counters.
UNCOUNTED = frozenset({"django_session"})


@contextmanager
def kept() -> Iterator[Callable[[], None]]:
    """把现在的拷贝库留底: yields what brings it back."""
    admin = psycopg2.connect(superuser_url("postgres"))
    admin.autocommit = True
    cursor = admin.cursor()

    def copy(source: str, target: str) -> None:
        connections.close_all()
        forget_all()  # what this process remembers may be of a database that is no more
        _wait_until_left(cursor)
        cursor.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {target} TEMPLATE {source}")

    copy(CLONE, KEPT)
    try:
        yield lambda: copy(KEPT, CLONE)
    finally:
        cursor.execute(f"DROP DATABASE IF EXISTS {KEPT} WITH (FORCE)")
        admin.close()


def _wait_until_left(cursor: Any) -> None:
    """等大家都离开 (a tenth of a second faster than letting the server wait, a thousand times)."""
    for _ in range(200):
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname IN (%s, %s)", [CLONE, KEPT])
        if cursor.fetchone() == (0,):
            return
        time.sleep(0.001)


def _query(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def _tables() -> list[str]:
    rows = _query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'portal_clock_shift'")
    return sorted({row[0] for row in rows} - UNCOUNTED)


def fingerprint() -> dict[str, str]:
    """整库的指纹: every row of every table."""
    whole = "md5(string_agg(md5(t::text), '' ORDER BY md5(t::text)))"
    parts = [f"SELECT '{table}', {whole} FROM \"{table}\" t" for table in _tables()]
    return dict(_query(" UNION ALL ".join(parts)))


def census() -> Counter[str]:
    """清点: rows of every table, events of every stream and kind, messages of every kind."""
    parts = [f"SELECT '{table}', count(*) FROM \"{table}\"" for table in _tables()]
    # The number of a delegation is drawn at random, so of those only how many there are can be compared.
    stream = "CASE WHEN stream LIKE 'delegation:%' THEN 'delegation' ELSE stream END"
    parts.append(f"SELECT {stream} || ' ' || kind, count(*) FROM portal_event GROUP BY 1")
    parts.append("SELECT 'told ' || kind || ' ' || channel || ' ' || state, count(*) FROM portal_message GROUP BY 1")
    parts.append("SELECT 'state ' || number || ' ' || state, 1 FROM services_application")
    return Counter(dict(_query(" UNION ALL ".join(parts))))


def broken() -> list[str]:
    """对不上的: ledger streams whose hashes do not fit, and cases whose rows differ from what the fold says."""
    streams: dict[str, list[Event]] = {}
    for event in Event.objects.order_by("stream", "sequence"):
        streams.setdefault(event.stream, []).append(event)
    found = [f"{stream}#{verify(events)}" for stream, events in streams.items() if verify(events) is not None]
    return found + [f"{number}：{line}" for number, lines in differences() for line in lines]
