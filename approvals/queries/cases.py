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
from approvals.queries.lines import Line, load_lines
from approvals.routing import seat_for
from portal import joined
from portal.models import Post
from portal.roster import WHOLE, Matter, Roster, current_roster
from services.definition import StageKind
from services.lifecycle import State
from services.models import Application

# What hangs on an application and every page of it needs; sealed columns stay unread until somebody opens them.
WITH_CASE = ("case", "version", "applicant", "village", "filed_by", "filed_by__person")
_SEALED = ("id_sealed", "phone_sealed", "previous_phone_sealed", "email_sealed")
_PEOPLE = ("applicant", "filed_by__person")
LEFT = ("form_sealed", "version__definition", *(f"{person}__{column}" for person in _PEOPLE for column in _SEALED))
STEP_POSTS = (
    "step_posts",
    "ARRAY(SELECT s.key || ' ' || s.round || ' ' || coalesce(s.post_id::text, '')"
    ' FROM approvals_step AS s WHERE s.case_id = "case".id)',
)
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
    events: list[Line]
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


def find_filed(number: str) -> Application | None:
    """按编号找一件提交了的, with its version, township and case, and whose its steps are; one statement."""
    which = 'WHERE "t".number = %s AND "t".state <> %s'
    found = joined.select(Application, WITH_CASE, which, [number, State.DRAFT], LEFT, also=(STEP_POSTS,))
    for application in found:
        application.township = current_roster().townships[application.township_id]
    return found[0] if found else None


def fold_one(application: Application, at: datetime) -> Folded:
    """推算一件, its events read once."""
    return fold_many([application], at)[0]


def fold_many(applications: Sequence[Application], at: datetime) -> list[Folded]:
    """推算一页办件: the ledgers of all of them in one query."""
    lines = load_lines([stream_of(application) for application in applications])
    townships = {a.township_id: a.township for a in applications}
    loaded = {key: load_calendars(township) for key, township in townships.items()}
    return [_fold(a, lines[stream_of(a)], loaded[a.township_id], at) for a in applications]


def _fold(application: Application, lines: list[Line], calendars: Calendars, at: datetime) -> Folded:
    return Folded(application, lines, fold(facts_of(lines), application.rules, calendars, at))


def desk_at(post: Post, at: datetime, roster: Roster, matter: Matter = WHOLE) -> Desk:
    """一个岗位此刻谁在, for this matter: what has been handed over alone is with its deputy. From the roster alone."""
    holder, deputy = roster.titular(post, at), roster.deputy(post, at, matter)
    away = deputy is None and holder is not None and roster.is_out(holder, at)
    person = "" if holder is None or away else roster.names[holder]
    return _desk(post, person, roster.names[deputy] if deputy else "")


def _desk(post: Post, holder: str, deputy: str) -> Desk:
    return Desk(
        person=deputy or holder,
        standing_in_for=holder if deputy else "",
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
    seats, roster = _seats_of_steps(folded), current_roster()

    def desk(post_id: int | None, kind: str) -> Desk | None:
        post = roster.posts[post_id] if post_id is not None else None
        return desk_at(post, at, roster, Matter(application.rules.code, kind, application.number)) if post else None

    kinds = {(step.stage.key, step.round): step.stage.kind for step in state.steps}
    seated = {key: desk(post_id, kinds[key]) for key, post_id in seats.items() if key in kinds}
    return Standing(
        hands=[_hand(step, seated.get((step.stage.key, step.round))) for step in _current(state)],
        names={key: one.words for key, one in seated.items() if one is not None},
        window=desk(case.window_id if case else None, StageKind.INTAKE),
        agent=desk(application.agent_id, StageKind.DELIVER),
        first=desk(application.first_responsible_id, ""),
    )


def _seats_of_steps(folded: Folded) -> dict[tuple[str, int], int]:
    """每个环节归哪个岗位; the township's posts are read only if a step has no row yet."""
    application, rules = folded.application, folded.application.rules
    if not folded.state.steps:
        return {}
    found = _posts(application.__dict__.get(STEP_POSTS[0], ()))
    if any((step.stage.key, step.round) not in found for step in folded.state.steps):
        # some have been written since, or it came without
        rows = Step.objects.filter(case=application.case).values_list("key", "round", "post_id")
        found = {(key, round): post_id for key, round, post_id in rows}
    unwritten = [step for step in folded.state.steps if (step.stage.key, step.round) not in found]
    seats = load_seats(application.township_id)[0] if unwritten else []
    for step in unwritten:
        seat = seat_for(step.stage, seats, office=rules.office, village=application.village_id)
        found[step.stage.key, step.round] = seat.id if seat else None
    return {key: post_id for key, post_id in found.items() if post_id is not None}


def _posts(rows: Iterable[str]) -> dict[tuple[str, int], int | None]:
    """decision 1 17 – a step, its round and the post that has it, if any."""
    words = (row.split(" ") for row in rows)
    return {(key, int(round)): int(post) if post else None for key, round, post in words}


def _current(state: CaseState) -> list[StepView]:
    """正在办的一组：those still open, and the siblings that have already answered."""
    if not state.open_steps:
        return []
    groups = {step.stage.group for step in state.open_steps}
    return [step for step in state.steps if step.stage.group in groups and step.status != "superseded"]


def _hand(step: StepView, desk: Desk | None) -> Hand:
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


def _who(line: Line) -> str:
    if line.kind in APPLICANT_KINDS or not line.actor:
        return ""
    post = f"{line.post} " if line.post else ""
    stands = f"（代 {line.on_behalf_of}）" if line.on_behalf_of else ""
    return f"{post}{line.actor}{stands}"
