"""为什么是这一天：the month grid, the sum and the ledger of one limit, from `portal.limits.explain`. Pure."""

import calendar as gregorian
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from approvals.clock import DayLine, TimeLimit, Unit, counted_length, explain
from portal.workdays import WorkCalendar

ONE_DAY = timedelta(days=1)
PLAIN_REST = "周末"
TOLD_ONE_BY_ONE = 10
KEY_STATES = frozenset({"gone", "gone promised", "tocome", "promised", "past", "legal"})
SHORT = {"收到申请": "收件", "补齐材料": "补齐"}  # a cell of the grid holds two signs a line
FARTHEST = timedelta(days=62)  # how far past the last day a close is still drawn


@dataclass(frozen=True, slots=True)
class MonthCell:
    """月历的一格"""

    day: int
    number: int | None
    state: str
    today: bool
    label: str


@dataclass(frozen=True, slots=True)
class Month:
    """一张月历: only the weeks that matter."""

    title: str
    weeks: list[list[MonthCell | None]]


@dataclass(frozen=True, slots=True)
class Part:
    """算式的一项"""

    sign: str
    number: int
    text: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """凭什么的一行"""

    days: str
    counted: str
    reason: str
    notice: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Closing:
    """哪天了结的，怎么说: nothing is counted after it."""

    day: date
    word: str


@dataclass(frozen=True, slots=True)
class Span:
    """画哪些天: day 0, the last day, the last drawn, today, and where it was closed, if it was."""

    first: date
    due: date
    last: date
    today: date
    received: str
    closing: Closing | None = None

    def is_over(self, day: date) -> bool:
        """了结以后的日子"""
        return self.closing is not None and day > self.closing.day


@dataclass(frozen=True, slots=True)
class Explained:
    """一个期限的逐日说明"""

    lines: list[DayLine]
    months: list[Month]
    parts: list[Part]
    reasons: list[Reason]
    notices: list[str] = field(default_factory=list)

    @property
    def key_states(self) -> frozenset[str]:
        """月历里画了哪些要说明的样子, so that the key names no other"""
        cells = [cell for month in self.months for week in month.weeks for cell in week if cell]
        return frozenset(cell.state for cell in cells) & KEY_STATES


def explain_limit(
    limit: TimeLimit,
    calendar: WorkCalendar,
    *,
    today: date,
    legal: TimeLimit | None = None,
    received: str = "收件",
    closing: Closing | None = None,
) -> Explained:
    """逐日说明一个期限; `legal` is drawn after it where it counts the same days from the same day.

    What was closed is drawn to its close and counted no further: a result stops the clock.
    """
    lines = explain(limit, calendar)
    beyond = _beyond(limit, legal, calendar, lines[-1].day)
    notices = list(dict.fromkeys(line.notice for line in [*lines, *beyond] if line.notice))
    return Explained(
        lines=lines,
        months=_months(lines, beyond, _span(lines, beyond, today, received, closing)),
        parts=_parts(limit, lines),
        reasons=_reasons(lines, received),
        notices=notices,
    )


def _beyond(limit: TimeLimit, legal: TimeLimit | None, calendar: WorkCalendar, last: date) -> list[DayLine]:
    if legal is None or (legal.unit, legal.started_on) != (limit.unit, limit.started_on):
        return []
    return [line for line in explain(legal, calendar) if line.day > last]


def _span(
    lines: list[DayLine], beyond: list[DayLine], today: date, received: str, closing: Closing | None
) -> Span:
    due, last = lines[-1].day, (beyond or lines)[-1].day
    if closing is not None and last < closing.day <= last + FARTHEST:
        last = closing.day
    return Span(lines[0].day, due, last, today, received, closing)


def _months(lines: list[DayLine], beyond: list[DayLine], span: Span) -> list[Month]:
    known = {line.day: line for line in [*lines, *beyond]}
    legal = beyond[-1].day if beyond else None
    months = []
    year, month = span.first.year, span.first.month
    while (year, month) <= (span.last.year, span.last.month):
        weeks: list[list[MonthCell | None]] = []
        for week in gregorian.Calendar().monthdatescalendar(year, month):
            if week[-1] >= span.first and week[0] <= span.last:
                weeks.append([_cell(day, month, known.get(day), span, legal) for day in week])
        if any(cell for week in weeks for cell in week):
            months.append(Month(f"{year}年{month}月", weeks))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return months


def _cell(day: date, month: int, line: DayLine | None, span: Span, legal: date | None) -> MonthCell | None:
    if day.month != month:
        return None
    label = _label(line, day == span.first, span.received) if line else ""
    if day == span.due:
        label = "承诺到期" if legal else "到期"
    elif day == legal:
        label = "法定到期"
    if span.closing is not None and day == span.closing.day:
        label = "，".join(part for part in (label, span.closing.word) if part)
    shown_today = day == span.today and span.closing is None
    if line is None:
        return MonthCell(day.day, None, "", shown_today, label)
    number = None if span.is_over(day) else line.number
    return MonthCell(day.day, number, _state(line, day, span, legal), shown_today, label)


def _state(line: DayLine, day: date, span: Span, legal: date | None) -> str:
    if day == span.first:
        return "received"
    if not line.counted:
        return "holiday" if line.notice else "weekend"
    if span.is_over(day):
        return ""
    if day > span.due:
        return "legal" if day == legal else "past"
    if day == span.due:
        return "promised" if day > span.today else "gone promised"
    return "gone" if day <= span.today else "tocome"


def _label(line: DayLine, is_first: bool, received: str) -> str:
    if is_first:
        return f"{SHORT.get(received.removeprefix('算作'), '')}\n当天不算".strip()
    if line.counted:
        return "调休上班" if "调休" in line.reason else ""
    return _short(line.reason).removesuffix("节")


def _short(reason: str) -> str:
    return reason.split(",")[0].split("(")[0]


def _parts(limit: TimeLimit, lines: list[DayLine]) -> list[Part]:
    """27−7−3−2=15: natural days, less each kind of day that does not count, gives the counted days."""
    days = lines[1:]
    parts = [Part("", len(days), "自然日，一共")]
    skipped: dict[str, int] = {}
    for line in days:
        if not line.counted:
            name = _skip_name(line)
            skipped[name] = skipped.get(name, 0) + 1
    ordered = sorted(skipped.items(), key=lambda pair: (pair[0] == "普通周末", -pair[1]))
    parts += [Part("减", number, name) for name, number in ordered]
    unit = "工作日" if limit.unit is Unit.WORKDAY else "自然日"
    return [*parts, Part("得", sum(line.counted for line in days), unit, total=True)]


def _skip_name(line: DayLine) -> str:
    name = _short(line.reason)
    if name == PLAIN_REST:
        return "普通周末"
    if name.startswith("中止"):
        return "依法停表"
    if name.startswith("顺延"):
        return "顺延到上班那天"
    return f"{name.removesuffix('节')}放假"


def _reasons(lines: list[DayLine], received: str) -> list[Reason]:
    told = [_first(lines[0], received)]
    rest = [line for line in lines[1:] if _worth_telling(line)]
    weekends = [line for line in rest if not line.counted and _short(line.reason) == PLAIN_REST]
    others = [line for line in rest if line not in weekends]
    rows: list[tuple[date, Reason]] = []
    if weekends:
        provisional = any(line.provisional for line in weekends)
        days = "、".join(_spans([line.day for line in weekends]))
        rows.append((weekends[0].day, Reason(days, "不算", "普通周末，没有调成上班", "", provisional)))
    for _key, group in groupby(others, key=lambda line: (line.reason if not line.counted else line.day, _notice(line))):
        found = list(group)
        rows.append((found[0].day, _told(found)))
    told += [reason for _day, reason in sorted(rows, key=lambda row: row[0])]
    last = lines[-1]
    if last.counted and not _worth_telling(last):
        told.append(Reason(_day(last.day), f"算，第{last.number}天", "最后一天，到这天24:00", "", last.provisional))
    return told


def _first(line: DayLine, received: str) -> Reason:
    spot = "，当场办" if "当场" in line.reason else ""
    return Reason(_day(line.day), "不算", f"{received}当天不算，从第二天起数（民法典第二百零一条）{spot}", "", False)


def _notice(line: DayLine) -> str:
    """哪个通知定的；中止的日子不归放假通知管"""
    return "" if line.reason.startswith("中止") else line.notice


def _worth_telling(line: DayLine) -> bool:
    return not line.counted or bool(line.notice) or "逢" in line.reason


def _told(group: list[DayLine]) -> Reason:
    first = group[0]
    provisional = any(line.provisional for line in group)
    if first.counted:
        reason = "调休上班" if "调休" in first.reason else first.reason.replace(",", "，")
        return Reason(_day(first.day), f"算，第{first.number}天", reason, first.notice, provisional)
    days = "、".join(_spans([line.day for line in group]))
    name = first.reason.replace(",", "，").replace("(", "（").replace(")", "）")
    reason = name if name.startswith(("中止", "顺延", PLAIN_REST)) else f"{name}放假"
    return Reason(days, "不算", reason, _notice(first), provisional)


def _spans(days: list[date]) -> list[str]:
    """连着的日子写成一段"""
    spans: list[list[date]] = []
    for day in days:
        if spans and spans[-1][-1] + ONE_DAY == day:
            spans[-1].append(day)
        else:
            spans.append([day])
    return [_day(s[0]) if len(s) == 1 else f"{_plain(s[0])}至{_plain(s[-1])}" for s in spans]


def _plain(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _day(day: date) -> str:
    return f"{_plain(day)}（星期{'一二三四五六日'[day.weekday()]}）"


def how_counted(limit: TimeLimit, received: str) -> str:
    """一句话讲怎么数"""
    if limit.length + limit.extended_by == 0:
        return f"{received}当天就该办好（下班后或休息日收到的，算下一个工作日）"
    if limit.unit is Unit.WORKDAY:
        extended = f"，其中依法延长了{limit.extended_by}个" if limit.extended_by else ""
        return f"{received}当天不算。从第二天起，只数上班的日子，数到第{counted_length(limit)}个{extended}"
    total = f"{limit.length + limit.extended_by}{'个自然日' if limit.unit is Unit.DAY else limit.unit.label}"
    return f"{received}当天不算。从第二天起一天一天数，满{total}；最后一天逢休息日，顺到下一个上班的日子"


def days_told(limit: TimeLimit, calendar: WorkCalendar, received: str) -> str:
    """期限的日子写成一句: every counted day of a short limit, first and last of a long one, and what was left out."""
    if limit.unit not in {Unit.WORKDAY, Unit.DAY} or counted_length(limit) == 0:
        return f"{how_counted(limit, received)}。"
    days = explain(limit, calendar)[1:]
    counted = [line for line in days if line.counted]
    if not counted:
        return f"{how_counted(limit, received)}。"
    chosen = counted if len(counted) <= TOLD_ONE_BY_ONE else [counted[0], counted[-1]]
    told = "，".join(f"{_plain(line.day)}{'（调休上班）' if '调休' in line.reason else ''}第{line.number}天" for line in chosen)
    skipped: dict[str, list[date]] = {}
    for line in days:
        if not line.counted:
            skipped.setdefault(_skip_name(line), []).append(line.day)
    left_out = "，".join(f"{'、'.join(_spans(skip))}{name}" for name, skip in skipped.items())
    first = f"{received}那天{_plain(limit.started_on)}不算，{told}"
    return f"{first}；{left_out}，不算。" if left_out else f"{first}。"
