"""环节：an office's opinion, an objection during a posting, and its written finding (B3)."""

from approvals.actions.common import require_running, require_text, signed
from approvals.facts import StepView
from approvals.models import Opinion, Step
from approvals.permissions import step_power
from approvals.settling import settle
from approvals.writing import Work, perform
from portal.errors import InvalidInput, WrongState
from portal.models import User
from portal.permissions import holder_of
from services.definition import OnTimeout, StageKind
from services.models import Application

OPINIONS = ("agree", "object", "done")
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
        consent = view.stage.timeout.mode == OnTimeout.CONSENT and view.clock is not None and view.clock.is_open
        before = view.clock.due_at if consent and view.clock and not late else None
        kind = "late_opinion" if late else "opinion"
        (event,) = work.record(signed(kind, by, power, {"step": step, "outcome": outcome}, before=before))
        row = Step.objects.get(case=work.opened, key=step, round=view.round)
        Opinion.objects.create(
            step=row,
            event=event,
            outcome=outcome,
            text=words,
            by=by,
            post=power.post,
            on_behalf_of=power.on_behalf_of,
            second_signer=second_signer.strip(),
            at=work.clock.at,
            late=late or bool(view.clock and view.clock.is_overdue),
        )
        if view.stage.hands_over:  # of a version whose results have no clock of delivery
            work.tell_applicant(event, "delivered")
        elif outcome == "object" or late:
            work.tell(event, "objection", _deciders(work))
        else:
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


def _deciders(work: Work) -> list[int | None]:
    rows = Step.objects.filter(case=work.opened, kind=StageKind.DECIDE).select_related("post")
    holders = [holder_of(row.post, work.clock.at) for row in rows if row.post is not None]
    return [holder.pk for holder in holders if holder is not None]


def object_to(*, application: Application, step: str, by: User, text: str) -> None:
    """登记公示异议 – the posting then waits for a written finding; no default while it is open."""

    def act(work: Work) -> None:
        view = _open_posting(work, step)
        power = step_power(work, by, view, "登记公示异议")
        require_text(text, "请写明异议的内容。", least=4)
        if view.clock is None or not view.clock.is_open:
            raise WrongState("公示已经期满。")
        (event,) = work.record(signed("objected", by, power, {"step": step}, before=view.clock.due_at))
        work.tell(event, "objection", _deciders(work))

    perform(application.pk, act, settle)


def find(*, application: Application, step: str, by: User, text: str) -> None:
    """异议核查结论 – written; the posting then runs again for the item's term."""

    def act(work: Work) -> None:
        view = _open_posting(work, step)
        power = step_power(work, by, view, "写核查结论")
        if not view.objection:
            raise WrongState("这次公示没有异议。")
        words = require_text(text, "请写明核查的事实和结论。", least=5)
        (event,) = work.record(signed("found", by, power, {"step": step}))
        row = Step.objects.get(case=work.opened, key=step, round=view.round)
        Opinion.objects.create(
            step=row, event=event, outcome="done", text=words, by=by, post=power.post, at=work.clock.at
        )

    perform(application.pk, act, settle)


def _open_posting(work: Work, step: str) -> StepView:
    view = work.state.step(step)
    if view is None or view.status != "open" or view.stage.kind != StageKind.POSTING:
        raise WrongState("现在没有这个公示。")
    return view
