"""进程."""

import os
import signal
import sys
import time

from portal.launcher import processes


def test_pid_file_gives_its_first_line_or_nothing(tmp_path):
    path = tmp_path / "pid"
    assert processes.pid_in(path) is None

    path.write_text("12\n/folder\n")
    assert processes.pid_in(path) == 12
    path.write_text("rubbish")
    assert processes.pid_in(path) is None


def test_ended_child_has_no_command_line(clean):
    child = processes.spawn([sys.executable, "-c", "import time; time.sleep(60)"], clean)
    until = time.monotonic() + 10  # between fork and exec it still has our own command line, or none
    while "time.sleep(60)" not in processes.command_of(child.pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert "time.sleep(60)" in processes.command_of(child.pid)

    assert processes.end(child.pid, signal.SIGKILL, 5)
    assert child.wait() == -signal.SIGKILL
    assert processes.command_of(os.getpid())
