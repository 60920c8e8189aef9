"""有效期的说法：until when a result holds and what to do before it ends – the same on pages, papers and in messages. Pure."""

from datetime import date

from approvals.facts import EXPIRING, CaseState
from approvals.validity import renew_by
from portal.limits import day_of
from portal.pagewords import cn_date, cn_day
from services.definition import ItemDefinition
from services.lifecycle import POSITIVE

OVER = "，已经过了"


def term(state: CaseState, rules: ItemDefinition) -> str:
    """结果有效期到2027年11月24日; empty for a result that has no end, or that is gone."""
    if state.valid_until is None:
        return ""
    over = OVER if state.is_expired else ""
    # of what another level decides, the paper of that level is the permit
    theirs = "（证上写的日子不一样的，以证上的为准）" if rules.decided_elsewhere else ""
    return f"结果有效期到{cn_day(state.valid_until)}{over}{theirs}"


def advice(state: CaseState, rules: ItemDefinition) -> str:
    """要接着用的怎么办; from the day of the reminder to the last day, and to nobody who was not to be reminded."""
    until = state.valid_until
    if until is None or state.is_expired or not any(effect.kind == EXPIRING for effect in state.effects):
        return ""
    if not rules.licence:
        return "要接着办的，请在到期以前重新办。"
    by = renew_by(rules, until)
    if day_of(state.at) <= by:
        return f"要接着用的，请在{cn_day(by)}以前申请延续。"
    return f"申请延续该在{cn_day(by)}以前，已经过了。还要接着用的，请马上申请。"


def told(state: CaseState, rules: ItemDefinition) -> str:
    """提醒用哪一条消息, if any: one written down late says what is true when it is sent."""
    if state.valid_until is None:
        return ""
    if state.is_expired:
        return "expired"
    return "expiring_licence" if rules.licence else "expiring"


def on_paper(rules: ItemDefinition, outcome: str, until: date | None) -> str:
    """纸上的有效期: as it was when the result was given, for the paper says apart what became of it."""
    if outcome not in POSITIVE:
        return ""
    return "。".join(part for part in (_through(until), rules.validity) if part)


def on_certificate(state: CaseState) -> str:
    """证明上的有效期: the day alone, for the centre certifies what has come about and explains no item."""
    return _through(state.granted_until)


def on_check(state: CaseState) -> str:
    """核验时的有效期: also of a result that is gone, whose paper still names the day."""
    until = state.granted_until
    return _through(until) + (OVER if until is not None and until < day_of(state.at) else "")


def _through(until: date | None) -> str:
    return f"到{cn_date(until)}" if until else ""
