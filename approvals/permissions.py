"""审批的权限：who may do which act on a case, and which cases a person may see."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from approvals.facts import CaseState, StepView
from approvals.models import Step
from approvals.writing import Work
from portal.errors import NotAllowed
from portal.models import Duty, Office, Post, User
from portal.permissions import Power, delegations_at, must_recuse, powers_of, present_at
from services.lifecycle import State
from services.models import Application
from services.permissions import OVERSIGHT, own_applications

INTAKE = frozenset({Duty.WINDOW})
AGENTS = frozenset({Duty.AGENT, Duty.VILLAGE_AGENT})
HEADS = frozenset({Duty.OFFICE_HEAD, Duty.TOWN_LEADER})
LEADERS = frozenset({Duty.TOWN_LEADER})
HANDLERS = frozenset({Duty.REVIEW, Duty.APPROVE, Duty.OFFICE_HEAD})


def visible_to(user: User, at: datetime) -> QuerySet[Application]:
    """此人能看的办件: one's own; as staff, what one's posts of this day handle – always of one's own township."""
    own = own_applications(user)
    if not user.is_staff_member:
        return own
    powers = powers_of(user, at)
    if not powers:
        return own
    seen = Q(pk__in=own.values("pk")) | _handled([power.post for power in powers if not power.scope])
    for power in powers:
        if power.scope:
            seen |= _handled([power.post]) & _inside(power.scope)
    return Application.objects.filter(seen)


def _handled(posts: list[Post]) -> Q:
    """这些岗位经手的件"""
    if not posts:
        return Q(pk__in=[])
    filed = Q(township_id__in={post.township_id for post in posts}) & ~Q(state=State.DRAFT)
    if any(post.duty in OVERSIGHT or post.duty in INTAKE for post in posts):
        return filed  # windows cover each other: any trained clerk can take any window's item (A10)
    offices = {post.office_id for post in posts}
    mine = {post.pk for post in posts}
    led = {post.office_id for post in posts if post.duty == Duty.OFFICE_HEAD}
    steps = Step.objects.filter(case__application=OuterRef("pk")).filter(Q(office_id__in=offices) | Q(post_id__in=mine))
    answers = Q(item__office_id__in=led)  # the head answers for his office's items, whichever office has the step
    return filed & (Q(agent_id__in=mine) | Q(Exists(steps)) | answers)


def _inside(scope: Mapping[str, list[str]]) -> Q:
    """代理范围里的件"""
    items = Q(item__code__in=scope["items"]) if "items" in scope else Q()
    return items & (Q(number__in=scope["cases"]) if "cases" in scope else Q())


def require_power(
    work: Work, by: User, *, duties: frozenset[str], office: int | None, what: str, kind: str = ""
) -> Power:
    """此人此刻办这件事的权力; NotAllowed with its own sentence if there is none or 回避 applies."""
    power = work.power(by, office=office, duties=set(duties), kind=kind)
    if power is None or power.post.township_id != work.application.township_id:
        raise NotAllowed(f"{what}不在您的岗位职责里。")
    if must_recuse(by, work.application.applicant):
        raise NotAllowed("这是您本人或亲属的件，依法应当回避，不能由您办理，代理别人也不行。")
    return power


def head_power(work: Work, by: User, what: str) -> Power:
    """事项责任站所的负责人或镇领导的权力; NotAllowed for any other office's head, and under 回避."""
    refusal = f"{what}要由{work.application.rules.office_name}的负责人或镇领导办理。"
    return _own_power(work, by, frozenset({Duty.OFFICE_HEAD}), LEADERS, refusal)


def pause_power(work: Work, by: User, view: StepView | None, what: str) -> Power:
    """中止、恢复的权力: who has the step, or its head; else the item's own office and the windows.

    Those for the case's own clocks, and for a step that windows and agents carry, which is of no office.
    """
    if view is not None and not is_carried(view, work.state):
        return step_power(work, by, view, what)
    refusal = f"{what}要由{work.application.rules.office_name}或者受理窗口办理。"
    return _own_power(work, by, HANDLERS, INTAKE | LEADERS, refusal)


def is_carried(view: StepView, state: CaseState) -> bool:
    """这一步是不是由窗口、代办岗经手: whose result they only register."""
    return bool(duties_for(view, state) & (AGENTS | INTAKE))


def _own_power(work: Work, by: User, own: frozenset[Duty], anywhere: frozenset[Duty], refusal: str) -> Power:
    """事项责任站所里 `own` 的岗位，或任何站所里 `anywhere` 的岗位的权力"""
    application = work.application
    office = Office.objects.filter(township=application.township_id, key=application.rules.office).first()
    power = work.power(by, office=office.pk, duties=set(own)) if office is not None else None
    power = power or work.power(by, office=None, duties=set(anywhere))
    if power is None or power.post.township_id != application.township_id:
        raise NotAllowed(refusal)
    if must_recuse(by, application.applicant):
        raise NotAllowed("这是您本人或亲属的件，依法应当回避，不能由您办理，代理别人也不行。")
    return power


def leads(powers: list[Power], post: Post) -> bool:
    """这个岗位的代理归不归此人安排: office heads for their own office, never for a leader; leaders for the township."""
    for power in powers:
        if power.post.duty == Duty.TOWN_LEADER and power.post.township_id == post.township_id:
            return True
        head = power.post.duty == Duty.OFFICE_HEAD and power.post.office_id == post.office_id
        if head and post.duty != Duty.TOWN_LEADER:
            return True
    return False


def duties_for(view: StepView, state: CaseState) -> frozenset[str]:
    """某环节可以由哪些职责办: its own; agents register outside results; heads and, once overdue, the leader step in."""
    stage = view.stage
    if stage.external or stage.duty == Duty.VILLAGE_AGENT:
        return AGENTS
    if stage.duty == Duty.TOWN_LEADER:
        return LEADERS
    own = frozenset({Duty(stage.duty), Duty.OFFICE_HEAD})
    overdue = bool(view.clock and view.clock.is_overdue) or any(
        clock.is_overdue for clock in state.clocks if clock.key in {"promised", "statutory"}
    )
    return own | LEADERS if overdue else own


def office_of(view: StepView, township_id: int, duties: frozenset[str]) -> int | None:
    """环节的站所编号; None where any office's holder of the duty may act (agents, windows, leaders)."""
    if view.stage.external or duties & (AGENTS | INTAKE) or duties <= LEADERS:
        return None
    return Office.objects.filter(township=township_id, key=view.stage.office).values_list("pk", flat=True).first()


def step_power(work: Work, by: User, view: StepView, what: str) -> Power:
    """办某个环节的权力; NotAllowed if this person has none at this instant."""
    duties = duties_for(view, work.state)
    office = office_of(view, work.application.township_id, duties)
    own, kind = duties - LEADERS if len(duties) > 1 else duties, view.stage.kind
    power = work.power(by, office=office, duties=set(own), kind=kind)
    if power is None and (duties >= LEADERS or not _is_manned(office, own, work.clock.at)):
        power = work.power(by, office=None, duties=set(LEADERS), kind=kind)
    power = power or _assigned(work, by, view)
    if power is None or power.post.township_id != work.application.township_id:
        raise NotAllowed(f"{what}不在您的岗位职责里，这一步归{view.stage.name}的承办岗位。")
    if must_recuse(by, work.application.applicant):
        raise NotAllowed("这是您本人或亲属的件，依法应当回避，不能由您办理，代理别人也不行。")
    return power


def _assigned(work: Work, by: User, view: StepView) -> Power | None:
    """这一步派到了此人的岗位: the next in line after somebody who had to step aside."""
    row = work.steps.get((view.stage.key, view.round))
    mine = powers_of(by, work.clock.at, lock=True) if row is not None and row.post_id is not None else []
    matter = work.matter(view.stage.kind)
    return next((p for p in mine if row is not None and p.post.pk == row.post_id and p.covers(matter)), None)


def _is_manned(office: int | None, duties: frozenset[str], at: datetime) -> bool:
    """这个站所此刻有没有能办的人; where nobody holds the duty, power falls to the township's leaders (engine 6)."""
    if office is None:
        return True
    seat = {"post__office_id": office, "post__duty__in": duties}
    return present_at(at).filter(**seat).exists() or delegations_at(at).filter(**seat).exists()
