"""默认方式的开通和停用：a mode takes effect only while an approver has switched it on with a citation (engine 5)."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

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
from services.modes import ITEM, check_switch_on, mode_of, with_timeout


def switch_on(*, item: ServiceItem, target: str, mode: OnTimeout, citation: Citation, by: User) -> ItemVersion:
    """开通一种超时默认 – makes a new version; `target` is "item", "intake" or a stage key.

    NotAllowed without 事项审批; InvalidInput with the law's own sentence where the engine refuses the mode.
    """
    with transaction.atomic():
        locked, current, now = _newest(item, by)
        stage_key = None if target == ITEM else target
        if RepealedDocument.objects.filter(title=citation.title.strip(), last_day__lt=day_of(now)).exists():
            raise InvalidInput(f"《{citation.title.strip()}》已经登记失效，不能再作依据。请写现行有效的文件。")
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


def switch_off(*, item: ServiceItem, target: str, reason: str, by: User) -> ItemVersion:
    """停用一种超时默认 – a new version under which the end of the limit is 逾期督办 again; running cases keep theirs.

    NotAllowed without 事项审批; InvalidInput without a reason; WrongState where nothing was switched on, as with
    what the law itself gives a licence.
    """
    with transaction.atomic():
        locked, current, now = _newest(item, by)
        if not reason.strip():
            raise InvalidInput("请写一句为什么停用。")
        mode = mode_of(current.rules, target)
        if mode in {None, OnTimeout.ESCALATE}:
            raise WrongState("这里现在没有开通超时默认，不用停用。")
        if not ModeSwitch.objects.filter(item=locked, target=target, mode=mode).exists():
            raise WrongState("这是法律直接规定的，不是开通的，不能停用。")
        changed = with_timeout(current.rules, target, OnTimeout.ESCALATE, None)
        version = add_version(
            locked, changed, source_digest=current.source_digest, by=by, note=f"停用{mode}：{reason.strip()}"[:200]
        )
        publish(locked, version, missing_disclosures(changed))
        ModeSwitch.objects.create(
            item=locked, version=version.number, target=target, mode=OnTimeout.ESCALATE,
            citation={"reason": reason.strip()}, by=by, at=now,
        )  # fmt: skip
        touch_revision("public")
    return version


def _newest(item: ServiceItem, by: User) -> tuple[ServiceItem, ItemVersion, datetime]:
    """锁住的事项、它最新的一版和此刻; NotAllowed for whoever does not approve the items of its township."""
    locked = ServiceItem.objects.select_for_update().get(pk=item.pk)
    now = portal_now()
    fitting = [p for p in powers_of(by, now, lock=True) if p.post.duty == Duty.ITEM_APPROVE]
    if not any(power.post.township_id == locked.township_id for power in fitting):
        raise NotAllowed("开通、停用超时默认要由事项审批岗办理。")
    current = locked.versions.order_by("-number").first()
    if current is None:
        raise WrongState("事项还没有版本。")
    return locked, current, now


def repeal(*, title: str, last_day: date, source: str, by: User) -> None:
    """登记文件失效 – limits that end after its last day escalate instead of taking its default.

    A default that has taken effect stays: a last day already past counts as yesterday. WrongState where the
    document is out of force already, for then limits have ended without their default; InvalidInput without a source.
    """
    if not source.strip():
        raise InvalidInput("请写明凭什么登记失效。")
    with transaction.atomic():
        now = portal_now()
        if not has_duty(by, Duty.ITEM_APPROVE, now):
            raise NotAllowed("登记文件失效要由事项审批岗办理。")
        yesterday = day_of(now) - timedelta(days=1)
        known = RepealedDocument.objects.select_for_update().filter(title=title).first()
        if known is not None and known.last_day <= yesterday:
            raise WrongState("这份文件已经失效，登记不能再改；另有依据的，请重新开通。")
        effective = max(last_day, yesterday)
        written = {"last_day": effective, "source": source.strip(), "by": by, "at": now}
        RepealedDocument.objects.update_or_create(title=title, defaults=written)
        touch_calendar_revision()
