"""演示数据: `manage.py seed_demo [--size N]`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.demo import seed
from portal.demo.accounts import make_accounts
from portal.errors import PortalError

SIZE = 300


class Command(BaseCommand):
    """建立演示数据"""

    help = "建立虚构的演示乡镇和约三百件各种状态的办件；建好了再运行什么也不做。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=int, default=SIZE, help="办件数")

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("正式环境不建演示数据。")
        try:
            outcome = seed.seed(options["size"], lambda line: self.stdout.write(f"· {line} …"))
        except PortalError as error:
            raise CommandError(error.message) from error
        make_accounts()
        for refusal in outcome.refused if options["verbosity"] > 1 else []:
            self.stdout.write(refusal)
        if outcome.played:
            self.stdout.write(f"· 演示办件建好了（{outcome.played}步）")
