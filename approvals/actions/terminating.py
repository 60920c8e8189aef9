"""终结：a case that can no longer have a result ends for a reason the law knows, written and told."""

from django.db.models import TextChoices

from approvals.actions.common import ending_before, require_running, require_text, signed
from approvals.models import Decision
from approvals.permissions import head_power
from approvals.settling import publish_result, settle
from approvals.writing import Work, perform
from portal.errors import InvalidInput, WrongState
from portal.models import User
from services.actions import advance
from services.lifecycle import Act, Manner, State
from services.models import Application
from services.remedies import remedies_told


class Ground(TextChoices):
    """终结事由"""

    DIED = "died", "申请人去世，这件事不能由别人接着办"
    DISSOLVED = "dissolved", "申请的单位已经依法终止"
    GONE = "gone", "要办的东西已经不在了（房屋、土地、证照等灭失）"
    ABOLISHED = "abolished", "法律、政策改了，这件事依法不再办"
    IMPOSSIBLE = "impossible", "因不可抗力办不成"
    DUPLICATE = "duplicate", "同一件事另有先收的一件在办"


# What has to stand in the record before, registered by its own act.
RECORDED_BEFORE = {
    Ground.DIED: ("died", "还没有登记申请人去世。请先由两个人凭证明登记，再终结。"),
    Ground.DUPLICATE: ("duplicate", "还没有登记重复件。请先登记和哪一件重复，再终结。"),
}


def terminate(*, application: Application, by: User, ground: str, facts: str, legal_basis: str) -> None:
    """终结办理 – by the head of the item's own office or a leader, on a ground of the list, with facts, basis and remedies.

    InvalidInput without them; WrongState for a death or a repetition that nobody has registered; DeadlinePassed after a default.
    """

    def act(work: Work) -> None:
        require_running(work, "终结")
        power = head_power(work, by, "终结办理")
        if ground not in Ground.values:
            raise InvalidInput("请选一个终结的事由，没有法定事由不能终结。")
        kind, sentence = RECORDED_BEFORE.get(Ground(ground), ("", ""))
        if kind and not any(event.kind == kind for event in work.events):
            raise WrongState(sentence)
        reason = require_text(facts, "请写明事实和理由，要告知申请人。", least=5)
        basis = require_text(legal_basis, "请写明依据，写到第几条。", least=4)
        (event,) = work.record(signed("terminated", by, power, {"ground": ground}, before=ending_before(work)))
        advance(work.application, [Act.TERMINATE])
        work.refold()
        Decision.objects.create(
            case=work.opened,
            event=event,
            outcome=State.TERMINATED,
            manner=Manner.SIGNED,
            effective_at=work.clock.at,
            recorded_at=work.clock.at,
            facts=f"{Ground(ground).label}。\n{reason}",
            legal_basis=basis,
            remedies=remedies_told(work.application.rules, work.application.township, own=True),
            by=by,
            post=power.post,
            on_behalf_of=power.on_behalf_of,
        )
        publish_result(work, State.TERMINATED, Manner.SIGNED, work.clock.at)
        work.tell_applicant(event, "terminated")

    perform(application.pk, act, settle)
