"""量巡查：ten thousand due among a million open cases, beside the least that PostgreSQL must do for the same rows.

The least is one UPDATE … RETURNING of the cases and one INSERT a table of as many rows of the same kinds,
with the same indexes, triggers and foreign keys, committed at once. Both are measured in turn in one run.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import psycopg2
from django.db import connection

from approvals.sweeping import sweep
from portal.bench import data, due, least, processes
from portal.bench.goals import Figure, Goal
from portal.bench.least import Batch
from portal.demo.clock import DemoClock
from portal.demo.people import find_cast
from portal.launcher import site
from services.lifecycle import State

SWEEP = Goal("巡查：百万件在办里到期一万件", 4, "×", 2.5)
BUFFERS = Goal("巡查读写的页面：比十万件在办时多", 10, "%")
IDLE = Goal("没有到期的一遍巡查", 5, " 毫秒")
WORKERS = Goal("两个工人同时巡查：漏做、重做的件", 0, "件")
ROUNDS, IDLE_PASSES, QUIET_HOURS = 3, 30, 6
WORKER = "import django; django.setup(); from approvals.sweeping import sweep; print(sweep())"


@dataclass(frozen=True, slots=True)
class Spent:
    """一次用掉的: processor seconds of this process and its database connection, and seconds on the wall."""

    processor: float
    wall: float


class Bench:
    """一次量巡查: the superuser's connection, the originals, and how many are due each time."""

    def __init__(self, cursor: Any, size: int) -> None:
        self.cursor, self.size = cursor, size
        with DemoClock() as clock:
            self.due = due.make_originals(clock.set, find_cast().villagers["qinghe"][1])
        cursor.execute(
            "SELECT c.application_id FROM approvals_case c JOIN services_application a ON a.id = c.application_id"
            " WHERE c.closed_at IS NULL AND a.state <> %s AND c.next_look_at > portal_now() + %s * interval '1 hour'"
            " ORDER BY c.id",
            [State.DRAFT, QUIET_HOURS],
        )
        self.open = [row[0] for row in cursor.fetchall()]
        self._let_be_seen(False)

    def fill(self, count: int) -> None:
        """再添这么多件在办, with their histories."""
        with data.indexes_built_afterwards(self.cursor):
            data.copy_cases(self.cursor, self.open, count, points=False)
        self.cursor.execute("VACUUM (ANALYZE)")
        self.cursor.execute("CHECKPOINT")

    def make_due(self) -> Batch:
        """添一批到期的"""
        self.cursor.execute("SELECT max(id) FROM services_application")
        application = self.cursor.fetchone()[0] + 1
        self.cursor.execute("SELECT max(id) FROM approvals_case")
        case = self.cursor.fetchone()[0] + 1
        self._let_be_seen(True)
        data.copy_cases(self.cursor, self.due, self.size, points=False)
        self._let_be_seen(False)
        self.cursor.execute("VACUUM (ANALYZE) services_application, approvals_case, approvals_step, portal_event")
        return Batch(application, case, self.size)

    def _let_be_seen(self, due_now: bool) -> None:
        """原件自己不给巡查看见，只有抄件到期: else the first sweep would settle what later ones are copied from."""
        look = "portal_now() - interval '1 hour'" if due_now else "NULL"
        self.cursor.execute(f"UPDATE approvals_case SET next_look_at = {look} WHERE application_id = ANY(%s)", [self.due])  # noqa: S608 # words of ours


def figures(open_cases: int, few: int, size: int) -> list[Figure]:
    """量完巡查的各项"""
    sweep()  # what the demo itself has due is none of ours
    opened = psycopg2.connect(os.environ["PORTAL_TEST_SUPERUSER_URL"])
    opened.autocommit = True
    try:
        with opened.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica; SET work_mem = '64MB'")
            return _figures(Bench(cursor, size), open_cases, few)
    finally:
        opened.close()


def _figures(bench: Bench, open_cases: int, few: int) -> list[Figure]:
    bench.fill(few)
    bench.make_due()
    small = _pages(bench)
    bench.fill(open_cases - few)
    bench.make_due()
    large = _pages(bench)
    pairs = [_pair(bench) for _ in range(ROUNDS)]
    ratio = median(swept.processor / floor.processor for swept, floor in pairs)
    on_the_wall = median(swept.wall / floor.wall for swept, floor in pairs)
    took = median(swept.wall for swept, _ in pairs)
    wrong, shares = _two_workers(bench)
    return [
        Figure(SWEEP, ratio, f"{took:.1f}秒，按钟表是{on_the_wall:.2f}×"),
        Figure(BUFFERS, abs(large / small - 1) * 100, f"{small / bench.size:.0f}页和{large / bench.size:.0f}页一件"),
        Figure(IDLE, _idle()),
        Figure(WORKERS, wrong, f"各做了{shares[0]}件和{shares[1]}件"),
    ]


def _pages(bench: Bench) -> int:
    """巡查一遍碰了多少页"""
    before = _touched(bench.cursor)
    _swept(bench.size)
    return _touched(bench.cursor) - before


def _touched(cursor: Any) -> int:
    connection.close()  # a connection reports what it has touched at its end, at the latest
    time.sleep(1.5)
    cursor.execute("SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()")
    return int(cursor.fetchone()[0])


def _swept(size: int) -> None:
    settled = sweep()
    if settled < size:  # one of the demo's own may have come up meanwhile
        raise RuntimeError(f"应当巡查{size}件，巡查了{settled}件")


def _pair(bench: Bench) -> tuple[Spent, Spent]:
    """一轮: the sweep of one batch, then the least for another with the very rows the sweep has written."""
    first = bench.make_due()
    marks = least.marks(bench.cursor)
    swept = _spent(lambda: _swept(bench.size))
    second = bench.make_due()
    least.prepare(bench.cursor, marks, first, second)
    floor = _spent(least.write)
    least.clear(bench.cursor)
    return swept, floor


def _spent(act: Callable[[], None]) -> Spent:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pids = [os.getpid(), cursor.fetchone()[0]]
    began, used = time.perf_counter(), processes.seconds_used(pids)
    act()
    return Spent(processes.seconds_used(pids) - used, time.perf_counter() - began)


def _idle() -> float:
    """没有到期时一遍要几毫秒"""
    passes = []
    for _ in range(IDLE_PASSES):
        began = time.perf_counter()
        _swept(0)
        passes.append(time.perf_counter() - began)
    return median(passes) * 1000


def _two_workers(bench: Bench) -> tuple[int, list[int]]:
    """两个进程同时巡查同一批: (漏做和重做的件, 各做了几件); each must do some of it."""
    batch = bench.make_due()
    connection.close()
    environ = {**site.for_the_site(os.environ), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-c", WORKER]
    running = [subprocess.Popen(command, env=environ, cwd=site.ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    shares = [int(process.communicate(timeout=600)[0].splitlines()[-1]) for process in running]
    case, past = batch.case, batch.case + batch.size
    bench.cursor.execute(
        "SELECT c.id FROM approvals_case c LEFT JOIN approvals_responsibilityrecord r ON r.case_id = c.id"
        " AND r.recorded_at > portal_now() - interval '30 minutes' WHERE c.id >= %s AND c.id < %s"
        " GROUP BY c.id HAVING count(r.id) <> 1",
        [case, past],
    )
    wrong = len(bench.cursor.fetchall()) + abs(sum(shares) - batch.size)
    return (wrong if all(shares) else batch.size), shares
