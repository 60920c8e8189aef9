"""出一张纸：rows read, words chosen, values ready for the press – the same for a download and for a check of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from approvals.facts import ClockView
from approvals.loading import load_calendars
from approvals.models import Certificate
from approvals.pages.day_zero import day_zero
from approvals.pages.deadlines import Deadline
from approvals.pages.months import days_told
from approvals.papers import notices, outcomes
from approvals.papers.frame import Ground
from approvals.papers.kinds import PaperKey, PaperKind, paper_number
from approvals.papers.sheet import Sheet
from approvals.queries.cases import Folded, standing
from approvals.queries.paper_rows import Source, silent_at, source_of
from approvals.queries.papers import materials_of
from portal.keys import keys


@dataclass(frozen=True, slots=True)
class Surroundings:
    """页面知道、纸上要写的: the ends, the address of the check for a paper number, and the query code for one's own slip."""

    deadlines: list[Deadline]
    no_legal_limit: str
    address_of: Callable[[str], str]
    query_code: str = ""


def keyed_hash() -> Callable[[str], str]:
    """核验编号用的带密钥的散列"""
    return partial(keys().lookup, "paper")


def make_sheet(folded: Folded, key: PaperKey, around: Surroundings) -> Sheet | None:
    """一张纸; None if it was never given."""
    source = source_of(folded.application, key)
    if source is None:
        return None
    number = paper_number(key, keyed_hash())
    ground = Ground(
        folded=folded,
        people=standing(folded),
        deadlines=around.deadlines,
        no_legal_limit=around.no_legal_limit,
        event=source.event,
        paper_number=number,
        address=around.address_of(number),
    )
    return _MAKERS[key.kind](ground, source, around)


def _slip(ground: Ground, _source: Source, around: Surroundings) -> Sheet:
    return notices.slip(ground, materials_of(ground.folded), query_code=around.query_code)


def _correction(ground: Ground, source: Source, _around: Surroundings) -> Sheet:
    return notices.correction(ground, source.row, keys().open_text(bytes(source.row.note_sealed)))


def _certificate(ground: Ground, source: Source, _around: Surroundings) -> Sheet:
    row, days = source.row, days_of_default(ground.folded, source.row)
    return outcomes.certificate(ground, row, days=days, silent=silent_at(row), void=source.void)


_MAKERS: dict[PaperKind, Callable[[Ground, Source, Surroundings], Sheet]] = {
    PaperKind.SLIP: _slip,
    PaperKind.CORRECTION: _correction,
    PaperKind.PAUSE: lambda ground, source, _around: notices.pause(ground, source.row),
    PaperKind.EXTENSION: lambda ground, source, _around: notices.extension(ground, source.row),
    PaperKind.DECISION: lambda ground, source, _around: outcomes.decision(ground, source.row, source.void),
    PaperKind.CERTIFICATE: _certificate,
}


def days_of_default(folded: Folded, certificate: Certificate) -> str:
    """默认的期限是哪几天: counted with the calendar in force when the limit ended."""
    clock = _clock_of_default(folded, certificate)
    if clock is None:
        return ""
    if clock.key == "expiry":
        return "原许可的有效期到这天为止，不顺延。"
    calendar = load_calendars(folded.application.township).newest(certificate.effective_at)
    return days_told(clock.days, calendar, day_zero(folded.state, clock, clock.key))


def _clock_of_default(folded: Folded, certificate: Certificate) -> ClockView | None:
    effect = next((e for e in folded.state.effects if e.kind == certificate.mode), None)
    return folded.state.clock(effect.clock) if effect is not None else None
