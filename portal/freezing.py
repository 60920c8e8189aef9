"""恢复后的冻结：a database that is older than its mark sends nothing and deems nothing until two people release it.

The mark lies in the data folder, outside the database's backups. A database that has lost events of the
mark, that comes from another epoch, or whose mark is gone, has been restored (engine sections 5 and 8).
"""

import logging
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from portal import ledger, outbox
from portal.calendars import touch_calendar_revision, touch_revision
from portal.clock import Reading, portal_now, read_clock
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.ledger import Entry
from portal.locks import lock_deployment
from portal.marks import Mark, read_mark, write_mark
from portal.models import Channel, Duty, Event, Freeze, Heartbeat, Message, Township, User
from portal.permissions import Power, find_power, holdings_at, powers_of

MARK = "mark"
SIGNS_OF_LIFE = (MARK, "sweep", "deliver")
FOUND = "数据库比数据文件夹里的记号旧，或者对不上：像是从备份恢复的。"
logger = logging.getLogger("portal.freezing")


def mark_path() -> Path:
    """记号放在哪里"""
    return Path(settings.DATA_DIR) / "record-mark.json"


def is_frozen() -> bool:
    """现在冻结着没有"""
    return Freeze.objects.filter(released_at=None).exists()


def current_freeze() -> Freeze | None:
    """现在的冻结"""
    return Freeze.objects.filter(released_at=None).select_related("first_by__person").first()


def watch() -> None:
    """看一次记号; tests change databases under one data folder all the time, and are left alone."""
    if settings.PORTAL_MODE == "test":
        return
    try:
        look_for_restore(mark_path())
    except OSError:
        logger.exception("the mark in the data folder could not be written: a restore would go unnoticed")


def look_for_restore(path: Path) -> Freeze | None:
    """认出恢复的备份: the freeze it leads to; None, and the mark renewed, while database and mark fit."""
    mark, beat, last = read_mark(path), Heartbeat.objects.filter(name=MARK).first(), _last_event()
    if not _fits(mark, beat, last):
        return _start_epoch(path)
    assert mark is not None  # it fits
    if last > mark.last_event:
        write_mark(path, Mark(mark.epoch, last))
    Heartbeat.objects.filter(name=MARK).update(at=portal_now())
    return None


def _fits(mark: Mark | None, beat: Heartbeat | None, last: int) -> bool:
    return bool(mark and beat and mark.epoch == beat.detail.get("epoch") and mark.last_event <= last)


def _start_epoch(path: Path) -> Freeze | None:
    """新的一段: frozen, unless this database is only now marked for the first time."""
    with transaction.atomic():
        lock_deployment()
        mark, beat, last = read_mark(path), Heartbeat.objects.filter(name=MARK).first(), _last_event()
        if _fits(mark, beat, last):
            return None  # another process has just seen to it
        first = beat is None and (mark is None or not last)
        lost = max(mark.last_event - last, 0) if mark else None
        made = None if first else freeze(reason=FOUND, lost=lost)
        epoch = secrets.token_hex(8)
        write_mark(path, Mark(epoch, last))
        Heartbeat.objects.update_or_create(name=MARK, defaults={"at": portal_now(), "detail": {"epoch": epoch}})
        return made


def freeze(*, reason: str, lost: int | None = None) -> Freeze:
    """冻结 – from the last sign of life this database holds: what ended after it may have been decided in the lost time.

    `lost` is how many events are missing at most. A freeze that is on stays as it is.
    """
    with transaction.atomic():
        lock_deployment()
        known = current_freeze()
        if known is not None:
            return known
        clock = read_clock()
        begun = min(_last_sign_of_life() or clock.at, clock.at)
        made = Freeze.objects.create(begun_at=begun, found_at=clock.at, reason=reason.strip()[:300], lost=lost)
        event = _record(made, "frozen", clock, None, None)
        if event is not None:
            _tell_releasers(event, clock)
        _touch()
    logger.warning("frozen since %s: at most %s events lost", begun, "?" if lost is None else lost)
    return made


def sign_release(*, by: User, checked: str) -> Freeze:
    """签解冻 – the first of two people signs, the second, another person, releases; both write what they checked.

    NotAllowed without 日历与解冻, and for the same person twice; WrongState while nothing is frozen.
    """
    with transaction.atomic():
        lock_deployment()
        found = Freeze.objects.select_for_update().filter(released_at=None).first()
        clock = read_clock()
        power = find_power(powers_of(by, clock.at, lock=True), office=None, duties={Duty.CALENDAR})
        if power is None:
            raise NotAllowed("解冻要由日历与解冻岗的两个人办理。")
        if found is None:
            raise WrongState("系统没有冻结，不用解冻。")
        if len(checked.strip()) < 5:
            raise InvalidInput("请写明核对了什么，比如：对过昨天的收件登记，缺的三件已经补录。")
        if found.first_by is None:
            found.first_by, found.first_at, found.first_checked = by, clock.at, checked.strip()
        elif found.first_by.person_id == by.person_id:
            raise NotAllowed("您已经签过了。解冻要两个人，请另一位日历与解冻岗的人签。")
        else:
            found.second_by, found.released_at, found.second_checked = by, clock.at, checked.strip()
        found.save()
        _record(found, "freeze_released" if found.released_at else "freeze_signed", clock, by, power)
        _touch()
    return found


def held_messages() -> int:
    """压着没发的通知"""
    return Message.objects.filter(state="waiting").count()


def _last_event() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _last_sign_of_life() -> datetime | None:
    """这份数据最后活着的时刻: what was written last, or the last beat of whoever writes."""
    event = Event.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
    beats = Heartbeat.objects.filter(name__in=SIGNS_OF_LIFE).values_list("at", flat=True)
    return max([*beats, *([event] if event else [])], default=None)


def _record(made: Freeze, kind: str, clock: Reading, by: User | None, power: Power | None) -> Event | None:
    township = Township.objects.order_by("-is_default", "pk").first()
    if township is None:
        return None
    stream = f"freeze:{made.pk}"
    entry = Entry(kind, {"lost": made.lost}, actor=by, post=power.post if power else None)
    last = Event.objects.filter(stream=stream).order_by("-sequence").first()
    return ledger.append(township=township, stream=stream, entries=[entry], after=last, clock=clock)[0]


def _tell_releasers(event: Event, clock: Reading) -> None:
    """告诉能解冻的人, on the site only: nothing leaves the house."""
    holders = holdings_at(clock.at).filter(post__duty=Duty.CALENDAR).values_list("user_id", flat=True)
    rows = outbox.post(
        event=event, kind="frozen", recipients=holders, number="", clock=clock, channels=[Channel.IN_SITE]
    )
    Message.objects.bulk_create(rows)


def _touch() -> None:
    touch_calendar_revision()
    touch_revision("public")
