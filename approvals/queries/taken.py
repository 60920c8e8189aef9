"""实际用了多久的读：one grouped statement over what was decided in the last year (D6)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from approvals.replay import DECIDED
from portal.limits import day_of, end_of_day
from portal.workdays import WorkCalendar
from services.lifecycle import Manner
from services.taken import Taken

MEASURED_DAYS = 365  # 自然日, as the popularity is counted
LONGEST_YEARS = 10  # no case that old is still being decided

# percentile_disc, not percentile_cont: what is said is "within so many days", a number that cases really had.
TAKEN = """
    WITH worked AS (SELECT * FROM unnest(%(days)s::date[], %(numbers)s::int[]) AS w(day, number)),
    taken AS (
        SELECT a.item_id, ended.number - begun.number AS days
        FROM approvals_case k
        JOIN services_application a ON a.id = k.application_id
        JOIN worked begun ON begun.day = COALESCE(k.counts_from, a.received_on)
        JOIN worked ended ON ended.day = ((k.effective_at - CASE WHEN k.manner = %(deemed)s
            THEN interval '1 microsecond' ELSE interval '0' END) AT TIME ZONE 'Asia/Shanghai')::date
        WHERE k.outcome = ANY(%(outcomes)s) AND k.effective_at > %(since)s AND k.effective_at <= %(at)s
    )
    SELECT item_id, count(*), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY days) FROM taken GROUP BY item_id
"""


def measured(at: datetime, calendar: WorkCalendar) -> dict[int, Taken]:
    """各事项最近一年实际用了多久: 工作日 from the day the application was complete to the day of its result.

    The applicant's own time after a correction notice is outside, since day 0 is then the day of supply; lawful
    pauses are inside, for whoever waits has to wait through them too. A default counts on the day its limit ended.
    """
    on = day_of(at)
    first = on - timedelta(days=LONGEST_YEARS * 366)
    days = [first + timedelta(days=n) for n in range((on - first).days + 1)]
    values: dict[str, Any] = {
        "days": days,
        "numbers": _numbers(days, calendar),
        "deemed": Manner.DEEMED.value,
        "outcomes": sorted(state.value for state in DECIDED),
        "since": end_of_day(on - timedelta(days=MEASURED_DAYS)),
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, values)
        return {item: Taken(cases, half, most, on) for item, cases, (half, most) in cursor.fetchall()}


def _numbers(days: list[date], calendar: WorkCalendar) -> list[int]:
    """每天是第几个工作日; the difference of two is the working days between them, the later one counted."""
    return [calendar.count_workdays(days[0], day) for day in days]
