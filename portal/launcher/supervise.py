"""看护 – keeps web, worker and beat running until told to stop, then stops them in order."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from portal.launcher import console
from portal.launcher.processes import spawn, stop

FIRST_WAIT, LONGEST_WAIT, STEADY = 1.0, 60.0, 60.0
BIG_LOG = 5_000_000


@dataclass
class Child:
    """被看护的进程 – its command, its log, and when it may be started again after falling over."""

    name: str
    command: Sequence[str]
    patience: float
    process: "Popen[bytes] | None" = None
    born: float = 0.0
    wait: float = field(default=FIRST_WAIT)
    not_before: float = 0.0

    @property
    def is_running(self) -> bool:
        """在运行 – started and not ended."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """看护者 – children in starting order; stopped in reverse."""

    def __init__(self, children: Sequence[Child], environ: Mapping[str, str], logs: Path) -> None:
        self.children = children
        self.environ = environ
        self.logs = logs

    def start(self) -> None:
        """全部启动 – logs beyond five megabytes are set aside first."""
        self.logs.mkdir(parents=True, exist_ok=True)
        for child in self.children:
            path = self.log_of(child)
            if path.exists() and path.stat().st_size > BIG_LOG:
                path.replace(path.with_suffix(".log.1"))
            self._launch(child)

    def log_of(self, child: Child) -> Path:
        """日志 – one file a child."""
        return self.logs / f"{child.name}.log"

    def look(self) -> None:
        """看一眼 – start again whatever ended, later and later while it keeps ending."""
        for child in self.children:
            now = time.monotonic()
            if child.is_running:
                if now - child.born > STEADY:
                    child.wait = FIRST_WAIT
            elif child.process is not None:
                code, child.process = child.process.returncode, None
                child.not_before = now + child.wait
                console.warn(f"{child.name} 退出(代码 {code}),{child.wait:.0f} 秒后重新启动;日志:{self.log_of(child)}")
                child.wait = min(child.wait * 2, LONGEST_WAIT)
            elif now >= child.not_before:
                self._launch(child)

    def watch(self, also: Callable[[], object], pause: float = 1.0) -> None:
        """一直看护 – until an exception (a signal) ends it."""
        while True:
            time.sleep(pause)
            also()
            self.look()

    def stop(self) -> None:
        """全部停止 – all are asked at once in order, then each is given its time."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            if child.is_running and child.process:
                child.process.terminate()
        for child in running:
            if child.process:
                stop(child.process, child.patience)

    def _launch(self, child: Child) -> None:
        with self.log_of(child).open("a") as log:
            child.process = spawn(child.command, self.environ, log)
        child.born = time.monotonic()
