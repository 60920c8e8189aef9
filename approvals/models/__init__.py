"""审批与时限的数据表：what settling and the actions write; all of it can be refolded from the ledger."""

from approvals.models.afterwards import LinkedAct
from approvals.models.cases import (
    Card,
    Case,
    Certificate,
    CorrectionNotice,
    Decision,
    ExtensionNotice,
    ModeSwitch,
    Opinion,
    OverdueReason,
    PauseNotice,
    PublicResult,
    RepealedDocument,
    ResponsibilityRecord,
    Step,
    SweepFailure,
)

__all__ = [
    "Card",
    "Case",
    "Certificate",
    "CorrectionNotice",
    "Decision",
    "ExtensionNotice",
    "LinkedAct",
    "ModeSwitch",
    "Opinion",
    "OverdueReason",
    "PauseNotice",
    "PublicResult",
    "RepealedDocument",
    "ResponsibilityRecord",
    "Step",
    "SweepFailure",
]
