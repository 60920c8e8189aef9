"""动作共用的几件事：entries with their signer, and the sentence for a limit that has ended."""

from datetime import datetime
from typing import Any

from approvals.facts import ClockView
from approvals.writing import Work
from portal.errors import DeadlinePassed, InvalidInput, WrongState
from portal.ledger import Entry
from portal.models import User
from portal.permissions import Power
from services.lifecycle import FINAL, Manner, State

DEFAULT_WORDS = {
    State.RECORDED: "收讫即备案",
    State.COMPLETED: "自动办结",
    State.RENEWED: "视为准予延续",
    State.APPROVED: "视为准予",
    State.WITHDRAWN_DEEMED: "视为撤回",
}


def signed(
    kind: str, by: User, power: Power | None, payload: dict[str, Any], *, before: datetime | None = None
) -> Entry:
    """一条签了名的事件: who, in which post, on whose behalf, and the instant it must be committed before."""
    return Entry(
        kind,
        payload,
        actor=by,
        post=power.post if power else None,
        on_behalf_of=power.on_behalf_of if power else None,
        valid_before=before,
    )


def require_running(work: Work, what: str) -> None:
    """办件还在走; DeadlinePassed where a default has ended it, WrongState where a person has."""
    state = work.state
    if state.state not in FINAL:
        if state.state == State.DRAFT:
            raise WrongState(f"申请还没有提交，不能{what}。")
        return
    if state.manner == Manner.DEEMED:
        word = DEFAULT_WORDS.get(State(state.state), State(state.state).label)
        raise DeadlinePassed(f"期限已届满，这件事已经{word}，不能再{what}。")
    raise WrongState(f"这件事已经有结果（{State(state.state).label}），不能再{what}。")


def require_text(text: str, sentence: str, *, least: int = 2) -> str:
    """必须写的文字; InvalidInput with the sentence if it is missing or too short."""
    text = text.strip()
    if len(text) < least:
        raise InvalidInput(sentence)
    return text


def ending_before(work: Work, *own: ClockView | None) -> datetime | None:
    """最早的一个有法律后果的到期时刻，连同动作自己的时钟: an act that would prevent it must be committed strictly before.

    A reader sees the default from that instant on, so an act read in time but committed later would undo it.
    """
    clocks = [*work.state.clocks, *(step.clock for step in work.state.open_steps)]
    legal = [c for c in clocks if c is not None and (c.mode != "escalate" or c.key == "answer")]
    return min((c.due_at for c in (*legal, *own) if c is not None and c.is_open and c.due_at), default=None)
