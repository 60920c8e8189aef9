"""冻结的命令"""

import pytest
from django.core.management import call_command

from portal import freezing
from portal.models import Freeze
from tests.world import World


def test_the_command_freezes(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("freeze", "恢复了昨晚的备份")

    assert "冻结了" in capsys.readouterr().out
    assert freezing.is_frozen()
    assert Freeze.objects.get().reason == "恢复了昨晚的备份"
