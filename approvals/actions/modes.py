"""默认方式的开通：a proposed mode takes effect only when an approver switches it on with a citation (engine 5)."""

from dataclasses import asdict
from datetime import date, timedelta

from django.db import transaction

from approvals.models import ModeSwitch, RepealedDocument
from portal.calendars import touch_calendar_revision, touch_revision
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.limits import day_of
from portal.models import Duty, User
from portal.permissions import has_duty, powers_of
from services.catalogue import missing_disclosures
from services.definition import Citation, OnTimeout
from services.importing import add_version, publish
from services.models import ItemVersion, ServiceItem
from services.modes import ITEM, check_switch_on, with_timeout


def switch_on(*, item: ServiceItem, target: str, mode: OnTimeout, citation: Citation, by: User) -> ItemVersion:
    """开通一种超时默认 – makes a new version; `target` is "item", "intake" or a stage key.

    NotAllowed without 事项审批; InvalidInput with the law's own sentence where the engine refuses the mode.
    """
    with transaction.atomic():
        locked = ServiceItem.objects.select_for_update().get(pk=item.pk)
        now = portal_now()
        fitting = [p for p in powers_of(by, now, lock=True) if p.post.duty == Duty.ITEM_APPROVE]
        if not any(power.post.township_id == locked.township_id for power in fitting):
            raise NotAllowed("开通超时默认要由事项审批岗办理。")
        current = locked.versions.order_by("-number").first()
        if current is None:
            raise WrongState("事项还没有版本。")
        stage_key = None if target == ITEM else target
        refusals = check_switch_on(current.rules, mode, stage_key, citation, on=day_of(now))
        if refusals:
            raise InvalidInput("".join(refusals))
        changed = with_timeout(current.rules, target, mode, citation)
        if changed == current.rules:
            return current  # sent a second time: a version only where something changed
        version = add_version(
            locked, changed, source_digest=current.source_digest, by=by, note=f"开通{mode.value}：{citation.title}"
        )
        publish(locked, version, missing_disclosures(changed))
        ModeSwitch.objects.create(
            item=locked, version=version.number, target=target, mode=mode, citation=asdict(citation), by=by, at=now
        )
        touch_revision("public")
    return version


def repeal(*, title: str, last_day: date, by: User) -> None:
    """登记文件失效 – limits that end after its last day escalate instead of taking its default.

    A default that has taken effect stays: a last day already past counts as yesterday. WrongState where the
    document is out of force already, for then limits have ended without their default.
    """
    with transaction.atomic():
        now = portal_now()
        if not has_duty(by, Duty.ITEM_APPROVE, now):
            raise NotAllowed("登记文件失效要由事项审批岗办理。")
        yesterday = day_of(now) - timedelta(days=1)
        known = RepealedDocument.objects.select_for_update().filter(title=title).first()
        if known is not None and known.last_day <= yesterday:
            raise WrongState("这份文件已经失效，登记不能再改；另有依据的，请重新开通。")
        effective = max(last_day, yesterday)
        RepealedDocument.objects.update_or_create(title=title, defaults={"last_day": effective})
        touch_calendar_revision()
