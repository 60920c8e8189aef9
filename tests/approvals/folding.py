"""推算的短写法：facts as rows, and the state that follows from them."""

from datetime import UTC, datetime
from typing import Any

from approvals.facts import Calendars, CaseState, Fact, Publication
from approvals.fold import fold
from portal.calendar_data import national_calendar
from services.definition import ItemDefinition
from tests.instants import at

PUBLISHED = Publication(datetime(2025, 11, 4, tzinfo=UTC), national_calendar(2026))
CALENDARS = Calendars((PUBLISHED,))
Row = tuple[str, datetime, dict[str, Any]]


def facts(*rows: Row) -> list[Fact]:
    """事实表: (kind, instant, data)."""
    return [Fact(*row, number) for number, row in enumerate(rows, 1)]


def filed(day: str, clock: str = "10:00", **data: Any) -> Row:
    """提交"""
    return ("filed", at(day, clock), {"received_on": day, "complete": True, **data})


def state_at(rules: ItemDefinition, when: datetime, *rows: Row, calendars: Calendars = CALENDARS) -> CaseState:
    """推算"""
    return fold(facts(*rows), rules, calendars, when)


def kinds(state: CaseState) -> list[str]:
    """出过的效果, cards left out."""
    return [effect.kind for effect in state.effects if effect.kind not in {"remind", "yellow", "red"}]
