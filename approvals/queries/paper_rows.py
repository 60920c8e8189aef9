"""纸背后的行：the row and the event of which a paper speaks; none where no such paper was ever given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from approvals.facts import Kind
from approvals.loading import stream_of
from approvals.models import (
    Certificate,
    CorrectionNotice,
    Decision,
    ExtensionNotice,
    LinkedAct,
    PauseNotice,
    ResponsibilityRecord,
)
from approvals.papers.kinds import PaperKey, PaperKind
from portal.models import Event
from services.models import Application

_EVENT = "event"
_SIGNED = ("event", "by__person")
SOURCES: dict[PaperKind, tuple[Any, tuple[str, ...]]] = {
    PaperKind.CORRECTION: (CorrectionNotice, _SIGNED),
    PaperKind.PAUSE: (PauseNotice, (*_SIGNED, "second_signer__person")),
    PaperKind.EXTENSION: (ExtensionNotice, _SIGNED),
    PaperKind.DECISION: (Decision, (*_SIGNED, "post__office", "on_behalf_of__person")),
}


@dataclass(frozen=True, slots=True)
class Void:
    """不再有效: 已撤销、已更正、已放弃, since when, and on what ground."""

    how: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Source:
    """一张纸的来处: its row (None for the slip) and the event on record."""

    row: Any
    event: Event
    void: Void | None = None


def source_of(application: Application, key: PaperKey) -> Source | None:
    """这张纸的来处; None if it was never given."""
    if key.kind == PaperKind.SLIP:
        filed = (
            Event.objects.filter(stream=stream_of(application), kind=Kind.FILED).order_by("sequence").first()
        )
        return Source(None, filed) if filed is not None and key.ordinal == 1 else None
    if key.kind == PaperKind.CERTIFICATE:
        return _certificate(application, key.ordinal)
    table, related = SOURCES[key.kind]
    found = (
        table.objects.filter(case=application.case)
        .select_related(*related)
        .order_by("pk")[key.ordinal - 1 : key.ordinal]
    )
    void = _void(application) if key.kind == PaperKind.DECISION else None
    return next((Source(row, row.event, void) for row in found), None)


def _certificate(application: Application, ordinal: int) -> Source | None:
    rows = Certificate.objects.filter(case=application.case, number=f"{application.number}-{ordinal}")
    row = rows.select_related("office").first()
    decided = Decision.objects.filter(case=application.case).select_related("event").first()
    if row is None or decided is None:
        return None
    void = _void(application)
    if void is None and row.revoked_at is not None:
        void = Void("已撤销", row.revoked_at, row.revoked_for)
    return Source(row, decided.event, void)


def _void(application: Application) -> Void | None:
    """后来的更正、撤销、放弃: the ground is public, the facts behind it are the applicant's."""
    act = LinkedAct.objects.filter(case=application.case).order_by("pk").first()
    if act is None:
        return None
    ground = f"依据：{act.legal_basis}" if act.legal_basis else "申请人自己放弃的"
    return Void(
        f"已{act.get_kind_display()}",
        act.at,
        ground + (f"，{act.document_number}" if act.document_number else ""),
    )


def silent_at(certificate: Certificate) -> ResponsibilityRecord | None:
    """期限到时在谁手里"""
    rows = ResponsibilityRecord.objects.filter(case=certificate.case_id, mode=certificate.mode)
    return (
        rows.select_related("post", "office", "user__person")
        .filter(ended_at=certificate.effective_at)
        .first()
    )
