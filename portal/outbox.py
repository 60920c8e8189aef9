"""发件箱：one row per (event, recipient, channel); workers send, a lost worker loses nothing (D2)."""

import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from django.db import transaction

from portal import ledger, rows
from portal.channels import sender_for
from portal.clock import Reading, portal_now, read_clock
from portal.errors import WrongState
from portal.ledger import Entry
from portal.limits import LEGAL_ZONE
from portal.models import Channel, Event, Freeze, Message, MessageState, User
from portal.permissions import Power

logger = logging.getLogger("portal.outbox")
ATTEMPTS = 5
BACK_OFF = (1, 5, 15, 30)
# Between its claim and the lock it is sent under, a message is left alone this long: longer than the gap, so that two
# workers in step do not use up each other's tries, and short, so that one whose worker died goes out with the next call.
CLAIMED_FOR = timedelta(seconds=5)
SECONDS = 45.0  # one delivery ends before the next is woken
MORNING, EVENING = clock_time(9, 0), clock_time(18, 0)


def post(
    *,
    event: Event,
    kind: str,
    recipients: Iterable[int],
    number: str,
    clock: Reading,
    channels: Iterable[str],
    not_before: datetime | None = None,
) -> list[Message]:
    """要发给谁: rows for every recipient (user id) on every channel; the caller creates them in its transaction.

    `not_before` holds them back until then, on the site too.
    """
    values = address(
        event=event, kind=kind, recipients=recipients, number=number, clock=clock, channels=channels, not_before=not_before
    )
    return [rows.make(Message, one) for one in values]


def address(
    *,
    event: Event,
    kind: str,
    recipients: Iterable[int],
    number: str,
    clock: Reading,
    channels: Iterable[str],
    not_before: datetime | None = None,
) -> list[dict[str, Any]]:
    """同上，只是各列的值, for a caller who writes many."""
    goes_at = max(clock.at, not_before or clock.at)
    return [
        {
            "township_id": event.township_id,
            "event_id": event.pk,
            "recipient_id": recipient,
            "channel": channel,
            "kind": kind,
            "subject_number": number,
            "created_at": clock.at,
            "next_attempt_at": goes_at,
            # A message on the site needs no carrier: it is there once the transaction is.
            "state": MessageState.SENT if channel == Channel.IN_SITE else MessageState.WAITING,
            "sent_at": goes_at if channel == Channel.IN_SITE else None,
        }
        for recipient in dict.fromkeys(recipients)
        for channel in channels
    ]


def next_daytime(at: datetime) -> datetime:
    """白天的下一刻: now between 9:00 and 18:00 local time, else the next 9:00."""
    local = at.astimezone(LEGAL_ZONE)
    if MORNING <= local.time() < EVENING:
        return at
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, LEGAL_ZONE).astimezone(UTC)


def deliver_waiting() -> int:
    """发送待发通知: how many went out; a failure backs off and ends as 发送失败 after five tries.

    Nothing is sent while the system is frozen: a restored copy may have sent it before.
    """
    if Freeze.objects.filter(released_at=None).exists():
        return 0
    sent, until = 0, time.monotonic() + SECONDS
    while time.monotonic() < until:
        claimed = _claim_next()
        if claimed is None:
            break
        sent += _send(*claimed)
    return sent


def _claim_next() -> tuple[int, int] | None:
    """认领一条: its try is counted before it is sent, so that one which kills its worker runs out of tries."""
    with transaction.atomic():
        now = portal_now()
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(state=MessageState.WAITING, next_attempt_at__lte=now)
            .order_by("next_attempt_at", "id")
            .first()
        )
        if message is None:
            return None
        if message.attempts >= ATTEMPTS:
            message.state, message.error = MessageState.DEAD, "没有发完，程序中断"
        else:
            message.attempts += 1
            message.next_attempt_at = now + CLAIMED_FOR
        message.save(update_fields=["attempts", "next_attempt_at", "state", "error"])
        return message.pk, message.attempts


def _send(pk: int, attempt: int) -> bool:
    """发出认领的一条: its row is locked until it is done, so a worker that dies lets go of it at once."""
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=pk, state=MessageState.WAITING, attempts=attempt)
            .select_related("recipient__person", "township")
            .first()
        )
        if message is None:  # another worker has it, or it has run out of tries
            return False
        now = portal_now()
        try:
            with transaction.atomic():
                sender_for(message.channel)(message)
        except Exception as error:  # whatever is wrong with this one, the others behind it must go out
            logger.warning("message %s not sent: %s", message.pk, type(error).__name__)
            _put_off(message, type(error).__name__, now)
        else:
            message.state, message.sent_at, message.error = MessageState.SENT, now, ""
        message.save(update_fields=["state", "sent_at", "error", "next_attempt_at"])
        return message.state == MessageState.SENT


def _put_off(message: Message, error: str, now: datetime) -> None:
    message.error = error[:200]
    if message.attempts >= ATTEMPTS:
        message.state = MessageState.DEAD
    wait = BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
    message.next_attempt_at = now + timedelta(minutes=wait)


def resend(*, message: Message, by: User, power: Power) -> None:
    """重发 – a message that was given up is put back to the front with fresh tries, on the record; WrongState otherwise."""
    with transaction.atomic():
        locked = Message.objects.select_for_update().get(pk=message.pk)
        clock = read_clock()
        if locked.state != MessageState.DEAD:
            raise WrongState("这一条没有发送失败，不用重发。")
        locked.state, locked.attempts, locked.error, locked.next_attempt_at = MessageState.WAITING, 0, "", clock.at
        locked.save(update_fields=["state", "attempts", "error", "next_attempt_at"])
        stream = f"message:{locked.pk}"
        last = Event.objects.filter(stream=stream).order_by("-sequence").first()
        payload = {"message": locked.pk, "channel": locked.channel, "kind": locked.kind}
        entry = Entry("message_resent", payload, actor=by, post=power.post, on_behalf_of=power.on_behalf_of)
        ledger.append(township=locked.township_id, stream=stream, entries=[entry], after=last, clock=clock)
