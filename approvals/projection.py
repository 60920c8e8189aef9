"""投影：the columns and step rows that lists and the sweep's index read; all derived from the fold."""

from collections.abc import Iterable

from approvals.facts import CaseState, StepView
from approvals.models import Case, PauseNotice, RecusalRecord, Step
from approvals.routing import Seat, seat_for
from approvals.writing import Work
from portal import rows
from portal.ledger import Entry
from portal.models import Duty, Event, Post
from portal.roster import Roster, current_roster
from services.definition import Citation, Stage
from services.lifecycle import FINAL
from services.models import Application

_seats: dict[int, tuple[Roster, list[Seat]]] = {}


def update(work: Work) -> None:
    """让投影跟上推算的结果: application, case and steps, only where something changed."""
    state, application, case = work.state, work.application, work.opened
    if state.state != application.state:
        raise RuntimeError(f"{application.number}: fold says {state.state}, the row {application.state}")
    values = case_values(state)
    changed = _set(case, values)
    if work.is_new:
        work.batch.add(Case, vars(case))
        work.is_new = False
    elif changed:
        work.batch.change(Case, case.pk, values)
    if application.state != work.stored_state:
        work.batch.change(Application, application.pk, {"state": application.state})
        work.stored_state = application.state
    if _update_steps(work) or changed:
        _end_notices(work)


def _set(row: Case | Step, values: dict[str, object]) -> bool:
    """换上新值; whether any of them is new."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def case_values(state: CaseState) -> dict[str, object]:
    """案件投影列的值; `verify_projection` compares them with the rows."""
    promised, statutory = state.clock("promised"), state.clock("statutory")
    coming, shown = state.case_clock, state.shown_clock
    delivery, answer = state.clock("delivery"), state.answer_clock
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
        "intake_due_at": answer.due_at if answer else None,
        "intake_soon_on": answer.soon_on if answer else None,
        "delivery_due_at": delivery.due_at if delivery is not None and state.awaits_delivery else None,
        "provisional": bool(coming and coming.provisional),
        "paused": any(pause.ended_on is None for pause in state.pauses),
        "overdue": state.is_late,
        "reason_due_on": state.reason_due_on,
        "reason_published": state.reason_published,
        "next_look_at": state.next_look_at,
        "closed_at": _closed_at(state) if done else None,
    }


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
        "soon_on": view.clock.soon_on if view.clock else None,
    }


def _end_notices(work: Work) -> None:
    """中止提前结束的，通知上写明: one ends with its step, or with the case, and then nobody has resumed it."""
    early = {pause.id: pause.ended_on for pause in work.state.pauses if pause.ended_on and pause.ended_on < pause.until}
    told = {event.pk: early.get(event.payload["id"]) for event in work.events if event.kind == "paused"} if early else {}
    if any(told.values()):
        for pk, event in PauseNotice.objects.filter(case=work.case, ended_on=None).values_list("pk", "event_id"):
            if told.get(event):
                work.batch.change(PauseNotice, pk, {"ended_on": told[event]})


def _update_steps(work: Work) -> bool:
    """环节的行也跟上; whether any of them has changed."""
    missing, changed = [], False
    for view in work.state.steps:
        row = work.steps.get((view.stage.key, view.round))
        if row is None:
            missing.append(view)
        elif _set(row, values := step_values(view)):
            work.batch.change(Step, row.pk, values)
            changed = True
    if missing:
        _open_rows(work, missing)
    return changed


def _open_rows(work: Work, views: list[StepView]) -> None:
    ids = work.batch.next_ids(Step, len(views))
    opened = [_new_row(work, view, pk) for view, pk in zip(views, ids, strict=True)]
    event = work.events[-1]
    for row in opened:
        recuse(work, row)
        work.steps[row.key, row.round] = row
        work.batch.add(Step, vars(row))
    _tell_assigned(work, opened, event)


def recuse(work: Work, row: Step) -> None:
    """回避：the step goes to the next in line at once – head, then leader – and the record says who stepped aside."""
    post, at = row.post, work.clock.at
    holder = work.batch.holder(post, at, work.matter(row.kind)) if row.status == "open" else None
    if post is None or holder is None or holder not in work.barred:
        return
    seat, user = work.responsible(post, at, row.kind)
    note_recusal(work, row.key, row.round, post, holder, seat if user is not None else None)
    if user is not None:
        row.post = seat


def note_recusal(work: Work, step: str, round: int, post: Post, user: int, to: Post | None) -> None:
    """记下谁回避了、转给哪个岗位; nobody left in the township: the county names somebody."""
    (event,) = work.record(Entry("recused", {"step": step, "round": round, "to": to.pk if to else None}))
    values = {"case_id": work.opened.pk, "step": step, "round": round, "user_id": user, "post_id": post.pk}
    to_id = to.pk if to else None
    work.batch.add(RecusalRecord, {**values, "to_post_id": to_id, "event_id": event.pk, "at": work.clock.at})
    work.tell(event, "recused", [user])


def _new_row(work: Work, view: StepView, pk: int) -> Step:
    application, stage = work.application, view.stage
    post, offices = _seated(work, stage), work.batch.roster.offices
    office = offices.get((application.township_id, stage.office))
    if post is not None and (stage.external or office is None):
        office = post.office
    if office is None:
        raise LookupError(f"乡镇没有站所 {stage.office}")
    values = {
        "id": pk,
        "case_id": work.opened.pk,
        "township_id": application.township_id,
        "key": stage.key,
        "round": view.round,
        "name": stage.name,
        "kind": stage.kind,
        "office_id": office.pk,
        "duty": post.duty if post and stage.external else stage.duty,
        "length": stage.limit.length if stage.limit else None,
        "unit": stage.limit.unit if stage.limit else "",
        "mode": stage.timeout.mode,
        "citation": _cited(stage.timeout.citation),
        "opened_at": view.opened_at,
        "opened_on": view.opened_on,
    }
    row = rows.make(Step, values | step_values(view))
    row.post = post
    return row


def _tell_assigned(work: Work, opened: list[Step], event: Event) -> None:
    for row in opened:
        if row.status == "open" and row.post is not None:
            _, holder = work.responsible(row.post, work.clock.at, row.kind)
            work.tell(event, "assigned", [holder])


def _cited(citation: Citation | None) -> str:
    return f"{citation.title}{citation.article}"[:200] if citation else ""


def load_seats(township_id: int) -> tuple[list[Seat], dict[int, Post]]:
    """一个乡镇的岗位, as values and as rows."""
    roster = current_roster()
    return seats_of(roster, township_id), {post.pk: post for post in roster.posts_in.get(township_id, ())}


def seats_of(roster: Roster, township_id: int) -> list[Seat]:
    """名册上一个乡镇的岗位, as values; made once for each roster."""
    kept = _seats.get(township_id)
    if kept is None or kept[0] is not roster:
        posts = roster.posts_in.get(township_id, ())
        seats = [Seat(p.pk, p.office.key, p.duty, tuple(p.serves), p.village_id) for p in posts]
        kept = _seats[township_id] = (roster, seats)
    return kept[1]


def _seated(work: Work, stage: Stage) -> Post | None:
    application, roster = work.application, work.batch.roster
    seats = seats_of(roster, application.township_id)
    seat = seat_for(stage, seats, office=application.rules.office, village=application.village_id)
    return roster.posts[seat.id] if seat else None


def post_of_step(work: Work, key: str, round: int) -> Post | None:
    """某环节归哪个岗位, from its row or, if the row is still to be written, by routing."""
    row = work.steps.get((key, round))
    if row is None:
        return _seated(work, work.application.rules.stage(key))
    return work.batch.roster.posts[row.post_id] if row.post_id is not None else None


def office_heads(work: Work) -> list[int | None]:
    """事项责任站所的负责人此刻是谁"""
    township, roster = work.application.township_id, work.batch.roster
    office = roster.offices.get((township, work.application.rules.office))
    heads = roster.with_duty(township, Duty.OFFICE_HEAD, office_id=office.pk) if office is not None else []
    return answering(work, heads) if heads else leaders(work)


def overseers(work: Work, post: Post | None) -> list[int | None]:
    """黄牌、红牌还要告诉谁: the office head – the leader where the head bears it – and the supervisor."""
    township, roster = work.application.township_id, work.batch.roster
    heads = roster.with_duty(township, Duty.OFFICE_HEAD, office_id=post.office_id) if post is not None else []
    up = leaders(work) if post is not None and post.duty == Duty.OFFICE_HEAD else []
    return [*answering(work, [*heads, *roster.with_duty(township, Duty.SUPERVISE)]), *up]


def leaders(work: Work) -> list[int | None]:
    """镇领导此刻是谁"""
    return answering(work, work.batch.roster.with_duty(work.application.township_id, Duty.TOWN_LEADER))


def answering(work: Work, posts: Iterable[Post | None]) -> list[int | None]:
    """这些岗位现在谁管事: the holder or deputy, or whoever has the power while nobody is there."""
    return [work.responsible(post, work.clock.at, "")[1] for post in posts if post is not None]
