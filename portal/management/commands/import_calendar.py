"""导入放假安排: `manage.py import_calendar FILE`; published by two people, after a preview of what moves."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from approvals.facts import Calendars, Publication
from approvals.fold import fold
from approvals.loading import facts_of, load_calendars, load_events
from approvals.models import Case
from approvals.settling import settle_application
from approvals.writing import DEPLOYMENT_LOCK
from portal.calendar_data import HolidayNotice, calendar_of
from portal.calendar_import import add_version, find_unpublished, import_history, read_notice_file
from portal.calendars import notice_of, touch_calendar_revision
from portal.clock import portal_now
from portal.errors import NotAllowed, PortalError
from portal.models import CalendarVersion, Duty, User
from portal.permissions import has_duty
from portal.sign_in import staff_login
from services.models import Application

SHOWN = 20
Moved = tuple[str, date | None, date | None]


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
            publish(row, by=signers[0])
        self.stdout.write(f"已公布第{row.number}版，结算在办件{resettle()}件。")

    def _show(self, notice: HolidayNotice) -> None:
        moved = preview(notice)
        self.stdout.write(
            f"{notice.number}：放假{len(notice.days_off)}天，调休上班{len(notice.shifted_workdays)}天，{len(moved)}件在办件的期限会变。"
        )
        for number, before, after in moved[:SHOWN]:
            self.stdout.write(f"  {number}  {before or '中止中'} → {after or '中止中'}")
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


def preview(notice: HolidayNotice) -> list[Moved]:
    """哪些在办件的期限会变: number, from, to – as if the notice were published this instant."""
    now = portal_now()
    rows = CalendarVersion.objects.filter(published_at__isnull=False).order_by("published_at", "number")
    coming = Publication(now, calendar_of([*(notice_of(row) for row in rows), notice]), len(rows) + 1)
    moved = []
    for application in _open_applications():
        before, after = _due(application, now, ()), _due(application, now, (coming,))
        if before != after:
            moved.append((application.number, before, after))
    return moved


def _open_applications() -> list[Application]:
    rows = Application.objects.filter(case__closed_at=None, case__isnull=False)
    return list(rows.select_related("version", "township").order_by("case__due_at", "pk"))


def _due(application: Application, at: datetime, coming: Sequence[Publication]) -> date | None:
    known = load_calendars(application.township)
    calendars = Calendars(
        versions=(*known.versions, *coming),
        outages=known.outages,
        freezes=known.freezes,
        repealed=known.repealed,
        closes_at=known.closes_at,
        shares=known.shares,
    )
    state = fold(facts_of(load_events(application)), application.rules, calendars, at)
    return state.case_clock.due_on if state.case_clock else None


def publish(row: CalendarVersion, *, by: User) -> None:
    """公布一个版本, while no act is under way: the deployment lock is taken alone (engine section 8)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [DEPLOYMENT_LOCK])
    row.published_by, row.published_at = by, portal_now()
    row.save(update_fields=["published_by", "published_at"])
    touch_calendar_revision()


def resettle() -> int:
    """公布以后，在办件逐件结算"""
    open_cases = list(Case.objects.filter(closed_at=None).order_by("pk").values_list("application_id", flat=True))
    for application_id in open_cases:
        settle_application(application_id)
    return len(open_cases)
