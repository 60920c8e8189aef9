"""一件办件的读：found with its version, folded at an instant, with the names that pages show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from approvals.facts import Calendars, CaseState, StepView
from approvals.fold import fold
from approvals.loading import facts_of, load_calendars, stream_of
from approvals.models import Step
from approvals.pages.timeline import Happened
from approvals.projection import load_seats
from approvals.routing import seat_for
from portal.models import Event, Post, User
from portal.permissions import seated_at, whole_deputies_at
from services.lifecycle import State
from services.models import Application

# What the pages and the fold need of an event; the hashes are for the verifier.
SHOWN_OF_EVENTS = (
    "township_id", "stream", "sequence", "kind", "payload", "recorded_at", "valid_before", "simulated", "post__title",
    "actor__is_staff_member", "actor__person__name", "on_behalf_of__is_staff_member", "on_behalf_of__person__name",
)  # fmt: skip
APPLICANT_KINDS = frozenset({"filed", "supplied", "withdrawn", "urged", "renounced"})


@dataclass(frozen=True, slots=True)
class Desk:
    """谁在岗：the person who has a post's power now, whom they stand in for, and how to call them."""

    person: str
    standing_in_for: str
    post: str
    office: str
    phone: str

    @property
    def words(self) -> str:
        """陈示例，代 刘示例，3号窗口"""
        stands = f"，代 {self.standing_in_for}" if self.standing_in_for else ""
        return f"{self.person or '（暂时没有人，由负责人顶）'}{stands}，{self.post}"


@dataclass(frozen=True, slots=True)
class Folded:
    """一件办件和它此刻的样子"""

    application: Application
    events: list[Event]
    state: CaseState

    @property
    def at(self) -> datetime:
        """截至"""
        return self.state.at


def with_rules(rows: QuerySet[Application]) -> QuerySet[Application]:
    """带上版本（内容缓存在进程里，不随行取）、乡镇和案件"""
    related = rows.select_related("township", "version", "case", "village", "agent", "first_responsible", "applicant")
    return related.defer("version__definition", "form_sealed")


def filed_applications() -> QuerySet[Application]:
    """提交了的办件"""
    return with_rules(Application.objects.exclude(state=State.DRAFT))


def fold_one(application: Application, at: datetime) -> Folded:
    """推算一件, its events read once."""
    return fold_many([application], at)[0]


def fold_many(applications: Sequence[Application], at: datetime) -> list[Folded]:
    """推算一页办件: the ledgers of all of them in one query."""
    streams: dict[str, list[Event]] = {stream_of(application): [] for application in applications}
    found = Event.objects.filter(stream__in=streams).order_by("stream", "sequence")
    for event in found.select_related("actor__person", "post", "on_behalf_of__person").only(*SHOWN_OF_EVENTS):
        streams[event.stream].append(event)
    townships = {a.township_id: a.township for a in applications}
    loaded = {key: load_calendars(township) for key, township in townships.items()}
    return [_fold(a, streams[stream_of(a)], loaded[a.township_id], at) for a in applications]


def _fold(application: Application, events: list[Event], calendars: Calendars, at: datetime) -> Folded:
    return Folded(application, events, fold(facts_of(events), application.rules, calendars, at))


def desks_at(posts: Iterable[Post], at: datetime) -> dict[int, Desk]:
    """一些岗位此刻谁在; two queries whatever the number of posts."""
    wanted = {post.pk: post for post in posts}
    held: dict[int, User] = {}
    out: set[int] = set()
    stood: dict[int, User] = {}
    named = ("post_id", "user__is_staff_member", "user__person__name")
    for holding in seated_at(at).filter(post__in=wanted).select_related("user__person").only(*named):
        held[holding.post_id] = holding.user
        if holding.is_out:
            out.add(holding.post_id)
    named = ("post_id", "deputy__is_staff_member", "deputy__person__name")
    for row in whole_deputies_at(at).filter(post__in=wanted).select_related("deputy__person").only(*named):
        stood[row.post_id] = row.deputy
    return {
        key: _desk(post, None if key in out and key not in stood else held.get(key), stood.get(key))
        for key, post in wanted.items()
    }


def _desk(post: Post, holder: User | None, deputy: User | None) -> Desk:
    person = deputy or holder
    return Desk(
        person=person.display_name if person else "",
        standing_in_for=holder.display_name if deputy and holder else "",
        post=post.title,
        office=post.office.name,
        phone=post.phone or post.office.phone,
    )


@dataclass(frozen=True, slots=True)
class Hand:
    """现在在谁手里的一行"""

    light: str
    word: str
    office: str
    desk: Desk | None
    due_at: datetime | None
    key: str


@dataclass(frozen=True, slots=True)
class Standing:
    """一件办件的人: who has each step, the window, the agent, the first responsible person."""

    hands: list[Hand]
    names: dict[tuple[str, int], str]
    window: Desk | None
    agent: Desk | None
    first: Desk | None


def standing(folded: Folded) -> Standing:
    """现在在谁手里, with deputies named; a step opened by a default is routed even before its row is written."""
    application, state, at = folded.application, folded.state, folded.at
    case = getattr(application, "case", None)
    fixed = [case.window_id if case else None, application.agent_id, application.first_responsible_id]
    seats = _seats_of_steps(folded)
    posts = {post.pk: post for post in Post.objects.filter(pk__in={*seats.values(), *fixed}).select_related("office")}
    seated = {key: posts[post_id] for key, post_id in seats.items() if post_id in posts}
    desks = desks_at([*seated.values(), *(posts[key] for key in fixed if key in posts)], at)
    window, agent, first = (desks.get(key) if key else None for key in fixed)
    names = {key: desks[post.pk].words for key, post in seated.items()}
    hands = [_hand(step, seated.get((step.stage.key, step.round)), desks) for step in _current(state)]
    return Standing(hands, names, window, agent, first)


def _seats_of_steps(folded: Folded) -> dict[tuple[str, int], int]:
    """每个环节归哪个岗位; the township's posts are read only if a step has no row yet."""
    application, rules = folded.application, folded.application.rules
    if not folded.state.steps:
        return {}
    rows = Step.objects.filter(case=application.case).values_list("key", "round", "post_id")
    found: dict[tuple[str, int], int | None] = {(key, round): post_id for key, round, post_id in rows}
    unwritten = [step for step in folded.state.steps if (step.stage.key, step.round) not in found]
    seats = load_seats(application.township_id)[0] if unwritten else []
    for step in unwritten:
        seat = seat_for(step.stage, seats, office=rules.office, village=application.village_id)
        found[step.stage.key, step.round] = seat.id if seat else None
    return {key: post_id for key, post_id in found.items() if post_id is not None}


def _current(state: CaseState) -> list[StepView]:
    """正在办的一组：those still open, and the siblings that have already answered."""
    if not state.open_steps:
        return []
    groups = {step.stage.group for step in state.open_steps}
    return [step for step in state.steps if step.stage.group in groups and step.status != "superseded"]


def _hand(step: StepView, post: Post | None, desks: dict[int, Desk]) -> Hand:
    desk = desks.get(post.pk) if post else None
    office = f"镇外办：{step.stage.name}" if step.stage.external else desk.office if desk else step.stage.name
    clock = step.clock
    if step.status == "open":
        light = clock.light.value if clock else "正常"
        word = "已超期" if light == "超期" else "停着" if light == "中止" else "在办"
        return Hand(light, word, office, desk, clock.due_at if clock else None, step.stage.key)
    words = {"agree": "已同意", "object": "有意见", "consent": "视为无异议"}
    return Hand("已办结", words.get(step.outcome, "办完了"), office, desk, None, step.stage.key)


def happenings(folded: Folded) -> list[Happened]:
    """台账里村民看得懂的事, with the staff member's name and post."""
    return [Happened(event.kind, event.recorded_at, _who(event), len(event.payload.get("points", []))) for event in folded.events]


def _who(event: Event) -> str:
    if event.kind in APPLICANT_KINDS or event.actor is None:
        return ""
    post = f"{event.post.title} " if event.post else ""
    stands = f"（代 {event.on_behalf_of.display_name}）" if event.on_behalf_of else ""
    return f"{post}{event.actor.display_name}{stands}"
