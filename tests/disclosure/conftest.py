"""公开的测试共用的几件事"""

import pytest

from approvals.actions.modes import switch_on
from services.definition import Citation, OnTimeout
from services.models import Application
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """食品摊贩备案，2026-11-23（周一）10:00 交齐，承诺3个工作日，11月26日24:00到期"""
    clock(at("2026-11-23", "09:00"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    clock(at("2026-11-23", "10:00"))
    return file_application(world, "SJ-002")
