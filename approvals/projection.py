"""投影：the columns and step rows that lists and the sweep's index read; all derived from the fold."""

from collections.abc import Iterable
from datetime import datetime

from approvals.facts import CaseState, StepView
from approvals.models import Step
from approvals.routing import Seat, seat_for
from approvals.writing import Work
from portal.models import Duty, Office, Post
from portal.permissions import holder_of, responsible_at
from services.definition import Citation
from services.lifecycle import FINAL, State


def update(work: Work) -> None:
    """让投影跟上推算的结果: one update of application and case, steps only where something changed."""
    state, application, case = work.state, work.application, work.opened
    if state.state != application.state:
        raise RuntimeError(f"{application.number}: fold says {state.state}, the row {application.state}")
    values = case_values(state)
    if any(getattr(case, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(case, name, value)
        case.save(update_fields=list(values))
    if application.state != work.stored_state:
        application.save(update_fields=["state"])
        work.stored_state = application.state
    _update_steps(work)


def case_values(state: CaseState) -> dict[str, object]:
    """案件投影列的值; `verify_projection` compares them with the rows."""
    promised, statutory, shown = state.clock("promised"), state.clock("statutory"), state.case_clock
    done = state.state in FINAL and not state.open_steps
    return {
        "outcome": state.outcome,
        "manner": state.manner,
        "effective_at": state.effective_at,
        "counts_from": state.counts_from,
        "accepted_at": state.accepted_at,
        "promised_due_at": promised.due_at if promised else None,
        "statutory_due_at": statutory.due_at if statutory else None,
        "due_at": shown.due_at if shown else None,
        "intake_due_at": _intake_due(state),
        "provisional": bool(shown and shown.provisional),
        "paused": any(pause.ended_on is None for pause in state.pauses),
        "overdue": any(clock.is_overdue for clock in state.clocks if clock.key in {"promised", "statutory"}),
        "reason_due_on": state.reason_due_on,
        "reason_published": state.reason_published,
        "next_look_at": state.next_look_at,
        "closed_at": _closed_at(state) if done else None,
    }


def _intake_due(state: CaseState) -> datetime | None:
    """窗口最晚哪一刻答复: the intake limit, or the end of the whole case where that comes first."""
    if state.state != State.SUBMITTED:
        return None
    ends = [clock.due_at for clock in (state.clock("intake"), state.case_clock) if clock is not None]
    return min((end for end in ends if end is not None), default=None)


def _closed_at(state: CaseState) -> object:
    ends = [step.ended_at for step in state.steps if step.ended_at is not None]
    return max([*ends, state.effective_at or state.at])


def step_values(view: StepView) -> dict[str, object]:
    """环节投影列的值"""
    return {
        "status": view.status,
        "outcome": view.outcome,
        "ended_at": view.ended_at,
        "late": view.late or bool(view.clock and view.clock.is_overdue),
        "objection": view.objection,
        "due_at": view.clock.due_at if view.clock else None,
    }


def _update_steps(work: Work) -> None:
    if not work.state.steps:
        return
    rows = {(row.key, row.round): row for row in Step.objects.filter(case=work.opened).select_related("post")}
    missing = [view for view in work.state.steps if (view.stage.key, view.round) not in rows]
    if missing:
        _open_rows(work, missing)
    for view in work.state.steps:
        row = rows.get((view.stage.key, view.round))
        values = step_values(view)
        if row is not None and any(getattr(row, name) != value for name, value in values.items()):
            Step.objects.filter(pk=row.pk).update(**values)


def _open_rows(work: Work, views: list[StepView]) -> None:
    application, rules = work.application, work.application.rules
    seats, posts = load_seats(application.township_id)
    offices = {office.key: office for office in Office.objects.filter(township=application.township_id)}
    rows = []
    for view in views:
        stage = view.stage
        seat = seat_for(stage, seats, office=rules.office, village=application.village_id)
        post = posts[seat.id] if seat else None
        office = post.office if post and (stage.external or stage.office not in offices) else offices.get(stage.office)
        if office is None:
            raise LookupError(f"乡镇没有站所 {stage.office}")
        rows.append(
            Step(
                case=work.opened,
                township_id=application.township_id,
                key=stage.key,
                round=view.round,
                name=stage.name,
                kind=stage.kind,
                office=office,
                duty=post.duty if post and stage.external else stage.duty,
                post=post,
                length=stage.limit.length if stage.limit else None,
                unit=stage.limit.unit if stage.limit else "",
                mode=stage.timeout.mode,
                citation=_cited(stage.timeout.citation),
                opened_at=view.opened_at,
                opened_on=view.opened_on,
                **step_values(view),
            )
        )
    Step.objects.bulk_create(rows)
    _tell_assigned(work, rows)


def _tell_assigned(work: Work, rows: list[Step]) -> None:
    for row in rows:
        if row.status == "open" and row.post is not None:
            matter, township = work.matter(row.kind), work.application.township_id
            _, holder = responsible_at(row.post, work.clock.at, township_id=township, matter=matter)
            if holder is not None:
                work.tell(work.events[-1], "assigned", [holder.pk])


def _cited(citation: Citation | None) -> str:
    return f"{citation.title}{citation.article}"[:200] if citation else ""


def load_seats(township_id: int) -> tuple[list[Seat], dict[int, Post]]:
    """一个乡镇的岗位, as values and as rows."""
    posts = {post.pk: post for post in Post.objects.filter(township=township_id).select_related("office")}
    seats = [Seat(p.pk, p.office.key, p.duty, tuple(p.serves), p.village_id) for p in posts.values()]
    return seats, posts


def post_of_step(work: Work, key: str, round: int) -> Post | None:
    """某环节归哪个岗位, from its row or, if the row is still to be written, by routing."""
    row = Step.objects.filter(case=work.opened, key=key, round=round).select_related("post__office").first()
    if row is not None:
        return row.post
    seats, posts = load_seats(work.application.township_id)
    rules = work.application.rules
    seat = seat_for(rules.stage(key), seats, office=rules.office, village=work.application.village_id)
    return posts[seat.id] if seat else None


def office_heads(work: Work) -> list[int | None]:
    """事项责任站所的负责人此刻是谁"""
    offices = Office.objects.filter(township=work.application.township_id, key=work.application.rules.office)
    heads = Post.objects.filter(office__in=offices, duty=Duty.OFFICE_HEAD)
    return _holders(work, list(heads))


def overseers(work: Work, post: Post | None) -> list[int | None]:
    """黄牌、红牌还要告诉谁: the office head and the supervisor."""
    heads = Post.objects.filter(office_id=post.office_id, duty=Duty.OFFICE_HEAD) if post else Post.objects.none()
    supervisors = Post.objects.filter(township=work.application.township_id, duty=Duty.SUPERVISE)
    return _holders(work, [*heads, *supervisors])


def _holders(work: Work, posts: list[Post]) -> list[int | None]:
    holders = [holder_of(post, work.clock.at) for post in posts]
    return [holder.pk for holder in holders if holder is not None]


def answering(work: Work, posts: Iterable[Post | None]) -> list[int | None]:
    """这些岗位现在谁管事: the holder or deputy, or whoever has the power while nobody is there."""
    town, at, matter = work.application.township_id, work.clock.at, work.matter()
    found = [responsible_at(post, at, township_id=town, matter=matter)[1] for post in posts if post is not None]
    return [user.pk for user in found if user is not None]
