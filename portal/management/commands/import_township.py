"""建乡镇: `manage.py import_township FILE` – villages, offices, posts and who holds them (see deploy/township.example.yaml)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from portal.clock import portal_now
from portal.errors import PortalError
from portal.limits import day_of
from portal.models import Office, PostHolding
from portal.staffing import import_township
from portal.township_file import read_township


class Command(BaseCommand):
    """建乡镇、站所、岗位和工作账号"""

    help = "核对整个文件，全部正确才导入；有错时一次列全，什么也不改。新账号的一次性密码只打印这一次。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="乡镇文件（YAML），样子见 deploy/township.example.yaml")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            file, errors = read_township(Path(options["file"]))
            for error in errors:
                self.stderr.write(str(error))
            if file is None:
                raise CommandError(f"文件有{len(errors)}处错误，什么也没有导入。")
            result = import_township(file)
        except PortalError as error:
            raise CommandError(f"{error.message}什么也没有导入。") from error
        for line in result.done:
            self.stdout.write(line)
        self.stdout.write(f"{file.township['name']}：改动{len(result.done)}处。")
        empty = self._unmanned(file.township["slug"])
        if empty:
            self.stdout.write(f"没有人在岗的站所：{'、'.join(empty)}。到它们那一步的件会直接到镇领导手里。")
        if result.passwords:
            self.stdout.write("新账号的一次性密码，只显示这一次；第一次登录要改：")
        for work_name, password in result.passwords.items():
            self.stdout.write(f"  {work_name}  {password}")

    def _unmanned(self, slug: str) -> list[str]:
        seated = PostHolding.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day_of(portal_now())))
        manned = seated.values("post__office_id")
        offices = Office.objects.filter(township__slug=slug, level__in=("township", "county-branch")).exclude(pk__in=manned)
        return list(offices.values_list("name", flat=True))
