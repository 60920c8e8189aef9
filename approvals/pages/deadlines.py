"""期限的样子：a clock as a deadline with its light, as one sentence, and as a row of day cells. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from approvals.afterwards import later_words
from approvals.clock import Light, TimeLimit, Unit, counted_length, day_ended, day_of, due_on, used
from approvals.facts import CaseState, ClockView, HowEnded
from portal.workdays import WorkCalendar
from services.definition import Limit, StageKind
from services.lifecycle import FINAL, NOT_CLOSED, State

MOST_CELLS = 66
LABELS = {
    "intake": "窗口答复",
    "promised": "我们承诺",
    "statutory": "法律最长",
    "expiry": "原许可到期",
    "answer": "请您补材料",
    "delivery": "送到您手里",
    "serve": "把告知书送上门",
    "review": "问上级一次",
}
STAFF_LABELS = {"answer": "申请人补材料", "delivery": "送到申请人手里"}
DONE_LIGHT = "已办结"
UNDELIVERED = "有结果，待送达"
AWAITED = "等补正"


@dataclass(frozen=True, slots=True)
class Deadline:
    """一个期限，给 _deadline.html 看"""

    label: str
    due_on: date | None
    light: str
    provisional: bool
    left: str  # 还剩9个工作日；empty where nothing runs
    why_url: str
    latest: date | None
    sentence: str = ""
    projected: date | None = None  # its end if a pause lasts until `latest`
    projected_provisional: bool = False
    until: datetime | None = None  # of a limit in hours, which does not end at 24:00
    awaits_supply: bool = False  # a correction notice has ended it; it starts anew on the day of supply


class Cell(NamedTuple):
    """日格的一格"""

    number: int
    state: str


def limit_text(limit: Limit | None) -> str:
    """期限的长短: 15个工作日, 当场."""
    if limit is None:
        return "没有期限"
    if limit.length == 0:
        return "当场"
    unit = {"workday": "工作日", "day": "自然日", "month": "月", "year": "年", "hour": "小时"}[limit.unit]
    return f"{limit.length}个{unit}" if unit != "年" else f"{limit.length}年"


def remaining_days(due: date, unit: Unit, calendar: WorkCalendar, today: date) -> tuple[int, str]:
    """还剩几天（负数是已过）和单位: working days where the limit counts them, else 自然日."""
    if unit is not Unit.WORKDAY:
        return (due - today).days, "自然日"
    if today <= due:
        return calendar.count_workdays(today, due), "工作日"
    past = calendar.count_workdays(due, today)
    return (-past, "工作日") if past else ((due - today).days, "自然日")


def awaits_supply(state: CaseState, clock: ClockView) -> bool:
    """等补正：a correction restarts; what the notice stopped is neither done nor has it an end (engine 3)."""
    return state.state == State.CORRECTING and clock.how == HowEnded.STOPPED


def case_light(state: CaseState, clock: ClockView | None) -> tuple[str, str]:
    """整件的灯和灯上的话（空的就是灯的名字）.

    While material is awaited only the applicant's own term runs, and it shows its light once its end is near or past.
    """
    if state.state in FINAL or clock is None:
        return end_light(state), UNDELIVERED if state.awaits_delivery else ""
    if state.state == State.CORRECTING:
        answer = state.clock("answer")
        if answer is not None and answer.is_open and answer.light in {Light.DUE_SOON, Light.OVERDUE}:
            return answer.light.label, ""
        return Light.PAUSED.label, AWAITED
    return light_of(clock), ""


def awaiting(clock: ClockView, *, label: str, sentence: str) -> Deadline:
    """等补正的期限: no date, for the one it had is gone and the new one begins with the supply."""
    shown = label or LABELS.get(clock.key, clock.key)
    return Deadline(shown, None, Light.PAUSED.label, False, "", "", None, sentence, awaits_supply=True)


def projected_end(clock: ClockView, calendar: WorkCalendar) -> date | None:
    """停着的期限照最迟恢复的那天数到哪天; None unless a pause with a planned end is open."""
    if clock.due_on is not None or clock.latest is None:
        return None
    pauses = tuple(pause if pause.end else replace(pause, end=clock.latest) for pause in clock.days.pauses)
    return due_on(replace(clock.days, pauses=pauses), calendar)


def pause_reasons(clock: ClockView) -> str:
    """为什么停着: the reasons of the pauses that are open."""
    return "、".join(dict.fromkeys(pause.reason for pause in clock.days.pauses if pause.end is None))


def light_of(clock: ClockView) -> str:
    """灯: what has been met in time shows as done, what merely stopped too."""
    if clock.how in {HowEnded.MET, HowEnded.STOPPED, HowEnded.DEFAULT}:
        return DONE_LIGHT
    return clock.light.value


def deadline_of(
    clock: ClockView, calendar: WorkCalendar, at: datetime, *, label: str = "", why_url: str = "", sentence: str = ""
) -> Deadline:
    """一个时钟的期限; what has ended shows its date without days left."""
    running = clock.is_open or clock.how == HowEnded.LAPSED
    projected = projected_end(clock, calendar)
    return Deadline(
        label=label or LABELS.get(clock.key, "这一步"),
        due_on=clock.due_on,
        light=light_of(clock),
        provisional=clock.provisional,
        left=left_of(clock, calendar, at) if running else "",
        why_url=why_url,
        latest=clock.latest,
        sentence=sentence,
        projected=projected,
        projected_provisional=projected is not None and not calendar.is_published(projected),
        until=clock.due_at if clock.in_hours else None,
    )


def left_of(clock: ClockView, calendar: WorkCalendar, at: datetime) -> str:
    """一个时钟还剩多久，或者超了多久; empty while it has no end."""
    if clock.due_on is None or clock.due_at is None:
        return ""
    if clock.in_hours:
        return hours_left(clock.due_at, at)
    return remaining_words(*remaining_days(clock.due_on, clock.days.unit, calendar, day_of(at)))


def hours_left(due: datetime, at: datetime) -> str:
    """还剩3小时20分钟 / 已超期5分钟"""
    hours, minutes = divmod(abs(due - at) // timedelta(minutes=1), 60)
    length = (f"{hours}小时" if hours else "") + (f"{minutes}分钟" if minutes or not hours else "")
    return f"已超期{length}" if at >= due else f"还剩{length}"


def remaining_words(remaining: int, unit_label: str) -> str:
    """还剩9个工作日 / 今天24:00到期 / 已超期2个工作日"""
    if remaining < 0:
        return f"已超期{-remaining}个{unit_label}"
    return f"还剩{remaining}个{unit_label}" if remaining else "今天24:00到期"


DEEMED_WORDS = {
    State.RECORDED: "收讫即备案",
    State.COMPLETED: "自动办结",
    State.RENEWED: "视为准予延续",
    State.APPROVED: "视为准予",
    State.WITHDRAWN_DEEMED: "视为撤回",
}


def state_word(state: str, manner: str) -> str:
    """状态的说法: a default is named by its own word."""
    if manner == "deemed":
        return DEEMED_WORDS.get(State(state), State(state).label)
    return State(state).label


def slip_name(state: CaseState) -> str:
    """通知单此刻的名字: before acceptance it can only say that the application came in."""
    return "受理通知单" if state.accepted_at else "收件通知单"


def slip_day(state: CaseState, filed_at: datetime | None) -> date:
    """通知单落款的日子: that of the acceptance; 24:00, at which silence accepts, belongs to the day it ends."""
    return day_ended(state.accepted_at or filed_at or state.at)


def end_light(state: CaseState) -> str:
    """有了结果的灯: 已办结 with its tick only for what was decided; what was withdrawn stands by its own word."""
    return state_word(state.state, state.manner) if state.state in NOT_CLOSED else DONE_LIGHT


def headline(state: CaseState, calendar: WorkCalendar, whom: str = "您") -> str:
    """一句话: the outcome if there is one, else what is left of the time; `whom` is what the reader calls the applicant."""
    if state.state in FINAL:
        return state_word(state.state, state.manner) + later_words(state.linked)
    if state.state == State.CORRECTING:
        return f"等{whom}补材料"
    if any(step.is_handed_up and step.stage.kind == StageKind.DECIDE for step in state.open_steps):
        return "已转报上级"
    clock = state.shown_clock
    if clock is None:
        return State(state.state).label
    if clock.due_on is None:
        return "现在依法停着，不算日子"
    return left_of(clock, calendar, state.at)


def day_cells(clock: ClockView, legal: ClockView | None, calendar: WorkCalendar, at: datetime) -> list[Cell]:
    """日格: one cell a counted day up to the legal end; empty where they would be too many to read."""
    if clock.due_on is None or clock.how == HowEnded.STOPPED or clock.in_hours:
        return []
    limit, today = clock.days, day_of(at)
    total = counted_length(limit)
    legal_number = _number_of(limit, legal, total, calendar) if legal is not None else 0
    over = _over(clock, calendar, today)
    if not 0 < max(total, legal_number, total + over) <= MOST_CELLS:
        return []
    gone = used(limit, calendar, today)
    running = clock.is_open and counted_today(limit, calendar, today)
    cells = [Cell(n, _cell_state(n, gone, total, running)) for n in range(1, total + 1)]
    for number in range(total + 1, max(total + over, legal_number) + 1):
        kind = "over" if number <= total + over else "" if number == legal_number else "past"
        cells.append(Cell(number, f"{kind} legal".strip() if number == legal_number else kind))
    return cells


def counted_today(limit: TimeLimit, calendar: WorkCalendar, today: date) -> bool:
    """今天算不算在里面"""
    if any(pause.covers(today) for pause in limit.pauses):
        return False
    return today > limit.started_on and (limit.unit is not Unit.WORKDAY or calendar.is_workday(today))


def _cell_state(number: int, gone: int, total: int, running: bool) -> str:
    if number == gone and running:
        return "today"
    if number <= gone:
        return "gone promised" if number == total else "gone"  # the last day stays marked once it is past
    return "promised" if number == total else "tocome"


def _number_of(limit: TimeLimit, legal: ClockView, total: int, calendar: WorkCalendar) -> int:
    """法定最后一天排在第几格; 0 when it does not come after the promise."""
    if legal.due_on is None or not _same_days(limit, legal.days):
        return 0
    number = counted_length(legal.days)
    return number if number > total else 0


def _same_days(one: TimeLimit, other: TimeLimit) -> bool:
    return (one.unit, one.started_on) == (other.unit, other.started_on)


def _over(clock: ClockView, calendar: WorkCalendar, today: date) -> int:
    if clock.how != HowEnded.LAPSED or clock.due_on is None or today <= clock.due_on:
        return 0
    remaining, unit = remaining_days(clock.due_on, clock.days.unit, calendar, today)
    # A weekend after the last working day is told in 自然日, and fills no cell of a limit in 工作日.
    return 0 if clock.days.unit is Unit.WORKDAY and unit != "工作日" else -remaining

