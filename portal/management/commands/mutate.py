"""变异测试：`manage.py mutate` – makes one mistake at a time in the pure core; no database, no settings."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.launcher import site
from portal.launcher.errors import LauncherError
from portal.mutation import run


class Command(BaseCommand):
    """变异测试"""

    help = "把期限、推算、办件状态的代码一次改错一处，看测试发现不发现；发现的不到85%、没发现的没写理由、理由已经多余，都算失败。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--module", default="", help="只试一个靶子（limits、fold、lifecycle）或一个模块")
        parser.add_argument("--sample", type=int, default=0, help="每个模块只试这么多个，每次都是同样的")
        parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="同时试几个")

    def handle(self, *_args: Any, **options: Any) -> None:
        os.chdir(site.ROOT)  # where the modules and their tests are
        try:
            sys.exit(run.mutate(options["module"], options["sample"], max(1, options["jobs"])))
        except run.Unsound as problem:
            raise LauncherError(str(problem)) from problem
