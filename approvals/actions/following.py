"""重新申请、转送：a case that follows another – asked again after it ended, or sent on with its day of receipt kept."""

from typing import Any

from approvals.actions.common import ending_before, signed
from approvals.actions.filing import enter
from approvals.actions.intake import REJECTIONS, check_rejection, conclude_rejection
from approvals.afterwards import no_reopening
from approvals.settling import settle
from approvals.writing import Work, perform
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.models import Township, User
from services.actions import advance
from services.copying import copy_to, start_again
from services.lifecycle import State
from services.models import Application, ServiceItem
from services.permissions import is_applicant


def reopen(*, application: Application, by: User) -> Application:
    """重新申请 – by the applicant, after the case has ended without a standing result; the draft of a new, linked case.

    WrongState while the case runs, while its result stands, or where it was sent on.
    """

    def act(work: Work) -> Application:
        if not is_applicant(by, work.application):
            raise NotAllowed("只有申请人本人能重新申请。")
        if no_reopening(work.state):
            raise WrongState(f"{no_reopening(work.state)}。")
        return start_again(previous=work.application, by=by)

    draft: Application = perform(application.pk, act, settle)
    return draft


def forward(*, application: Application, by: User, to: Township, facts: str, legal_basis: str) -> Application:
    """转送到本部署的另一个乡镇 – it arrives there as a linked application, filed, with the day of receipt of the first.

    InvalidInput where that township does not handle the item: then the applicant is told whom to ask.
    """

    def act(work: Work) -> Application:
        power, reason, basis = check_rejection(work, by, State.FORWARDED, facts, legal_basis)
        item = _item_of(work, to)
        payload = {"outcome": State.FORWARDED.value, "to": to.slug}
        (event,) = work.record(signed("rejected", by, power, payload, before=ending_before(work)))
        advance(work.application, [REJECTIONS[State.FORWARDED]])
        work.refold()
        words = {"facts": f"{reason}\n已转送：{to.full_name}，收件的日子不变。", "legal_basis": basis}
        conclude_rejection(work, event, by, power, State.FORWARDED, words)
        work.tell_applicant(event, "forwarded")
        arrived = copy_to(item, work.application)
        perform(arrived.pk, lambda there: _arrive(there, work, by), settle)
        return arrived

    found: Application = perform(application.pk, act, settle)
    return found


def _item_of(work: Work, to: Township) -> ServiceItem:
    if to.pk == work.application.township_id:
        raise InvalidInput("这就是本镇，不用转送。")
    rows = ServiceItem.objects.filter(township=to, code=work.application.item.code, withdrawn_at=None)
    item = rows.exclude(current=None).select_related("current").first()
    if item is None or item.current is None or not item.current.rules.online:
        raise InvalidInput(f"{to.name}没有开办这件事。请选“不属于本机关”，告诉申请人该找谁。")
    return item


def _arrive(there: Work, first: Work, by: User) -> None:
    """在那边收件: as of the day of receipt of the first; its first entry is the proof, so nobody has to confirm it."""
    received = first.application.received_on
    assert received is not None  # it has been filed
    more: dict[str, Any] = {"received_on": received.isoformat(), "confirmed": True, "from": first.application.number}
    enter(there, by, received_on=received, more=more)
