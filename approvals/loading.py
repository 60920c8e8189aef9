"""装载：rows → the values the fold works on; calendars are kept in the process until their revision moves."""

from collections.abc import Sequence
from datetime import datetime

from approvals.facts import Calendars, CaseState, Fact, Publication
from approvals.fold import fold
from approvals.models import RepealedDocument
from portal.calendars import published_calendars
from portal.models import Event, Freeze, Outage, Township
from services.models import Application

STREAM = "case:"
_kept: dict[int, tuple[object, Calendars]] = {}


def stream_of(application: Application) -> str:
    """一件办件的台账流"""
    return STREAM + application.number


def load_calendars(township: Township) -> Calendars:
    """某乡镇推算用的日历与外部事实; rebuilt only when the deployment's calendar revision has moved."""
    versions = published_calendars()
    kept = _kept.get(township.pk)
    if kept is not None and kept[0] is versions:
        return kept[1]
    shares = tuple(township.card_shares) or (0.5, 0.9)
    calendars = Calendars(
        versions=tuple(Publication(v.at, v.calendar, v.number) for v in versions),
        outages=frozenset(Outage.objects.values_list("day", flat=True)),
        freezes=tuple(Freeze.objects.order_by("begun_at").values_list("begun_at", "released_at")),
        repealed=dict(RepealedDocument.objects.values_list("title", "last_day")),
        closes_at=township.closes_at,
        shares=(shares[0], shares[1]),
    )
    _kept[township.pk] = (versions, calendars)
    return calendars


def load_events(application: Application) -> list[Event]:
    """一件办件的台账, in order."""
    return list(Event.objects.filter(stream=stream_of(application)).order_by("sequence"))


def facts_of(events: Sequence[Event]) -> list[Fact]:
    """台账 → 事实; what settling wrote is not a fact, it only repeats what the fold says."""
    return [
        Fact(event.kind, event.recorded_at, event.payload, event.sequence)
        for event in events
        if not event.kind.startswith("effect_")
    ]


def fold_application(application: Application, at: datetime, events: Sequence[Event] | None = None) -> CaseState:
    """推算一件办件此刻的法律状态, from its ledger."""
    found = load_events(application) if events is None else events
    return fold(facts_of(found), application.rules, load_calendars(application.township), at)
