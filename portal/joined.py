"""连带读行：rows together with the rows they point to, by a statement whose text is made once.

What `select_related` gives, for the pages that are read most: there the compiling of one statement costs more
than all the reading. `leave` names columns that stay unread until somebody asks for them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from portal.rows import columns_of, stored

Row = TypeVar("Row", bound=Model)
ROOT = ""


@dataclass(frozen=True, slots=True)
class Part:
    """一张表在这条语句里的一段: where its columns stand, and on which earlier part it hangs."""

    path: str
    above: str
    name: str
    model: type[Model]
    attributes: tuple[str, ...]
    key: int
    start: int
    json: tuple[int, ...]


def select(
    model: type[Row],
    paths: tuple[str, ...],
    rest: str,
    values: Sequence[Any],
    leave: tuple[str, ...] = (),
    also: tuple[tuple[str, str], ...] = (),
) -> list[Row]:
    """取出一些行和它们指向的: `rest` follows FROM … JOIN – conditions, order – in SQL of ours, with `t` for the model.

    `paths` are foreign keys, or one-to-one relations back, written as for select_related; a part must follow its whole.
    `also` are names and expressions that each row of the model gets besides its own columns.
    """
    text, parts = _plan(model, paths, leave, also)
    with connection.cursor() as cursor:
        cursor.execute(f"{text} {rest}", values)
        return [_build(parts, also, row) for row in cursor.fetchall()]


def _build(parts: tuple[Part, ...], also: tuple[tuple[str, str], ...], row: Sequence[Any]) -> Any:
    made: dict[str, Any] = {}
    for part in parts:
        found = None
        if row[part.key] is not None:
            values = row[part.start : part.start + len(part.attributes)]
            if part.json:
                values = _loaded(values, part.json)
            found = stored(part.model, dict(zip(part.attributes, values, strict=True)))
        made[part.path] = found
        if part.path:
            _hang(made[part.above], part.name, found)
    if also:
        made[ROOT].__dict__.update(zip([name for name, _ in also], row[-len(also) :], strict=True))
    return made[ROOT]


def _hang(whole: Model | None, name: str, found: Model | None) -> None:
    if whole is None:
        return
    whole._state.fields_cache[name] = found  # where select_related keeps it too
    field: Any = whole._meta.get_field(name)
    if found is not None and field.one_to_one and not field.concrete:
        found._state.fields_cache[field.field.name] = whole


def _loaded(values: Sequence[Any], places: tuple[int, ...]) -> list[Any]:
    kept = list(values)
    for place in places:
        if isinstance(kept[place], str):
            kept[place] = json.loads(kept[place])
    return kept


@cache
def _plan(
    model: type[Model], paths: tuple[str, ...], leave: tuple[str, ...], also: tuple[tuple[str, str], ...]
) -> tuple[str, tuple[Part, ...]]:
    parts: dict[str, Part] = {}
    columns: list[str] = []
    joins: list[str] = []
    for path in (ROOT, *paths):
        above, _, name = path.rpartition("__")
        whole = parts[above] if path else None
        field = whole.model._meta.get_field(name) if whole else None
        target: Any = field.related_model if field else model
        alias = path or "t"
        if whole and field:
            joins.append(f'LEFT JOIN "{target._meta.db_table}" AS "{alias}" ON {_condition(field, whole.path or "t", alias)}')
        prefix = f"{path}__" if path else ""
        kept = [column for column in columns_of(target) if prefix + column.attribute not in leave]
        attributes = tuple(column.attribute for column in kept)
        json = tuple(place for place, column in enumerate(kept) if column.kind == "jsonb")
        start = len(columns)
        columns += [f'"{alias}".{column.name}' for column in kept]
        key = start + attributes.index(target._meta.pk.attname)
        parts[path] = Part(path, above, name, target, attributes, key, start, json)
    columns += [expression for _, expression in also]
    text = f'SELECT {", ".join(columns)} FROM "{model._meta.db_table}" AS "t" {" ".join(joins)}'  # noqa: S608 # names of models
    return text, tuple(parts.values())


def _condition(field: Any, above: str, alias: str) -> str:
    if field.concrete:
        return f'"{alias}"."{field.target_field.column}" = "{above}"."{field.column}"'
    return f'"{alias}"."{field.field.column}" = "{above}"."{field.field.target_field.column}"'
