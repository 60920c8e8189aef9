"""办理中的纸：what a slip and the notices of correction, pause and extension say; reads nothing itself."""

from dataclasses import replace
from operator import attrgetter

from approvals.clock import due_on
from approvals.models import CorrectionNotice, ExtensionNotice, PauseNotice
from approvals.pages.day_zero import day_zero
from approvals.pages.deadlines import limit_text, slip_day, slip_name
from approvals.pages.materials import Handed, how_to_change
from approvals.pages.months import how_counted
from approvals.pages.silence import silences
from approvals.papers.frame import Ground, applicant, called, complaint, ends, set_sheet, whom_to_ask
from approvals.papers.sheet import Block, Sheet, dates, effect, letter, note, numbered, rows, to, words
from approvals.queries.cases import Folded
from portal.numbers import grouped, read_aloud
from portal.pagewords import cn_date, cn_datetime, cn_end
from services.definition import Limit, LimitUnit
from services.guide import waiting_text

CLOCK_NAMES = {"promised": "承诺的期限", "statutory": "法定的期限"}


def slip(ground: Ground, materials: Handed, *, query_code: str) -> Sheet:
    """受理（收件）通知单"""
    folded, people = ground.folded, ground.people
    application, rules, state = folded.application, folded.application.rules, folded.state
    code = f"　查询码 {grouped(query_code)}" if query_code else ""
    promised = state.clock("promised")
    counted = how_counted(promised.days, day_zero(state, promised, "promised")) if promised else ""
    how = f"怎么数：{counted}。每一天算不算、凭什么，进度页上有“为什么是这一天”。" if promised else ""
    waiting = waiting_text(rules, application.received_on) if application.received_on else ""
    end_of_steps = [
        *([waiting] if waiting else []),
        *materials.next_steps,
        f"不满意打监督电话 {application.township.complaint_phone}。",
    ]
    accepted = (
        (f"{'视为受理' if state.acceptance_deemed else '受理'}：{cn_end(state.accepted_at)}",)
        if state.accepted_at
        else ()
    )
    return set_sheet(
        ground,
        heading=slip_name(state),
        under=(f"念：{read_aloud(application.number)}{code}",),
        stamps=(f"收到：{cn_datetime(application.filed_at)}", *accepted),
        blocks=(
            rows(
                ("办的事", f"{rules.name}（第{application.version.number}版）"),
                ("申请人", applicant(folded)),
                ("全程代办员", called(people.agent) or "由中心安排"),
                ("第一责任人", called(people.first)),
                *materials.rows,
                ("收费", f"{rules.fee.note}，代办也不收"),
            ),
            *ends(ground),
            words(how),
            numbered(
                [f"{s.who}：{s.text}{f'（{s.basis}）' if s.basis else ''}" for s in silences(rules, complete=state.gathered)],
                "没人按时回话，会这样",
            ),
        ),
        closing=(
            words("\n".join(end_of_steps), "接下来"),
            *((note("视为受理不是批准。结果另行书面告诉您。"),) if state.acceptance_deemed else ()),
        ),
        issued_at=slip_day(state, application.filed_at),
        seal_use="受理专用章" if state.accepted_at else "收件专用章",
    )


def correction(ground: Ground, notice: CorrectionNotice, note_text: str) -> Sheet:
    """一次性告知书; a second one, by the supervisor's leave, says that it stops nothing."""
    folded, rules = ground.folded, ground.folded.application.rules
    second = (
        f"督查岗特别批准的第二次（{notice.override}）。这一次不停表，承诺的日子照样走。"
        if notice.override
        else ""
    )
    once = "一次写全了，以后不会再要您补别的。" if not second else ""
    return set_sheet(
        ground,
        heading="一次性告知书",
        under=(f"念：{read_aloud(folded.application.number)}",),
        stamps=(f"发出：{cn_datetime(notice.sent_at)}",),
        blocks=(
            to(folded.application.applicant_masked),
            letter(f"您申请的{rules.name}，还要补下面{len(notice.points)}样。{once}"),
            note(second),
            rows(
                *((f"{n}. {point['name']}", point["why"]) for n, point in enumerate(notice.points, 1)),
                heading="要补的",
                annex="要补的材料和怎样补",
            ),
            words(note_text, "补充说明", annex="补充说明"),
            _answer_by(notice, rules.answer_days),
            numbered(_how_to_supply(ground, notice, second), "怎样补"),
        ),
        closing=(words("\n".join(whom_to_ask(ground.people))),),
        signed=notice.by.display_name,
        issued_at=notice.sent_at,
        seal_use="业务专用章",
    )


def _answer_by(notice: CorrectionNotice, answer_days: int) -> Block:
    """补到哪天; the term runs from delivery, so before it the paper names its length."""
    if notice.served_on is None:
        return dates(("送到您手里那天起", f"{answer_days}个自然日内", "补来"))
    return dates(("请在这天以前补来", cn_date(notice.answer_by), f"{cn_date(notice.served_on)}送到"))


def _how_to_supply(ground: Ground, notice: CorrectionNotice, second: str) -> list[str]:
    rules = ground.folded.application.rules
    lapses = rules.on_no_answer == "withdrawn" and not second
    lines = [
        "登录全程办，在进度页“补材料”里上传照片；或者带到窗口、交给代办员，都一样。",
        how_to_change(rules, [point["key"] for point in notice.points]),
        "交不了的，写一句为什么，也算补了，行不行由审核的人定。",
        "" if second else "补齐那天起，窗口重新算答复的日子；补齐以前，承诺的日子不走。",
        f"到期没有补：视为撤回（{rules.no_answer_citation}），可以重新申请。"
        if lapses
        else "到期没有补：按手头的材料接着往下办。",
    ]
    return [line for line in lines if line]


def pause(ground: Ground, notice: PauseNotice) -> Sheet:
    """中止计时通知书 – the written notice without which no clock stops"""
    clocks = [CLOCK_NAMES[key] for key in notice.event.payload.get("clocks", []) if key in CLOCK_NAMES]
    legal_runs = (
        "statutory" not in notice.event.payload.get("clocks", [])
        and ground.folded.application.rules.statutory is not None
    )
    second = f"，第二签发人 {notice.second_signer.display_name}" if notice.second_signer else ""
    return set_sheet(
        ground,
        heading="中止计时通知书",
        stamps=(f"发出：{cn_datetime(notice.event.recorded_at)}",),
        blocks=(
            to(ground.folded.application.applicant_masked),
            letter(f"您申请的{ground.subject}，因为{notice.reason}，依法停下计时。"),
            dates(
                ("从这天起停（这天还算）", cn_date(notice.starts_on), ""),
                (
                    "最迟到这天自己恢复",
                    cn_date(notice.until),
                    f"已于{cn_date(notice.ended_on)}恢复" if notice.ended_on else "",
                ),
            ),
            rows(
                ("停的是", f"{'、'.join(clocks)}{'；法定的期限照样走' if legal_runs else ''}"),
                ("依据", notice.basis),
            ),
            words(notice.text, "为什么停、要做什么", annex="为什么停、要做什么"),
            *(_ends_after(ground.folded, notice) or ends(ground)),
            numbered(
                [
                    "停着的日子不算在办理的日子里；停的这些天，每一天为什么不算，进度页上查得到。",
                    "到了上面写的日子，计时自己恢复，不用您来催，也不用谁批准。",
                    "事情提前做完，要提前恢复，并告诉您。",
                ],
                "这对您意味着",
            ),
        ),
        closing=(words("\n".join([*whom_to_ask(ground.people), complaint(ground, "认为不该停")])),),
        signed=f"签发人 {notice.by.display_name}{second}",
        issued_at=notice.event.recorded_at,
        seal_use="业务专用章",
    )


def _ends_after(folded: Folded, notice: PauseNotice) -> tuple[Block, ...]:
    """停到写的那天才恢复，最晚变成哪天; empty once this pause is over."""
    calendar = folded.state.calendar
    # of two begun on one day the longer one counts: what they cover is a union
    until = {view.start: view.until for view in sorted(folded.state.pauses, key=attrgetter("until")) if not view.ended_on}
    boxes = []
    for key, name in CLOCK_NAMES.items():
        clock = folded.state.clock(key)
        running = [p for p in clock.days.pauses if p.end is None] if clock is not None else []
        if calendar is None or clock is None or notice.starts_on not in {p.start for p in running}:
            continue
        planned = tuple(replace(p, end=until[p.start]) if p in running else p for p in clock.days.pauses)
        day = due_on(replace(clock.days, pauses=planned), calendar)
        boxes.append((f"停到那天才恢复的话，{name}最晚", cn_date(day), ""))
    return (dates(*boxes),) if boxes else ()


def extension(ground: Ground, notice: ExtensionNotice) -> Sheet:
    """延长办理期限通知书 (行政许可法 42)"""
    rules = ground.folded.application.rules
    added = limit_text(Limit(notice.length, LimitUnit(notice.unit)))
    return set_sheet(
        ground,
        heading="延长办理期限通知书",
        stamps=(f"批准：{cn_datetime(notice.at)}",),
        blocks=(
            to(ground.folded.application.applicant_masked),
            letter(f"您申请的{ground.subject}，在期限以内办不完，经批准延长一次。"),
            effect(f"延长{added}"),
            rows(("依据", rules.extension.basis), ("谁批准的", notice.by.display_name)),
            words(notice.reason, "为什么延长", annex="为什么延长"),
            *ends(ground),
            numbered(
                [
                    f"只能延长这一次。过了新的日子还没有结果，就是逾期：{_overdue()}",
                    "延长的件在公开的统计里另外算，不算按时办好。",
                ],
                "这对您意味着",
            ),
        ),
        closing=(words("\n".join([*whom_to_ask(ground.people), complaint(ground, "认为不该延长")])),),
        signed=f"批准人 {notice.by.display_name}",
        issued_at=notice.at,
        seal_use="业务专用章",
    )


def _overdue() -> str:
    return "镇领导督办，理由公开，您可以投诉、复议。"
