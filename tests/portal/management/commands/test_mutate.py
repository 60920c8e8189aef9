"""变异测试的命令：runs on the real core, without settings and without a database."""

import os
import subprocess
import sys

from portal.launcher import site
from portal.launcher.entry import OWN


def test_the_command_mutates_the_real_core_without_a_database() -> None:
    assert "mutate" in OWN
    environ = {name: value for name, value in os.environ.items() if "DATABASE" not in name and name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "manage.py", "mutate", "--module", "lifecycle", "--sample", "6", "--jobs", "1"]

    done = subprocess.run(command, env=environ, cwd=site.ROOT, capture_output=True, text=True, timeout=120)

    assert "lifecycle：6个变异，发现6个" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
