"""督办的公开数：cards by office this month, reasons that came late, and the share of time that clocks stood still.

Worked out for all offices at once and kept as long as a public page is; only counts, no case and no person is named.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from disclosure.queries.months import month_range
from portal.limits import day_of
from portal.models import Township
from portal.pagecache import remembered

_CARDS = """
SELECT o.name, count(*) FILTER (WHERE c.rung = 'yellow'), count(*) FILTER (WHERE c.rung = 'red')
FROM approvals_card c JOIN approvals_case k ON k.id = c.case_id
JOIN portal_post p ON p.id = c.post_id JOIN portal_office o ON o.id = p.office_id
WHERE k.township_id = %(township)s AND c.rung IN ('yellow', 'red') AND c.at > %(start)s AND c.at <= %(end)s
GROUP BY o.name ORDER BY 3 DESC, 2 DESC, o.name
"""
_REASONS = """
SELECT o.name, count(*), count(*) FILTER (WHERE k.reason_due_on < %(today)s)
FROM approvals_case k JOIN services_application a ON a.id = k.application_id
JOIN services_serviceitem i ON i.id = a.item_id JOIN portal_office o ON o.id = i.office_id
WHERE k.township_id = %(township)s AND k.reason_due_on IS NOT NULL AND NOT k.reason_published
GROUP BY o.name ORDER BY 3 DESC, 2 DESC, o.name
"""


@dataclass(frozen=True, slots=True)
class OfficeCards:
    """一个站所本月的牌"""

    office: str
    yellow: int
    red: int


@dataclass(frozen=True, slots=True)
class OfficeReasons:
    """一个站所还没公开的逾期理由"""

    office: str
    owed: int
    late: int


@dataclass(frozen=True, slots=True)
class Supervision:
    """督办的几张表"""

    cards: list[OfficeCards]
    reasons: list[OfficeReasons]


def supervision(township: Township, at: datetime, until: datetime | None) -> Supervision:
    """本月各站所的牌和欠着的理由; `until`: when something on the page changes by itself."""

    def read() -> Supervision:
        start, end = month_range(at)
        values: dict[str, Any] = {"township": township.pk, "start": start, "end": min(end, at), "today": day_of(at)}
        with connection.cursor() as cursor:
            cursor.execute(_CARDS, values)
            cards = [OfficeCards(*row) for row in cursor.fetchall()]
            cursor.execute(_REASONS, values)
            return Supervision(cards, [OfficeReasons(*row) for row in cursor.fetchall()])

    return remembered(("supervision", township.pk), read, until=until, now=at)
