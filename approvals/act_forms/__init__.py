"""办件动作的表单：one for each act; `run` calls the action, what it refuses comes back into the same form."""

from approvals.act_forms.afterwards import DeliverForm, RectifyForm, RevokeForm
from approvals.act_forms.base import ActForm
from approvals.act_forms.clocks import ExtendForm, PauseForm, ResumeForm
from approvals.act_forms.intake import AcceptForm, CorrectForm, RejectForm
from approvals.act_forms.recording import (
    AbsentForm,
    ConfirmReceiptForm,
    DeathForm,
    DuplicateForm,
    PassForm,
    ServeForm,
)
from approvals.act_forms.running import (
    DecideForm,
    FindForm,
    ObjectForm,
    OpinionForm,
    ReasonPublicForm,
    TerminateForm,
)

FORMS: dict[str, type[ActForm]] = {
    "accept": AcceptForm,
    "correct": CorrectForm,
    "reject": RejectForm,
    "opinion": OpinionForm,
    "object": ObjectForm,
    "find": FindForm,
    "decide": DecideForm,
    "pause": PauseForm,
    "resume": ResumeForm,
    "extend": ExtendForm,
    "reason": ReasonPublicForm,
    "confirm": ConfirmReceiptForm,
    "serve": ServeForm,
    "absent": AbsentForm,
    "died": DeathForm,
    "pass": PassForm,
    "duplicate": DuplicateForm,
    "terminate": TerminateForm,
    "deliver": DeliverForm,
    "rectify": RectifyForm,
    "revoke": RevokeForm,
}

__all__ = ["FORMS", "ActForm"]
