"""大量数据：the demo township's own cases, copied row for row until there are a hundred thousand of each kind.

A copy keeps its original's events, steps, cards and results, so the fold says of it what its rows say.
Only numbers and keys differ. Written as superuser of a throw-away database, past triggers and foreign keys.
"""

import csv
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.db.models import Model

from approvals.models import (
    Card,
    Case,
    Certificate,
    CorrectionNotice,
    Decision,
    PublicResult,
    ResponsibilityRecord,
    Step,
)
from portal.models import Event
from portal.numbers import new_number
from services.lifecycle import State
from services.models import Application, MaterialPoint

EVENTS = 100  # more than any demo case has
ROWS_OF_CASE = (Step, CorrectionNotice, ResponsibilityRecord, Card, Decision, Certificate, PublicResult)


@dataclass(frozen=True, slots=True)
class Copied:
    """抄好的一批: numbers of the new applications, in order."""

    numbers: list[str]


def copy_cases(cursor: Any, originals: list[int], count: int, *, points: bool = True) -> Copied:
    """抄 `count` 件 – originals (application ids) in turn, with everything that hangs on each.

    `points` may be left out where nobody looks at materials.
    """
    first = _next_id(cursor, Application)
    event = _next_id(cursor, Event)
    numbers = _fresh_numbers(cursor, count)
    cursor.execute("CREATE TEMP TABLE copied (id bigint, case_id bigint, original bigint, number text, events bigint)")
    case = _next_id(cursor, Case)
    lines = io.StringIO()
    writer = csv.writer(lines)
    for place, number in enumerate(numbers):
        original = originals[place % len(originals)]
        writer.writerow([first + place, case + place, original, number, event + place * EVENTS])
    lines.seek(0)
    cursor.copy_expert("COPY copied FROM STDIN CSV", lines)
    cursor.execute("CREATE INDEX ON copied (original); ANALYZE copied")
    _insert(cursor, Application, "s.id = c.original", {"id": "c.id", "number": "c.number"})
    if points:
        _insert(cursor, MaterialPoint, "s.application_id = c.original", {"id": None, "application_id": "c.id"})
    _insert(cursor, Case, "s.application_id = c.original", {"id": "c.case_id", "application_id": "c.id"})
    _insert(
        cursor,
        Event,
        "s.stream = 'case:' || o.number",
        {"id": "c.events + s.sequence", "stream": "'case:' || c.number"},
        also="JOIN services_application o ON o.id = c.original",
    )
    for model in ROWS_OF_CASE:
        _copy_rows_of_case(cursor, model)
    cursor.execute("DROP TABLE copied")
    for numbered in (Application, Case, Event):
        _move_sequence(cursor, numbered)
    return Copied(numbers)


TABLES = (Application, MaterialPoint, Case, Event, *ROWS_OF_CASE)


@contextmanager
def indexes_built_afterwards(cursor: Any) -> Iterator[None]:
    """先装行、后建索引: nobody reads or keeps them meanwhile."""
    cursor.execute("SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 2")
    tables = [model._meta.db_table for model in TABLES]
    _be_ready(cursor, tables, ready=False)
    yield
    _be_ready(cursor, tables, ready=True)
    for table in tables:
        cursor.execute(f"REINDEX TABLE {table}")


def _be_ready(cursor: Any, tables: list[str], *, ready: bool) -> None:
    cursor.execute(
        "UPDATE pg_index SET indisready = %(ready)s, indisvalid = %(ready)s WHERE indrelid = ANY(%(tables)s::regclass[])",
        {"ready": ready, "tables": tables},
    )


def _copy_rows_of_case(cursor: Any, model: type[Model]) -> None:
    changes: dict[str, str | None] = {"id": None, "case_id": "c.case_id"}
    also = "JOIN approvals_case k ON k.application_id = c.original"
    names = {field.column for field in model._meta.local_concrete_fields}
    if "event_id" in names:
        changes["event_id"] = "c.events + e.sequence"
        also += " JOIN portal_event e ON e.id IN (SELECT x.event_id FROM {0} x WHERE x.case_id = k.id)"
    if model is PublicResult:  # copies of one case did not all end in the same second
        changes["effective_at"] = "s.effective_at - c.id % 36000 * interval '1 second'"
    if "number" in names:
        changes["number"] = "c.number || substr(s.number, 10)"
    on = "s.case_id = k.id" + (" AND s.event_id = e.id" if "event_id" in names else "")
    _insert(cursor, model, on, changes, also=also.format(model._meta.db_table))


def _insert(cursor: Any, model: type[Model], on: str, changes: dict[str, str | None], also: str = "") -> None:
    """INSERT … SELECT from the model's own table; a change of None leaves the column to its default."""
    every = [field.column for field in model._meta.local_concrete_fields if field.column is not None]
    columns = [column for column in every if changes.get(column, "") is not None]
    values = [changes.get(column) or f's."{column}"' for column in columns]
    table = model._meta.db_table
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM copied c {also} JOIN {table} s ON {on}"  # noqa: S608 # names come from the models
    )


def _next_id(cursor: Any, model: type[Model]) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {model._meta.db_table}")  # noqa: S608 # a table of ours
    return int(cursor.fetchone()[0])


def _move_sequence(cursor: Any, model: type[Model]) -> None:
    table = model._meta.db_table
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 # a table of ours


def _fresh_numbers(cursor: Any, count: int) -> list[str]:
    """新编号: none that an earlier batch has – of a million random ones after a hundred thousand, one in ten runs meets one."""
    cursor.execute("SELECT number FROM services_application")
    taken = {number for (number,) in cursor.fetchall()}
    found: dict[str, None] = {}
    while len(found) < count:
        number = new_number()
        if number not in taken:
            found[number] = None
    return list(found)


def fill(open_cases: int, results: int, drafts: int, draft: Application) -> dict[str, Copied]:
    """灌满: so many open cases, so many with a public result, so many copies of one finished draft."""
    filed = Case.objects.exclude(application__state=State.DRAFT).filter(application__township__slug="qinghe")
    still_open = list(filed.filter(closed_at=None).order_by("pk").values_list("application_id", flat=True))
    published = PublicResult.objects.filter(township__slug="qinghe").order_by("effective_at")
    shown = list(published.values_list("case__application_id", flat=True))
    connection = psycopg2.connect(os.environ["PORTAL_TEST_SUPERUSER_URL"])
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica; SET work_mem = '64MB'")
            with indexes_built_afterwards(cursor):
                copied = {
                    "open": copy_cases(cursor, still_open, open_cases),
                    "results": copy_cases(cursor, shown, results),
                    "drafts": copy_cases(cursor, [draft.pk], drafts),
                }
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET autovacuum = on")
            cursor.execute("SELECT pg_reload_conf()")
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")
    finally:
        connection.close()
    return copied
