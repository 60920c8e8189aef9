"""环节：an office's opinion, an objection during a posting, and its written finding (B3)."""

from typing import Any

from approvals import projection
from approvals.actions.common import ending_before, require_running, require_text, signed
from approvals.facts import StepView
from approvals.models import Opinion, Step
from approvals.permissions import step_power
from approvals.settling import settle
from approvals.writing import Work, perform
from portal.errors import InvalidInput, WrongState
from portal.models import Event, User
from portal.permissions import Power
from services.definition import StageKind
from services.models import Application

OPINIONS = ("agree", "object", "done")
OBJECTED = "objected"  # what somebody outside said against a posting: no office's opinion, but the decider must see it
NO_RESULT = "已办的要写明结果：哪天、办了什么、结果怎样。"


def give_opinion(
    *, application: Application, step: str, by: User, outcome: str, text: str, second_signer: str = ""
) -> None:
    """填写环节意见 – agree, object (goes to the decider) or done; a late one is attached and stops nothing.

    InvalidInput without the text an objection or a result needs, or without the second signer a site visit needs
    (行政许可法 34); NotAllowed without the power.
    """

    def act(work: Work) -> None:
        view = work.state.step(step)
        if view is None:
            raise WrongState("还没有走到这一步。")
        late = view.status == "deemed"
        if not late:
            require_running(work, "填意见") if view.stage.kind != StageKind.DELIVER else None
        if view.status not in {"open", "deemed"} or view.stage.kind in {StageKind.DECIDE, StageKind.POSTING}:
            raise WrongState(f"「{view.stage.name}」现在不能填意见。")
        if view == work.state.handing_over:
            raise WrongState(f"「{view.stage.name}」就是送达，不填意见：请到「登记送达」，写明怎样送到的和凭据。")
        power = step_power(work, by, view, "填这一步的意见")
        words = _check(view, outcome, text, second_signer)
        before = None if late else ending_before(work)  # an objection stops more than the silence of its own step
        kind = "late_opinion" if late else "opinion"
        (event,) = work.record(signed(kind, by, power, {"step": step, "outcome": outcome}, before=before))
        late_now = late or bool(view.clock and view.clock.is_overdue)
        second = second_signer.strip()
        _keep(work, view, event, power, by=by, outcome=outcome, text=words, second_signer=second, late=late_now)
        if view.stage.hands_over:  # of a version whose results have no clock of delivery
            work.tell_applicant(event, "delivered")
            return
        if outcome == "object" or late:
            work.tell(event, "objection", _deciders(work))
        if not late:
            work.tell_applicant(event, "step_done")

    perform(application.pk, act, settle)


def _check(view: StepView, outcome: str, text: str, second_signer: str) -> str:
    if outcome not in OPINIONS:
        raise InvalidInput("请选择无意见、有意见或已办。")
    words = text.strip()
    if outcome == "object":
        words = require_text(text, "有意见要写明事实和依据。", least=5)
    if outcome == "done":
        words = require_text(text, NO_RESULT)
    if view.stage.signers > 1 and not second_signer.strip():
        raise InvalidInput("实地核查要两人以上，请写上另一位核查人的姓名。")
    return words


def _keep(work: Work, view: StepView, event: Event, power: Power, **said: Any) -> None:
    """存下这一步的意见, with its signer and whom he stood in for; `said`: who, outcome, text and what goes with them."""
    Opinion.objects.create(
        step=Step.objects.get(case=work.opened, key=view.stage.key, round=view.round),
        event=event,
        post=power.post,
        on_behalf_of=power.on_behalf_of,
        at=work.clock.at,
        **said,
    )


def _deciders(work: Work) -> list[int | None]:
    """将来作决定的是谁: by routing, for the row of that step is written only when it opens."""
    stages = [stage for stage in work.application.rules.running_stages() if stage.kind == StageKind.DECIDE]
    posts = [projection.post_of_step(work, stage.key, 1) for stage in stages]
    return [work.responsible(post, work.clock.at, StageKind.DECIDE)[1] for post in posts if post is not None]


def _concerned(work: Work, view: StepView) -> list[int | None]:
    """公示的异议归谁管: the post of the step, the office's head and the future decider."""
    post = projection.post_of_step(work, view.stage.key, view.round)
    own = [work.responsible(post, work.clock.at, view.stage.kind)[1]] if post is not None else []
    return [*own, *projection.office_heads(work), *_deciders(work)]


def object_to(*, application: Application, step: str, by: User, text: str) -> None:
    """登记公示异议 – the posting then waits for a written finding; no default while it is open.

    The words stand with the other opinions, for those who may see these; ledger and messages say only that there is one.
    """

    def act(work: Work) -> None:
        view = _open_posting(work, step)
        power = step_power(work, by, view, "登记公示异议")
        words = require_text(text, "请写明异议的内容。", least=4)
        if view.clock is None or not view.clock.is_open:
            raise WrongState("公示已经期满。")
        (event,) = work.record(signed("objected", by, power, {"step": step}, before=view.clock.due_at))
        _keep(work, view, event, power, by=by, outcome=OBJECTED, text=words)
        work.tell(event, "posting_objected", _concerned(work, view))
        work.tell_applicant(event, "posting_doubted")

    perform(application.pk, act, settle)


def find(*, application: Application, step: str, by: User, text: str) -> None:
    """异议核查结论 – written; the posting then runs again for the item's term."""

    def act(work: Work) -> None:
        view = _open_posting(work, step)
        power = step_power(work, by, view, "写核查结论")
        if not view.objection:
            raise WrongState("这次公示没有异议。")
        words = require_text(text, "请写明核查的事实和结论。", least=5)
        (event,) = work.record(signed("found", by, power, {"step": step}, before=ending_before(work)))
        _keep(work, view, event, power, by=by, outcome="done", text=words)
        work.tell(event, "posting_found", _concerned(work, view))
        work.tell_applicant(event, "posted_again")

    perform(application.pk, act, settle)


def _open_posting(work: Work, step: str) -> StepView:
    view = work.state.step(step)
    if view is None or view.status != "open" or view.stage.kind != StageKind.POSTING:
        raise WrongState("现在没有这个公示。")
    return view
