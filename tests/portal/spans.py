"""写期限的短写法：days of 2026 as month and day, and a limit with its pauses."""

from datetime import date, timedelta

from portal.limits import Pause, TimeLimit, Unit

ONE_DAY = timedelta(days=1)


def d(text: str) -> date:
    """'10-08' is 8 October 2026."""
    return date.fromisoformat(f"2026-{text}" if len(text) == 5 else text)


def limit(
    start: str, length: int, unit: Unit = Unit.WORKDAY, *pauses: tuple[str, str | None], more: int = 0
) -> TimeLimit:
    """limit("07-01", 5, Unit.DAY, ("07-03", None)): five days from 1 July, paused on the 3rd until further notice."""
    spans = tuple(Pause(d(first), d(last) if last else None, "听证") for first, last in pauses)
    return TimeLimit(d(start), length, unit, more, spans)
