"""核验一张纸：what the public page says about a paper number – masked facts to hold against the paper, or that it is not ours."""

from dataclasses import dataclass
from typing import Any

from approvals.models import Certificate, CorrectionNotice, Decision, ExtensionNotice, PauseNotice
from approvals.pages.deadlines import limit_text, state_word
from approvals.pages.validity import on_check
from approvals.papers.kinds import PaperKey, PaperKind, paper_number, read_paper_number
from approvals.papers.making import days_of_default, keyed_hash
from approvals.papers.outcomes import silent_words
from approvals.queries.cases import filed_applications, fold_one
from approvals.queries.paper_rows import Source, Void, silent_at, source_of
from portal.clock import portal_now
from portal.pagewords import cn_date, cn_datetime, cn_end
from services.definition import Limit, LimitUnit
from services.lifecycle import Manner
from services.models import Application

TITLES = {
    PaperKind.SLIP: "受理（收件）通知单",
    PaperKind.CORRECTION: "一次性告知书",
    PaperKind.PAUSE: "中止计时通知书",
    PaperKind.EXTENSION: "延长办理期限通知书",
    PaperKind.DECISION: "办理决定书",
    PaperKind.CERTIFICATE: "逾期未作出决定证明",
}
Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Checked:
    """核验的结果: `application` is None where no such paper was given; `well_formed` where the number could be ours."""

    well_formed: bool
    title: str = ""
    number: str = ""
    application: Application | None = None
    facts: tuple[tuple[str, str], ...] = ()
    revoked: Void | None = None


def check_paper(typed: str) -> Checked:
    """按核验编号查一张纸"""
    key = read_paper_number(typed, keyed_hash())
    if key is None:
        return Checked(well_formed=False)
    application = filed_applications().filter(number=key.number).first()
    source = source_of(application, key) if application is not None else None
    if application is None or source is None:
        return Checked(well_formed=True)
    facts = [
        ("办的事", application.rules.name),
        ("申请人", application.applicant_masked),
        *_FACTS[key.kind](application, source.row),
    ]
    return Checked(
        well_formed=True,
        title=_title(key, source),
        number=paper_number(key, keyed_hash()),
        application=application,
        facts=tuple(fact for fact in facts if fact[1]),
        revoked=source.void,
    )


def _title(key: PaperKey, source: Source) -> str:
    deemed = key.kind == PaperKind.DECISION and source.row.manner == Manner.DEEMED
    return "结果告知" if deemed else TITLES[key.kind]


def _slip(application: Application, _row: Any) -> Facts:
    return [("收到", cn_datetime(application.filed_at))]


def _correction(_application: Application, row: CorrectionNotice) -> Facts:
    return [
        ("发出", cn_datetime(row.sent_at)),
        ("要补几样", f"{len(row.points)}样"),
        ("请在这天以前补来", cn_date(row.answer_by) if row.served_on else ""),
    ]


def _pause(_application: Application, row: PauseNotice) -> Facts:
    return [
        ("发出", cn_datetime(row.event.recorded_at)),
        ("事由", row.reason),
        ("依据", row.basis),
        ("从这天起停", cn_date(row.starts_on)),
        ("最迟到这天自己恢复", cn_date(row.until)),
        ("已恢复", cn_date(row.ended_on)),
    ]


def _extension(application: Application, row: ExtensionNotice) -> Facts:
    added = limit_text(Limit(row.length, LimitUnit(row.unit)))
    return [("批准", cn_datetime(row.at)), ("延长", added), ("依据", application.rules.extension.basis)]


def _decision(application: Application, row: Decision) -> Facts:
    ends = application.rules.validity_months > 0
    return [
        ("结果", state_word(row.outcome, row.manner)),
        ("生效", cn_end(row.effective_at)),
        ("从哪天起算", cn_date(row.counts_from)),
        ("有效期", on_check(fold_one(application, portal_now()).state) if ends else ""),
        ("文号", row.document_number),
    ]


def _certificate(application: Application, row: Certificate) -> Facts:
    """凭哪条、哪些天、谁没有答复: the deciding office is named, the person is not."""
    office = row.office.name if row.office else "办理机关"
    folded = fold_one(application, portal_now())
    return [
        ("法律效果", state_word(application.case.outcome, application.case.manner)),
        ("生效", cn_end(row.effective_at)),
        ("从哪天起算", cn_date(application.case.counts_from)),
        ("有效期", on_check(folded.state)),
        ("依据", row.citation),
        ("期限怎么数", days_of_default(folded, row)),
        ("谁没有按时答复", silent_words(silent_at(row), office, named=False)),
        ("有权决定的机关", application.rules.decision_authority or office),
        ("出具", f"{application.township.full_name}便民服务中心，{cn_datetime(row.issued_at)}"),
    ]


_FACTS: dict[PaperKind, Any] = {
    PaperKind.SLIP: _slip,
    PaperKind.CORRECTION: _correction,
    PaperKind.PAUSE: _pause,
    PaperKind.EXTENSION: _extension,
    PaperKind.DECISION: _decision,
    PaperKind.CERTIFICATE: _certificate,
}
