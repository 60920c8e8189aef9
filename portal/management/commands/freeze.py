"""冻结: `manage.py freeze 为什么` – after a restore, before the first start; released by two people on the page 解冻."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal import freezing


class Command(BaseCommand):
    """冻结"""

    help = "从备份恢复以后先冻结：不发通知，到期不自动生效，由两个人在“解冻”页解除。"

    def add_arguments(self, parser: CommandParser) -> None:
        """为什么"""
        parser.add_argument("reason", help="为什么冻结，比如：恢复了昨晚的备份")

    def handle(self, *_args: Any, **options: Any) -> None:
        found = freezing.freeze(reason=options["reason"])
        self.stdout.write(f"冻结了，从{found.begun_at:%Y-%m-%d %H:%M}（UTC）起；由两个日历与解冻岗的人解除。")
