"""中止、恢复、延长：the clock stops only for listed reasons, with written notice and an end (B6)."""

from datetime import date

from approvals.actions.common import require_running, require_text, signed
from approvals.models import ExtensionNotice, PauseNotice
from approvals.permissions import HEADS, require_power
from approvals.settling import settle
from approvals.writing import Work, perform
from portal.errors import DeadlinePassed, InvalidInput, NotAllowed, WrongState
from portal.limits import Light, day_of
from portal.models import Duty, User
from services.definition import PauseReason
from services.lifecycle import State
from services.models import Application

PAUSERS = frozenset({Duty.REVIEW, Duty.APPROVE, Duty.WINDOW, *HEADS})


def pause(
    *, application: Application, by: User, reason: str, until: date, notice: str, second: User | None = None, step: str = ""
) -> None:
    """中止计时 – for a reason on the version's list, with a written notice naming the time needed.

    It stops `step`, one that runs, and the case's clocks its reason names; other steps run on (engine 4).
    Counts from the day the notice is issued and ends by itself on `until`. From the 90 % day on it needs a
    second signer. InvalidInput without a running step while there is one, without notice, beyond the
    maximum, or for a reason not on the list.
    """

    def act(work: Work) -> None:
        require_running(work, "中止")
        power = require_power(work, by, duties=PAUSERS, office=None, what="中止计时")
        rule = _reason(work, reason)
        today = day_of(work.clock.at)
        text = require_text(notice, "没有发出书面通知，不能中止计时。请写明要做什么、需要多久。", least=5)
        if work.state.state != State.ACCEPTED:
            raise WrongState("受理以后才能中止计时。")
        if any(p.ended_on is None for p in work.state.pauses):
            raise WrongState("已经在中止，不能重复中止。")
        _check_step(work, step)
        if until <= today:
            raise InvalidInput("请写一个今天以后的恢复日期。")
        if (until - today).days > rule.max_days:
            raise InvalidInput(f"「{rule.name}」最长中止{rule.max_days}个自然日。")
        _check_second(work, by, second)
        clocks = [work.state.clock(key) for key in rule.clocks]
        if not any(clock is not None and clock.is_open for clock in clocks):
            raise DeadlinePassed("期限已经届满，不能再中止。")
        before = min((c.due_at for c in clocks if c is not None and c.is_open and c.due_at), default=None)
        ordinal = sum(event.kind == "paused" for event in work.events) + 1
        payload = {"id": f"pause{ordinal}", "reason": rule.name, "clocks": list(rule.clocks), "until": until.isoformat()}
        payload["step"] = step
        (event,) = work.record(signed("paused", by, power, payload, before=before))
        PauseNotice.objects.create(
            case=work.opened,
            event=event,
            reason=rule.name,
            text=text,
            basis=rule.basis,
            starts_on=today,
            until=until,
            by=by,
            second_signer=second,
        )
        work.tell_applicant(event, "paused")

    perform(application.pk, act, settle)


def _check_step(work: Work, key: str) -> None:
    """一次中止只停一个环节; with none open it can only stop the case's own clocks."""
    running = {step.stage.key: step.stage.name for step in work.state.open_steps}
    if key and key not in running:
        raise InvalidInput("这个环节现在没有在办，不能停它的表。")
    if running and not key:
        raise InvalidInput(f"请选停哪个环节（{'、'.join(running.values())}）。中止只停一个环节和整件的期限，别的环节照走。")


def _reason(work: Work, key: str) -> PauseReason:
    found = [rule for rule in work.application.rules.pause_reasons if rule.key == key]
    if not found:
        raise InvalidInput("这件事的规则里没有这个中止事由，不能停表。")
    return found[0]


def _check_second(work: Work, by: User, second: User | None) -> None:
    """到了九成的日子，中止要第二人签"""
    clock = work.state.case_clock
    if clock is None or clock.light not in {Light.DUE_SOON, Light.OVERDUE}:
        return
    if second is None or second.person_id == by.person_id:
        raise NotAllowed("期限已过九成，中止要有第二人（所办负责人或镇领导）签字。")
    require_power(work, second, duties=HEADS, office=None, what="中止的第二签字")


def resume(*, application: Application, by: User) -> None:
    """恢复计时 – before the planned end; the day of resumption does not count."""

    def act(work: Work) -> None:
        require_running(work, "恢复计时")
        power = require_power(work, by, duties=PAUSERS, office=None, what="恢复计时")
        running = [p for p in work.state.pauses if p.ended_on is None and p.id.startswith("pause")]
        if not running:
            raise WrongState("现在没有中止。")
        (event,) = work.record(signed("resumed", by, power, {"id": running[-1].id}))
        PauseNotice.objects.filter(case=work.opened, ended_on=None).update(ended_on=day_of(work.clock.at))
        work.tell_applicant(event, "resumed")

    perform(application.pk, act, settle)


def extend(*, application: Application, by: User, length: int, reason: str) -> None:
    """延长一次 – by the head, before the statutory end (none: the promised), the reason told (行政许可法 42).

    `length` is in the unit of the version's rule. DeadlinePassed after the end; WrongState a second time.
    """

    def act(work: Work) -> None:
        require_running(work, "延长")
        rule = work.application.rules.extension
        power = require_power(work, by, duties=HEADS, office=None, what="批准延长")
        if not rule.allowed:
            raise WrongState("这件事依规定不能延长。")
        if work.state.extended:
            raise WrongState("已经延长过一次，不能再延长。")
        clock = work.state.clock("statutory") or work.state.clock("promised")
        if clock is None or not clock.is_open:
            raise DeadlinePassed("期限已届满，不能再延长，这件事算逾期。")
        if clock.limit.unit.value != rule.unit.value:  # a version from before the import refused it
            raise WrongState("这件事规定的延长和它的期限不是一个单位，不能延长。")
        if not 0 < length <= rule.length:
            raise InvalidInput(f"最多延长{rule.length}个{_unit(rule.unit)}。")
        text = require_text(reason, "请写明延长的理由，要告知申请人。", least=5)
        payload = {"length": length, "unit": rule.unit}
        (event,) = work.record(signed("extended", by, power, payload, before=clock.due_at))
        ExtensionNotice.objects.create(
            case=work.opened, event=event, length=length, unit=rule.unit, reason=text, by=by, at=work.clock.at
        )
        work.tell_applicant(event, "extended")

    perform(application.pk, act, settle)


def _unit(unit: str) -> str:
    return {"workday": "工作日", "day": "自然日", "month": "月", "year": "年"}.get(unit, unit)
