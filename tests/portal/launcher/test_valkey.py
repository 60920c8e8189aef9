"""内置 Valkey – a real server."""

import os
import signal

import pytest
import redis

from portal.launcher.valkey import Valkey


@pytest.fixture
def make(data, clean):
    """造一个内置 Valkey – stopped after the test."""
    made = []

    def build(**switches: str) -> Valkey:
        made.append(Valkey(data / "valkey", "0123456789abcdef", {**clean, **switches}))
        return made[-1]

    yield build
    for server in made:
        server.stop()


def test_server_needs_its_password(make):
    server = make()
    server.start()

    assert redis.from_url(server.url()).ping()
    stranger = Valkey(server.folder, "wrong", {})
    stranger.port = server.port
    assert not stranger.answers()


def test_orphan_is_adopted_and_a_silent_one_replaced(make):
    first, second, third = make(), make(), make()
    first.start()
    second.start()
    assert second.pid() == first.pid()

    frozen = first.pid()
    os.kill(frozen, signal.SIGSTOP)
    third.start()
    assert third.pid() != frozen
    assert third.answers()


def test_killed_server_comes_back_on_its_port(make):
    server = make()
    server.start()
    port = server.port
    os.kill(server.pid(), signal.SIGKILL)
    while server.pid():
        pass
    server.start(keep_port=True)

    assert (server.port, server.answers()) == (port, True)


def test_pid_file_of_an_unrelated_process_is_ignored(make):
    server = make()
    server.folder.mkdir()
    (server.folder / "valkey.pid").write_text(f"{os.getpid()}\n")
    server.start()

    assert server.pid() != os.getpid()
    assert server.answers()


def test_system_branch_runs(make, tmp_path):
    wheel = make().program
    (tmp_path / "redis-server").symlink_to(wheel)
    server = make(PORTAL_VALKEY="system", PATH=str(tmp_path))
    server.start()

    assert server.program == tmp_path / "redis-server"
    assert server.answers()
