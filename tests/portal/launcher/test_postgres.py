"""内置 PostgreSQL – real servers, each way of running and finding one."""

import os
import signal
from pathlib import Path

import psycopg2
import pytest

from portal.launcher import binaries
from portal.launcher.errors import LauncherError
from portal.launcher.postgres import Postgres

PASSWORD = "0123456789abcdef"
WAYS = ["unshare", "nobody"] if os.geteuid() == 0 else ["auto"]


@pytest.fixture
def make(data, clean):
    """造一个内置数据库 – stopped after the test."""
    made = []

    def build(*, durable: bool = False, **switches: str) -> Postgres:
        made.append(Postgres(data / "postgres", PASSWORD, {**clean, **switches}, durable=durable))
        return made[-1]

    yield build
    for server in made:
        server.stop(patience=3)


def ask(server, question):
    opened = psycopg2.connect(server.superuser_url())
    try:
        with opened.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]
    finally:
        opened.close()


@pytest.mark.parametrize("way", WAYS)
def test_server_runs_with_chinese_trigrams_and_keeps_its_data(make, way):
    if way == "unshare" and not os.path.exists("/proc/self/ns/user"):
        pytest.skip("no user namespaces here")
    server = make(PORTAL_AS_ROOT=way)
    server.start()
    port = server.port
    assert ask(server, "CREATE EXTENSION pg_trgm; SELECT array_length(show_trgm('营业执照'), 1)") > 0
    assert ask(server, "CREATE TABLE kept AS SELECT 7 AS n; COMMIT; SELECT n FROM kept") == 7
    server.stop()
    assert server.pid() is None

    server.start()
    assert (server.port, ask(server, "SELECT n FROM kept")) == (port, 7)


def test_system_branch_runs(make, tmp_path):
    home = tmp_path / "system"
    home.mkdir()
    (home / "18").symlink_to(binaries.WHEEL / "pginstall")
    server = make(PORTAL_POSTGRES="system", PORTAL_POSTGRES_HOME=str(home))
    server.start()

    assert server.programs == home / "18" / "bin"
    assert ask(server, "SELECT 1") == 1


def test_orphan_is_adopted(make):
    first, second = make(), make()
    first.start()
    second.start()

    assert second.pid() == first.pid()
    assert ask(second, "SELECT 1") == 1


def test_orphan_that_does_not_answer_is_replaced(make):
    first, second = make(), make()
    first.start()
    frozen = first.pid()
    os.kill(frozen, signal.SIGSTOP)
    second.start()

    assert second.pid() != frozen
    assert ask(second, "SELECT 1") == 1


def test_pid_file_of_an_unrelated_process_is_ignored(make):
    server = make()
    server.start()
    server.stop()
    (server.folder / "postmaster.pid").write_text(f"{os.getpid()}\n{server.folder}\n")

    assert server.pid() is None
    server.start()
    assert ask(server, "SELECT 1") == 1


def test_killed_server_recovers_what_was_committed(make):
    server = make(durable=True)
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 7 AS n; COMMIT; SELECT 1")
    os.kill(server.pid(), signal.SIGKILL)
    server.start()

    assert ask(server, "SELECT n FROM kept") == 7


def test_interrupted_first_start_begins_again(make, data):
    server = make()
    half = Path(f"{server.folder}.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server.start()

    assert ask(server, "SELECT 1") == 1


def test_data_of_another_major_version_is_one_sentence(make):
    server = make()
    server.folder.mkdir(parents=True)
    (server.folder / "PG_VERSION").write_text("17\n")

    with pytest.raises(LauncherError, match="由 PostgreSQL 17 建立"):
        server.start()
