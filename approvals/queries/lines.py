"""台账的读：the events of cases with the names that pages show, in one statement; hashes are left to the verifier."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from portal.privacy import shown_name

LINES = """
    SELECT e.stream, e.sequence, e.kind, e.payload, e.recorded_at, e.simulated, coalesce(o.title, ''),
           a.is_staff_member, ap.name, b.is_staff_member, bp.name
    FROM portal_event e
    LEFT JOIN portal_post o ON o.id = e.post_id
    LEFT JOIN portal_user a ON a.id = e.actor_id LEFT JOIN portal_person ap ON ap.id = a.person_id
    LEFT JOIN portal_user b ON b.id = e.on_behalf_of_id LEFT JOIN portal_person bp ON bp.id = b.person_id
    WHERE e.stream = ANY(%s) ORDER BY e.stream, e.sequence
"""


@dataclass(frozen=True, slots=True)
class Line:
    """台账的一条: what happened, and who did it in which post, by the name a page may show (empty: nobody)."""

    sequence: int
    kind: str
    payload: dict[str, Any]
    recorded_at: datetime
    simulated: bool
    post: str
    actor: str
    on_behalf_of: str


def load_lines(streams: Sequence[str]) -> dict[str, list[Line]]:
    """几条流的台账, each in order; one statement whatever their number."""
    found: dict[str, list[Line]] = {stream: [] for stream in streams}
    with connection.cursor() as cursor:
        cursor.execute(LINES, [list(streams)])
        for stream, sequence, kind, payload, at, simulated, post, staff, name, other_staff, other in cursor.fetchall():
            told = json.loads(payload) if isinstance(payload, str) else payload
            line = Line(sequence, kind, told, at, simulated, post, _who(name, staff), _who(other, other_staff))
            found[stream].append(line)
    return found


def _who(name: str | None, staff: bool | None) -> str:
    return "" if name is None else shown_name(name, staff=bool(staff))
