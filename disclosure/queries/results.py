"""办理结果、超时和默认：what the record publishes by itself, masked (C3)."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from approvals.models import ResponsibilityRecord
from approvals.pages.deadlines import limit_text
from disclosure.masking import hide_numbers
from disclosure.queries.months import OUTWARD, WHOLE
from portal.limits import Unit, day_ended, day_of
from portal.models import Township, Village
from portal.numbers import clean_number
from portal.pagewords import cn_date
from portal.paging import Slice, make_mark, read_mark, slice_by_day
from services.definition import Limit, LimitUnit
from services.lifecycle import Linked, Manner, State
from services.models import ServiceItem

OUTCOMES = {
    State.APPROVED: "准予",
    State.REFUSED: "不予，已书面告知理由和救济途径",
    State.RECORDED: "已备案",
    State.COMPLETED: "已办好",
    State.RENEWED: "准予延续",
    State.NOT_ACCEPTED: "不予受理，已书面告知理由",
    State.NOT_REQUIRED: "不需要办理",
    State.NOT_OURS: "不归本机关，已告知该找谁",
    State.FORWARDED: "已转送",
    State.TERMINATED: "已终结，已书面告知理由",
}
DEEMED = {
    State.APPROVED: "视为准予",
    State.RECORDED: "收讫即备案",
    State.COMPLETED: "自动办结",
    State.RENEWED: "视为准予延续",
}
MODES = {
    "escalate": "超期",
    "accept": "视为受理",
    "record": "收讫即备案",
    "complete": "自动办结",
    "renew": "视为准予延续",
    "grant": "视为准予",
}


PROMISED = re.compile(r"(\d+)个(?:工作日|自然日)")
CLOCKS = {"intake": "受理期限", "promised": "承诺期限", "statutory": "法定期限", "expiry": "许可到期"}


RESULTS = """
    SELECT r.id, r.effective_at, r.manner, r.outcome, r.number, r.item_name, i.code AS item_code, r.applicant_masked,
           coalesce(v.name, '') AS village, r.late, r.days_used, r.days_paused,
           r.extended_by, r.unit, r.promised, r.linked, r.linked_at
    FROM approvals_publicresult r JOIN services_serviceitem i ON i.id = r.item_id
    LEFT JOIN portal_village v ON v.id = r.village_id
    WHERE {where} ORDER BY r.effective_at DESC, r.id DESC LIMIT %(size)s
"""
AFTER = " AND (r.effective_at, r.id) < (%(after_at)s, %(after_id)s)"


class PublishedRow(NamedTuple):
    """公示结果的一行, as the table says it, in the order of RESULTS."""

    pk: int
    effective_at: datetime
    manner: str
    outcome: str
    number: str
    item_name: str
    item_code: str
    applicant_masked: str
    village: str
    late: bool
    days_used: int | None
    days_paused: int
    extended_by: int
    unit: str
    promised: str
    linked: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """要看哪些结果: conditions on a row `r`, and their values."""

    where: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """办理结果的一行: the masked name of the applicant and nothing else personal."""

    day: date
    effective_at: datetime
    number: str
    item_name: str
    item_code: str
    applicant: str
    village: str
    outcome: str
    deemed: bool
    late: bool
    late_words: str
    used: str
    later: str


@dataclass(frozen=True, slots=True)
class DefaultRow:
    """超时和默认的一行: which limit ended, what followed, on which post the time ran out, and the public reason."""

    day: date
    ended_at: datetime
    recorded_at: datetime
    number: str
    item_name: str
    item_code: str
    clock: str
    mode: str
    words: str
    counts_from: date | None
    post: str
    reason: str
    reason_due_on: date | None
    reason_late: bool
    reason_with: str
    outcome: str

    @property
    def is_default(self) -> bool:
        """默认已生效 (as against 逾期督办)"""
        return self.mode != "escalate"


def results(township: Township, *, village: Village | None = None, query: str = "") -> Wanted:
    """公示的结果, of one village or of an item, a village or a number that `query` names."""
    where, values = "r.township_id = %(township)s", {"township": township.pk}
    if village is not None:
        where, values = where + " AND r.village_id = %(village)s", {**values, "village": village.pk}
    query = query.strip()
    if not query:
        return Wanted(where, values)
    number = clean_number(query)
    if number:
        return Wanted(where + " AND r.number = %(number)s", {**values, "number": number})
    items = ServiceItem.objects.filter(township=township, name__icontains=query).values_list("pk", flat=True)[:60]
    villages = Village.objects.filter(township=township, name__icontains=query).values_list("pk", flat=True)[:60]
    named = " AND (r.item_id = ANY(%(items)s) OR r.village_id = ANY(%(villages)s))"
    return Wanted(where + named, {**values, "items": list(items), "villages": list(villages)})


def results_page(wanted: Wanted, *, after: str = "", size: int = 20) -> tuple[list[ResultRow], str]:
    """一页结果和下一页的记号; in plain SQL, since the list is read more often than anything else."""
    where, values = wanted.where, {**wanted.values, "size": size + 1}
    if after:
        values["after_at"], values["after_id"] = read_mark(after)
        where += AFTER
    with connection.cursor() as cursor:
        cursor.execute(RESULTS.format(where=where), values)
        found = [PublishedRow._make(row) for row in cursor.fetchall()]
    last = found[size - 1] if len(found) > size else None
    return [_result(row) for row in found[:size]], make_mark(last.effective_at, last.pk) if last else ""


def _result(row: PublishedRow) -> ResultRow:
    deemed = row.manner == Manner.DEEMED
    state = State(row.outcome)
    words = DEEMED.get(state, "") if deemed else ""
    return ResultRow(
        day=day_ended(row.effective_at) if deemed else day_of(row.effective_at),
        effective_at=row.effective_at,
        number=row.number,
        item_name=row.item_name,
        item_code=row.item_code,
        applicant=row.applicant_masked,
        village=row.village,
        outcome=words or OUTCOMES.get(state, state.label),
        deemed=deemed,
        late=row.late,
        late_words=_late_words(row),
        used=_used(row),
        later=f"{cn_date(day_of(row.linked_at))}{Linked(row.linked).label}" if row.linked else "",
    )


def _late_words(row: PublishedRow) -> str:
    """怎么晚的: where the promise was kept by its own count, it is the law's limit that passed – a posting may stop one alone."""
    if not row.late:
        return ""
    promised = PROMISED.match(row.promised)
    kept = promised is not None and row.days_used is not None and row.days_used <= int(promised[1]) + row.extended_by
    return "过了法定期限" if kept else "逾期办结"


def _used(row: PublishedRow) -> str:
    """用了多久: 22个工作日（另有8个工作日中止），承诺25个工作日; an extension is told, for it is no part of the promise."""
    if row.days_used is None:
        return ""
    unit = "工作日" if row.unit == Unit.WORKDAY else "自然日"
    told = [f"{row.days_used}个{unit}" if row.days_used else "当天"]
    told[0] += f"（另有{row.days_paused}个{unit}中止）" if row.days_paused else ""
    told += [f"承诺{row.promised}"] if row.promised else []
    told += [f"依法延长了{limit_text(Limit(row.extended_by, LimitUnit(row.unit)))}"] if row.extended_by else []
    return "，".join(told)


def defaults(township: Township, *, village: Village | None = None) -> QuerySet[ResponsibilityRecord]:
    """到期没办的和默认生效的; what happens between offices (视为无异议) is not here, only counted."""
    rows = ResponsibilityRecord.objects.filter(case__township=township, clock__in=OUTWARD, mode__in=list(MODES))
    if village is not None:
        rows = rows.filter(case__application__village=village)
    rows = rows.annotate(first_late=Subquery(_first_late("pk")), first_clock=Subquery(_first_late("clock")))
    return rows.select_related("post", "office", "case__application__item", "case__overdue_reason")


def _first_late(column: str) -> QuerySet[ResponsibilityRecord, Any]:
    """这一件最先超期的那个期限: a case owes one reason, counted from its first end (优化营商环境条例 36)."""
    ends = ResponsibilityRecord.objects.filter(case=OuterRef("case"), mode="escalate", clock__in=WHOLE)
    first: QuerySet[ResponsibilityRecord, Any] = ends.order_by("ended_at", "pk").values(column)[:1]
    return first


def defaults_page(
    rows: QuerySet[ResponsibilityRecord], *, phones: frozenset[str], on: date, after: str = "", size: int = 20
) -> tuple[list[DefaultRow], str]:
    """一页超时和默认 as of a day, and the next mark; the reasons are scanned, since one office head wrote them alone."""
    found: Slice[ResponsibilityRecord] = slice_by_day(rows, "ended_at", after=after, size=size)
    return [_default(row, phones, on) for row in found.rows], found.next


def _default(row: Any, phones: frozenset[str], on: date) -> DefaultRow:
    case, item = row.case, row.case.application.item
    reason = getattr(case, "overdue_reason", None)
    late = row.mode == "escalate" and row.clock != "intake"
    explained = late and row.pk == row.first_late  # later ends of the same case point to the row that answers for them
    reason_due_on = case.reason_due_on if explained and not reason else None
    place = row.post.title if row.post else row.office.name if row.office else "（岗位空缺）"
    return DefaultRow(
        day=day_ended(row.ended_at),
        ended_at=row.ended_at,
        recorded_at=row.recorded_at,
        number=case.application.number,
        item_name=item.name,
        item_code=item.code,
        clock=CLOCKS[row.clock],
        mode=row.mode,
        words=MODES[row.mode],
        counts_from=case.counts_from if row.mode in {"accept", "record"} else None,
        post=place,
        reason=hide_numbers(reason.text, allowed=phones) if explained and reason else "",
        reason_due_on=reason_due_on,
        reason_late=bool(reason_due_on and reason_due_on < on),
        reason_with=CLOCKS[row.first_clock] if late and not explained else "",
        outcome=OUTCOMES.get(State(case.outcome), State(case.outcome).label) if late and case.outcome else "",
    )
