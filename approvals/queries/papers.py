"""一件办件出过的文书：read only from tables of which the ledger says that something is in them."""

from typing import Any

from django.db.models import Model

from approvals.facts import Kind
from approvals.models import (
    Case,
    Certificate,
    CorrectionNotice,
    Decision,
    Delivery,
    ExtensionNotice,
    LimitMove,
    LinkedAct,
    OverdueReason,
    PauseNotice,
)
from approvals.pages.deciders import elsewhere
from approvals.pages.materials import Handed, handed, names_to_bring
from approvals.papers.kinds import slug_of
from approvals.queries.cases import Folded
from portal import joined, rows
from portal.keys import keys
from portal.limits import day_of
from services.lifecycle import FINAL, State

OF_CASE = "WHERE t.case_id = %s"
APPLICANTS_CLOCKS = ("intake", "promised", "statutory", "expiry", "answer")


def papers_of(folded: Folded) -> dict[str, Any]:
    """这一件出过的文书, by the names that pages use."""
    case, kinds = folded.application.case, {event.kind for event in folded.events}
    decision, certificates = None, list[Certificate]()
    if folded.state.state in FINAL:
        decision = next(iter(joined.select(Decision, ("by", "by__person", "post", "post__office"), OF_CASE, [case.pk])), None)
        certificates = joined.select(Certificate, ("office",), f"{OF_CASE} ORDER BY t.id", [case.pk])
    due = folded.state.reason_due_on
    return {
        "reason_late": due is not None and due < day_of(folded.at),
        "paper_slug": slug_of,
        "decision": decision,
        "elsewhere": elsewhere(folded.application.rules, decision),
        "linked": _rows(LinkedAct, case, "id") if folded.state.linked else [],
        "delivery": next(iter(_rows(Delivery, case, "id")), None) if Kind.DELIVERED in kinds else None,
        "certificates": certificates,
        "corrections": _corrections(case) if Kind.CORRECTED in kinds else [],
        "moves": _moves(case) if "limits_moved" in kinds else [],
        "pause_notices": _rows(PauseNotice, case, "id") if Kind.PAUSED in kinds else [],
        "extension_notice": next(iter(_rows(ExtensionNotice, case, "id")), None) if Kind.EXTENDED in kinds else None,
        "overdue_reason": next(iter(_rows(OverdueReason, case, "id")), None) if Kind.REASON_PUBLISHED in kinds else None,
    }


def materials_of(folded: Folded) -> Handed:
    """每样材料现在在谁手里, for the slip; one statement."""
    application = folded.application
    how = dict(application.points.values_list("key", "how"))
    asked = folded.state.state == State.CORRECTING
    return handed(application.rules, how, folded.state.to_bring, asked=asked)


def to_bring(folded: Folded) -> tuple[str, ...]:
    """还要带到窗口的名称, from the ledger alone: no statement."""
    if folded.state.state in FINAL:
        return ()
    return names_to_bring(folded.application.rules, folded.state.to_bring)


def _rows(papers: type[Model], case: Case, order: str) -> list[Any]:
    return rows.select(papers, f"{OF_CASE} ORDER BY t.{order}", [case.pk])


def _corrections(case: Case) -> list[CorrectionNotice]:
    """一次性告知书，说明拆了封: who reads the page may open the notice itself, which has the same words."""
    found: list[CorrectionNotice] = _rows(CorrectionNotice, case, "sent_at")
    for notice in found:
        notice.note = keys().open_text(bytes(notice.note_sealed))
    return found


def _moves(case: Case) -> list[LimitMove]:
    """放假安排改过的期限, old and new; those of single steps are the offices' own."""
    rows = LimitMove.objects.filter(case=case, clock__in=APPLICANTS_CLOCKS).select_related("version")
    return list(rows.order_by("pk"))
