"""运行测试 – the whole suite on a PostgreSQL and a Valkey of its own, thrown away afterwards."""

import os
import subprocess
import sys
from argparse import REMAINDER
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.launcher import chromium, console, servers, site


class Command(BaseCommand):
    """运行测试."""

    help = "在一次性的数据库上运行全部测试;其余参数交给 pytest。--nightly 也运行夜间的长测试。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pytest", nargs=REMAINDER)

    def handle(self, *_args: Any, **options: Any) -> None:
        sys.exit(run(options["pytest"]))


def run(arguments: list[str]) -> int:
    """运行 – pytest's own exit code."""
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **chromium.provide(os.environ)}
    if "--nightly" in arguments:
        arguments = [argument for argument in arguments if argument != "--nightly"]
        environ["PORTAL_NIGHTLY"] = "1"
    console.step("正在启动测试用的数据库")
    with servers.throwaway(os.environ) as found:
        return watch([sys.executable, "-m", "pytest", *arguments], {**environ, **found})


def watch(command: list[str], environ: dict[str, str]) -> int:
    """等它结束 – Ctrl-C reaches pytest by itself and is given time to report."""
    process = subprocess.Popen(command, env=environ, cwd=site.ROOT)
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
    finally:
        process.terminate()
        process.wait()
