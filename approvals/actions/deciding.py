"""决定：one verb for every outcome, lawful or late; a refusal states facts, basis and remedies (B5)."""

from approvals.actions.common import ending_before, require_running, require_text, signed
from approvals.actions.steps import OBJECTED
from approvals.facts import StepView
from approvals.models import Decision, Opinion
from approvals.permissions import step_power
from approvals.settling import publish_result, settle
from approvals.writing import Work, perform
from portal.errors import InvalidInput, WrongState
from portal.models import User
from services.actions import advance
from services.definition import StageKind
from services.lifecycle import Act, Manner, State
from services.models import Application
from services.remedies import remedies_told

POSITIVE_ACT = {
    "approved": Act.APPROVE,
    "recorded": Act.RECORD,
    "completed": Act.COMPLETE,
    "renewed": Act.RENEW,
}
OUTCOMES = ("approve", "refuse")


def decide(
    *,
    application: Application,
    by: User,
    outcome: str,
    facts: str = "",
    legal_basis: str = "",
    document_number: str = "",
    seen: bool = False,
) -> None:
    """作出决定 – `outcome` is approve or refuse; after a lapsed limit still lawful, recorded 逾期.

    InvalidInput for a refusal without facts and basis, or where an objection or a late opinion has not been
    acknowledged (`seen`); NotAllowed without the power or under 回避; DeadlinePassed where a default took effect.
    """

    def act(work: Work) -> None:
        require_running(work, "作决定")
        step = _deciding_step(work)
        power = step_power(work, by, step, "作决定")
        _check(work, outcome, facts, legal_basis, seen)
        if step.stage.external:
            require_text(document_number, "上级机关的决定请登记文号。")
        payload = {"step": step.stage.key, "outcome": outcome, "document": document_number.strip()}
        (event,) = work.record(signed("decided", by, power, payload, before=ending_before(work)))
        done = POSITIVE_ACT[work.application.rules.positive] if outcome == "approve" else Act.REFUSE
        result = advance(work.application, [done])
        state = work.refold()
        Decision.objects.create(
            case=work.opened,
            event=event,
            outcome=result,
            manner=Manner.SIGNED,
            effective_at=work.clock.at,
            recorded_at=work.clock.at,
            counts_from=state.counts_from,
            facts=facts.strip(),
            legal_basis=legal_basis.strip(),
            remedies=remedies_told(work.application.rules, work.application.township),
            by=by,
            post=power.post,
            on_behalf_of=power.on_behalf_of,
            document_number=document_number.strip(),
            late=state.is_late,
        )
        publish_result(work, State(result), Manner.SIGNED, work.clock.at)
        work.tell_applicant(event, result.value)

    perform(application.pk, act, settle)


def _deciding_step(work: Work) -> StepView:
    if work.state.state != State.ACCEPTED:
        raise WrongState("还没有受理，不能作决定。")
    found = [step for step in work.state.open_steps if step.stage.kind == StageKind.DECIDE]
    if not found:
        names = "、".join(step.stage.name for step in work.state.open_steps)
        raise WrongState(f"前面的环节还没走完（{names}），不能作决定。" if names else "没有待决定的环节。")
    return found[0]


def _check(work: Work, outcome: str, facts: str, legal_basis: str, seen: bool) -> None:
    if outcome not in OUTCOMES:
        raise InvalidInput("请选择准予或者不予。")
    if outcome == "refuse":
        require_text(facts, "不予的决定必须写明事实和理由。", least=5)
        require_text(legal_basis, "不予的决定必须写明法律依据。", least=4)
        if not work.application.rules.remedies:
            raise InvalidInput("这个事项没有写救济途径，不能作不予的决定，请先完善事项。")
    unseen = Opinion.objects.filter(step__case=work.opened)
    if not seen and any(opinion.late or opinion.outcome in {"object", OBJECTED} for opinion in unseen):
        raise InvalidInput("会签、公示里有不同意见，或者有迟到的意见，请看过以后说明已看过，再决定。")
