"""案件事实与推算结果：the values that go into the fold and come out of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from portal.limits import (
    DUE_SOON_SHARE,
    HourLimit,
    Light,
    TimeLimit,
    day_of,
    hour_light,
    hour_rung_at,
    light,
    rung_on,
)
from portal.workdays import WorkCalendar
from services.definition import Citation, OnTimeout, Stage
from services.lifecycle import ENDS_VALIDITY, Linked, State


class Kind(StrEnum):
    """事实种类: event kinds the fold reads; every other event of the stream leaves the legal state alone."""

    FILED = "filed"
    RECEIPT_CONFIRMED = "receipt_confirmed"  # 第二人核对了补登的收件日
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    SUPPLIED = "supplied"
    REJECTED = "rejected"  # outcome in data: not_accepted, not_required, not_ours, forwarded
    OPINION = "opinion"
    DECIDED = "decided"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    OBJECTED = "objected"  # 公示期间有异议
    FOUND = "found"  # 异议的书面核查结论，再公示
    SERVED = "served"  # 一次性告知书送到了申请人手里
    ABSENT = "absent"  # 上门核查，申请人不在
    DIED = "died"
    PASSED = "passed"  # 按户的事转给家里另一位
    DUPLICATE = "duplicate"
    REASON_PUBLISHED = "reason_published"
    DELIVERED = "delivered"  # 结果送达
    RECTIFIED = "rectified"  # 更正默认结果
    REVOKED = "revoked"  # 撤销
    RENOUNCED = "renounced"  # 放弃


TO_BRING = "to_bring"  # in the event of filing: the materials that the applicant only means to bring to the window


@dataclass(frozen=True, slots=True)
class Fact:
    """一件事实: what was recorded and at which instant; `id` is its place in the stream."""

    kind: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True, slots=True)
class Publication:
    """日历的一次公布: in force for every limit that has not ended by `at`."""

    at: datetime
    calendar: WorkCalendar
    number: int = 1


@dataclass(frozen=True, slots=True)
class Closing:
    """当地一天提早关门: known from its publication on."""

    day: date
    closes_at: time
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Calendars:
    """日历与外部事实: calendar versions in order of publication, outage days, freezes, repealed documents, settings."""

    versions: tuple[Publication, ...]
    outages: frozenset[date] = frozenset()
    freezes: tuple[tuple[datetime, datetime | None], ...] = ()
    repealed: Mapping[str, date] = field(default_factory=dict)  # document title -> last day in force
    closes_at: time = time(17, 0)
    closings: tuple[Closing, ...] = ()
    shares: tuple[float, float] = (0.5, 0.9)

    def closing_on(self, day: date, at: datetime) -> time:
        """那天几点关门, as was known at an instant: a notice that comes later shortens no day that has passed."""
        early = [closing.closes_at for closing in self.closings if closing.day == day and closing.published_at <= at]
        return early[-1] if early else self.closes_at

    def newest(self, at: datetime) -> WorkCalendar:
        """到 at 为止公布的最新日历"""
        known = [version.calendar for version in self.versions if version.at <= at]
        return (known or [self.versions[0].calendar])[-1]


class HowEnded(StrEnum):
    """时钟怎样停的"""

    MET = "met"  # 在期限内办了
    LATE = "late"  # 逾期才办
    DEFAULT = "default"  # 到期，默认生效
    LAPSED = "lapsed"  # 到期，没有默认，逾期督办
    STOPPED = "stopped"  # 不再需要


@dataclass(frozen=True, slots=True)
class ClockView:
    """一个时钟的样子: `due_on` is None while paused; `latest` is then the planned end; `ended_at` when it stopped."""

    key: str
    round: int
    mode: OnTimeout
    limit: TimeLimit | HourLimit  # hours only for a step
    due_on: date | None
    due_at: datetime | None
    provisional: bool
    started_at: datetime
    ended_at: datetime | None
    how: HowEnded | None
    latest: date | None
    citation: Citation | None
    calendar: WorkCalendar = field(compare=False, repr=False)  # the one it runs, or ended, under
    shown_at: datetime = field(compare=False)  # when it is looked at, which makes it no other clock

    @property
    def in_hours(self) -> bool:
        """按小时的"""
        return isinstance(self.limit, HourLimit)

    @property
    def days(self) -> TimeLimit:
        """按日数的期限; TypeError for one in hours, which a clock of the whole case never is."""
        if isinstance(self.limit, HourLimit):
            raise TypeError(f"{self.key} 按小时计，没有天数")
        return self.limit

    @property
    def shown_on(self) -> date:
        """看的是哪一天"""
        return day_of(self.shown_at)

    @property
    def light(self) -> Light:
        """时限状态 when it is shown, counted when a page asks; an end that was moved is not 超期 before it has come."""
        if isinstance(self.limit, HourLimit):
            return hour_light(self.limit, self.shown_at)
        found = light(self.limit, self.calendar, self.shown_on)
        moved = self.is_open and (self.due_on is None or self.shown_on <= self.due_on)
        return Light.DUE_SOON if found == Light.OVERDUE and moved else found

    @property
    def soon_on(self) -> date | None:
        """从哪天起是临期; None while an open pause keeps that day from being known, and once the clock has stopped."""
        if not self.is_open:
            return None
        if isinstance(self.limit, HourLimit):
            return day_of(hour_rung_at(self.limit, DUE_SOON_SHARE))
        return rung_on(self.limit, self.calendar, DUE_SOON_SHARE)

    @property
    def is_open(self) -> bool:
        """还在走或中止"""
        return self.ended_at is None

    @property
    def is_overdue(self) -> bool:
        """到期没有办, or was done late."""
        return self.how in {HowEnded.LAPSED, HowEnded.LATE}


@dataclass(frozen=True, slots=True)
class StepView:
    """一个环节的样子"""

    stage: Stage
    round: int
    opened_at: datetime
    opened_on: date
    clock: ClockView | None
    status: str  # open | done | deemed | superseded
    ended_at: datetime | None = None
    outcome: str = ""  # agree | object | done | posted | approve | refuse | consent
    late: bool = False
    objection: bool = False
    absent: bool = False
    fact: int = 0

    @property
    def is_handed_up(self) -> bool:
        """已转报：the county decides and has published no limit; its clock shows the day on which we ask again."""
        return self.status == "open" and self.clock is not None and self.clock.key == "review"


# Effects that remind people and change nothing legal: cards, and a reason for a delay that did not come.
LADDER = frozenset({"remind", "yellow", "red", "raised"})
EXPIRING = "expiring"  # kind of the reminder that a term ends; the term is the applicant's own, so it is no card


@dataclass(frozen=True, slots=True)
class Effect:
    """一项到期的效果: what the function says has happened; `key` is unique in the case, settling writes it once."""

    key: str
    kind: str  # accept consent record complete renew grant escalate posted lapse decide review expiring, or one of LADDER
    at: datetime
    clock: str
    step: str = ""
    round: int = 1
    citation: Citation | None = None
    blocked_by: str = ""


@dataclass(frozen=True, slots=True)
class PauseView:
    """一次中止: from its written notice to the planned end or the resumption."""

    id: str
    reason: str
    clocks: tuple[str, ...]
    start: date
    until: date
    ended_on: date | None
    step: str = ""

    @property
    def by_notice(self) -> bool:
        """发了中止通知的; not the stop that a stage makes by itself while it runs (`post#1`)."""
        return "#" not in self.id


@dataclass(frozen=True, slots=True)
class CaseState:
    """案件在某一刻的法律状态: the only truth; rows are an index of it."""

    at: datetime
    state: str
    outcome: str = ""
    manner: str = ""
    effective_at: datetime | None = None
    counts_from: date | None = None
    granted_until: date | None = None  # 结果写明的有效期，whatever became of the result
    accepted_at: datetime | None = None
    acceptance_deemed: bool = False
    clocks: tuple[ClockView, ...] = ()
    steps: tuple[StepView, ...] = ()
    pauses: tuple[PauseView, ...] = ()
    effects: tuple[Effect, ...] = ()
    next_look_at: datetime | None = None
    complete: bool = True  # nothing of what is needed was deferred, declared impossible or is asked for
    to_bring: tuple[str, ...] = ()  # 说好带到窗口、窗口还没有收到的材料
    gathered: bool = True  # 必须交的都在了: complete, and no paper but a form filled in here is still to be brought
    corrections: int = 0
    extended: bool = False
    dead: bool = False
    passed: bool = False
    duplicate: bool = False
    reason_due_on: date | None = None
    reason_published: bool = False
    receipt_waits: bool = False  # 补登的收件日还没有第二人核对
    linked: tuple[str, ...] = ()  # 附后的行为, in order
    calendar: WorkCalendar | None = None

    def clock(self, key: str) -> ClockView | None:
        """某个时钟的最近一轮"""
        return next((clock for clock in reversed(self.clocks) if clock.key == key), None)

    def step(self, key: str) -> StepView | None:
        """某个环节的最近一轮"""
        return next((step for step in reversed(self.steps) if step.stage.key == key), None)

    @property
    def valid_until(self) -> date | None:
        """有效期到哪天; None for a result without a term, and once it has been revoked or given up."""
        return None if ENDS_VALIDITY & set(self.linked) else self.granted_until

    @property
    def is_expired(self) -> bool:
        """有效期过了"""
        return self.valid_until is not None and self.valid_until < day_of(self.at)

    @property
    def is_late(self) -> bool:
        """整件逾期: the promise or the law's limit ended without a result; the verdict of the clocks, whatever was counted."""
        return any(clock.is_overdue for clock in self.clocks if clock.key in {"promised", "statutory"})

    @property
    def answer_clock(self) -> ClockView | None:
        """窗口最晚哪一刻答复: by the intake limit, or by that of the whole case where it ends first; None once answered."""
        if self.state != State.SUBMITTED:
            return None
        dated = [(clock.due_at, clock) for clock in (self.clock("intake"), self.case_clock) if clock is not None and clock.due_at]
        return min(dated, key=lambda pair: pair[0])[1] if dated else None

    @property
    def awaits_delivery(self) -> bool:
        """有了结果，还没有送达的凭据"""
        clock = self.clock("delivery")
        waiting = clock is not None and (clock.is_open or clock.how == HowEnded.LAPSED)
        return waiting and not set(self.linked) - {Linked.CORRECTED.value}

    @property
    def handing_over(self) -> StepView | None:
        """等着登记送达的那一步: its own opinion does not end it, the delivery does."""
        if not self.awaits_delivery:
            return None
        return next((step for step in self.open_steps if step.stage.hands_over), None)

    @property
    def open_steps(self) -> tuple[StepView, ...]:
        """正在办的环节"""
        return tuple(step for step in self.steps if step.status == "open")

    @property
    def case_clock(self) -> ClockView | None:
        """整件接下来到期的钟: whichever of promised and statutory ends earlier; the expiry for a renewal."""
        found = [
            c
            for c in (self.clock("promised"), self.clock("statutory"), self.clock("expiry"))
            if c is not None
        ]
        return _earliest([c for c in found if c.is_open] or found, self.at)

    @property
    def shown_clock(self) -> ClockView | None:
        """对外显示的整件时钟: once the promise or the law's limit has passed, that one, whatever still runs beside it."""
        late = [c for c in (self.clock("promised"), self.clock("statutory")) if c is not None and c.how == HowEnded.LAPSED]
        return _earliest(late, self.at) or self.case_clock


def _earliest(clocks: list[ClockView], at: datetime) -> ClockView | None:
    return min(clocks, key=lambda c: (c.due_at is None, c.due_at or at), default=None)
