"""台账：appending events to a stream; each hash covers the one before it (engine section 7)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal import rows
from portal.clock import Reading
from portal.models import Event, Post, Township, User

GENESIS = b"\x00" * 32


@dataclass(frozen=True, slots=True)
class Entry:
    """一条待记的事件: payload holds ids, codes and dates, never personal data."""

    kind: str
    payload: dict[str, Any] = field(default_factory=dict)
    actor: User | None = None
    post: Post | None = None
    on_behalf_of: User | None = None
    valid_before: datetime | None = None


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def event_hash(previous: bytes, event: Event) -> bytes:
    """一条事件的散列: SHA-256 over the previous hash and the canonical JSON of the event."""
    body = {
        "stream": event.stream,
        "sequence": event.sequence,
        "kind": event.kind,
        "payload": event.payload,
        "actor": event.actor_id,
        "post": event.post_id,
        "on_behalf_of": event.on_behalf_of_id,
        "recorded_at": event.recorded_at.isoformat(timespec="microseconds"),
        "simulated": event.simulated,
    }
    return hashlib.sha256(previous + _canonical(body).encode()).digest()


def append(
    *, township: Township | int, stream: str, entries: list[Entry], after: Event | None, clock: Reading
) -> list[Event]:
    """在流尾追加: the caller holds the stream's lock and passes its last event."""
    return Event.objects.bulk_create(compose(township=township, stream=stream, entries=entries, after=after, clock=clock))


def compose(
    *, township: Township | int, stream: str, entries: Sequence[Entry], after: Event | None, clock: Reading
) -> list[Event]:
    """接在流尾的事件，还没写进表: each with its place and its hash over the one before."""
    previous = bytes(after.hash) if after else GENESIS
    sequence = after.sequence if after else 0
    events = []
    for entry in entries:
        sequence += 1
        values = {
            "township_id": township if isinstance(township, int) else township.pk,
            "stream": stream,
            "sequence": sequence,
            "kind": entry.kind,
            "payload": entry.payload,
            "actor_id": entry.actor.pk if entry.actor else None,
            "post_id": entry.post.pk if entry.post else None,
            "on_behalf_of_id": entry.on_behalf_of.pk if entry.on_behalf_of else None,
            "recorded_at": clock.at,
            "valid_before": entry.valid_before,
            "simulated": clock.simulated,
            "previous": previous,
        }
        event = rows.make(Event, values)
        previous = event.hash = event_hash(previous, event)
        events.append(event)
    return events


def verify(events: list[Event]) -> int | None:
    """核对一条流: the sequence of the first event that does not fit, or None when all fit."""
    previous = GENESIS
    for place, event in enumerate(events, 1):
        fits = event.sequence == place and bytes(event.previous) == previous
        if not fits or event_hash(previous, event) != bytes(event.hash):
            return place
        previous = bytes(event.hash)
    return None
