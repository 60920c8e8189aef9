"""检查代码 – style, types, templates, migrations, production settings, house rules; one line each."""

import os
import subprocess
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand

from portal.launcher import console, secrets, servers, site

PYTHON = [sys.executable, "-m"]
HOUSE_RULES = "tests/test_architecture.py"


class Command(BaseCommand):
    """检查代码."""

    help = "ruff、mypy、模板、迁移、正式环境设置、架构规则;有一项不过即失败。"
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        with servers.throwaway(os.environ) as found:
            failed = [name for name, command, environ in steps(found) if not passes(name, command, environ)]
        if failed:
            console.say(f"未通过:{'、'.join(failed)}")
            sys.exit(1)
        console.say("全部通过。")


def steps(found: dict[str, str]) -> list[tuple[str, list[str], dict[str, str]]]:
    """各项检查 – name, command, environment."""
    plain = {**os.environ, **found}
    testing = {**plain, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    migrated = {**plain, "DATABASE_URL": found["DATABASE_OWNER_URL"], "PORTAL_LONG_TRANSACTIONS": "1"}
    production = {**plain, **secrets.as_environment(secrets.fresh()), "PORTAL_MODE": "production"}
    production["PORTAL_ALLOWED_HOSTS"] = "portal.example"
    return [
        ("ruff", [*PYTHON, "ruff", "check", "."], plain),
        ("mypy", [*PYTHON, "mypy"], plain),
        ("模板", [*PYTHON, "djlint", "templates", "--lint", "--quiet"], plain),
        ("迁移齐全", [*site.MANAGE, "makemigrations", "--check", "--dry-run"], migrated),
        ("迁移", [*site.MANAGE, "migrate", "--verbosity", "0"], migrated),
        ("正式环境设置", [*site.MANAGE, "check", "--deploy", "--fail-level", "WARNING"], production),
        ("架构规则", [*PYTHON, "pytest", HOUSE_RULES], testing),
    ]


def passes(name: str, command: list[str], environ: dict[str, str]) -> bool:
    """一项检查 – its output only if it fails."""
    begun = time.monotonic()
    done = subprocess.run(
        command, env=environ, cwd=site.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    mark = "✗" if done.returncode else "✓"
    console.say(f"{mark} {name}({time.monotonic() - begun:.1f} 秒)")
    if done.returncode:
        console.say(done.stdout.rstrip())
    return done.returncode == 0
