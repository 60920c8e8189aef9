"""留底的库：a prepared clone that can be had back in a moment, and what can be counted in it."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection

from approvals.checking import differences
from portal.ledger import verify
from portal.models import Event
from services.models import Attachment
from tests.conftest import CLONE, forget_all, superuser_url

# What differs between two runs of one act and means nothing: the server's own counters, what a sweep says of itself, and
# an answer that names a row, whose number may have a digit more; that there is one answer is counted.
UNCOUNTED = frozenset({"django_session", "portal_clock_shift", "portal_heartbeat.detail", "portal_idempotencykey.answer"})
COUNTERS = "SELECT quote_ident(sequencename) AS name, last_value FROM pg_sequences WHERE schemaname = 'public'"


@contextmanager
def kept(name: str = "kept") -> Iterator[Callable[[], None]]:
    """把现在的拷贝库和附件留底: yields what brings them back.

    Its rows lie beside it, in a schema of their own, because the server takes half a second to make a database
    anew, and this is done a thousand times. What has changed is known by its fingerprint, and put back as it was.
    `name` is that of the schema.
    """
    admin = psycopg2.connect(superuser_url(CLONE))
    admin.autocommit = True
    cursor = admin.cursor()
    cursor.execute("SET session_replication_role = replica")  # neither triggers nor foreign keys: rows as they were
    cursor.execute(f"CREATE SCHEMA {name}")
    for table in _tables(cursor):
        cursor.execute(f'CREATE TABLE {name}."{table}" AS TABLE public."{table}"')
    cursor.execute(f"CREATE TABLE {name}.counters AS {COUNTERS}")
    before, files = _marks(cursor, _tables(cursor)), _files()

    def restore() -> None:
        forget_all()  # what this process remembers may be of rows that are no more
        _wait_until_left(cursor)
        _put_back(files)
        now = _marks(cursor, list(before))
        for table in (table for table in before if now[table] != before[table]):
            cursor.execute(f'DELETE FROM public."{table}"')
            cursor.execute(f'INSERT INTO public."{table}" TABLE {name}."{table}"')
        cursor.execute(f"SELECT setval(name::regclass, coalesce(last_value, 1), last_value IS NOT NULL) FROM {name}.counters")

    try:
        yield restore
    finally:
        cursor.execute(f"DROP SCHEMA {name} CASCADE")
        admin.close()


def _files() -> dict[str, bytes]:
    """附件的文件夹里有什么"""
    folder = Path(settings.MEDIA_ROOT)
    return {place.name: place.read_bytes() for place in folder.iterdir()} if folder.exists() else {}


def _put_back(files: dict[str, bytes]) -> None:
    folder = Path(settings.MEDIA_ROOT)
    for name in _files().keys() - files.keys():
        (folder / name).unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _wait_until_left(cursor: Any) -> None:
    """等别人都离开: whoever is still there might be writing."""
    connection.ensure_connection()
    ours = connection.connection.info.backend_pid
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> %s AND usename <> current_user"
    for _ in range(5000):
        cursor.execute(others, [CLONE, ours])
        if cursor.fetchone() == (0,):
            return
        time.sleep(0.001)
    raise AssertionError("还有人连着拷贝库")


def _query(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def _tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [row[0] for row in cursor.fetchall()]


def _counted() -> list[str]:
    with connection.cursor() as cursor:
        return [table for table in _tables(cursor) if table not in UNCOUNTED]


def _marks(cursor: Any, tables: list[str]) -> dict[str, str]:
    """每张表的指纹: every row of it."""
    whole = "md5(string_agg(md5(t::text), '' ORDER BY md5(t::text)))"
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}', {whole} FROM public.\"{table}\" t" for table in tables))
    return dict(cursor.fetchall())


def fingerprint() -> dict[str, str]:
    """整库的指纹: every row of every table."""
    tables = _counted()
    with connection.cursor() as cursor:
        return _marks(cursor, tables)


def census() -> Counter[str]:
    """清点: rows of every table and how much stands in each column, events of every stream and kind, messages, states."""
    parts = [
        "SELECT 'told ' || kind || ' ' || channel || ' ' || state, count(*) FROM portal_message GROUP BY 1",
        f"SELECT 'state ' || {_CASE} || ' ' || state, 1 FROM services_application a",
        f"SELECT {_STREAM} || ' ' || kind, count(*) FROM portal_event GROUP BY 1",
    ]
    return Counter(dict(_query(" UNION ALL ".join(parts))) | _contents())


# Numbers are drawn at random: a case is known by its place among the cases, and of other streams the kind is.
_CASE = "(SELECT 'case ' || count(*) FROM services_application o WHERE o.id <= a.id)"
_STREAM = f"""CASE split_part(stream, ':', 1)
    WHEN 'case' THEN (SELECT {_CASE} FROM services_application a WHERE stream = 'case:' || a.number)
    WHEN 'calendar' THEN stream WHEN 'closing' THEN stream ELSE split_part(stream, ':', 1) END"""


def _contents() -> dict[str, int]:
    """每列里有多少: rows of every table; and of each column the sum, the length, or how many are filled in."""
    columns = (
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        " ORDER BY table_name, ordinal_position"
    )
    measures: dict[str, dict[str, str]] = {table: {"rows": "count(*)"} for table in _counted()}
    for table, column, kind in _query(columns):
        if table in measures and f"{table}.{column}" not in UNCOUNTED:
            measures[table][column] = _measure(column, kind)
    parts = [
        f"SELECT '{table}', ARRAY[{', '.join(found.values())}]::bigint[] FROM \"{table}\"" for table, found in measures.items()
    ]
    found = dict(_query(" UNION ALL ".join(parts)))
    return {f"{table}.{name}": value or 0 for table in found for name, value in zip(measures[table], found[table], strict=True)}


def _measure(column: str, kind: str) -> str:
    """一列怎样量: what is the same in two runs of one act, whatever the minute and the numbers drawn."""
    if kind == "boolean":
        return f'count(*) FILTER (WHERE "{column}")'
    if kind == "date":
        return f"sum(\"{column}\" - DATE '2000-01-01')"
    if kind in {"integer", "smallint"} and not column.endswith("id"):
        return f'sum("{column}")'
    if kind in {"text", "character varying", "jsonb", "bytea", "tsvector"}:
        return f'sum(length("{column}"::text))'
    return f'count("{column}")'


def broken() -> list[str]:
    """对不上的: hashes that do not fit, rows that differ from what the fold says, files without a row or rows without one."""
    streams: dict[str, list[Event]] = {}
    for event in Event.objects.order_by("stream", "sequence"):
        streams.setdefault(event.stream, []).append(event)
    found = [f"{stream}#{verify(events)}" for stream, events in streams.items() if verify(events) is not None]
    tokens = {token.hex for token in Attachment.objects.values_list("token", flat=True)}
    found += [f"文件{name}" for name in _files().keys() ^ tokens]
    return found + [f"{number}：{line}" for number, lines in differences() for line in lines]
