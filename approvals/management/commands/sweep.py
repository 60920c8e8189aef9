"""时限巡查一遍: `manage.py sweep`."""

from typing import Any

from django.core.management.base import BaseCommand

from approvals import sweeping


class Command(BaseCommand):
    """时限巡查"""

    help = "把已经到期的都写下来；可以随时运行，运行几遍都一样。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"结算了{sweeping.sweep()}件，还有{sweeping.open_failures()}件没能结算。")
