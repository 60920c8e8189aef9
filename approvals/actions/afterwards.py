"""更正、撤销、放弃：acts beside an outcome; the default, its date and its responsibility stay (engine sections 1 and 5)."""

from datetime import datetime

from approvals import afterwards, projection
from approvals.actions.common import require_text, signed
from approvals.models import Certificate, LinkedAct, PublicResult, ResponsibilityRecord
from approvals.permissions import head_power
from approvals.settling import ENDING, settle
from approvals.writing import Work, perform
from portal.errors import DeadlinePassed, InvalidInput, NotAllowed, WrongState
from portal.models import Duty, Event, Post, User
from portal.permissions import Power
from services.lifecycle import Linked
from services.models import Application
from services.permissions import is_applicant
from services.remedies import remedies_told


def rectify(
    *,
    application: Application,
    by: User,
    result: str,
    reason: str,
    legal_basis: str,
    document_number: str = "",
) -> None:
    """更正默认结果 – inside the version's window (工作日 from the effect), with what it becomes, why and on what basis.

    DeadlinePassed after the window, WrongState for a signed outcome or one that is gone already.
    """

    def act(work: Work) -> None:
        power = head_power(work, by, "更正默认结果")
        rules = work.application.rules
        end = afterwards.correction_ends_at(work.state, rules)
        why_not = afterwards.no_correction(work.state, rules)
        if why_not and (end is None or afterwards.gone(work.state)):
            raise WrongState(f"{why_not}。")
        if why_not:
            raise DeadlinePassed(f"{why_not}。")
        becomes = require_text(result, "请写明更正成什么结果。", least=2)
        entry = _checked(work, reason, legal_basis, document_number)
        _link(work, Linked.CORRECTED, by, power, {**entry, "result": becomes}, before=end)

    perform(application.pk, act, settle)


def revoke(
    *, application: Application, by: User, reason: str, legal_basis: str, document_number: str = ""
) -> None:
    """撤销 – of a signed outcome, or of a default once its correction window is over (行政许可法 69)."""

    def act(work: Work) -> None:
        power = head_power(work, by, "撤销")
        why_not = afterwards.no_revocation(work.state, work.application.rules)
        if why_not:
            raise WrongState(f"{why_not}。")
        _link(work, Linked.REVOKED, by, power, _checked(work, reason, legal_basis, document_number))

    perform(application.pk, act, settle)


def renounce(*, application: Application, by: User, reason: str) -> None:
    """放弃 – a withdrawal that comes after the outcome; by the applicant alone."""

    def act(work: Work) -> None:
        if not is_applicant(by, work.application):
            raise NotAllowed("只有申请人本人能放弃办好的结果。")
        if afterwards.gone(work.state):
            raise WrongState(f"{afterwards.gone(work.state)}，没有可以放弃的。")
        words = require_text(reason, "请写一句为什么放弃。")
        _link(work, Linked.RENOUNCED, by, None, {"reason": words})

    perform(application.pk, act, settle)


def _checked(work: Work, reason: str, legal_basis: str, document_number: str) -> dict[str, object]:
    rules = work.application.rules
    if not rules.remedies:
        raise InvalidInput("这个事项没有写救济途径，不能更正或撤销，请先完善事项。")
    document = document_number.strip()
    if rules.decided_elsewhere and not document:
        raise InvalidInput("这件事由上级机关决定，更正、撤销要由它作出，请登记它的文号。")
    return {
        "reason": require_text(reason, "请写明事实和理由，要告知申请人。", least=5),
        "legal_basis": require_text(legal_basis, "请写明依据，写到第几条。", least=4),
        "document_number": document,
        "remedies": remedies_told(rules, work.application.township),
    }


def _link(
    work: Work,
    kind: Linked,
    by: User,
    power: Power | None,
    words: dict[str, object],
    *,
    before: datetime | None = None,
) -> None:
    (event,) = work.record(signed(kind.value, by, power, {}, before=before))
    work.refold()
    LinkedAct.objects.create(
        case=work.opened,
        event=event,
        kind=kind,
        by=by,
        post=power.post if power else None,
        on_behalf_of=power.on_behalf_of if power else None,
        at=work.clock.at,
        **words,
    )
    why = f"{kind.label}：{words['legal_basis']}" if "legal_basis" in words else f"申请人{kind.label}"
    Certificate.objects.filter(case=work.opened, revoked_at=None).update(
        revoked_at=work.clock.at, revoked_for=why
    )
    PublicResult.objects.filter(case=work.opened).update(linked=kind, linked_at=work.clock.at)
    work.tell_applicant(event, kind.value)
    _tell_staff(work, event)


def _tell_staff(work: Work, event: Event) -> None:
    """告诉督查、负责人和当时负责的人: what they are answerable for stays as it was."""
    blamed = ResponsibilityRecord.objects.filter(case=work.opened, mode__in=ENDING).values_list(
        "user_id", flat=True
    )
    supervisor = Post.objects.filter(township=work.application.township_id, duty=Duty.SUPERVISE).first()
    work.tell(
        event,
        "outcome_linked",
        [*blamed, *projection.office_heads(work), *projection.overseers(work, supervisor)],
    )
