"""推演的账：what became of the cases, how the posts were loaded, and whether any case was lost. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from approvals.facts import CaseState
from approvals.replay import DECIDED
from approvals.simulation.cases import Case, Standing, standing
from approvals.simulation.staff import Cover
from approvals.simulation.township import PAUSE, Load, week_of
from approvals.simulation.year import Past
from portal.limits import day_of
from portal.workdays import WorkCalendar
from services.definition import OnTimeout, StageKind
from services.lifecycle import FINAL, Manner, State

DEFAULTS = tuple(mode.value for mode in OnTimeout if mode != OnTimeout.ESCALATE)
CASE_CLOCKS = frozenset({"promised", "statutory"})
OUTSIDE = "镇外"


class Ending(StrEnum):
    """一件的结局"""

    KEPT = "kept"  # 按承诺期限作出决定
    EXTENDED = "extended"  # 延长以后才按期：不算守了承诺
    LATE = "late"
    DEEMED = "deemed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    OPEN = "open"
    OPEN_LATE = "open_late"


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """一个事项: filings, share on time, and 工作日 from the complete application to the decision."""

    code: str
    name: str
    filed: int
    on_time: float | None
    median: int | None
    ninetieth: int | None


@dataclass(frozen=True, slots=True)
class PostFigures:
    """一个岗位的负荷: work that came in against the time its people have; above 1 the queue grows."""

    title: str
    office: str
    people: int
    hours: float
    mean: float
    peak: float
    peak_week: str  # its Monday
    queue_mean: float
    queue_most: int
    stood_in: int  # days a deputy, head or leader had its power
    nobody: int


@dataclass(frozen=True, slots=True)
class OfficeFigures:
    """一个站所: steps handled, overdue, and the defaults that its silence set off."""

    name: str
    steps: int
    overdue: int
    defaults: dict[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """推演的结果"""

    filed: int
    closed: int
    endings: dict[str, int]
    on_time: float | None
    defaults: dict[str, int]
    escalated: int
    cards: dict[str, int]
    standing: dict[str, int]
    reasons: dict[str, int]
    unexplained: list[str]
    courses: dict[str, int]
    outage_days: list[str]
    offices: list[OfficeFigures]
    posts: list[PostFigures]
    items: list[ItemFigures]


def make_report(past: Past) -> Report:
    """记账 – every case once; `unexplained` must be empty."""
    endings = Counter(ending(case.state).value for case in past.cases)
    effects = Counter(effect.kind for case in past.cases for effect in case.state.effects)
    stands = {case: standing(case, past.plan, past.law, day_of(past.at)) for case in past.cases if case.is_open}
    lost = [f"{case.arrival.name}（{State(case.state.state).label}）" for case, found in stands.items() if found is None]
    told = [found for found in stands.values() if found is not None]
    return Report(
        filed=len(past.cases),
        closed=sum(not case.is_open for case in past.cases),
        endings={kind.value: endings[kind] for kind in Ending},
        on_time=on_time(endings),
        defaults={kind: effects[kind] for kind in DEFAULTS},
        escalated=effects[OnTimeout.ESCALATE],
        cards={kind: effects[kind] for kind in ("remind", "yellow", "red")},
        standing={kind.value: sum(found[0] == kind for found in told) for kind in Standing},
        reasons=dict(Counter(text for kind, text in told if kind != Standing.DEADLINE).most_common()),
        unexplained=lost,
        courses=_courses(past, effects),
        outage_days=[day.isoformat() for day in sorted(past.calendars.outages)],
        offices=_offices(past),
        posts=[_post(past, place, load) for place, load in enumerate(past.loads)],
        items=_items(past),
    )


def _courses(past: Past, effects: Counter[str]) -> dict[str, int]:
    """路上遇到的事: how many cases met each."""
    states = [case.state for case in past.cases]
    return {
        "corrected": sum(state.corrections > 0 for state in states),
        "unanswered": effects["lapse"] + effects["decide"],
        "paused": sum(any(pause.id == PAUSE for pause in state.pauses) for state in states),
        "extended": sum(state.extended for state in states),
        "objected": sum(any(step.outcome == "object" and step.objection for step in state.steps) for state in states),
        "dissented": sum(any(step.outcome == "object" and not step.objection for step in state.steps) for state in states),
        "reasons_due": sum(state.reason_due_on is not None for state in states),
        "reasons_given": sum(state.reason_published for state in states),
    }


def ending(state: CaseState) -> Ending:
    """一件的结局: kept only if decided by a person inside the promise, not lengthened."""
    late = any(clock.is_overdue for clock in state.clocks if clock.key in CASE_CLOCKS)
    if state.state not in FINAL:
        return Ending.OPEN_LATE if late else Ending.OPEN
    if state.state in {State.WITHDRAWN, State.WITHDRAWN_DEEMED}:
        return Ending.WITHDRAWN
    if state.state not in DECIDED:
        return Ending.REJECTED
    if state.manner == Manner.DEEMED:
        return Ending.DEEMED
    if late:
        return Ending.LATE
    return Ending.EXTENDED if state.extended else Ending.KEPT


def on_time(endings: Counter[str]) -> float | None:
    """按时办结率 – kept, of all whose promise has been put to the proof; None where there is none yet."""
    proven = sum(endings[kind] for kind in (Ending.KEPT, Ending.EXTENDED, Ending.LATE, Ending.DEEMED, Ending.OPEN_LATE))
    return endings[Ending.KEPT] / proven if proven else None


def _items(past: Past) -> list[ItemFigures]:
    by_code: dict[str, list[Case]] = {entry.code: [] for entry in past.plan.arrivals}
    for case in past.cases:
        by_code[case.arrival.code].append(case)
    calendar = past.calendars.versions[-1].calendar
    found = []
    for code, cases in by_code.items():
        taken = sorted(days for case in cases if (days := taken_days(case.state, calendar)) is not None)
        rate = on_time(Counter(ending(case.state).value for case in cases))
        name = past.law.items[code].plain_name
        found.append(ItemFigures(code, name, len(cases), rate, share_of(taken, 0.5), share_of(taken, 0.9)))
    return found


def taken_days(state: CaseState, calendar: WorkCalendar) -> int | None:
    """从收到申请（补过材料的，从补齐那天）到决定几个工作日; None without a decision."""
    promised = state.clock("promised")
    if state.state not in DECIDED or state.effective_at is None or promised is None:
        return None
    return calendar.count_workdays(promised.days.started_on, day_of(state.effective_at))


def share_of(ordered: list[int], share: float) -> int | None:
    """分位数: the smallest value that at least this share does not exceed."""
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)] if ordered else None


def _offices(past: Past) -> list[OfficeFigures]:
    steps: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    defaults: Counter[tuple[str, str]] = Counter()
    window = _window_office(past)
    for case in past.cases:
        names = {s.key: OUTSIDE if s.external else past.law.office_name(s.office) for s in case.rules.stages}
        decider = next(names[s.key] for s in case.rules.stages if s.kind == StageKind.DECIDE)
        for clock in case.state.clocks:
            if clock.key == "intake":
                steps[window] += 1
                overdue[window] += clock.is_overdue
        for step in case.state.steps:
            if step.stage.kind != StageKind.POSTING:
                steps[names[step.stage.key]] += 1
                overdue[names[step.stage.key]] += bool(step.clock and step.clock.is_overdue)
        for effect in case.state.effects:
            if effect.kind in DEFAULTS:
                silent = window if effect.kind == OnTimeout.ACCEPT else names.get(effect.step, decider)
                defaults[silent, effect.kind] += 1
    return [
        OfficeFigures(name, steps[name], overdue[name], {k: defaults[name, k] for k in DEFAULTS if defaults[name, k]})
        for name in sorted(steps, key=lambda name: (-steps[name], name))
    ]


def _window_office(past: Past) -> str:
    offices = [post.office for post in past.plan.posts if post.duty == "window"]
    return past.law.office_name(offices[0]) if offices else ""


def _post(past: Past, place: int, load: Load) -> PostFigures:
    plan = past.plan.posts[place]
    capacity = past.plan.day_minutes * plan.share * plan.people
    weeks = Counter(week_of(day) for day in past.workdays)
    # work that comes in during a week without a working day counts in the mean alone
    weekly = {week: load.minutes[week] / (weeks[week] * capacity) for week in weeks}
    peak = max(weekly, key=lambda week: (weekly[week], week), default=None)
    total = sum(load.minutes.values())
    return PostFigures(
        title=plan.title,
        office=past.law.office_name(plan.office),
        people=plan.people,
        hours=round(total / 60, 1),
        mean=total / (capacity * len(past.workdays)) if past.workdays else 0.0,
        peak=weekly[peak] if peak else 0.0,
        peak_week=peak.isoformat() if peak and weekly[peak] else "",
        queue_mean=_mean(load.queues),
        queue_most=max(load.queues, default=0),
        stood_in=sum(load.covers[kind] for kind in (Cover.DEPUTY, Cover.HEAD, Cover.LEADER)),
        nobody=load.covers[Cover.NOBODY] + load.covers[Cover.SILENT],
    )


def _mean(values: Iterable[int]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
