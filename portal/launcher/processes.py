"""进程 – children that die with their parent, and processes known only by a pid file."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _die_with(parent: int) -> Callable[[], None]:
    def before_exec() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # the parent died between fork and prctl
                os._exit(1)

    return before_exec


def spawn(
    command: Sequence[str], environ: Mapping[str, str], output: IO[str] | int | None = None, *, group: bool = True
) -> subprocess.Popen[bytes]:
    """启动子进程 – in a session of its own (Ctrl-C reaches only the launcher); told to stop if the parent dies."""
    return subprocess.Popen(
        list(command),
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        start_new_session=group,
        preexec_fn=_die_with(os.getpid()),
    )


def stop(process: subprocess.Popen[bytes], seconds: float) -> None:
    """停止子进程 – ask, wait, and only then kill."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def command_of(pid: int) -> str:
    """进程的命令行 – empty if there is none or it is only waiting to be reaped."""
    proc = Path("/proc") / str(pid) / "cmdline"
    if Path("/proc/self").exists():
        try:
            return proc.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return shown.stdout.strip()


def pid_in(path: Path) -> int | None:
    """pid 文件里的进程号 – its first line, None if there is no such file."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def end(pid: int, how: signal.Signals, seconds: float) -> bool:
    """结束进程 – signal it and wait; False if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
    limit = time.monotonic() + seconds
    while command_of(pid):
        if time.monotonic() > limit:
            return False
        time.sleep(0.02)
    return True
