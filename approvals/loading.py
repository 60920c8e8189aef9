"""装载：rows → the values the fold works on; calendars are kept in the process until their revision moves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from approvals.facts import Calendars, CaseState, Closing, Fact, Publication
from approvals.fold import fold
from approvals.models import RepealedDocument
from portal.calendars import PublishedCalendar, published_calendars
from portal.models import Event, Freeze, LocalClosing, Outage, Township
from services.models import Application

STREAM = "case:"
EFFECT = "effect_"
_kept: dict[int, tuple[object, object, Calendars]] = {}


class Recorded(Protocol):
    """台账的一条里推算要读的"""

    @property
    def kind(self) -> str:
        """事件"""

    @property
    def recorded_at(self) -> datetime:
        """记录时间"""

    @property
    def payload(self) -> Any:
        """内容"""

    @property
    def sequence(self) -> int:
        """序号"""


def stream_of(application: Application) -> str:
    """一件办件的台账流"""
    return STREAM + application.number


def load_calendars(township: Township) -> Calendars:
    """某乡镇推算用的日历与外部事实; rebuilt only when the deployment's calendar revision has moved."""
    return calendars_of(township, published_calendars())


def calendars_of(township: Township, versions: tuple[PublishedCalendar, ...]) -> Calendars:
    """同上, from calendar versions that have just been read."""
    settings = (township.closes_at, tuple(township.card_shares) or (0.5, 0.9))
    kept = _kept.get(township.pk)
    if kept is not None and kept[0] is versions and kept[1] == settings:
        return kept[2]
    closes_at, shares = settings
    calendars = Calendars(
        versions=tuple(Publication(v.at, v.calendar, v.number) for v in versions),
        outages=frozenset(Outage.objects.values_list("day", flat=True)),
        freezes=tuple(Freeze.objects.order_by("begun_at").values_list("begun_at", "released_at")),
        repealed=dict(RepealedDocument.objects.values_list("title", "last_day")),
        closes_at=closes_at,
        closings=_closings(township),
        shares=(shares[0], shares[1]),
    )
    _kept[township.pk] = (versions, settings, calendars)
    return calendars


def _closings(township: Township) -> tuple[Closing, ...]:
    """当地公布过的提早关门"""
    rows = LocalClosing.objects.filter(township=township, published_at__isnull=False).order_by("published_at", "pk")
    return tuple(Closing(row.day, row.closes_at, row.published_at) for row in rows if row.published_at)


def load_events(application: Application) -> list[Event]:
    """一件办件的台账, in order."""
    return list(Event.objects.filter(stream=stream_of(application)).order_by("sequence"))


def facts_of(events: Sequence[Recorded]) -> list[Fact]:
    """台账 → 事实; what settling wrote is not a fact, it only repeats what the fold says."""
    return [fact_of(event) for event in events if not is_effect(event)]


def fact_of(event: Recorded) -> Fact:
    """一条台账 → 一件事实"""
    return Fact(event.kind, event.recorded_at, event.payload, event.sequence)


def is_effect(event: Recorded) -> bool:
    """是不是结算写下的"""
    return event.kind.startswith(EFFECT)


def fold_application(application: Application, at: datetime, events: Sequence[Event] | None = None) -> CaseState:
    """推算一件办件此刻的法律状态, from its ledger."""
    found = load_events(application) if events is None else events
    return fold(facts_of(found), application.rules, load_calendars(application.township), at)
