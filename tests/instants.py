"""测试里的时刻：Shanghai time as it is said, without anything that needs a database."""

from datetime import UTC, datetime, time

from portal.limits import LEGAL_ZONE


def at(text: str, clock: str = "10:00") -> datetime:
    """上海时间的一刻: at("2026-09-18", "16:50")."""
    hour, minute, *second = (int(part) for part in clock.split(":"))
    day = datetime.fromisoformat(text).date()
    return datetime.combine(day, time(hour, minute, *second), LEGAL_ZONE).astimezone(UTC)
