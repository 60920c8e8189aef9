"""最少要做的：the rows a sweep has written, put aside under another batch's keys and written again in the plainest way."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from approvals.models import Card, Case, Certificate, Decision, PublicResult, ResponsibilityRecord, Step
from portal.models import Event, Message

WRITTEN: tuple[type[Model], ...] = (
    Event, Card, ResponsibilityRecord, Decision, Certificate, PublicResult, Step, Message,
)  # fmt: skip
Marks = dict[type[Model], int]


@dataclass(frozen=True, slots=True)
class Batch:
    """一批到期的: the first application and case, and how many follow without a gap."""

    application: int
    case: int
    size: int


def marks(cursor: Any) -> Marks:
    """各表此刻最大的号: what has a greater one is written afterwards."""
    return {model: _greatest(cursor, model) for model in WRITTEN}


def _greatest(cursor: Any, model: type[Model]) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {model._meta.db_table}")  # noqa: S608 # a table of ours
    return int(cursor.fetchone()[0])


def _aside(model: type[Model]) -> str:
    return f"least_{model._meta.db_table}"


def _columns(model: type[Model]) -> list[str]:
    return [f'"{field.column}"' for field in model._meta.local_concrete_fields]


def prepare(cursor: Any, before: Marks, first: Batch, second: Batch) -> None:
    """把巡查第一批写下的行放在一边，换成第二批的号: case by case the same, for both came from the same originals."""
    shift = second.case - first.case
    cursor.execute(
        "CREATE TABLE least_keys AS SELECT k.id AS case_id, a.number, b.number AS other"
        " FROM approvals_case k JOIN services_application a ON a.id = k.application_id"
        " JOIN services_application b ON b.id = a.id + %s WHERE k.id >= %s AND k.id < %s",
        [second.application - first.application, first.case, first.case + first.size],
    )
    names = ", ".join(f"k.{name}" for name in _columns(Case)[1:])
    cursor.execute(
        f"CREATE TABLE {_aside(Case)} AS SELECT k.id + {shift} AS id, {names}"  # noqa: S608 # names of ours
        " FROM approvals_case k JOIN least_keys m ON m.case_id = k.id"
    )
    away = {model: _greatest(cursor, model) - before[model] for model in WRITTEN}
    for model in WRITTEN:
        cursor.execute(_copied(model, before[model], shift, away))
    cursor.execute("GRANT SELECT ON " + ", ".join([_aside(Case), *map(_aside, WRITTEN)]) + " TO PUBLIC")
    cursor.execute("ANALYZE")


def _copied(model: type[Model], after: int, shift: int, away: Marks) -> str:
    """一张表的那些行，换了号: ids behind every id there is."""
    changes = {
        '"id"': f"s.id + {away[model]}",
        '"case_id"': f"s.case_id + {shift}",
        '"event_id"': f"s.event_id + {away[Event]}",
        '"stream"': "'case:' || m.other",
        '"number"': "m.other || substr(s.number, 10)",
        '"subject_number"': "m.other",
    }
    keys = {Event: "s.stream = 'case:' || m.number", Message: "s.subject_number = m.number"}
    columns = _columns(model)
    values = ", ".join(f"{changes.get(name, f's.{name}')} AS {name}" for name in columns)
    on = keys.get(model, "s.case_id = m.case_id")
    return (
        f"CREATE TABLE {_aside(model)} AS SELECT {values} FROM {model._meta.db_table} s"  # noqa: S608 # names of ours
        f" JOIN least_keys m ON {on} WHERE s.id > {after}"
    )


def write() -> None:
    """一条 UPDATE … RETURNING，每张表一条 INSERT，一次提交"""
    names = [name for name in _columns(Case) if name not in {'"id"', '"application_id"', '"township_id"', '"window_id"'}]
    changes = ", ".join(f"{name} = l.{name}" for name in names)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_timeout = 0")
        cursor.execute(f"UPDATE approvals_case k SET {changes} FROM {_aside(Case)} l WHERE l.id = k.id RETURNING k.id")  # noqa: S608 # names of ours
        cursor.fetchall()
        for model in WRITTEN:
            columns = ", ".join(_columns(model))
            cursor.execute(f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {columns} FROM {_aside(model)}")  # noqa: S608 # names of ours


def clear(cursor: Any) -> None:
    """收走放在一边的，各表的号接着走"""
    cursor.execute("DROP TABLE least_keys, " + ", ".join([_aside(Case), *map(_aside, WRITTEN)]))
    for model in WRITTEN:
        table = model._meta.db_table
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 # a table of ours
