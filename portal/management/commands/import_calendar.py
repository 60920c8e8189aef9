"""导入放假安排: `manage.py import_calendar FILE`; published by two people, after a preview of what moves."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from approvals.actions.calendars import note_moves, publish_notice
from approvals.models import LimitMove
from approvals.queries.calendars import touched_by
from portal.calendar_data import HolidayNotice
from portal.calendar_import import add_version, find_unpublished, import_history, read_notice_file
from portal.clock import portal_now
from portal.errors import NotAllowed, PortalError
from portal.models import Duty, User
from portal.permissions import has_duty
from portal.sign_in import staff_login

SHOWN = 20


class Command(BaseCommand):
    """导入放假安排"""

    help = "导入国务院办公厅的放假安排通知（JSON 或 YAML），先列出哪些期限会变；由两人公布。不写文件则补上历年通知。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="", help="通知文件；字段 year number issued days_off shifted_workdays")
        parser.add_argument("--publish", action="store_true", help="导入后公布")
        parser.add_argument("--by", default="", help="公布人的工号")
        parser.add_argument("--second", default="", help="第二人的工号")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["file"]:
                self._import(Path(options["file"]), options)
            else:
                self.stdout.write(f"补上历年放假安排{import_history()}份。")
        except PortalError as error:
            raise CommandError(error.message) from error

    def _import(self, path: Path, options: dict[str, Any]) -> None:
        notice = read_notice_file(path)
        signers = two_people(options["by"], options["second"]) if options["publish"] else None
        self._show(notice)
        if signers is None:
            row = add_version(notice, by=None)
            self.stdout.write(f"已存为第{row.number}版，还没有公布。公布要加 --publish --by 工号 --second 工号。")
            return
        with transaction.atomic():
            row = find_unpublished(notice) or add_version(notice, by=signers[1])
            publish_notice(version=row, by=signers[0])
        while note_moves():
            pass
        moved = LimitMove.objects.filter(version=row).values("case").distinct().count()
        self.stdout.write(f"已公布第{row.number}版，{moved}件在办件的期限变了，已经记下并告诉有关的人。")

    def _show(self, notice: HolidayNotice) -> None:
        moved = touched_by(notice, portal_now())
        self.stdout.write(
            f"{notice.number}：放假{len(notice.days_off)}天，调休上班{len(notice.shifted_workdays)}天，{len(moved)}件在办件的期限会变。"
        )
        for one in moved[:SHOWN]:
            told = "；".join(f"{move.label} {move.before or '中止中'} → {move.after or '中止中'}" for move in one.moves)
            self.stdout.write(f"  {one.number}  {told}  （告诉{one.told}）")
        if len(moved) > SHOWN:
            self.stdout.write(f"  另有{len(moved) - SHOWN}件")


def two_people(by: str, second: str) -> tuple[User, User]:
    """两位公布人: two different holders of 日历与解冻, or one of them and a leader of the township."""
    users = [User.objects.filter(login=staff_login(name)).first() for name in (by, second)]
    if users[0] is None or users[1] is None:
        raise NotAllowed("公布要写两个人的工号：--by 和 --second。")
    first, other = users[0], users[1]
    if first.pk == other.pk:
        raise NotAllowed("公布要由两个不同的人。")
    now = portal_now()
    if not has_duty(first, Duty.CALENDAR, now):
        first, other = other, first
    fitting = has_duty(other, Duty.CALENDAR, now) or has_duty(other, Duty.TOWN_LEADER, now)
    if not has_duty(first, Duty.CALENDAR, now) or not fitting:
        raise NotAllowed("公布要由日历岗两人，或者日历岗一人和镇领导一人。")
    return first, other
