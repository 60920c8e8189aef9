"""结算：writes down what the fold says has already happened – once, with its legal instant (engine section 8)."""

from datetime import datetime

from approvals import projection
from approvals.facts import EXPIRING, Effect, StepView
from approvals.models import Card, Case, Certificate, Decision, PublicResult, ResponsibilityRecord
from approvals.pages.deadlines import limit_text
from approvals.pages.validity import told
from approvals.spent import spent
from approvals.writing import Work, perform
from portal.freezing import is_frozen
from portal.ledger import Entry
from portal.limits import Unit
from portal.models import Event, Post
from services.actions import advance
from services.definition import StageKind
from services.lifecycle import Act, Manner, State
from services.remedies import remedies_told

ACTS = {
    "accept": Act.ACCEPT,
    "decide": Act.ACCEPT,
    "record": Act.RECORD,
    "complete": Act.COMPLETE,
    "renew": Act.RENEW,
    "grant": Act.APPROVE,
    "lapse": Act.LAPSE,
}
ENDING = frozenset({"record", "complete", "renew", "grant", "lapse"})
CERTIFIED = ENDING - {"lapse"}
CARDS = frozenset({"remind", "yellow", "red"})
BLAMED = frozenset({"accept", "consent", "record", "complete", "renew", "grant", "escalate"})
TOLD = {
    "accept": "deemed_accepted",
    "consent": "consent",
    "record": "deemed_recorded",
    "complete": "deemed_completed",
    "renew": "deemed_renewed",
    "grant": "deemed_granted",
    "lapse": "withdrawn_deemed",
    "decide": "accepted",
}
CARD_TEXTS = {"remind": "card_remind", "yellow": "card_yellow", "red": "card_red"}


def settle(work: Work) -> None:
    """把已经到期的效果写下来, then bring the projection up to date; writing nothing twice.

    Nothing is sent to the database here: the rows are gathered, and `flush` writes them a table at a time.
    """
    work.refold()
    if work.case is None and not work.events:
        return
    for effect in work.unwritten:
        _write(work, effect)
    projection.update(work)


def settle_application(application_id: int) -> None:
    """结算一件办件 in its own transaction; safe to call at any time, by anybody. Writes nothing while frozen."""
    if is_frozen():
        return
    perform(application_id, lambda work: None, settle)


def _write(work: Work, effect: Effect) -> None:
    payload = {
        "key": effect.key,
        "at": effect.at.isoformat(),
        "clock": effect.clock,
        "round": effect.round,
        "citation": effect.citation.title + effect.citation.article if effect.citation else "",
        "blocked": effect.blocked_by,
    }
    (event,) = work.record(Entry(f"effect_{effect.kind}", payload))
    act = ACTS.get(effect.kind)
    if act is not None:
        advance(work.application, [act])
    post, user = _responsible(work, effect, effect.at)
    if effect.kind in CARDS and effect.clock != "answer":  # the applicant gets a reminder, no card
        _hand_card(work, effect, event, post, user)
    if effect.kind in BLAMED:
        _blame(work, effect, post, user)
    if effect.kind in ENDING:
        _conclude(work, effect, event, post)
    _tell(work, effect, event)


def _responsible(work: Work, effect: Effect, at: datetime) -> tuple[Post | None, int | None]:
    """时间在谁手里到的: the post, and the account of its holder; also whose it was at an earlier instant."""
    step, window = _waiting_step(work, effect), work.opened.window_id
    if step is not None:
        post = projection.post_of_step(work, step.stage.key, step.round)
    elif effect.clock == "serve":
        post = work.application.agent
    else:
        post = work.batch.roster.posts[window] if window is not None else None
    return work.responsible(post, at, step.stage.kind if step is not None else StageKind.INTAKE)


def _waiting_step(work: Work, effect: Effect) -> StepView | None:
    """到期时走到哪个环节; as it was at that end, however late it is written down. None while the window had it."""
    if effect.step:
        fitting = [step for step in work.state.steps if (step.stage.key, step.round) == (effect.step, effect.round)]
    elif effect.clock in {"intake", "serve"}:
        fitting = []
    else:
        fitting = [step for step in work.state.steps if _was_open(step, effect.at)]
    return fitting[-1] if fitting else None


def _was_open(step: StepView, end: datetime) -> bool:
    return step.opened_at < end and (step.ended_at is None or step.ended_at >= end)


def _hand_card(work: Work, effect: Effect, event: Event, post: Post | None, user: int | None) -> None:
    work.batch.add(
        Card,
        {
            "case_id": work.opened.pk,
            "key": effect.key,
            "rung": effect.kind,
            "clock": effect.clock,
            "user_id": user,
            "post_id": post.pk if post else None,
            "at": effect.at,
        },
    )
    told = [user]
    if effect.kind != "remind":
        told += projection.overseers(work, post)
    work.tell(event, CARD_TEXTS[effect.kind], told, daytime=True)


def _blame(work: Work, effect: Effect, post: Post | None, user: int | None) -> None:
    own = {"case_id": work.opened.pk, "key": effect.key, "recorded_at": work.clock.at}
    work.batch.add(ResponsibilityRecord, {**own, **_borne(work, effect, post, user)})


def borne(work: Work, effect: Effect) -> dict[str, object]:
    """一个到期记在谁名下: the columns of its responsibility record; `verify_projection` compares them with the rows."""
    return _borne(work, effect, *_responsible(work, effect, effect.at))


def _borne(work: Work, effect: Effect, post: Post | None, user: int | None) -> dict[str, object]:
    return {
        "clock": effect.clock,
        "mode": effect.kind,
        "user_id": user,
        "previous_user_id": _previous_holder(work, effect, user),
        "post_id": post.pk if post else None,
        "office_id": post.office_id if post else None,
        "ended_at": effect.at,
    }


def _previous_holder(work: Work, effect: Effect, user: int | None) -> int | None:
    """九成那天在岗、后来换了的人: handing a post over in the last tenth hands over no blame."""
    yellow = next((e for e in work.state.effects if e.kind == "yellow" and e.clock == effect.clock), None)
    if yellow is None:
        return None
    _, before = _responsible(work, effect, yellow.at)
    return before if before != user else None


def _conclude(work: Work, effect: Effect, event: Event, post: Post | None) -> None:
    rules = work.application.rules
    outcome = State(work.application.state)
    citation = effect.citation
    basis = f"{citation.title}{citation.article}" if citation else rules.no_answer_citation
    work.batch.add(
        Decision,
        {
            "case_id": work.opened.pk,
            "event_id": event.pk,
            "outcome": outcome,
            "manner": Manner.DEEMED,
            "effective_at": effect.at,
            "recorded_at": work.clock.at,
            "counts_from": work.state.counts_from,
            "legal_basis": basis,
            "remedies": remedies_told(rules, work.application.township),
        },
    )
    if effect.kind in CERTIFIED:
        _certify(work, effect, basis)
    publish_result(work, outcome, Manner.DEEMED, effect.at)


def _certify(work: Work, effect: Effect, basis: str) -> None:
    application, case = work.application, work.opened
    ordinal = work.batch.certificates.get(case.pk, 0) + 1
    work.batch.certificates[case.pk] = ordinal
    office = work.batch.roster.offices.get((application.township_id, application.rules.office))
    work.batch.add(
        Certificate,
        {
            "case_id": case.pk,
            "number": f"{application.number}-{ordinal}",
            "mode": effect.kind,
            "citation": basis,
            "office_id": office.pk if office else None,
            "effective_at": effect.at,
            "issued_at": work.clock.at,
        },
    )


def _tell(work: Work, effect: Effect, event: Event) -> None:
    if effect.clock == "answer" and effect.kind == "remind":
        work.tell_applicant(event, "reminder")
    elif effect.clock == "serve" or effect.kind == "review":
        kind = "serve_notice" if effect.clock == "serve" else "review_day"
        work.tell(event, kind, projection.answering(work, [work.application.agent]))
    elif effect.kind in TOLD:
        work.tell_applicant(event, TOLD[effect.kind])
    elif effect.kind == "escalate" and effect.clock in {"promised", "statutory", "expiry"}:
        work.tell_applicant(event, "overdue")
        work.tell(event, "reason_due", projection.office_heads(work), daytime=True)
    elif effect.kind == EXPIRING and (kind := told(work.state, work.application.rules)):
        work.tell_applicant(event, kind)
    elif effect.kind == "raised":
        work.tell(event, "reason_late", projection.leaders(work), daytime=True)


def publish_result(work: Work, outcome: State, manner: Manner, at: datetime) -> None:
    """公示结果: the masked row the board reads, if the version says so."""
    rules, application = work.application.rules, work.application
    if rules.publish_results != "masked" or outcome in {State.WITHDRAWN, State.WITHDRAWN_DEEMED}:
        return
    took = spent(work.state)
    work.batch.add(
        PublicResult,
        {
            "case_id": work.opened.pk,
            "township_id": application.township_id,
            "village_id": application.village_id,
            "item_id": application.item_id,
            "number": application.number,
            "item_name": rules.name,
            "applicant_masked": application.applicant_masked,
            "outcome": outcome,
            "manner": manner,
            "effective_at": at,
            "days_used": took.days if took else None,
            "days_paused": took.paused if took else 0,
            "extended_by": took.extended_by if took else 0,
            "unit": took.unit if took else Unit.WORKDAY,
            "promised": limit_text(rules.promised) + ("内转报" if took and took.handed_up else ""),
            "late": work.state.is_late,
            "created_at": work.clock.at,
        },
    )


def open_case(work: Work, window: Post | None) -> Case:
    """立案: the projection row of a newly filed application, written once settling has filled it in."""
    application = work.application
    work.case = Case(
        pk=work.batch.next_id(Case), application=application, township_id=application.township_id, window=window
    )
    work.is_new = True
    return work.case
