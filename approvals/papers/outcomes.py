"""结果的纸：what a decision, the telling of a default, and a default certificate say; reads nothing itself."""

from approvals.models import Certificate, Decision, ResponsibilityRecord
from approvals.pages.deadlines import state_word
from approvals.pages.deciders import elsewhere as decided_above
from approvals.pages.validity import on_certificate, on_paper
from approvals.papers.frame import Ground, applicant, set_sheet
from approvals.papers.sheet import Sheet, effect, letter, note, numbered, rows, to, words
from approvals.queries.paper_rows import Void
from portal.numbers import grouped
from portal.pagewords import cn_date, cn_datetime, cn_end
from services.lifecycle import Manner

CERTIFICATE_LABEL = "证明编号"
GATHERED = frozenset({"record", "complete"})  # these take effect only when every required material is here (engine 5)
GOVERNMENT = "township-government"


def decision(ground: Ground, row: Decision, void: Void | None) -> Sheet:
    """办理决定书，或到期没有决定的、镇外作了决定的结果告知"""
    application, rules = ground.folded.application, ground.folded.application.rules
    deemed = row.manner == Manner.DEEMED
    above = decided_above(rules, row)
    word = state_word(row.outcome, row.manner)
    stamps = [
        f"文号：{row.document_number}" if row.document_number else "",
        f"收到：{cn_datetime(application.filed_at)}",
    ]
    in_force = cn_end(row.effective_at) + ("（期限届满，没有人作出决定）" if deemed else "")
    valid = on_paper(rules, row.outcome, ground.folded.state.granted_until)
    late = (note("这个决定超过了该办完的日子，已记在责任人名下。"),) if row.late else ()
    return set_sheet(
        ground,
        office=ground.centre if above else _deciding_office(row, application.township.full_name, ground.centre),
        heading="结果告知" if deemed or above else "办理决定书",
        stamps=tuple(line for line in stamps if line),
        blocks=(
            to(application.applicant_masked),
            letter(f"您申请的{rules.name}，结果是："),
            effect(word),
            rows(("决定机关", above), ("生效", in_force), ("从哪天起算", cn_date(row.counts_from)), ("有效期", valid)),
            words(row.facts, "事实和理由", annex="事实和理由"),
            words(row.legal_basis, "依据", annex="依据"),
            numbered(row.remedies, "不服怎么办"),
        ),
        closing=late,
        signed=f"登记人 {_signer(row)}" if above else _signer(row),
        issued_at=row.recorded_at,
        seal_office="" if deemed or above else application.township.full_name,
        void=void_words(void),
        seal_use="业务专用章",
    )


def _deciding_office(row: Decision, government: str, centre: str) -> str:
    if row.post is None:
        return centre
    return government if row.post.office.key == GOVERNMENT else f"{government}　{row.post.office.name}"


def _signer(row: Decision) -> str:
    if row.by is None or row.post is None:
        return ""
    stands = f"（代 {row.on_behalf_of.display_name}）" if row.on_behalf_of else ""
    return f"{row.post.title} {row.by.display_name}{stands}"


def certificate(
    ground: Ground, row: Certificate, *, days: str, silent: ResponsibilityRecord | None, void: Void | None
) -> Sheet:
    """逾期未作出决定证明 – the centre certifies only that no decision was made in time; it names the deciding office."""
    folded = ground.folded
    rules, state = folded.application.rules, folded.state
    office = row.office.name if row.office else "办理机关"
    word = state_word(folded.application.case.outcome, folded.application.case.manner)
    elsewhere = "，不代替上级机关发证" if rules.decided_elsewhere else ""
    gathered = "，必须交的材料在期限届满以前已经交齐" if row.mode in GATHERED else ""
    return set_sheet(
        ground,
        heading="逾期未作出决定证明",
        number_label=CERTIFICATE_LABEL,
        number=_certificate_groups(row.number),
        stamps=(f"出具：{cn_datetime(row.issued_at)}",),
        void=void_words(void),
        blocks=(
            letter(
                f"{applicant(folded)}于{cn_datetime(folded.application.filed_at)}申请{rules.name}{gathered}。"
                f"到{cn_end(row.effective_at)}，期限届满，{office}没有作出决定。"
            ),
            letter(f"依照{row.citation}，自该时起发生下面的法律效果："),
            effect(word),
            rows(
                ("生效", cn_end(row.effective_at)),
                ("从哪天起算", cn_date(state.counts_from)),
                ("有效期", on_certificate(state)),
                ("期限怎么数", days),
                ("在谁手里到期", silent_words(silent, office, named=True)),
                ("有权决定的机关", rules.decision_authority or office),
                ("证明什么", f"便民服务中心只证明到期没有作出决定这件事和它的法律效果{elsewhere}。"),
            ),
        ),
        closing=(words(f"核对真假：扫下面的码，或在全程办网站核验编号 {row.number}。"),),
        issued_at=row.issued_at,
        seal_use="证明专用章",
    )


def void_words(void: Void | None) -> str:
    """不再有效的说法; empty while it stands."""
    return f"{void.how}：{cn_datetime(void.at)}起不再有效。{void.why}" if void else ""


def silent_words(record: ResponsibilityRecord | None, office: str, *, named: bool) -> str:
    """谁没有按时答复: post and office; the name only on the applicant's own paper."""
    if record is None or record.post is None:
        return office
    person = f"，{record.user.display_name}" if named and record.user else ""
    return f"{record.office.name if record.office else office}，{record.post.title}{person}。已记责"


def _certificate_groups(number: str) -> str:
    body, _, ordinal = number.partition("-")
    return f"{grouped(body)}-{ordinal}"
