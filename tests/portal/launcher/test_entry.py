"""命令入口."""

import json
import subprocess
import sys


def manage(site, clean, *words, **switches):
    return subprocess.run(
        [sys.executable, str(site / "manage.py"), *words],
        env={**clean, "PORTAL_NO_VENV": "1", **switches}, capture_output=True, text=True,
    )  # fmt: skip


def test_failure_is_one_sentence_without_a_trace(tiny_site, clean):
    done = manage(tiny_site, clean, "check", PORTAL_POSTGRES="sqlite")

    assert done.returncode == 1
    assert done.stderr.splitlines() == ["PORTAL_POSTGRES 只能是 auto、wheel、system。"]


def test_migrate_runs_as_the_owner_and_the_rest_does_not(tiny_site, clean):
    question = "from django.db import connection as c; k = c.cursor(); k.execute({!r}); print(k.fetchone()[0])"
    assert manage(tiny_site, clean, "migrate", "-v0").stderr == ""

    owner = question.format("SELECT tableowner FROM pg_tables WHERE tablename = 'auth_user'")
    assert manage(tiny_site, clean, "shell", "-v0", "-c", owner).stdout.strip() == "portal_owner"
    asker = question.format("SELECT current_user")
    assert manage(tiny_site, clean, "shell", "-v0", "-c", asker).stdout.strip() == "portal_app"


def test_commands_without_database_start_none(tiny_site, clean):
    done = manage(tiny_site, clean, "diffsettings")

    assert done.returncode == 0
    assert not (tiny_site / "data" / "postgres").exists()
    assert json.loads((tiny_site / "data" / "secrets.json").read_text())
