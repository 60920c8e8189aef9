"""导入事项目录: `manage.py import_catalogue FILE [--overlay FILE] [--township SLUG]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.models import Township
from services.catalogue import load, read_offices
from services.catalogue_files import read_overlay, read_yaml
from services.importing import import_items

DATA = Path(__file__).resolve().parents[3] / "services" / "data"


class Command(BaseCommand):
    """导入事项目录"""

    help = "核对整个目录文件，全部正确才导入；有错时一次列全，什么也不改。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default=str(DATA / "catalogue.yaml"))
        parser.add_argument("--overlay", default=str(DATA / "overlay"))
        parser.add_argument("--township", default="")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            overlay = read_overlay(Path(options["overlay"]))
            definitions, errors = load(read_yaml(Path(options["file"])), overlay)
        except ValueError as unreadable:
            raise CommandError(str(unreadable)) from unreadable
        if errors:
            for error in errors:
                self.stderr.write(f"{error.item_id}  {error.field}  {error.message}")
            raise CommandError(f"目录有{len(errors)}处错误，什么也没有导入。")
        offices, _ = read_offices(overlay)
        chosen = Township.objects.filter(slug=options["township"]) if options["township"] else Township.objects.all()
        if not chosen:
            raise CommandError("没有这个乡镇。请先建乡镇（演示可用 seed_demo）。")
        for township in chosen:
            result = import_items(township=township, definitions=definitions, offices=offices)
            self.stdout.write(
                f"{township.name}：新增{len(result.created)}件，改版{len(result.changed)}件，不变{len(result.unchanged)}件。"
            )
            if result.offices:
                self.stdout.write(f"  站所更新{len(result.offices)}个：{'、'.join(result.offices)}")
            if result.beside:
                codes = "、".join(result.beside)
                self.stdout.write(f"  文件里没有、照旧办着的{len(result.beside)}件：{codes}（不办了的，请事项审批岗停办）")
            for code, missing in result.unpublished.items():
                self.stdout.write(f"  {code} 没有公布，缺少：{'、'.join(missing)}")
