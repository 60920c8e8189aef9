"""内置 PostgreSQL – the wheel's or the system's programs run directly: init, start, adopt, stop."""

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from subprocess import DEVNULL, CompletedProcess

import psycopg2

from portal.launcher import binaries
from portal.launcher.errors import LauncherError
from portal.launcher.identity import Identity, choose
from portal.launcher.ports import LOOPBACK, free_port, wait_until_free
from portal.launcher.processes import command_of, end, pid_in

START_SECONDS = 60
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
SETTINGS = {
    "listen_addresses": f"'{LOOPBACK}'",
    "unix_socket_directories": "''",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "jit": "off",
    "max_logical_replication_workers": "0",
    "log_min_messages": "warning",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Postgres:
    """内置数据库 – one cluster in one folder; adopted if it already runs, whoever started it."""

    def __init__(
        self, folder: Path, password: str, environ: Mapping[str, str], *, durable: bool = True
    ) -> None:
        self.identity: Identity = choose(environ, folder)
        self.folder = self.identity.place(folder)
        self.programs = binaries.reachable(binaries.locate(environ), self.identity, self.folder.parent)
        self.password = password
        self.durable = durable
        self.port = 0

    def start(self, *, keep_port: bool = False) -> None:
        """启动 – or adopt the one that runs; a stale or silent one is cleared away first."""
        if self._adopt():
            return
        if keep_port and not wait_until_free(LOOPBACK, self.port, 5):
            raise LauncherError(f"内置数据库的端口 {self.port} 被别的程序占了:请重新运行 python3 manage.py up。")
        self._check_major()
        if not (self.folder / "PG_VERSION").exists():
            self._init()
        for attempt in range(3):
            time.sleep(attempt)  # children of one that was killed may need a moment to leave
            self.port = free_port(self._last_port())
            self._configure()
            done = self._control("start", "--wait", f"--timeout={START_SECONDS}", f"--log={self.folder}/server.log")
            if done.returncode == 0:
                return
        raise LauncherError(f"内置数据库启动失败:请看 {self.folder}/server.log 的最后几行。")

    def stop(self, patience: float = 30) -> None:
        """停止 – fast: open transactions are rolled back, everything committed is kept."""
        pid = self.pid()
        if pid and not end(pid, signal.SIGINT, patience) and not end(pid, signal.SIGQUIT, patience / 3):
            end(pid, signal.SIGKILL, patience)

    def pid(self) -> int | None:
        """服务进程号 – None unless a PostgreSQL on this very folder is running."""
        found = pid_in(self.folder / "postmaster.pid")
        if found and str(self.folder) in command_of(found):
            return found
        return None

    def url(self, user: str, password: str, database: str) -> str:
        """连接地址 – as Django and libpq read it."""
        return f"postgresql://{user}:{password}@{LOOPBACK}:{self.port}/{database}"

    def superuser_url(self, database: str = "postgres") -> str:
        """超级用户的连接地址 – for roles and databases, never for the site."""
        return self.url("postgres", self.password, database)

    def _adopt(self) -> bool:
        if self.pid() is None:
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
            return False
        self.port = self._last_port() or 0
        try:
            psycopg2.connect(self.superuser_url(), connect_timeout=2).close()
        except psycopg2.OperationalError:
            self.stop(patience=1.5)
            return False
        return True

    def _last_port(self) -> int | None:
        with contextlib.suppress(OSError, ValueError):
            return int((self.folder / "port").read_text())
        return None

    def _configure(self) -> None:
        wanted = SETTINGS | ({} if self.durable else FORGETFUL) | {"port": str(self.port)}
        if binaries.version(self.programs) >= 18:
            wanted["io_method"] = "sync"  # no idle reader processes
        self._write("postgresql.portal.conf", "".join(f"{name} = {value}\n" for name, value in wanted.items()))
        self._write("port", f"{self.port}\n")

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text)
        self.identity.own(path)

    def _check_major(self) -> None:
        with contextlib.suppress(OSError):
            made_by = int((self.folder / "PG_VERSION").read_text())
            if made_by != binaries.version(self.programs):
                raise LauncherError(
                    f"{self.folder} 由 PostgreSQL {made_by} 建立,现在的程序是 {binaries.version(self.programs)}:"
                    "请先用旧版本 pg_dump 导出,再导入新的数据文件夹。"
                )

    def _init(self) -> None:
        draft = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        secret = self.folder.with_name("initdb.password")
        secret.touch(mode=0o600)
        secret.write_text(self.password + "\n")
        self.identity.own(draft)
        self.identity.own(secret)
        command: list[str | Path] = [self.programs / "initdb", "-D", draft, "--encoding=UTF8", *LOCALE, "--username=postgres"]
        command += ["--auth=scram-sha-256", f"--pwfile={secret}", "--no-instructions"]
        done = self.identity.run([*command, *([] if self.durable else ["--no-sync"])], env=self._environment())
        secret.unlink()
        if done.returncode:
            raise LauncherError(f"内置数据库初始化失败:{(done.stderr.strip().splitlines() or ['无说明'])[-1]}")
        with (draft / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude_if_exists 'postgresql.portal.conf'\n")  # may be missing: written at each start
        draft.rename(self.folder)

    def _control(self, *arguments: str) -> "CompletedProcess[str]":
        # not captured: the server inherits the pipe and would keep it open for ever
        return self.identity.run(
            [self.programs / "pg_ctl", "-D", self.folder, *arguments],
            env=self._environment(),
            capture_output=False,
            stdout=DEVNULL,
            stderr=DEVNULL,
        )

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        return {"LC_ALL": "C.UTF-8", **kept}
