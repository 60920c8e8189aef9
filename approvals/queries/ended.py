"""到期自己生效的：cases of one's posts that silence has ended in the last day – a clerk must not have to look for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from portal.permissions import Power
from services.lifecycle import Manner

LATELY = timedelta(days=1)
MOST = 5
ENDED = """
    SELECT a.number, i.name, k.outcome, k.effective_at
    FROM approvals_case k JOIN services_application a ON a.id = k.application_id JOIN services_serviceitem i ON i.id = a.item_id
    WHERE k.township_id = ANY(%(townships)s) AND k.effective_at > %(since)s AND k.effective_at <= %(at)s AND k.manner = %(deemed)s
      AND (k.window_id = ANY(%(posts)s)
           OR EXISTS (SELECT 1 FROM approvals_step s WHERE s.case_id = k.id AND s.post_id = ANY(%(posts)s)))
    ORDER BY k.effective_at DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """一件到期自己生效的"""

    number: str
    item: str
    outcome: str
    effective_at: datetime


def lately_ended(powers: Sequence[Power], at: datetime) -> list[Ended]:
    """近一天里到期自己生效的, newest first, five at most; what is due has been settled before."""
    if not powers:
        return []
    values: dict[str, Any] = {
        "townships": list({power.post.township_id for power in powers}),
        "posts": [power.post.pk for power in powers],
        "since": at - LATELY,
        "at": at,
        "deemed": Manner.DEEMED,
        "most": MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(ENDED, values)
        return [Ended(*row) for row in cursor.fetchall()]
