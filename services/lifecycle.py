"""办件状态：the whole life of an application on one page (engine section 10)."""

from django.db.models import TextChoices

from portal.errors import WrongState


class State(TextChoices):
    """办件状态"""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已收件"
    CORRECTING = "correcting", "待补正"
    ACCEPTED = "accepted", "办理中"
    NOT_REQUIRED = "not_required", "不需办理"
    NOT_OURS = "not_ours", "不属本机关"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    FORWARDED = "forwarded", "已转送"
    APPROVED = "approved", "准予"
    REFUSED = "refused", "不予"
    RECORDED = "recorded", "已备案"
    COMPLETED = "completed", "已办结"
    RENEWED = "renewed", "准予延续"
    WITHDRAWN = "withdrawn", "已撤回"
    WITHDRAWN_DEEMED = "withdrawn_deemed", "视为撤回"
    TERMINATED = "terminated", "已终止"


class Manner(TextChoices):
    """结果方式: signed by a person, or taken effect by the end of a limit."""

    SIGNED = "signed", "书面决定"
    DEEMED = "deemed", "超时默认"


class Linked(TextChoices):
    """附后的行为: acts that stand beside an outcome and never undo it; values are their event kinds."""

    CORRECTED = "rectified", "更正"  # "corrected" is 一次性告知
    REVOKED = "revoked", "撤销"
    RENOUNCED = "renounced", "放弃"


# After these a term that the result had ends as well; a corrected result goes on.
ENDS_VALIDITY = frozenset({Linked.REVOKED.value, Linked.RENOUNCED.value})


class Act(TextChoices):
    """办理动作: verbs; the verb also names the permission, the event and the button."""

    FILE = "file", "提交"
    SUPPLY = "supply", "补正"
    CORRECT = "correct", "一次性告知"
    ACCEPT = "accept", "受理"
    NOT_REQUIRE = "not_require", "告知不需办理"
    DISCLAIM = "disclaim", "告知不属本机关"
    REJECT = "reject", "不予受理"
    FORWARD = "forward", "转送"
    APPROVE = "approve", "准予"
    REFUSE = "refuse", "不予"
    RECORD = "record", "备案"
    COMPLETE = "complete", "办结"
    RENEW = "renew", "准予延续"
    WITHDRAW = "withdraw", "撤回"
    LAPSE = "lapse", "视为撤回"
    TERMINATE = "terminate", "终止"


_INTAKE_ENDS = {
    Act.ACCEPT: State.ACCEPTED,
    Act.NOT_REQUIRE: State.NOT_REQUIRED,
    Act.DISCLAIM: State.NOT_OURS,
    Act.REJECT: State.NOT_ACCEPTED,
    Act.FORWARD: State.FORWARDED,
    Act.WITHDRAW: State.WITHDRAWN,
    Act.TERMINATE: State.TERMINATED,
    # A filing or a service without discretion is finished by the end of its promise, accepted or not.
    Act.RECORD: State.RECORDED,
    Act.COMPLETE: State.COMPLETED,
}
_OUTCOMES = {
    Act.APPROVE: State.APPROVED,
    Act.REFUSE: State.REFUSED,
    Act.RECORD: State.RECORDED,
    Act.COMPLETE: State.COMPLETED,
    Act.RENEW: State.RENEWED,
    Act.WITHDRAW: State.WITHDRAWN,
    Act.TERMINATE: State.TERMINATED,
}

TRANSITIONS: dict[tuple[State, Act], State] = {
    (State.DRAFT, Act.FILE): State.SUBMITTED,
    **{(State.SUBMITTED, act): state for act, state in _INTAKE_ENDS.items()},
    (State.SUBMITTED, Act.CORRECT): State.CORRECTING,
    (State.CORRECTING, Act.SUPPLY): State.SUBMITTED,
    (State.CORRECTING, Act.ACCEPT): State.ACCEPTED,
    # Seen only after the notice: that it is the wrong place, or needs no permission, is told at once (engine 6).
    (State.CORRECTING, Act.NOT_REQUIRE): State.NOT_REQUIRED,
    (State.CORRECTING, Act.DISCLAIM): State.NOT_OURS,
    (State.CORRECTING, Act.REJECT): State.NOT_ACCEPTED,
    (State.CORRECTING, Act.FORWARD): State.FORWARDED,
    (State.CORRECTING, Act.LAPSE): State.WITHDRAWN_DEEMED,
    (State.CORRECTING, Act.WITHDRAW): State.WITHDRAWN,
    (State.CORRECTING, Act.TERMINATE): State.TERMINATED,
    **{(State.ACCEPTED, act): state for act, state in _OUTCOMES.items()},
}

FINAL = frozenset(set(State) - {State.DRAFT, State.SUBMITTED, State.CORRECTING, State.ACCEPTED})
# Given up or broken off before anything was decided: never counted nor shown as 办结.
NOT_CLOSED = frozenset({State.WITHDRAWN, State.WITHDRAWN_DEEMED, State.TERMINATED})
POSITIVE = frozenset({State.APPROVED, State.RECORDED, State.COMPLETED, State.RENEWED})


def next_state(state: str, act: str) -> State:
    """下一个状态; WrongState if the act is not lawful from here."""
    try:
        return TRANSITIONS[State(state), Act(act)]
    except KeyError:
        raise WrongState(f"办件现在是「{State(state).label}」，不能{Act(act).label}。") from None
