"""事项停办和恢复：no new filings from now on; what is running ends under its own version (engine 6)."""

from django.db import transaction

from portal import ledger
from portal.calendars import touch_revision
from portal.clock import Reading
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.ledger import Entry
from portal.locks import lock_township
from portal.models import Duty, Event, Post, User
from portal.permissions import powers_of
from services.models import ServiceItem


def withdraw_item(*, item: ServiceItem, reason: str, by: User) -> ServiceItem:
    """停办一个事项 – NotAllowed without 事项审批 of its township; InvalidInput without a reason; WrongState twice."""
    if len(reason.strip()) < 4:
        raise InvalidInput("请写明为什么停办、凭什么文件，群众在办事指南上看得到。")
    with transaction.atomic():
        locked, post, clock = _locked(item, by)
        if locked.withdrawn_at is not None:
            raise WrongState("这件事已经停办了。")
        locked.withdrawn_at, locked.withdrawn_reason = clock.at, reason.strip()[:300]
        locked.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        _record(locked, "item_withdrawn", by, post, clock, reason=locked.withdrawn_reason)
        touch_revision("public")
    return locked


def restore_item(*, item: ServiceItem, by: User) -> ServiceItem:
    """恢复办理 – the item is filed again under its current version; WrongState where it was not withdrawn."""
    with transaction.atomic():
        locked, post, clock = _locked(item, by)
        if locked.withdrawn_at is None:
            raise WrongState("这件事没有停办，不用恢复。")
        locked.withdrawn_at, locked.withdrawn_reason = None, ""
        locked.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        _record(locked, "item_restored", by, post, clock)
        touch_revision("public")
    return locked


def _locked(item: ServiceItem, by: User) -> tuple[ServiceItem, Post, Reading]:
    """锁住的事项、凭什么岗位、此刻: the township alone, so that no filing is under way that has not seen it."""
    clock = lock_township(item.township_id)
    for power in powers_of(by, clock.at, lock=True):
        if power.post.duty == Duty.ITEM_APPROVE and power.post.township_id == item.township_id:
            return ServiceItem.objects.select_for_update(of=("self",)).get(pk=item.pk), power.post, clock
    raise NotAllowed("停办、恢复事项要由事项审批岗办理。")


def _record(item: ServiceItem, kind: str, by: User, post: Post, clock: Reading, **more: str) -> None:
    stream = f"item:{item.pk}"
    last = Event.objects.filter(stream=stream).order_by("-sequence").first()
    entry = Entry(kind, {"version": item.current_id, **more}, actor=by, post=post)  # the reason is public
    ledger.append(township=item.township_id, stream=stream, entries=[entry], after=last, clock=clock)
