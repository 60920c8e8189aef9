"""核对投影: refolds every case and compares the legal fields with the rows; prints each difference."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.checking import differences


class Command(BaseCommand):
    """核对投影"""

    help = "把每件办件重新推算一遍，和表里的法律字段比较；有一处不同就报错。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        checked = 0
        found: list[str] = []
        for number, problems in differences():
            checked += 1
            found += [f"{number}  {problem}" for problem in problems]
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"核对了{checked}件，有{len(found)}处不同。")
        self.stdout.write(f"核对了{checked}件，没有不同。")
