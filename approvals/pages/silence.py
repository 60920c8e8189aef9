"""没人按时答复会怎样：one line for each limit of the version, from the modes that are really in force. Pure."""

from dataclasses import dataclass

from approvals.pages.deadlines import limit_text
from services.definition import Citation, ItemDefinition, OnTimeout, StageKind, Timeout

SINCE = "从收件那天起算，补过材料的从补齐那天起算"
WORDS = {
    OnTimeout.ACCEPT: f"视为已经受理，{SINCE}。",
    OnTimeout.CONSENT: "视为没有不同意见，接着往下办，给那一家记责。这不等于批准。",
    OnTimeout.RECORD: f"收讫即备案，{SINCE}。",
    OnTimeout.COMPLETE: "自动办结。",
    OnTimeout.RENEW: "原许可视为准予延续。",
    OnTimeout.GRANT: "视为准予。",
    OnTimeout.ESCALATE: "不算批准。镇领导督办，超期理由公开，您可以投诉、复议。",
}
PROMISE_OVER = "承诺的日子到了还没有结果"
INCOMPLETE = "必须交的材料窗口还没有收齐；到那天还没收齐，不会自动办成。"
INTAKE_ESCALATES = "上级督办，给窗口记责。承诺的日子照样算，不往后推。"


@dataclass(frozen=True, slots=True)
class Silence:
    """一条“没人按时答复会这样”"""

    who: str
    text: str
    basis: str = ""


def silences(rules: ItemDefinition, *, complete: bool = True) -> list[Silence]:
    """这个事项里，每个期限没人答复会怎样: the window, the steps that fall silent, the whole case.

    `complete`: is every required material there? Without it nothing is recorded or completed by silence.
    """
    lines = [_intake(rules)]
    quiet: dict[tuple[str, str], list[str]] = {}
    for stage in rules.running_stages():
        if stage.timeout.mode == OnTimeout.CONSENT and stage.limit:
            quiet.setdefault((limit_text(stage.limit), _basis(stage.timeout)), []).append(stage.name)
    for (limit, basis), names in quiet.items():
        lines.append(Silence(f"{'、'.join(names)}，{limit}不答复", WORDS[OnTimeout.CONSENT], basis))
    outside = [s.name for s in rules.running_stages() if s.external and s.kind != StageKind.DELIVER]
    if outside:
        text = "镇里不能替它们点头，代办员去催，上报督办。"
        lines.append(Silence(f"镇外的环节（{'、'.join(outside)}）到期不答复", text))
    return [*lines, _whole(rules, complete)]


def _intake(rules: ItemDefinition) -> Silence:
    mode = rules.intake_timeout.mode
    text = WORDS[mode] if mode != OnTimeout.ESCALATE else INTAKE_ESCALATES
    return Silence(f"窗口{limit_text(rules.intake)}不答复", text, _basis(rules.intake_timeout))


def _whole(rules: ItemDefinition, complete: bool) -> Silence:
    mode = rules.timeout.mode
    if mode in {OnTimeout.RECORD, OnTimeout.COMPLETE} and not complete:
        return Silence(PROMISE_OVER, INCOMPLETE + WORDS[OnTimeout.ESCALATE])
    ends = {OnTimeout.RENEW: "原许可到期还没有决定", OnTimeout.GRANT: "法定期限到了还没有决定"}
    return Silence(ends.get(mode, PROMISE_OVER), WORDS[mode], _basis(rules.timeout))


def _basis(timeout: Timeout) -> str:
    return cited(timeout.citation) if timeout.mode != OnTimeout.ESCALATE else ""


def cited(citation: Citation | None) -> str:
    """依据的写法"""
    return f"{citation.title}{citation.article}" if citation else ""
