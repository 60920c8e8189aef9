"""补登收件日：paper that came earlier – the day with its scan by one person, confirmed by another (engine section 6)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from approvals.actions.common import require_running, signed
from approvals.models import ReceiptDeclaration
from approvals.permissions import AGENTS, HEADS, INTAKE, require_power
from approvals.settling import settle
from approvals.writing import Work, perform
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.limits import day_of
from portal.models import Duty, User
from services.files import RECEIPT_SCAN, add_files
from services.lifecycle import State
from services.models import Application
from services.permissions import filing_duty

YEAR = timedelta(days=365)
CONFIRMERS = frozenset({*INTAKE, *AGENTS, *HEADS, Duty.SUPERVISE})


def declare_receipt(*, application: Application, by: User, received_on: date, scans: "Sequence[UploadedFile[Any]]") -> None:
    """补登收件日 – by the clerk or agent who enters the paper, before filing, with a scan that shows the day.

    Today takes an earlier declaration back. InvalidInput for a day to come, more than a year ago, or without a scan.
    """
    now = portal_now()
    if by.pk != application.filed_by_id or filing_duty(by, application.township_id, now) is None:
        raise NotAllowed("补登收件日要由录入这份纸件的窗口或代办岗办理。")
    if application.state != State.DRAFT:
        raise WrongState("申请已经提交，收件日不能再补登。")
    today = day_of(now)
    if received_on > today:
        raise InvalidInput("收件的日子不能晚于今天。")
    if received_on < today - YEAR:
        raise InvalidInput("收件的日子在一年以前，请看看年份写错没有。")
    if received_on == today:
        ReceiptDeclaration.objects.filter(application=application).delete()
        return
    kept, wrong = add_files(application=application, material=RECEIPT_SCAN, uploads=scans, by=by)
    if not kept:
        raise InvalidInput("".join(wrong) or "请上传盖有收件日期的那一页的扫描件。没有扫描件，不能补登。")
    with transaction.atomic():
        values = {"received_on": received_on, "scan": kept[0], "by": by, "at": now}
        ReceiptDeclaration.objects.update_or_create(application=application, defaults=values)


def confirm_receipt(*, application: Application, by: User) -> None:
    """核对补登的收件日 – by a second person who has compared the scan; from then on a waiting default may come.

    NotAllowed for the person who declared it; WrongState where nothing waits for it.
    """

    def act(work: Work) -> None:
        require_running(work, "核对收件日")
        declaration = ReceiptDeclaration.objects.filter(application=work.application).select_related("by").first()
        if declaration is None or not work.state.receipt_waits:
            raise WrongState("这一件没有等着核对的收件日。")
        power = require_power(work, by, duties=CONFIRMERS, office=None, what="核对补登的收件日")
        if declaration.by.person_id == by.person_id:
            raise NotAllowed("收件日是您补登的，要由另一个人对着扫描件核对。")
        work.record(signed("receipt_confirmed", by, power, {}))
        declaration.confirmed_by, declaration.confirmed_at = by, work.clock.at
        declaration.save(update_fields=["confirmed_by", "confirmed_at"])

    perform(application.pk, act, settle)
