"""审批与时限的数据表：what settling and the actions write; all of it can be refolded from the ledger."""

from approvals.models.afterwards import Delivery, HowDelivered, LinkedAct
from approvals.models.calendars import LimitMove
from approvals.models.cases import (
    Card,
    Case,
    Certificate,
    CorrectionNotice,
    Decision,
    ExtensionNotice,
    Opinion,
    OverdueReason,
    PauseNotice,
    PublicResult,
    ResponsibilityRecord,
    Step,
    SweepFailure,
)
from approvals.models.modes import ModeSwitch, RepealedDocument
from approvals.models.receipts import ReceiptDeclaration
from approvals.models.recording import ApplicationLink, DeathRecord, LinkKind, RecusalRecord, RelativeRecord

__all__ = [
    "RecusalRecord",
    "RelativeRecord",
    "ApplicationLink",
    "Card",
    "Case",
    "Certificate",
    "CorrectionNotice",
    "DeathRecord",
    "Decision",
    "Delivery",
    "ExtensionNotice",
    "HowDelivered",
    "LinkedAct",
    "LimitMove",
    "LinkKind",
    "ModeSwitch",
    "Opinion",
    "OverdueReason",
    "PauseNotice",
    "PublicResult",
    "ReceiptDeclaration",
    "RepealedDocument",
    "ResponsibilityRecord",
    "Step",
    "SweepFailure",
]
