"""站点进程."""

import json
import os
from pathlib import Path

import pytest

from portal.launcher import site
from portal.launcher.errors import LauncherError


def test_site_never_sees_the_owners_address():
    assert site.for_the_site({"DATABASE_URL": "a", "DATABASE_OWNER_URL": "b"}) == {"DATABASE_URL": "a"}


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]")]
)
def test_address_is_one_a_browser_can_open(host, shown):
    assert site.shown(host) == shown


def test_web_comes_first_and_listens_where_it_was_told(tmp_path):
    web, worker, beat = site.children("::1", 8123, 2, tmp_path)

    assert "--bind=[::1]:8123" in web.command
    assert (worker.name, beat.name) == ("worker", "beat")


@pytest.mark.parametrize("mode", [0o755, 0o555])
def test_files_in_memory_only_where_we_may_write(tmp_path, mode):
    memory = tmp_path / "shm"
    memory.mkdir()
    memory.chmod(mode)

    web = site.children("127.0.0.1", 8000, 2, tmp_path, memory)[0].command

    assert (f"--worker-tmp-dir={memory}" in web) == (mode == 0o755 or os.geteuid() == 0)  # nothing is closed to root


def test_no_such_folder_is_no_trouble(tmp_path):
    web = site.children("127.0.0.1", 8000, 2, tmp_path, tmp_path / "none")[0].command

    assert not any("worker-tmp-dir" in word for word in web)


def test_failed_step_is_one_sentence(clean):
    with pytest.raises(LauncherError, match="manage.py no_such_command"):
        site.run_step("no_such_command", {**clean, "DATABASE_URL": "postgresql://x/y", "REDIS_URL": "redis://x/0"})


def test_accounts_are_shown(tmp_path, capsys):
    site.show_accounts(tmp_path)
    assert capsys.readouterr().out == ""

    account = {"role": "窗口受理", "login": "chen", "password": "纯属虚构"}
    Path(tmp_path, "demo-accounts.json").write_text(json.dumps([account]))
    site.show_accounts(tmp_path)
    assert "窗口受理  chen  纯属虚构" in capsys.readouterr().out
