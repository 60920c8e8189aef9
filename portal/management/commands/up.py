"""启动全部 – one command: servers, migrations, demo data, web, worker and beat; Ctrl-C stops it all."""

import contextlib
import fcntl
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.launcher import console, ports, roles, servers, site
from portal.launcher.errors import LauncherError
from portal.launcher.supervise import Supervisor


class Stop(BaseException):
    """停止 – Ctrl-C or SIGTERM arrived."""


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _stop(_number: int, _frame: FrameType | None) -> None:
    _no_more_signals()  # a second Ctrl-C must not interrupt the orderly stop
    raise Stop


def _no_more_signals() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


class Command(BaseCommand):
    """启动全部."""

    help = "启动数据库、网站、后台任务;首次启动会建立演示数据。Ctrl-C 停止。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=ports.LOOPBACK, help="监听地址,默认只有本机能访问")
        parser.add_argument("--port", type=int, default=8000, help="端口,默认 8000")
        parser.add_argument("--workers", type=int, default=2, help="网站进程数,默认 2")

    def handle(self, *_args: Any, **options: Any) -> None:
        data = Path(os.environ.get("PORTAL_DATA") or site.ROOT / "data").resolve()
        servers.make_folder(data)
        for number in SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup stays nohup
                signal.signal(number, _stop)
        try:
            with alone(data):
                serve(data, options["host"], options["port"], options["workers"])
        except Stop:
            console.say("已全部停止,数据都在。")


@contextlib.contextmanager
def alone(data: Path) -> Iterator[None]:
    """只许一个 – a second `up` beside a running one is told so."""
    with (data / "up.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running = site.running_address(data)
            raise LauncherError(f"已经在运行:{running}。先在那边按 Ctrl-C 停止,或直接打开这个地址。") from None
        yield


def serve(data: Path, host: str, port: int, workers: int) -> None:
    """服务 – prepare, start, watch; everything is stopped on the way out."""
    run_file = data / "run.json"
    if not ports.wait_until_free(host, port, 8 if run_file.exists() else 0):
        raise LauncherError(f"端口 {port} 已被别的程序占用:请用 --port 换一个,例如 python3 manage.py up --port {port + 1}。")
    given = os.environ.get("DATABASE_URL")
    if given:
        roles.check_given(given)
    console.step("正在使用 DATABASE_URL 指的数据库" if given else "正在启动数据库")
    with servers.lasting(data, os.environ) as (pair, found):
        environ = environment(found, data, host, port)
        prepare(environ)
        supervisor = Supervisor(site.children(host, port, workers, data), site.for_the_site(environ), data / "log")
        try:
            console.step("正在启动网站和后台任务")
            supervisor.start()
            site.wait_until_served(supervisor, host, port)
            address = f"http://{site.shown(host)}:{port}/"
            run_file.write_text(json.dumps({"pid": os.getpid(), "address": address}))
            announce(address, data, demo=environ["PORTAL_MODE"] == "demo")
            supervisor.watch(also=lambda: report(pair.revive()))
        finally:
            _no_more_signals()
            console.step("正在停止")
            supervisor.stop()
            run_file.unlink(missing_ok=True)


def environment(found: dict[str, str], data: Path, host: str, port: int) -> dict[str, str]:
    """站点的设置 – what was given stays; the demo also answers to other machines if it was told to listen to them."""
    environ = {**os.environ, **found, "PORTAL_DATA": str(data)}
    environ.setdefault("PORTAL_MODE", "production")
    if environ["PORTAL_MODE"] == "demo":
        environ.setdefault("PORTAL_PUBLIC_URL", f"http://{site.shown(host)}:{port}")
        if host not in {ports.LOOPBACK, "::1", "localhost"}:
            environ.setdefault("PORTAL_ALLOWED_HOSTS", "*")
    return environ


def prepare(environ: dict[str, str]) -> None:
    """准备 – tables, then demo data or, in production, the static files."""
    console.step("正在检查数据库表")
    site.migrate(environ)
    if environ["PORTAL_MODE"] == "demo":
        site.run_step("prepare_demo", environ)
    else:
        site.run_step("collectstatic --noinput --verbosity 0", environ)


def announce(address: str, data: Path, *, demo: bool) -> None:
    """好了 – where to look and who to be."""
    console.say("")
    console.say(f"全程办已启动:{address}")
    if demo:
        site.show_accounts(data)
    console.say("按 Ctrl-C 停止。")


def report(revived: list[str]) -> None:
    """报告 – a server that fell over and was started again."""
    for name in revived:
        console.warn(f"{name} 曾退出,已重新启动。")
