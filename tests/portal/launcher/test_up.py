"""`up` 的一生 – on a tiny site, with real processes: start, second start, faults, Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from portal.launcher import servers
from portal.launcher.ports import LOOPBACK, free_port
from portal.launcher.processes import command_of


class Site:
    """一个正在运行的 up."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder, self.environ, self.port = folder, environ, free_port()
        self.log = folder / "up.log"
        self.start()

    def start(self) -> None:
        self.log.write_text("")
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                self.command("up", "--port", str(self.port)),
                env=self.environ, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.wait_for(lambda: "按 Ctrl-C 停止" in self.log.read_text())

    def command(self, *words: str) -> list[str]:
        return [sys.executable, str(self.folder / "manage.py"), *words]

    def run(self, *words: str, **switches: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words), env={**self.environ, **switches}, capture_output=True, text=True, timeout=60
        )

    def page(self) -> str:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}/", timeout=10) as answer:
            return answer.read().decode()

    def wait_for(self, what, seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while not what():
            assert self.process.poll() is None or what(), self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)

    def processes(self) -> dict[int, str]:
        """属于这个站点的进程 – found by the folder in their command line."""
        numbers = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
        return {pid: line for pid in numbers if str(self.folder) in (line := command_of(pid)) and pid != os.getpid()}

    def pid_of(self, word: str) -> int | None:
        return next((pid for pid, line in self.processes().items() if word in line), None)


@pytest.fixture
def running(tiny_site, clean):
    """运行中的最小站点 – nothing of it is left afterwards."""
    site = Site(tiny_site, {**clean, "PORTAL_NO_VENV": "1"})
    yield site
    site.process.terminate()
    site.process.wait(60)
    for pid in site.processes():
        os.kill(pid, signal.SIGKILL)


@pytest.mark.process
def test_life_of_a_site(running):
    assert running.page() == "portal_app 0 False"
    assert "窗口受理  chen  纯属虚构" in running.log.read_text()

    second = running.run("up", "--port", str(free_port()))
    assert (second.returncode, second.stderr.splitlines()[0][:6]) == (1, "已经在运行:")
    assert str(running.port) in second.stderr

    elsewhere = running.run("up", "--port", str(running.port), PORTAL_DATA=str(running.folder / "other"))
    assert elsewhere.returncode == 1
    assert "--port" in elsewhere.stderr

    command = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT 7'); print(k.fetchone()[0])"
    beside = running.run("shell", "-v0", "-c", command)
    assert beside.stdout.strip() == "7"
    assert running.page()

    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(60) == 0
    assert "已全部停止" in running.log.read_text()
    assert running.processes() == {}
    assert running.run("shell", "-v0", "-c", command).stdout.strip() == "7"
    assert running.processes() == {}


@pytest.mark.process
def test_faults_are_mended_and_orphans_adopted(running):
    worker, valkey = running.pid_of("-A portal worker"), running.pid_of("valkey.conf")
    os.kill(worker, signal.SIGKILL)
    os.kill(valkey, signal.SIGKILL)
    running.wait_for(lambda: running.pid_of("-A portal worker") not in (None, worker))
    running.wait_for(lambda: running.pid_of("valkey.conf") not in (None, valkey))

    database = running.pid_of("bin/postgres")
    running.process.kill()
    running.process.wait()
    begun = time.monotonic()
    running.start()
    assert time.monotonic() - begun < 10 + 8  # ten seconds, and the time a killed site's web server may take to leave
    assert running.pid_of("bin/postgres") == database
    assert running.page() == "portal_app 0 False"


@pytest.mark.process
def test_given_servers_mean_production(tiny_site, clean):
    with servers.throwaway(os.environ) as given:
        passed = {name: given[name] for name in given if name not in {"PORTAL_MODE", "PORTAL_DATA"}}
        site = Site(tiny_site, {**clean, **passed, "PORTAL_NO_VENV": "1"})
        try:
            assert site.page() == "portal_app 0 False"
            assert "演示账号" not in site.log.read_text()
            assert site.pid_of("bin/postgres") is site.pid_of("valkey.conf") is None
        finally:
            site.process.terminate()
            site.process.wait(60)
        assert (tiny_site / "data" / "secrets.json").exists() is False


@pytest.mark.process
def test_foreign_port_is_one_sentence(tiny_site, clean):
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, str(tiny_site / "manage.py"), "up", "--port", port]
        done = subprocess.run(command, env={**clean, "PORTAL_NO_VENV": "1"}, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"端口 {port} 已被别的程序占用")
    assert len(done.stderr.splitlines()) == 1
