"""成批读写行：one statement a table, for one row or five hundred, with a text that is made once a table.

For the writes that people wait for and the sweep: the same rows as the ORM's, without compiling a statement
for each. Every column travels as one array, so the server plans one short statement whatever the number of rows.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BinaryField, CharField, Field, JSONField, Model, TextField
from django.db.models.base import ModelState
from django.db.models.expressions import DatabaseDefault

Row = TypeVar("Row", bound=Model)
Values = Mapping[str, Any]
Literal = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Column:
    """一列: its name in Python and in SQL, its type, and how a value is written inside an array."""

    attribute: str
    name: str
    kind: str
    literal: Literal
    default: Callable[[], Any]
    of_database: bool


@cache
def columns_of(model: type[Model]) -> tuple[Column, ...]:
    """一张表的各列, in the order of the model."""
    return tuple(_column(field) for field in model._meta.local_concrete_fields)


def _column(field: "Field[Any, Any]") -> Column:
    kind = field.db_type(connection) or ""
    literal: Literal = str
    if isinstance(field, JSONField):
        literal = _json
    elif isinstance(field, BinaryField):
        literal = _bytes
    elif isinstance(field, CharField | TextField):
        # As text: a cast to varchar(60) would cut in silence, the assignment refuses what is too long.
        kind, literal = "text", _text
    default = (lambda: field.db_default) if field.has_db_default() else field.get_default
    return Column(field.attname, f'"{field.column}"', kind, literal, default, field.has_db_default())


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_decode = json.JSONDecoder().decode
_encode = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: Any) -> str:
    return _text(_encode(value))


def _bytes(value: Any) -> str:
    return '"\\\\x' + bytes(value).hex() + '"'


def _array(column: Column, rows: Sequence[Values]) -> str:
    """一列的全部值，写成一个数组"""
    attribute, literal = column.attribute, column.literal
    found = [row[attribute] if attribute in row else column.default() for row in rows]
    if column.of_database:  # an instance of the model that nobody has given a value holds a marker
        found = [column.default() if isinstance(value, DatabaseDefault) else value for value in found]
    return "{" + ",".join(["NULL" if value is None else literal(value) for value in found]) + "}"


def insert(model: type[Model], rows: Sequence[Values], *, again: bool = True) -> int:
    """插入这些行: values by attribute name, the model's defaults for the rest; ids are drawn where none is given.

    With `again=False` a row that a unique constraint already holds is left as it is. The number of rows written.
    """
    if not rows:
        return 0
    named = rows[0].get("id") is not None
    columns = [column for column in columns_of(model) if named or column.attribute != "id"]
    with connection.cursor() as cursor:
        cursor.execute(_insertion(model, named, again), [_array(column, rows) for column in columns])
        return int(cursor.rowcount)


@cache
def _insertion(model: type[Model], named: bool, again: bool) -> str:
    columns = [column for column in columns_of(model) if named or column.attribute != "id"]
    names = ", ".join(column.name for column in columns)
    arrays = ", ".join(f"%s::{column.kind}[]" for column in columns)
    rest = "" if again else " ON CONFLICT DO NOTHING"
    return f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT * FROM unnest({arrays}){rest}'  # noqa: S608 # names of the model


def update(model: type[Model], rows: Sequence[Values], names: Iterable[str]) -> None:
    """改这些行的这些列: each row carries its id and a value for every name."""
    if not rows:
        return
    wanted = tuple(names)
    columns = [column for column in columns_of(model) if column.attribute == "id" or column.attribute in wanted]
    with connection.cursor() as cursor:
        cursor.execute(_change(model, wanted), [_array(column, rows) for column in columns])


@cache
def _change(model: type[Model], names: tuple[str, ...]) -> str:
    columns = [column for column in columns_of(model) if column.attribute == "id" or column.attribute in names]
    changes = ", ".join(f"{column.name} = v.{column.name}" for column in columns if column.attribute != "id")
    arrays = ", ".join(f"%s::{column.kind}[]" for column in columns)
    heads = ", ".join(column.name for column in columns)
    table = model._meta.db_table
    return f'UPDATE "{table}" AS t SET {changes} FROM unnest({arrays}) AS v({heads}) WHERE t."id" = v."id"'  # noqa: S608 # names of the model


def select(model: type[Row], rest: str, values: Sequence[Any], *, without: tuple[str, ...] = ()) -> list[Row]:
    """取出一些行: `rest` is what follows FROM – conditions, order, locks – in SQL of ours, never of a visitor.

    Columns named in `without` are left in the table; a row fetches one by itself if somebody asks for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{_selection(model, without)} {rest}", values)
        found = cursor.fetchall()
    names = [column.attribute for column in columns_of(model) if column.attribute not in without]
    loads = [place for place, name in enumerate(names) if name in _json_columns(model)]
    return [stored(model, dict(zip(names, _loaded(row, loads), strict=True))) for row in found]


def make(model: type[Row], values: Values) -> Row:
    """一行还没写的: the model's defaults for what is not given; nothing is checked, the table will."""
    row = stored(model, {c.attribute: values[c.attribute] if c.attribute in values else c.default() for c in columns_of(model)})
    row._state.adding = True
    return row


def stored(model: type[Row], values: dict[str, Any]) -> Row:
    """由各列的值成为一行, past the setters and signals of Model.__init__, which nobody listens to here."""
    row = model.__new__(model)
    row.__dict__ = values
    state = row._state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    return row


@cache
def _selection(model: type[Model], without: tuple[str, ...]) -> str:
    names = ", ".join(f"t.{column.name}" for column in columns_of(model) if column.attribute not in without)
    return f'SELECT {names} FROM "{model._meta.db_table}" AS t'  # noqa: S608 # names of the model


@cache
def _json_columns(model: type[Model]) -> frozenset[str]:
    return frozenset(column.attribute for column in columns_of(model) if column.literal is _json)


def _loaded(row: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    if not places:
        return row
    values = list(row)
    for place in places:
        values[place] = _decode(values[place]) if isinstance(values[place], str) else values[place]
    return values


def drawing(model: type[Model], count: int) -> str:
    """取号的一段 SQL: an array of ids from the table's own sequence, for a statement that goes anyway."""
    return f"ARRAY(SELECT nextval('{model._meta.db_table}_id_seq') FROM generate_series(1, {count:d}))"  # noqa: S608 # a table of ours


def draw(model: type[Model], count: int) -> list[int]:
    """先取几个号, so that rows can name one another before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {drawing(model, count)}")
        ids: list[int] = cursor.fetchone()[0]
    return ids
