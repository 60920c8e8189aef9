"""走一步停一步的进程：a fork of this process that stops before every SQL statement and around every COMMIT.

The parent lets it go on, one point at a time, or kills it where it stands. Django has been set up once and the
child opens its own connection, so a process costs some hundredths of a second. A child that waits for another's
lock is known by `pg_blocking_pids`, not by guessing a time.
"""

import os
import re
import signal
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

import psycopg2
from django.db import DatabaseError, connections

from tests.conftest import forget_all, superuser_url

PATIENCE = 30.0
SAVEPOINT = re.compile(r'"s\d+_x\d+"')
ROW_LOCK = re.compile(r'\s+FOR (?:NO KEY )?UPDATE(?: OF "?\w+"?(?:,\s*"?\w+"?)*)?(?: SKIP LOCKED| NOWAIT)?')
SHARE_LOCK = re.compile(r'\s+FOR (?:KEY )?SHARE(?: OF "?\w+"?(?:,\s*"?\w+"?)*)?')
ADVISORY_LOCK = re.compile(r"pg_advisory_xact_lock(?:_shared)?\(([^()]*(?:\([^()]*\))?[^()]*)\)")
READS = re.compile(r"\s*(?:SELECT|SET)\b")
LOCKS = {"row": (ROW_LOCK, ""), "share": (SHARE_LOCK, ""), "advisory": (ADVISORY_LOCK, r"concat(\1)")}


@dataclass(frozen=True)
class Point:
    """进程停下的一处: before a statement ("statement"), before COMMIT ("commit"), after it ("committed")."""

    kind: str
    sql: str = ""


class Stepped:
    """一个走一步停一步的进程; `without` names the locks it does not take (the negative control).

    One that is `free` stops nowhere: it can only be waited for. With `single`, a statement outside any transaction,
    which commits itself, has its "commit" and "committed" too.
    """

    def __init__(
        self, act: Callable[[], Any], *, without: Collection[str] = (), free: bool = False, single: bool = False
    ) -> None:
        self.wire, far = Pipe()
        self.passed: list[Point] = []
        self.standing: Point | None = None
        self.answer = ""
        self.committed_at = 0.0
        self.errors: list[str] = []
        self.under_way = False
        self.pid = os.fork()
        if self.pid == 0:
            self.wire.close()
            _live(far, act, _Gate(far, without, free=free, single=single))
        far.close()
        self.backend: int = self._hear()
        self._arrive()

    @property
    def is_finished(self) -> bool:
        """走完了"""
        return bool(self.answer)

    def go(self) -> bool:
        """放行一处; False if it has come to wait for another's lock."""
        if not self.under_way and self.standing is not None:
            self.passed.append(self.standing)
            self.wire.send("go")
            self.under_way = True
        return self._arrive()

    def advance(self, count: int) -> None:
        """走到第 count 处之前停下 (or until it ends or waits)."""
        while len(self.passed) < count and not self.is_finished and self.go():
            pass

    def run(self) -> bool:
        """一直走; False if it waits for another."""
        while not self.is_finished:
            if not self.go():
                return False
        return True

    def kill(self) -> None:
        """就地强杀, and wait until the database has noticed."""
        os.kill(self.pid, signal.SIGKILL)
        self._bury()
        limit = time.monotonic() + PATIENCE
        while _ask("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", self.backend):
            assert time.monotonic() < limit, "数据库还留着被杀进程的连接"
            time.sleep(0.001)

    def clear_away(self) -> None:
        """收拾掉, wherever it stands; nothing if it has ended."""
        if self.pid:
            self.kill()

    def _arrive(self) -> bool:
        limit = time.monotonic() + PATIENCE
        self.under_way = True
        while not self.wire.poll(0.02):
            if _ask("SELECT cardinality(pg_blocking_pids(%s))", self.backend):
                return False
            assert time.monotonic() < limit, f"进程停在 {self.passed[-1:]} 之后没有动静"
        self.under_way = False
        said = self._hear()
        if isinstance(said, Point):
            self.standing = said
            if said.kind == "committed":
                self.committed_at = time.monotonic()
        else:
            self.standing, (self.answer, self.errors) = None, said
            self._bury()
        return True

    def _hear(self) -> Any:
        try:
            return self.wire.recv()
        except EOFError:
            raise AssertionError("进程没有留下话就结束了") from None

    def _bury(self) -> None:
        os.waitpid(self.pid, 0)
        self.wire.close()
        self.pid = 0


def _live(wire: Connection, act: Callable[[], Any], gate: "_Gate") -> None:
    """子进程的一生: it never returns to the test that forked it."""
    try:
        forget_all()  # so that every child starts from the same, and reads it all again
        connection = connections["default"]
        connection.connection = None  # the parent's, which goes on using it; psycopg2 closes it in no other process
        connection.ensure_connection()
        wire.send(connection.connection.info.backend_pid)
        commit = connection._commit

        def gated_commit() -> None:
            gate.stand(Point("commit"))
            commit()
            gate.stand(Point("committed"))

        connection._commit = gated_commit
        with connection.execute_wrapper(gate):
            act()
        wire.send(("OK", gate.errors))
    except BaseException as error:  # the parent judges what came up
        with suppress(OSError):
            wire.send((f"{type(error).__name__} {error}".splitlines()[0], gate.errors))
    finally:
        os._exit(0)


class _Gate:
    """每条语句之前的门"""

    def __init__(self, wire: Connection, without: Collection[str], *, free: bool, single: bool) -> None:
        self.wire = wire
        self.free, self.single = free, single
        self.taken_away = [LOCKS[name] for name in without]
        self.errors: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self.stand(Point("statement", SAVEPOINT.sub("savepoint", sql)))
        for pattern, instead in self.taken_away:
            sql = pattern.sub(instead, sql)
        around = self.single and not context["connection"].in_atomic_block and not READS.match(sql)
        if around:
            self.stand(Point("commit", sql))
        try:
            found = execute(sql, params, many, context)
        except DatabaseError as error:  # also one that the act gets over by itself
            self.errors.append(f"{type(error).__name__} {error}".splitlines()[0])
            raise
        if around:
            self.stand(Point("committed", sql))
        return found

    def stand(self, point: Point) -> None:
        """站住，等放行"""
        if self.free:
            return
        self.wire.send(point)
        self.wire.recv()


_watching: dict[str, Any] = {}


def _ask(question: str, value: object) -> Any:
    """问数据库服务器, on a connection that no child shares."""
    if "connection" not in _watching:
        _watching["connection"] = psycopg2.connect(superuser_url("postgres"))
        _watching["connection"].autocommit = True
    cursor = _watching["connection"].cursor()
    cursor.execute(question, [value])
    return cursor.fetchone()[0]
