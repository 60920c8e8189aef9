"""每张纸的框：office, signature, seal, code, record line, and the words that several papers share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from approvals.pages.deadlines import Deadline
from approvals.papers.sheet import Block, Sheet, dates, words
from approvals.queries.cases import Desk, Folded, Standing
from portal.limits import day_of
from portal.models import Event
from portal.numbers import grouped
from portal.pagewords import cn_date, cn_datetime, cn_day

HASH_SHOWN = 32  # hexadecimal digits: 128 bits
NUMBER_LABEL = "编号"


@dataclass(frozen=True, slots=True)
class Ground:
    """每张纸都要的: the folded case, who stands where, its ends, the event on record, and how to check the paper."""

    folded: Folded
    people: Standing
    deadlines: Sequence[Deadline]
    no_legal_limit: str
    event: Event
    paper_number: str
    address: str

    @property
    def subject(self) -> str:
        """事项名称"""
        return self.folded.application.rules.name

    @property
    def centre(self) -> str:
        """便民服务中心的全名"""
        return f"{self.folded.application.township.full_name}便民服务中心"


def set_sheet(
    ground: Ground,
    *,
    heading: str,
    stamps: tuple[str, ...],
    blocks: tuple[Block, ...],
    closing: tuple[Block, ...],
    issued_at: datetime | date,
    seal_use: str,
    under: tuple[str, ...] = (),
    signed: str = "",
    office: str = "",
    seal_office: str = "",
    number_label: str = NUMBER_LABEL,
    number: str = "",
    void: str = "",
) -> Sheet:
    """套上单位、落款、章、码和记录"""
    application = ground.folded.application
    number = number or grouped(application.number)
    return Sheet(
        title=f"{heading} {number}",
        office=office or ground.centre,
        heading=heading,
        number_label=number_label,
        number=number,
        under_number=under,
        stamps=stamps,
        blocks=tuple(block for block in blocks if block.text or block.items),
        closing=closing,
        sign=(signed or f"{application.township.name}便民服务中心", cn_day(issued_at)),
        seal_office=seal_office or ground.centre,
        seal_use=seal_use,
        address=ground.address,
        foot=_foot(ground),
        issued_on=day_of(issued_at) if isinstance(issued_at, datetime) else issued_at,
        void=void,
    )


def _foot(ground: Ground) -> tuple[str, ...]:
    """码旁边的话：what the code does, the number to check by, and the record behind the paper."""
    event, hotline = ground.event, ground.folded.application.township.hotline
    digits = bytes(event.hash).hex()[:HASH_SHOWN]
    short = " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
    return (
        f"扫一扫，核真假、看进度；或念编号给便民电话 {hotline}",
        f"核验编号 {ground.paper_number}　截至{cn_datetime(ground.folded.at)}",
        f"这一件的记录第{event.sequence}条，短码 {short}",
    )


def applicant(folded: Folded) -> str:
    application = folded.application
    return application.applicant_masked + (f"（{application.village.name}）" if application.village else "")


def called(desk: Desk | None) -> str:
    if desk is None:
        return ""
    stands = f"（代 {desk.standing_in_for}）" if desk.standing_in_for else ""
    return f"{desk.person or '由中心安排'}{stands}，{desk.phone}"


def whom_to_ask(people: Standing) -> list[str]:
    lines = [("代办员", called(people.agent)), ("第一责任人", called(people.first))]
    return [f"{who} {called}" for who, called in lines if called]


def complaint(ground: Ground, why: str) -> str:
    return f"{why}，打监督电话 {ground.folded.application.township.complaint_phone}。"


def ends(ground: Ground) -> tuple[Block, ...]:
    """最晚哪天: as on the progress page, so that paper and page never differ."""
    boxes = [
        (f"{d.label.replace('最长', '')}最晚", _end(d), d.sentence + ("（暂定）" if d.provisional else ""))
        for d in ground.deadlines
    ]
    told = words(ground.no_legal_limit)
    return (dates(*boxes), told) if boxes else (told,)


def _end(deadline: Deadline) -> str:
    if deadline.due_on:
        return cn_date(deadline.due_on)
    return f"停着，最迟{cn_day(deadline.latest)}恢复" if deadline.latest else "补齐后再定"
