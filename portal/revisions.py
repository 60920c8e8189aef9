"""修订号：what has changed since a process last read its calendars or its roster.

A page looks once and keeps to it, so that all of it rests on one state; an act looks anew, under its locks.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

KEPT = "SELECT name, number FROM portal_revision WHERE name IN ('calendar', 'roster')"
_seen: ContextVar[dict[str, int] | None] = ContextVar("seen", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """只看一次: for the time of one page that writes nothing by itself."""
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def is_looking() -> bool:
    """正在写一页，不在事务里: what has been read once for it may be used again."""
    return _seen.get() is not None and not connection.in_atomic_block


def is_first_look() -> bool:
    """这一页还没有看过"""
    return is_looking() and not _seen.get()


def keep_look(numbers: Iterable[str]) -> None:
    """随别的一起看到的: each as its name and number."""
    seen = _seen.get()
    assert seen is not None  # is_first_look was asked before
    seen.update((name, int(number)) for name, number in (each.split() for each in numbers))


def revision(name: str) -> int | None:
    """现在的修订号; None before the first. Inside a transaction it is read anew, and the page's look with it."""
    seen = _seen.get()
    if seen is None:
        return _read().get(name)
    if connection.in_atomic_block:
        seen.clear()
        return _read().get(name)
    if not seen:
        seen.update(_read())
    return seen.get(name)


def _read() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(KEPT)
        return dict(cursor.fetchall())
