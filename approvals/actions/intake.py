"""受理、一次性告知、不予受理：the window's verbs (A3, 行政许可法 32)."""

from datetime import datetime, timedelta

from approvals import projection
from approvals.actions.common import ending_before, require_running, require_text, signed
from approvals.models import CorrectionNotice, Decision
from approvals.permissions import INTAKE, LEADERS, require_power
from approvals.settling import publish_result, settle
from approvals.writing import Work, perform
from portal.errors import DeadlinePassed, InvalidInput, NotAllowed, WrongState
from portal.keys import keys
from portal.limits import day_of
from portal.models import Duty, Event, User
from portal.permissions import Power
from services.actions import advance
from services.amending import amendable
from services.definition import OnTimeout, StageKind
from services.lifecycle import Act, Manner, State
from services.models import Application, MaterialPoint
from services.remedies import remedies_told

REJECTIONS = {
    State.NOT_ACCEPTED: Act.REJECT,
    State.NOT_REQUIRED: Act.NOT_REQUIRE,
    State.NOT_OURS: Act.DISCLAIM,
    State.FORWARDED: Act.FORWARD,
}


def accept(*, application: Application, by: User) -> None:
    """受理 – moves no date: acceptance counts from the day of receipt (engine section 4)."""

    def act(work: Work) -> None:
        require_running(work, "受理")
        power = require_power(work, by, duties=INTAKE, office=None, what="受理", kind=StageKind.INTAKE)
        if work.state.state == State.ACCEPTED:
            raise WrongState("已经受理了" + ("（到期没有答复，视为受理）。" if work.state.acceptance_deemed else "。"))
        if work.state.state == State.CORRECTING:
            raise WrongState("一次性告知的材料还没补齐，补齐后再受理。")
        (event,) = work.record(signed("accepted", by, power, {}, before=ending_before(work)))
        advance(work.application, [Act.ACCEPT])
        work.tell_applicant(event, "accepted")

    perform(application.pk, act, settle)


def correct(*, application: Application, by: User, points: list[tuple[str, str]], note: str = "", override: str = "") -> None:
    """一次性告知 – everything missing, told once, in full, in writing, before the intake limit ends (A3).

    `points` are (key of a material or of a form field, what is wrong). A second notice needs a supervisor's `override` and stops
    nothing. InvalidInput for an empty or unknown list; DeadlinePassed after the limit.
    """

    def act(work: Work) -> None:
        require_running(work, "一次性告知")
        second = work.state.corrections > 0
        if second:
            _check_override(work, by, override)
        duties = LEADERS | {Duty.SUPERVISE} if second else INTAKE
        power = require_power(work, by, duties=duties, office=None, what="一次性告知", kind=StageKind.INTAKE)
        if not second:
            _check_in_time(work)
        listed = _checked_points(work, points)
        answer_by = day_of(work.clock.at) + timedelta(days=work.application.rules.answer_days)
        keys_listed = [point["key"] for point in listed]
        payload = {"points": keys_listed, "answer_by": answer_by.isoformat(), "override": second}
        served = second or has_account(work.application)
        if not served:
            payload["served"] = False
        before = None if second else _latest(work)
        (event,) = work.record(signed("corrected", by, power, payload, before=before))
        if not second:
            advance(work.application, [Act.CORRECT])
        CorrectionNotice.objects.create(
            case=work.opened,
            event=event,
            points=listed,
            note_sealed=keys().seal_text(note.strip()),
            answer_by=answer_by,
            sent_at=work.clock.at,
            by=by,
            override=override.strip() if second else None,
            served_on=day_of(work.clock.at) if served else None,
        )
        MaterialPoint.objects.filter(application=work.application, key__in=keys_listed).update(listed=True)
        work.tell_applicant(event, "corrected")
        if not served:
            work.tell(event, "serve_notice", projection.answering(work, [work.application.agent]))

    perform(application.pk, act, settle)


def has_account(application: Application) -> bool:
    """申请人自己有账号：a notice is delivered when it is in her messages; else the agent brings it on paper."""
    return not application.consent or User.objects.filter(person=application.applicant_id, is_active=True).exists()


def _check_override(work: Work, by: User, override: str) -> None:
    if work.power(by, office=None, duties={Duty.SUPERVISE, *LEADERS}, kind=StageKind.INTAKE) is None:
        raise NotAllowed("已经一次性告知过，不能再发第二次补正。当时看得到却没写的，不能再让群众补（一次性告知制）。")
    require_text(override, "第二次补正要由督查岗写明理由，并且不停表。")


def _check_in_time(work: Work) -> None:
    if work.state.state == State.ACCEPTED:
        if work.state.acceptance_deemed:
            raise DeadlinePassed("受理期限已届满，已经视为受理，不能再一次性告知补正。")
        raise WrongState("已经受理了，不能再一次性告知补正。")
    intake = work.state.clock("intake")
    if intake is not None and not intake.is_open:
        raise DeadlinePassed("受理期限已届满，不能再一次性告知补正。")
    promised = work.state.clock("promised")
    filing = work.application.rules.timeout.mode in {OnTimeout.RECORD, OnTimeout.COMPLETE}
    if filing and promised is not None and not promised.is_open:
        raise DeadlinePassed("承诺期限已届满，不能再一次性告知补正。")


def _checked_points(work: Work, points: list[tuple[str, str]]) -> list[dict[str, str]]:
    names = {material.key: material.name for material in work.application.rules.materials}
    names |= {field.key: field.label for field in amendable(work.application)}
    listed = [{"key": key, "name": names.get(key, ""), "why": why.strip()} for key, why in points]
    if not listed:
        raise InvalidInput("请选出要补的材料，一次写全。")
    unknown = [point["key"] for point in listed if not point["name"]]
    if unknown:
        raise InvalidInput(f"这件事没有材料「{unknown[0]}」，也没有要填的这一格。")
    vague = [point["name"] for point in listed if len(point["why"]) < 2]
    if vague:
        raise InvalidInput(f"请写清「{vague[0]}」哪里要补、怎样补。")
    return listed


def _latest(work: Work) -> datetime | None:
    ends = [clock.due_at for clock in (work.state.clock("intake"),) if clock and clock.due_at]
    case_end = ending_before(work)
    return min([*ends, *([case_end] if case_end else [])], default=None)


def reject(*, application: Application, by: User, outcome: State, facts: str, legal_basis: str, where: str = "") -> None:
    """不予受理、不需办理、不属本机关、转送 – each with its reason, and where to go if it is not ours."""

    def act(work: Work) -> None:
        power, reason, basis = check_rejection(work, by, outcome, facts, legal_basis)
        if outcome in {State.NOT_OURS, State.FORWARDED}:
            require_text(where, "请写明该找哪个单位、在哪里、电话多少。")
        payload = {"outcome": outcome.value}
        (event,) = work.record(signed("rejected", by, power, payload, before=ending_before(work)))
        advance(work.application, [REJECTIONS[outcome]])
        work.refold()
        words = {"facts": reason + (f"\n应向：{where.strip()}" if where.strip() else ""), "legal_basis": basis}
        conclude_rejection(work, event, by, power, outcome, words)
        work.tell_applicant(event, outcome.value)  # each of the four has its own words

    perform(application.pk, act, settle)


def check_rejection(work: Work, by: User, outcome: State, facts: str, legal_basis: str) -> tuple[Power, str, str]:
    """不予受理等的条件: the power, the reason and the basis; refused before they are all there."""
    require_running(work, State(outcome).label)
    power = require_power(work, by, duties=INTAKE, office=None, what="受理审查", kind=StageKind.INTAKE)
    if work.state.state == State.ACCEPTED:
        raise WrongState("已经受理了，不能再作不予受理。")
    if outcome not in REJECTIONS:
        raise InvalidInput("请选择不予受理、不需办理、不属本机关或转送。")
    reason = require_text(facts, "请写明事实和理由，没有理由不能作这个决定。", least=5)
    return power, reason, require_text(legal_basis, "请写明依据。")


def conclude_rejection(
    work: Work, event: Event, by: User, power: Power, outcome: State, words: dict[str, str]
) -> None:
    """写下不予受理等的决定 and publish it, masked"""
    Decision.objects.create(
        case=work.opened,
        event=event,
        outcome=outcome,
        manner=Manner.SIGNED,
        effective_at=work.clock.at,
        recorded_at=work.clock.at,
        remedies=remedies_told(work.application.rules, work.application.township, own=True),
        by=by,
        post=power.post,
        on_behalf_of=power.on_behalf_of,
        **words,
    )
    publish_result(work, outcome, Manner.SIGNED, work.clock.at)
