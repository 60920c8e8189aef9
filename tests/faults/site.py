"""被扰动的网站：2 webs, 2 workers, 2 beats on a PostgreSQL and a Valkey of their own, and what can be done to them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import psycopg2
import redis

from portal.launcher import ports, roles, secrets, site
from portal.launcher.servers import Servers
from portal.launcher.supervise import Child, Supervisor

STOPPED = 4.0  # seconds that a SIGSTOP lasts
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Site:
    """网站和它的进程"""

    data: Path
    servers: Servers
    environ: dict[str, str]
    supervisor: Supervisor
    web_ports: list[int]
    faults: list[tuple[float, str]] = field(default_factory=list)
    to_continue: list[tuple[float, int]] = field(default_factory=list)
    bag: list[Callable[[Random], str]] = field(default_factory=list)

    def query(self, statement: str, values: Any = None) -> list[tuple[Any, ...]]:
        """问数据库 (superuser), for what the run checks."""
        assert self.servers.postgres is not None
        connection = psycopg2.connect(self.servers.postgres.superuser_url(roles.DATABASE))
        connection.autocommit = True
        try:
            cursor = connection.cursor()
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def set_clock(self, instant: str) -> None:
        """拨钟 (Shanghai time)"""
        self.query("UPDATE portal_clock_shift SET shift = %s::timestamptz - clock_timestamp()", [f"{instant}+08"])

    def prepare(self, *words: str) -> str:
        """造台面"""
        command = [sys.executable, "-m", "tests.faults.prepare", *words]
        done = subprocess.run(command, env=self.environ, cwd=ROOT, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def look(self) -> None:
        """看护: what has ended is started again, what was stopped goes on when its time has come."""
        now = time.monotonic()
        for when, pid in list(self.to_continue):
            if now >= when:
                self.to_continue.remove((when, pid))
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGCONT)
        self.servers.revive()
        self.supervisor.look()

    def disturb(self, chance: Random) -> str:
        """来一次扰动; which one, and on whom, comes from the seed – each kind once in every four."""
        if not self.bag:
            self.bag = [self._kill, self._stop, self._restart_database, self._flush]
            chance.shuffle(self.bag)
        said = self.bag.pop()(chance)
        self.faults.append((time.monotonic(), said))
        return said

    def _victim(self, chance: Random) -> Child:
        running = [child for child in self.supervisor.children if child.is_running]
        return chance.choice(running or self.supervisor.children)

    def _kill(self, chance: Random) -> str:
        child = self._victim(chance)
        if child.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
        return f"SIGKILL {child.name}"

    def _stop(self, chance: Random) -> str:
        child = self._victim(chance)
        if child.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGSTOP)
            self.to_continue.append((time.monotonic() + STOPPED, child.process.pid))
        return f"SIGSTOP {child.name}"

    def _restart_database(self, chance: Random) -> str:
        postgres = self.servers.postgres
        assert postgres is not None
        how = chance.choice((signal.SIGINT, signal.SIGQUIT))  # orderly, or as if the power had gone
        pid = postgres.pid()
        if pid is not None:
            os.kill(pid, how)
        while postgres.pid() is not None:
            time.sleep(0.05)
        postgres.start(keep_port=True)
        return f"重启数据库 {how.name}"

    def _flush(self, _chance: Random) -> str:
        assert self.servers.valkey is not None
        with suppress(redis.RedisError):
            redis.Redis.from_url(self.servers.valkey.url()).flushall()
        return "清空 Valkey"


@contextmanager
def running(data: Path, begin: Callable[[Site], None]) -> Iterator[Site]:
    """起一整套; `begin` makes the stage before the processes start."""
    without = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    servers = Servers(data, without)  # as in earnest: what is answered has reached the disk
    servers.start()
    try:
        environ = {
            **without,
            **servers.environment(),
            **secrets.as_environment(servers.made),
            "PORTAL_DATA": str(data),
            "PORTAL_MODE": "test",
            "PORTAL_NO_VENV": "1",
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        }
        site.migrate(environ)
        environ = site.for_the_site(environ)
        web_ports = [ports.free_port(), 0]
        web_ports[1] = ports.free_port()
        supervisor = Supervisor(_children(web_ports, data), environ, data / "log")
        found = Site(data, servers, environ, supervisor, web_ports)
        begin(found)
        supervisor.start()
        try:
            yield found
        finally:
            for _, pid in found.to_continue:
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGCONT)
            supervisor.stop()
    finally:
        servers.stop()


def _children(web_ports: list[int], data: Path) -> list[Child]:
    found = []
    for number, port in enumerate(web_ports, 1):
        for child in site.children(ports.LOOPBACK, port, 1, data):
            words = [
                word.replace("beat.schedule", f"beat{number}.schedule").replace("worker@", f"worker{number}@")
                for word in child.command
            ]
            found.append(Child(f"{child.name}{number}", words, child.patience))
    return found
