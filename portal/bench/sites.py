"""被量的网站：gunicorn as `up` starts it, with one worker, and whole `up` for memory and idling."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from portal.bench import processes
from portal.bench.measure import Request, Server, WrongAnswer, send
from portal.launcher import ports, site
from portal.launcher.processes import pid_in, spawn, stop
from portal.launcher.supervise import Child, Supervisor

PATIENCE = 90
EMPTY = "portal.bench.empty:application"


def data_folder() -> Path:
    """一次性数据文件夹"""
    return Path(os.environ["PORTAL_DATA"])


def database_pid() -> int | None:
    """一次性数据库的进程号; None where its folder lies elsewhere (as root it may)."""
    return pid_in(data_folder() / "postgres" / "postmaster.pid")


@contextlib.contextmanager
def two_sites() -> Iterator[tuple[Server, Server]]:
    """我们的网站和空网站, side by side, with the same options of gunicorn."""
    port, empty_port = ports.free_port(), ports.free_port()
    web = site.children(ports.LOOPBACK, port, 1, data_folder())[0]
    bare = site.children(ports.LOOPBACK, empty_port, 1, data_folder())[0]
    words = [EMPTY if word == "portal.wsgi" else word for word in bare.command if not word.startswith("--config=")]
    empty = Child("empty", words, bare.patience)
    environ = site.for_the_site(os.environ)
    first = Supervisor([web], environ, data_folder() / "log")
    second = Supervisor([empty], environ, data_folder() / "log")
    try:
        for supervisor, where in ((first, port), (second, empty_port)):
            supervisor.start()
            site.wait_until_served(supervisor, ports.LOOPBACK, where)
        yield _server(web, port, database_pid()), _server(empty, empty_port, None)
    finally:
        first.stop()
        second.stop()


def _server(child: Child, port: int, database: int | None) -> Server:
    assert child.process is not None  # it has just answered
    return Server(port, child.process.pid, database)


@contextlib.contextmanager
def everything(port: int) -> Iterator[list[int]]:
    """整个 `up`: the roots of its process families – the command itself, and the two servers it was given."""
    with (data_folder() / "up.log").open("w") as log:
        command = spawn([sys.executable, str(site.ROOT / "manage.py"), "up", f"--port={port}"], os.environ, log)
    servers = [pid for name in ("postgres/postmaster.pid", "valkey/valkey.pid") if (pid := pid_in(data_folder() / name))]
    try:
        limit = time.monotonic() + PATIENCE
        while not (data_folder() / "run.json").exists():
            if command.poll() is not None or time.monotonic() > limit:
                raise RuntimeError((data_folder() / "up.log").read_text()[-2000:])
            time.sleep(0.2)
        yield [command.pid, *servers]
    finally:
        command.send_signal(signal.SIGINT)
        stop(command, 60)


def memory(roots: Sequence[int]) -> tuple[float, float]:
    """(最大的网站进程的常驻内存, 全部进程的 PSS), MB"""
    pids = [pid for root in roots for pid in processes.family(root)]
    workers = [pid for pid in pids if _is_web_worker(pid, pids)]
    return max((processes.resident(pid) for pid in workers), default=0.0), processes.proportional(pids)


def _is_web_worker(pid: int, pids: Sequence[int]) -> bool:
    return _is_gunicorn(pid) and any(_is_gunicorn(parent) for parent in pids if pid in processes.children(parent))


def _is_gunicorn(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return b"gunicorn" in (processes.PROC / str(pid) / "cmdline").read_bytes()
    return False


def idle(roots: Sequence[int], seconds: int) -> float:
    """空转时占一个核的百分之几"""
    pids = [pid for root in roots for pid in processes.family(root)]
    began, before = time.monotonic(), processes.seconds_with_dead(pids)
    time.sleep(seconds)
    return (processes.seconds_with_dead(pids) - before) / (time.monotonic() - began) * 100


def warm(port: int, requests: Sequence[Request]) -> None:
    """让每个进程都见过每一页"""
    for request in requests:
        for _ in range(6):
            with contextlib.suppress(WrongAnswer):  # counted where it is measured
                send(port, request)
