"""量性能：`manage.py bench` – its own servers, its own data; exits 1 on a missed goal. Not part of `test`."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.bench import run


class Command(BaseCommand):
    """量性能"""

    help = "在一次性的数据库上量每个请求的处理器时间、内存、空转和巡查；有一项超出目标即失败。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=100_000, help="在办的件数和公示的结果数，各这么多")
        parser.add_argument("--rounds", type=int, default=7, help="几轮，取中位数")
        parser.add_argument("--idle", type=int, default=60, help="空转量几秒；验收时用 300")

        parser.add_argument("--cases", type=int, default=1_000_000, help="量巡查时的在办件数")
        parser.add_argument("--sweep", action="store_true", help="只量巡查")

    def handle(self, *_args: Any, **options: Any) -> None:
        if "PORTAL_TEST_SUPERUSER_URL" not in os.environ:
            sys.exit("请用 python3 manage.py bench 运行：它要在一次性的数据库上量。")
        rows, rounds, idle, cases = (options[name] for name in ("rows", "rounds", "idle", "cases"))
        sys.exit(run.bench(rows, rounds, idle, cases, only_sweep=options["sweep"]))
