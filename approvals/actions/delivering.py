"""送达：how and when the result reached the applicant – registered with its receipt, or confirmed by the applicant online."""

from approvals.actions.common import require_text, signed
from approvals.models import Delivery, HowDelivered
from approvals.permissions import AGENTS, HEADS, INTAKE, require_power, step_power
from approvals.settling import settle
from approvals.writing import Work, perform
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.models import User
from portal.permissions import Power
from services.models import Application
from services.permissions import is_applicant

DELIVERERS = INTAKE | AGENTS | HEADS


def deliver(*, application: Application, by: User, how: str, receipt: str) -> None:
    """登记送达 – by window, agent, head or whoever has the step that is the delivery, with the receipt.

    The receipt is 签收回执、邮件号 or 公告号, and the instant this one. It ends that step too, in time or late.
    WrongState before there is a result, or once it has been delivered; InvalidInput without a receipt.
    """

    def act(work: Work) -> None:
        _require_waiting(work)
        power = _power(work, by)
        if how not in HowDelivered.values or how == HowDelivered.ONLINE:
            raise InvalidInput("请选怎样送达的。")
        words = require_text(receipt, "请写送达的凭据：签收回执号、邮件号或公告号。没有凭据不能算送达。")
        _deliver(work, by, power, how, words[:80])

    perform(application.pk, act, settle)


def confirm_delivery(*, application: Application, by: User) -> None:
    """我收到了 – the applicant's own word that the result has reached him; NotAllowed for anybody else."""

    def act(work: Work) -> None:
        if not is_applicant(by, work.application):
            raise NotAllowed("只有申请人本人能点收到。")
        _require_waiting(work)
        _deliver(work, by, None, HowDelivered.ONLINE, "")

    perform(application.pk, act, settle)


def _power(work: Work, by: User) -> Power:
    step = work.state.handing_over
    if step is not None and work.power(by, office=None, duties=set(DELIVERERS)) is None:
        return step_power(work, by, step, "登记送达")
    return require_power(work, by, duties=DELIVERERS, office=None, what="登记送达")


def _require_waiting(work: Work) -> None:
    if work.state.awaits_delivery:
        return
    clock = work.state.clock("delivery")
    if clock is not None and not work.state.linked:
        raise WrongState("结果已经送达过了。")
    raise WrongState("没有等着送达的结果。")


def _deliver(work: Work, by: User, power: Power | None, how: str, receipt: str) -> None:
    (event,) = work.record(signed("delivered", by, power, {"how": how}))
    clock = work.refold().clock("delivery")
    Delivery.objects.create(
        case=work.opened,
        event=event,
        how=how,
        receipt=receipt,
        by=by,
        post=power.post if power else None,
        on_behalf_of=power.on_behalf_of if power else None,
        at=work.clock.at,
        late=bool(clock and clock.is_overdue),
    )
    work.tell_applicant(event, "delivered")
