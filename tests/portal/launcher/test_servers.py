"""内置服务 – roles, environment, and who turns them off."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from portal.launcher import servers
from portal.launcher.errors import LauncherError
from portal.launcher.processes import command_of

ROOT = Path(__file__).resolve().parents[3]


def run(url, *orders):
    opened = psycopg2.connect(url)
    try:
        with opened, opened.cursor() as cursor:
            for order in orders:
                cursor.execute(order)
            return cursor.fetchone() if cursor.description else None
    finally:
        opened.close()


@pytest.fixture(scope="module")
def thrown():
    """一次性服务 – one pair for the tests of this module."""
    with servers.throwaway(os.environ) as found:
        yield found


def test_runtime_role_writes_rows_and_owns_nothing(thrown):
    run(thrown["DATABASE_OWNER_URL"], "CREATE TABLE owned (id serial, n int)", "CREATE EXTENSION btree_gist")

    app = thrown["DATABASE_URL"]
    run(app, "INSERT INTO owned (n) VALUES (1)", "UPDATE owned SET n = 2", "DELETE FROM owned")
    for forbidden in ("TRUNCATE owned", "DROP TABLE owned", "CREATE TABLE mine (n int)", "CREATE ROLE other"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            run(app, forbidden)


def test_superuser_can_flush_past_triggers(thrown):
    run(thrown["PORTAL_TEST_SUPERUSER_URL"], "SET session_replication_role = replica")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        run(thrown["DATABASE_OWNER_URL"], "SET session_replication_role = replica")


def test_keys_are_those_settings_read(thrown):
    names = {"PORTAL_SECRET_KEY", "PORTAL_FIELD_KEY", "PORTAL_LOOKUP_KEY", "PORTAL_MODE", "PORTAL_DATA", "REDIS_URL"}

    assert names <= thrown.keys()


def test_second_user_keeps_the_servers_up(data, clean):
    with servers.lasting(data, clean) as (first, found):
        with servers.embedded(data, clean) as again:
            assert again == found
        assert first.postgres.pid() and first.valkey.pid()
        assert run(found["DATABASE_URL"], "SELECT current_user") == ("portal_app",)
    assert first.postgres.pid() is None
    assert first.valkey.pid() is None


def test_given_addresses_are_used_as_they_are(data, clean):
    given = {**clean, "DATABASE_URL": "postgresql://elsewhere/db", "REDIS_URL": "redis://elsewhere/0"}

    with servers.embedded(data, given) as found:
        assert found == {}
    assert list(data.iterdir()) == []


def test_fallen_server_is_revived(data, clean):
    with servers.lasting(data, clean) as (pair, found):
        os.kill(pair.postgres.pid(), signal.SIGKILL)
        while pair.postgres.pid():
            pass

        assert pair.revive() == ["PostgreSQL"]
        assert run(found["DATABASE_URL"], "SELECT 1") == (1,)
        assert pair.revive() == []


def test_throwaway_is_gone_after_kill(clean):
    script = (
        "import json, os, signal; from portal.launcher import servers\n"
        "with servers.throwaway(os.environ) as found:\n"
        "    print(json.dumps(found), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, env=clean)
    folder = Path(json.loads(killed.stdout.readline())["PORTAL_DATA"])
    pid = int((folder / "valkey" / "valkey.pid").read_text())
    killed.communicate()  # the reaper holds the pipe until it has finished

    assert not folder.exists()
    until = time.monotonic() + 10  # it has been told to end; on a busy machine that takes a moment
    while command_of(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert command_of(pid) == ""


def test_a_server_that_still_writes_while_it_ends_leaves_no_folder(tmp_path):
    folder = tmp_path / "postgres"
    folder.mkdir()
    pair = [subprocess.Popen(["sleep", "60"]) for _ in range(2)]
    command = ["sh", "-c", servers.REAPER, "sh", *(str(server.pid) for server in pair), str(folder)]
    reaper = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    until = time.monotonic() + 3  # well past the first attempt, well within the ten seconds the reaper tries
    with contextlib.suppress(FileNotFoundError):  # the folder is gone
        while time.monotonic() < until:
            (folder / str(time.monotonic_ns())).touch()

    assert reaper.wait(timeout=60) == 0
    assert not folder.exists()
    assert [server.wait() for server in pair] == [-signal.SIGQUIT] * 2


def test_folder_that_cannot_be_written_is_one_sentence():
    with pytest.raises(LauncherError, match="PORTAL_DATA"):
        servers.make_folder(Path("/proc/nowhere"))
