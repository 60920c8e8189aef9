"""看护 – real children."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.launcher.processes import command_of
from portal.launcher.supervise import Child, Supervisor

ROOT = Path(__file__).resolve().parents[3]
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def wait_for(what, seconds=10):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


@pytest.fixture
def watched(tmp_path, clean):
    """两个被看护的进程."""
    supervisor = Supervisor([Child("web", SLEEP, 5), Child("beat", SLEEP, 5)], clean, tmp_path / "log")
    supervisor.start()
    yield supervisor
    supervisor.stop()


def test_fallen_child_waits_longer_each_time(watched):
    web = watched.children[0]
    os.kill(web.process.pid, signal.SIGKILL)
    web.process.wait()
    watched.look()
    assert (web.process, web.wait) == (None, 2.0)

    watched.look()
    assert web.process is None
    web.not_before = 0.0
    watched.look()
    assert web.is_running
    assert watched.children[1].is_running


def test_stop_ends_every_child(watched):
    pids = [child.process.pid for child in watched.children]
    watched.stop()

    assert [command_of(pid) for pid in pids] == ["", ""]


def test_deaf_child_is_killed(tmp_path, clean):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(60)"
    supervisor = Supervisor([Child("web", [sys.executable, "-c", deaf], 0.3)], clean, tmp_path)
    supervisor.start()
    wait_for(lambda: supervisor.log_of(supervisor.children[0]).read_text())
    supervisor.stop()

    assert not supervisor.children[0].is_running


@pytest.mark.skipif(sys.platform != "linux", reason="parent-death signals are Linux's")
def test_children_die_with_a_killed_parent(tmp_path, clean):
    script = (
        "import os, signal, sys; from portal.launcher.processes import spawn\n"
        "print(spawn([sys.executable, '-c', 'import time; time.sleep(60)'], os.environ, -3).pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    parent = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=clean, capture_output=True, text=True)
    child = int(parent.stdout)

    wait_for(lambda: command_of(child) == "")


def test_big_log_is_set_aside(tmp_path, clean):
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * 5_000_001)
    supervisor = Supervisor([Child("web", SLEEP, 5)], clean, tmp_path)
    supervisor.start()
    supervisor.stop()

    assert (tmp_path / "web.log.1").stat().st_size == 5_000_001
    assert log.stat().st_size == 0
