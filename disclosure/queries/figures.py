"""督办的公开数：cards by office this month, reasons that came late, and the share of time that clocks stood still.

Worked out for all offices at once and kept as long as a public page is; only counts, no case and no person is named.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
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
# Days of the last year on which a case ran, and days of it on which a written notice had stopped a clock.
_PAUSES = """
WITH running AS (
    SELECT k.id, i.office_id,
           greatest(LEAST(COALESCE((k.effective_at AT TIME ZONE 'Asia/Shanghai')::date, %(today)s), %(today)s)
                    - greatest(a.received_on, %(from)s), 0) AS days
    FROM approvals_case k JOIN services_application a ON a.id = k.application_id
    JOIN services_serviceitem i ON i.id = a.item_id
    WHERE k.township_id = %(township)s AND (k.effective_at IS NULL OR k.effective_at > %(since)s)
), whole AS (SELECT office_id, sum(days) AS days FROM running GROUP BY office_id),
paused AS (
    SELECT r.office_id, n.reason, count(*) AS times,
           sum(greatest(LEAST(COALESCE(n.ended_on, n.until), n.until, %(today)s) - greatest(n.starts_on, %(from)s), 0)) AS days
    FROM approvals_pausenotice n JOIN running r ON r.id = n.case_id GROUP BY r.office_id, n.reason
)
SELECT o.name, p.reason, p.times, p.days, w.days FROM paused p JOIN whole w ON w.office_id = p.office_id
JOIN portal_office o ON o.id = p.office_id ORDER BY p.days::float / greatest(w.days, 1) DESC, o.name, p.reason
"""
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class PauseShare:
    """一个站所为一种事由停表的时间: 自然日, of all the days its cases ran."""

    office: str
    reason: str
    times: int
    days: int
    of: int

    @property
    def share(self) -> str:
        """占多少"""
        return f"{self.days * 100 / self.of:.1f}%" if self.of else "—"


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
    pauses: list[PauseShare]


def supervision(township: Township, at: datetime, until: datetime | None) -> Supervision:
    """本月各站所的牌和欠着的理由; `until`: when something on the page changes by itself."""

    def read() -> Supervision:
        start, end = month_range(at)
        today, since = day_of(at), at - YEAR
        values: dict[str, Any] = {"township": township.pk, "start": start, "end": min(end, at), "today": today}
        values |= {"since": since, "from": day_of(since)}
        with connection.cursor() as cursor:
            cursor.execute(_CARDS, values)
            cards = [OfficeCards(*row) for row in cursor.fetchall()]
            cursor.execute(_REASONS, values)
            reasons = [OfficeReasons(*row) for row in cursor.fetchall()]
            cursor.execute(_PAUSES, values)
            return Supervision(cards, reasons, [PauseShare(*row) for row in cursor.fetchall()])

    return remembered(("supervision", township.pk), read, until=until, now=at)
