"""内置服务 – PostgreSQL and Valkey for as long as somebody uses them: the last one out turns them off."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from portal.launcher import roles, secrets
from portal.launcher.errors import LauncherError
from portal.launcher.postgres import Postgres
from portal.launcher.valkey import Valkey

Environment = dict[str, str]
# Reads one line from a pipe that ends when the parent does, then clears away both servers and their folders – again
# and again while a server that is still ending writes into them (ten seconds at most).
REAPER = (
    'read line; for pid in "$1" "$2"; do kill -QUIT "$pid"; done 2>/dev/null; shift 2; sleep 0.3; '
    'tries=0; until rm -rf "$@" 2>/dev/null || [ "$tries" -ge 50 ]; do tries=$((tries + 1)); sleep 0.2; done'
)


class Servers:
    """一对内置服务 – those of the two that the environment does not already name."""

    def __init__(self, data: Path, environ: Mapping[str, str], *, durable: bool = True) -> None:
        self.made = {} if has_both(environ) else secrets.of_folder(data)
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        if not environ.get("DATABASE_URL"):
            self.postgres = Postgres(data / "postgres", self.made["postgres_password"], environ, durable=durable)
        if not environ.get("REDIS_URL"):
            self.valkey = Valkey(data / "valkey", self.made["valkey_password"], environ)

    def start(self) -> None:
        """启动两者 – and make sure of roles and database."""
        if self.valkey:
            self.valkey.start()
        if self.postgres:
            self.postgres.start()
            roles.ensure(
                self.postgres.superuser_url(), self.postgres.superuser_url(roles.DATABASE), self.made
            )

    def stop(self) -> None:
        """停止两者 – the queue first, the record last."""
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()

    def revive(self) -> list[str]:
        """救起倒下的 – start again, on the same port, whichever died; returns their names."""
        revived = []
        for name, server in (("Valkey", self.valkey), ("PostgreSQL", self.postgres)):
            if server and server.pid() is None:
                server.start(keep_port=True)
                revived.append(name)
        return revived

    def environment(self) -> Environment:
        """环境变量 – what settings need to know of them."""
        found = {}
        if self.valkey:
            found["REDIS_URL"] = self.valkey.url()
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url(roles.APP, self.made["app_password"], roles.DATABASE)
            found["DATABASE_OWNER_URL"] = self.postgres.url(
                roles.OWNER, self.made["owner_password"], roles.DATABASE
            )
        return found


def _locked(path: Path, how: int) -> IO[str]:
    held = path.open("w")
    fcntl.flock(held, how)
    return held


@contextlib.contextmanager
def used(servers: Servers, data: Path) -> Iterator[Servers]:
    """使用服务 – started if need be; stopped on leaving unless another command still uses them."""
    users = (data / "servers.users").open("w")
    try:
        with _locked(data / "servers.lock", fcntl.LOCK_EX):
            fcntl.flock(users, fcntl.LOCK_SH)
            servers.start()
        yield servers
    finally:
        with _locked(data / "servers.lock", fcntl.LOCK_EX), contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            servers.stop()
        users.close()


def has_both(environ: Mapping[str, str]) -> bool:
    """两者都已给定 – nothing of ours is needed."""
    return bool(environ.get("DATABASE_URL") and environ.get("REDIS_URL"))


def make_folder(data: Path) -> None:
    """数据文件夹 – private, and writable by whoever runs this."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise LauncherError(f"不能建立数据文件夹 {data}:请换一个有写权限的用户,或设置 PORTAL_DATA。") from None
    if not os.access(data, os.W_OK | os.X_OK):
        raise LauncherError(f"不能写入数据文件夹 {data}(它属于别的用户):请用原来的用户运行,或设置 PORTAL_DATA。")


@contextlib.contextmanager
def lasting(data: Path, environ: Mapping[str, str]) -> Iterator[tuple[Servers, Environment]]:
    """内置服务与环境 – for `up`: the servers themselves too, to look after."""
    make_folder(data)
    with used(Servers(data, environ), data) as servers:
        yield servers, {**demo_keys(data, environ), **servers.environment()}


@contextlib.contextmanager
def embedded(data: Path, environ: Mapping[str, str]) -> Iterator[Environment]:
    """内置服务的环境 – for one command: what it needs and nobody gave."""
    if has_both(environ):
        yield {}
        return
    with lasting(data, environ) as (_servers, found):
        yield found


def demo_keys(data: Path, environ: Mapping[str, str]) -> Environment:
    """演示环境的模式与密钥 – nothing where DATABASE_URL is given: production names its own."""
    if environ.get("DATABASE_URL"):
        return {}
    make_folder(data)
    made = {"PORTAL_MODE": "demo", **secrets.as_environment(secrets.of_folder(data))}
    return {name: value for name, value in made.items() if not environ.get(name)}


@contextlib.contextmanager
def throwaway(environ: Mapping[str, str]) -> Iterator[Environment]:
    """一次性服务 – in a temporary folder, without care for the disk; gone afterwards, even after kill -9."""
    without = {name: value for name, value in environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    data = Path(tempfile.mkdtemp(prefix="portal-"))
    servers = Servers(data, without, durable=False)
    assert servers.postgres and servers.valkey  # both: neither address was passed on
    try:
        servers.start()
        pids = [str(servers.postgres.pid()), str(servers.valkey.pid())]
        folders = [data, servers.postgres.folder.parent]  # the same, unless nobody could not reach it
        reaper = subprocess.Popen(
            ["sh", "-c", REAPER, "sh", *pids, *folders], stdin=subprocess.PIPE, start_new_session=True, cwd="/"
        )
    except BaseException:
        servers.stop()
        shutil.rmtree(data, ignore_errors=True)
        raise
    try:
        yield {
            **servers.environment(),
            **secrets.as_environment(servers.made),
            "PORTAL_TEST_SUPERUSER_URL": servers.postgres.superuser_url(roles.DATABASE),
            "PORTAL_DATA": str(data),
            "PORTAL_MODE": "test",
        }
    finally:
        reaper.communicate()
