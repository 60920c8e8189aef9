"""送达一次性告知书、上门没见着人：what agents and officers write down about having been to the applicant (engine section 6)."""

from datetime import timedelta

from approvals.actions.common import require_running, require_text, signed
from approvals.models import CorrectionNotice, Opinion, Step
from approvals.permissions import AGENTS, INTAKE, require_power, step_power
from approvals.settling import settle
from approvals.writing import Work, perform
from portal.errors import DeadlinePassed, InvalidInput, WrongState
from portal.limits import day_of
from portal.models import User
from services.lifecycle import State
from services.models import Application

AWAY = "absent"


def serve(*, application: Application, by: User, received_by: str) -> None:
    """送达一次性告知书 – on paper, where the applicant has no account; the answer term (自然日) runs from this day.

    WrongState if there is no notice to serve or it has been served. Late service is recorded as late.
    """

    def act(work: Work) -> None:
        require_running(work, "送达")
        power = require_power(work, by, duties=AGENTS | INTAKE, office=None, what="送达一次性告知书")
        notice = CorrectionNotice.objects.filter(case=work.opened, override=None).first()
        if work.state.state != State.CORRECTING or notice is None:
            raise WrongState("现在没有要送达的一次性告知书。")
        if notice.served_on is not None:
            raise WrongState("这份告知书已经送到了，不用再送。")
        words = require_text(received_by, "请写明谁收下的，比如“本人签收”。")
        today = day_of(work.clock.at)
        (event,) = work.record(signed("served", by, power, {}))
        notice.served_on, notice.served_to = today, words[:60]
        notice.answer_by = today + timedelta(days=work.application.rules.answer_days)
        notice.save(update_fields=["served_on", "served_to", "answer_by"])
        work.tell_applicant(event, "served")

    perform(application.pk, act, settle)


def note_absence(*, application: Application, step: str, by: User, text: str, second_signer: str) -> None:
    """申请人不在场 – the visit was made in time and nobody was met; its limit is held as kept, the visit still to be done.

    Two officers sign, the applicant is told. DeadlinePassed after the step's end; WrongState for other steps.
    """

    def act(work: Work) -> None:
        require_running(work, "登记申请人不在")
        view = work.state.step(step)
        if view is None or view.status != "open":
            raise WrongState("现在没有走到这一步。")
        if not view.stage.is_visit:
            raise WrongState("只有要两个人上门核查的环节，才能登记申请人不在。")
        power = step_power(work, by, view, "登记申请人不在")
        if view.absent:
            raise WrongState("已经登记过一次，请和申请人另约时间。")
        if view.clock is None or not view.clock.is_open:
            raise DeadlinePassed("这一步的期限已经到了，不能再按申请人不在算。")
        if not second_signer.strip():
            raise InvalidInput("上门要两人以上，请写上另一位的姓名。")
        words = require_text(text, "请写明哪天几点去的、怎样联系的、另约在什么时候。", least=5)
        (event,) = work.record(signed("absent", by, power, {"step": step}, before=view.clock.due_at))
        Opinion.objects.create(
            step=Step.objects.get(case=work.opened, key=step, round=view.round),
            event=event,
            outcome=AWAY,
            text=words,
            by=by,
            post=power.post,
            on_behalf_of=power.on_behalf_of,
            second_signer=second_signer.strip(),
            at=work.clock.at,
        )
        work.tell_applicant(event, "not_met")

    perform(application.pk, act, settle)
