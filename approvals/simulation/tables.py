"""推演结果的表：plain text in columns, a Chinese character being two columns wide. Pure."""

from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from approvals.simulation.report import Ending, Report
from approvals.simulation.year import Past
from services.definition import OnTimeout
from services.modes import MODE_NAMES

ENDINGS = {
    Ending.KEPT: "按承诺期限办结",
    Ending.EXTENDED: "延长后办结",
    Ending.LATE: "逾期才办结",
    Ending.DEEMED: "超时默认",
    Ending.OPEN_LATE: "逾期还没办结",
    Ending.REJECTED: "受理时告知不办、转送",
    Ending.WITHDRAWN: "撤回、视为撤回",
    Ending.OPEN: "期末在办",
}
STANDING = {"deadline": "有期限在走", "paused": "依法中止，有最迟恢复日", "overdue": "已经逾期，说得出在谁手里"}
COURSES = {
    "corrected": "要补材料的",
    "unanswered": "到期没有补来的",
    "paused": "依法中止过的",
    "extended": "延长过的",
    "objected": "公示有异议的",
    "dissented": "会签有不同意见的",
    "reasons_due": "要公开逾期理由的",
    "reasons_given": "已经公开的",
}
CARDS = {"remind": "提醒", "yellow": "黄牌", "red": "红牌"}
REASONS_SHOWN = 8


def lines_of(past: Past, report: Report) -> list[str]:
    """全部输出, line by line."""
    parts = (_cases, _silence, _offices, _posts, _items, _left)
    return [*_head(past, report), *(line for part in parts for line in ("", *part(report)))]


def _head(past: Past, report: Report) -> Iterator[str]:
    plan = past.plan
    last = past.workdays[-1] if past.workdays else plan.first_day
    yield f"推演 {plan.first_day} 起 {past.days} 天（工作日 {len(past.workdays)} 个，最后一个 {last}），种子“{past.seed}”"
    yield f"这是推演，不是统计。{plan.about}（{plan.people:,} 人，{plan.yearly:,.0f} 件）；件数、比例、工时全是输入文件里的假设。"
    if past.notices:
        yield f"其间公布了新的放假安排：{'、'.join(map(str, past.notices))}，没有届满的期限按新的算"
    silent = "、".join(f"{past.law.office_name(s.office)} {s.first} 到 {s.last}" for s in plan.silences)
    yield f"没有声音的站所：{silent or '没有'}；网站停机 {len(plan.outages)} 次，盖住到期日 {len(report.outage_days)} 天"
    yield "从空的队开始；回避、县里自己的人手和节后补班的忙闲不在假设里。"


def _cases(report: Report) -> Iterator[str]:
    yield f"收件 {report.filed:,} 件，办完 {report.closed:,} 件，在办 {report.filed - report.closed:,} 件"
    yield f"按时办结率 {percent(report.on_time)}（按承诺期限办结 ÷ 期限已见分晓的件；延长、逾期、超时默认都不算按时）"
    rows = [(ENDINGS[Ending(kind)], f"{count:,}", percent(count / report.filed if report.filed else None))
            for kind, count in report.endings.items()]  # fmt: skip
    yield from table(("结局", "件", "占收件"), rows)
    yield "路上：" + "，".join(f"{COURSES[kind]} {count:,} 件" for kind, count in report.courses.items())


def _silence(report: Report) -> Iterator[str]:
    yield "超时默认（按种类）"
    rows = [(MODE_NAMES[OnTimeout(kind)], f"{count:,}") for kind, count in report.defaults.items()]
    rows += [("到期没有默认，逾期督办（整件和环节各算）", f"{report.escalated:,}")]
    yield from table(("种类", "次"), rows)
    yield "预警牌：" + "，".join(f"{CARDS[kind]} {count:,} 张" for kind, count in report.cards.items())


def _offices(report: Report) -> Iterator[str]:
    yield "逾期和默认（按站所）"
    rows = []
    for office in report.offices:
        defaults = "、".join(f"{MODE_NAMES[OnTimeout(kind)]} {count}" for kind, count in office.defaults.items())
        share = percent(office.overdue / office.steps if office.steps else None)
        rows.append((office.name, f"{office.steps:,}", f"{office.overdue:,}", share, defaults or "–"))
    yield from table(("站所", "经手", "逾期", "逾期率", "没有声音引起的默认"), rows)


def _posts(report: Report) -> Iterator[str]:
    yield "岗位负荷（来的活 ÷ 能用的工时，请假不扣；超过 100% 队就会长）"
    rows = [
        (
            post.title,
            str(post.people),
            f"{post.hours:,.0f}",
            percent(post.mean),
            percent(post.peak),
            post.peak_week,
            f"{post.queue_mean:.1f}",
            str(post.queue_most),
            str(post.stood_in),
            str(post.nobody),
        )
        for post in report.posts
    ]
    heads = ("岗位", "人", "工时", "平均", "最忙一周", "周一是", "平均排队", "最多排队", "被代天数", "没人天数")
    yield from table(heads, rows)


def _items(report: Report) -> Iterator[str]:
    yield "事项（从收到申请或补齐材料到决定，工作日）"
    rows = [
        (item.code, item.name, f"{item.filed:,}", percent(item.on_time), _days(item.median), _days(item.ninetieth))
        for item in report.items
    ]
    yield from table(("编码", "事项", "收件", "按时率", "一半在", "九成在"), rows)


def _left(report: Report) -> Iterator[str]:
    yield "期末没办完的件，每件都要有期限，或者说得出理由"
    for kind, count in report.standing.items():
        yield f"  {STANDING[kind]}：{count:,} 件"
    for text, count in list(report.reasons.items())[:REASONS_SHOWN]:
        yield f"    {count:,} 件 {text}"
    if len(report.reasons) > REASONS_SHOWN:
        yield f"    另有 {len(report.reasons) - REASONS_SHOWN} 种理由，见 --json"
    yield f"  没有期限也没有理由的：{len(report.unexplained):,} 件"


def percent(share: float | None) -> str:
    """百分比; 没有 where there is nothing to divide."""
    return "没有" if share is None else f"{share * 100:.1f}%"


def _days(count: int | None) -> str:
    return "没有" if count is None else f"{count} 天内" if count else "当天"


def width(text: str) -> int:
    """屏幕上占几格"""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """对齐的表: numbers to the right, words to the left, judged by their first row."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(width(cell) for cell in column) for column in columns]
    right = [bool(rows) and all(_is_number(row[n]) for row in rows) for n in range(len(heads))]
    for row in (heads, *rows):
        cells = [
            " " * (room - width(cell)) + cell if aligned else cell + " " * (room - width(cell))
            for cell, room, aligned in zip(row, widths, right, strict=True)
        ]
        yield ("  " + "  ".join(cells)).rstrip()


def _is_number(text: str) -> bool:
    return text in {"没有", "–"} or text[:1].isdigit()
