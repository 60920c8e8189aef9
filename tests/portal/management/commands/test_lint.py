"""检查代码的命令."""

import os
import sys

from portal.management.commands import lint


def test_each_step_is_one_line_and_a_failed_one_shows_why(capsys):
    assert lint.passes("好的", [sys.executable, "-c", "print('quiet')"], dict(os.environ))
    assert not lint.passes("坏的", [sys.executable, "-c", "raise SystemExit('为什么')"], dict(os.environ))

    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("✓ 好的") and said[1].startswith("✗ 坏的")
    assert said[2:] == ["为什么"]


def test_production_settings_are_checked_with_keys_of_their_own():
    found = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner", "PORTAL_SECRET_KEY": "test"}
    environments = {name: environ for name, _command, environ in lint.steps(found)}

    assert environments["正式环境设置"]["PORTAL_MODE"] == "production"
    assert environments["正式环境设置"]["PORTAL_SECRET_KEY"] != "test"
    assert environments["迁移"]["DATABASE_URL"] == "owner"
    assert environments["架构规则"]["DJANGO_SETTINGS_MODULE"] == "tests.settings"
