"""内置 Valkey – broker and cache on a loopback port with a password; losing it loses nothing."""

import socket
import time
from collections.abc import Mapping
from pathlib import Path
from signal import SIGKILL, SIGTERM
from subprocess import DEVNULL, Popen

from portal.launcher import binaries
from portal.launcher.errors import LauncherError
from portal.launcher.ports import LOOPBACK, free_port, wait_until_free
from portal.launcher.processes import command_of, end, pid_in

CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir "{folder}"
pidfile "{folder}/valkey.pid"
logfile "{folder}/valkey.log"
loglevel warning
save ""
appendonly no
maxmemory 96mb
maxmemory-policy volatile-lru
set-proc-title no
hz 5
"""


class Valkey:
    """内置缓存与队列 – one server in one folder; adopted if it already runs."""

    def __init__(self, folder: Path, password: str, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.program = binaries.locate_valkey(environ)
        self.password = password
        self.port = 0

    def start(self, *, keep_port: bool = False) -> None:
        """启动 – or adopt the one that runs; one that does not answer is stopped first."""
        self.port = pid_in(self.folder / "port") or 0
        if self.pid():
            if self.answers():
                return
            self.stop(patience=1.5)
        if keep_port and not wait_until_free(LOOPBACK, self.port, 5):
            raise LauncherError(f"内置 Valkey 的端口 {self.port} 被别的程序占了:请重新运行 python3 manage.py up。")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for _attempt in range(3):
            self.port = free_port(self.port)
            process = self._launch()
            if self._wait_for(process):
                return
        raise LauncherError(f"内置 Valkey 启动失败:请看 {self.folder}/valkey.log 的最后几行。")

    def stop(self, patience: float = 10) -> None:
        """停止 – politely, then not."""
        pid = self.pid()
        if pid and not end(pid, SIGTERM, patience):
            end(pid, SIGKILL, 5)
        (self.folder / "valkey.pid").unlink(missing_ok=True)

    def pid(self) -> int | None:
        """服务进程号 – None unless a server on this very folder is running."""
        found = pid_in(self.folder / "valkey.pid")
        if found and str(self.folder / "valkey.conf") in command_of(found):
            return found
        return None

    def answers(self) -> bool:
        """有应答 – it takes our password and says PONG."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as wire:
                wire.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                said = wire.recv(100)
                while b"+PONG" not in said and b"-" not in said:
                    more = wire.recv(100)
                    if not more:
                        return False
                    said += more
                return b"+PONG" in said
        except OSError:
            return False

    def url(self) -> str:
        """连接地址 – as Celery and redis-py read it."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def _launch(self) -> "Popen[bytes]":
        path = self.folder / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text(
            CONFIGURATION.format(host=LOOPBACK, port=self.port, password=self.password, folder=self.folder)
        )
        (self.folder / "port").write_text(f"{self.port}\n")
        process = Popen(
            [self.program, path], stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, cwd="/", start_new_session=True
        )
        (self.folder / "valkey.pid").write_text(f"{process.pid}\n")
        return process

    def _wait_for(self, process: "Popen[bytes]") -> bool:
        limit = time.monotonic() + 10
        while process.poll() is None and time.monotonic() < limit:
            if self.answers():
                return True
            time.sleep(0.01)
        return False
