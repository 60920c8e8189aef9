"""停机：which legal days a gap of the web's own heartbeat covers (engine section 5). Pure.

Nobody could read or write while the web was down, so an end that would take something by default on such
a day moves to the next working day. Dead workers, beats or queues are never an outage.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from portal.limits import LEGAL_ZONE, day_of

ALLOWED = timedelta(minutes=60)


def days_between(start: datetime, end: datetime) -> Iterator[date]:
    """两个时刻之间的每个法律日, both ends included."""
    day, last = day_of(start), day_of(end)
    while day <= last:
        yield day
        day += timedelta(days=1)


def missed_on(day: date, start: datetime, end: datetime, opens_at: time, closes_at: time) -> timedelta:
    """某天的开放时间里有多少落在缺口 (start, end) 内"""
    opened = datetime.combine(day, opens_at, LEGAL_ZONE)
    closed = datetime.combine(day, closes_at, LEGAL_ZONE)
    return max(min(end, closed) - max(start, opened), timedelta())


def covered_days(
    start: datetime, end: datetime, opens_at: time, closes_at: time, early: Mapping[date, time] | None = None
) -> dict[date, int]:
    """缺口盖住的日子 → 分钟数: days on which more than 60 minutes of opening hours were missed. ValueError if naive.

    `early` names the days that closed before their usual hour.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("时刻必须带时区")
    closing = early or {}
    missed = {day: missed_on(day, start, end, opens_at, closing.get(day, closes_at)) for day in days_between(start, end)}
    return {day: int(gap.total_seconds() // 60) for day, gap in missed.items() if gap > ALLOWED}
