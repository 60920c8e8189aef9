"""发件箱：one row per (event, recipient, channel); workers send, a lost worker loses nothing (D2)."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import transaction

from portal import rows
from portal.channels import sender_for
from portal.clock import Reading, portal_now
from portal.limits import LEGAL_ZONE
from portal.models import Channel, Event, Freeze, Message, MessageState

ATTEMPTS = 5
BACK_OFF = (1, 5, 15, 30)
BATCH = 100
MORNING, EVENING = time(9, 0), time(18, 0)


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
    """发送待发通知: one transaction a message; a failure backs off and ends as 发送失败 after five tries.

    Nothing is sent while the system is frozen: a restored copy may have sent it before.
    """
    if Freeze.objects.filter(released_at=None).exists():
        return 0
    sent = 0
    for _ in range(BATCH):
        if not _deliver_next():
            break
        sent += 1
    return sent


def _deliver_next() -> bool:
    with transaction.atomic():
        now = portal_now()
        message = (
            Message.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=MessageState.WAITING, next_attempt_at__lte=now)
            .select_related("recipient__person", "township")
            .order_by("next_attempt_at")
            .first()
        )
        if message is None:
            return False
        message.attempts += 1
        try:
            sender_for(message.channel)(message)
        except OSError as error:
            message.error = type(error).__name__
            dead = message.attempts >= ATTEMPTS
            message.state = MessageState.DEAD if dead else MessageState.WAITING
            wait = BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
            message.next_attempt_at = now + timedelta(minutes=wait)
        else:
            message.state, message.sent_at, message.error = MessageState.SENT, now, ""
        message.save(update_fields=["attempts", "state", "sent_at", "error", "next_attempt_at"])
        return True
