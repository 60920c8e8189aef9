"""演示准备: called by `manage.py up` at every start, after the migrations; quick once it has been done."""

from typing import Any

from portal.management.commands.seed_demo import Command as SeedCommand


class Command(SeedCommand):
    """演示准备"""

    help = "每次启动前运行：第一次建立演示数据和账号，以后只核对。"

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
