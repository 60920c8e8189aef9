"""中止、恢复、延长：the clock stops only for listed reasons, with written notice and an end (B6)."""

from datetime import date

from approvals.actions.common import ending_before, require_running, require_text, signed
from approvals.facts import ClockView, PauseView, StepView
from approvals.models import ExtensionNotice, PauseNotice
from approvals.pausing import clocks_stopped, days_left, days_of, needs_second, running_notices, span
from approvals.permissions import head_power, pause_power
from approvals.settling import settle
from approvals.writing import Work, perform
from portal.errors import DeadlinePassed, InvalidInput, NotAllowed, WrongState
from portal.limits import day_of
from portal.models import User
from services.definition import PauseReason
from services.lifecycle import State
from services.models import Application


def pause(
    *, application: Application, by: User, reason: str, until: date, notice: str, second: User | None = None, step: str = ""
) -> None:
    """中止计时 – for a reason on the version's list, with a written notice naming the time needed.

    It stops `step`, one that runs, and the case's clocks its reason names; other steps run on (engine 4). By the
    post that has the step, or its head. Counts from the day the notice is issued and ends by itself on `until`. From
    the 90 % day of any clock it stops it needs a second signer. InvalidInput without a running step while there is
    one, without notice, beyond the maximum of its reason in this case, or for a reason not on the list.
    """

    def act(work: Work) -> None:
        require_running(work, "中止")
        if work.state.state != State.ACCEPTED:
            raise WrongState("受理以后才能中止计时。")
        view = _running_step(work, step)
        power = pause_power(work, by, view, "中止计时")
        rule = _reason(work, reason)
        today = day_of(work.clock.at)
        text = require_text(notice, "没有发出书面通知，不能中止计时。请写明要做什么、需要多久。", least=5)
        if step in running_notices(work.state.pauses):
            raise WrongState("已经在中止，不能重复中止。")
        _check_days(work, rule, today, until)
        stopped = clocks_stopped(work.state, rule.clocks, view)
        if not stopped:
            raise DeadlinePassed("期限已经届满，不能再中止。")
        _check_second(work, by, second, stopped)
        ordinal = sum(event.kind == "paused" for event in work.events) + 1
        payload = {"id": f"pause{ordinal}", "reason": rule.name, "clocks": list(rule.clocks), "until": until.isoformat()}
        payload["step"] = step
        (event,) = work.record(signed("paused", by, power, payload, before=ending_before(work, *stopped)))
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


def _running_step(work: Work, key: str) -> StepView | None:
    """一次中止只停一个环节; with none open it can only stop the case's own clocks."""
    running = {step.stage.key: step for step in work.state.open_steps}
    if key and key not in running:
        raise InvalidInput("这个环节现在没有在办，不能停它的表。")
    if running and not key:
        names = "、".join(step.stage.name for step in running.values())
        raise InvalidInput(f"请选停哪个环节（{names}）。中止只停一个环节和整件的期限，别的环节照走。")
    return running.get(key)


def _reason(work: Work, key: str) -> PauseReason:
    found = [rule for rule in work.application.rules.pause_reasons if rule.key == key]
    if not found:
        raise InvalidInput("这件事的规则里没有这个中止事由，不能停表。")
    return found[0]


def _check_days(work: Work, rule: PauseReason, today: date, until: date) -> None:
    """最长停几天，是这件事里这个事由前后加起来的"""
    if until <= today:
        raise InvalidInput("请写一个今天以后的恢复日期。")
    taken, left = days_of(work.state.pauses, rule.name), days_left(work.state.pauses, rule)
    if len(taken.union(span(today, until))) <= rule.max_days:
        return
    if not taken:
        raise InvalidInput(f"「{rule.name}」最长中止{rule.max_days}个自然日。")
    rest = f"最多还能停{left}个" if left else "不能再停"
    raise InvalidInput(f"「{rule.name}」前后加起来最长中止{rule.max_days}个自然日，已经用了{len(taken)}个，{rest}。")


def _check_second(work: Work, by: User, second: User | None, stopped: list[ClockView]) -> None:
    """到了九成的日子，中止要第二人签"""
    if not needs_second(work.state, stopped):
        return
    if second is None or second.person_id == by.person_id:
        whom = f"{work.application.rules.office_name}的负责人或镇领导"
        raise NotAllowed(f"期限已过九成，中止要有第二人（{whom}）签字。")
    head_power(work, second, "中止的第二签字")


def resume(*, application: Application, by: User, pause: str = "") -> None:
    """恢复计时 – before the planned end; the day of resumption does not count. By whoever may pause that step.

    `pause` is the id of the pause; not needed while only one runs. InvalidInput where several run and none is named.
    """

    def act(work: Work) -> None:
        require_running(work, "恢复计时")
        found = _running_pause(work, pause)
        power = pause_power(work, by, work.state.step(found.step), "恢复计时")
        (event,) = work.record(signed("resumed", by, power, {"id": found.id}))
        noticed = next(one for one in work.events if one.kind == "paused" and one.payload["id"] == found.id)
        PauseNotice.objects.filter(event=noticed).update(ended_on=day_of(work.clock.at))
        work.tell_applicant(event, "resumed")

    perform(application.pk, act, settle)


def _running_pause(work: Work, key: str) -> PauseView:
    """恢复的是哪一次中止"""
    running = list(running_notices(work.state.pauses).values())
    found = [one for one in running if key in {"", one.id}]
    if not found:
        raise WrongState("这次中止已经结束。" if key else "现在没有中止。")
    if len(found) > 1:
        raise InvalidInput("有几个环节停着，请选恢复哪一个。")
    return found[0]


def extend(*, application: Application, by: User, length: int, reason: str) -> None:
    """延长一次 – by the head of the item's office, before the statutory end (none: the promised) (行政许可法 42).

    The reason is told. `length` is in the unit of the version's rule. DeadlinePassed after the end; WrongState a second time.
    """

    def act(work: Work) -> None:
        require_running(work, "延长")
        rule = work.application.rules.extension
        power = head_power(work, by, "批准延长")
        if not rule.allowed:
            raise WrongState("这件事依规定不能延长。")
        if work.state.extended:
            raise WrongState("已经延长过一次，不能再延长。")
        clock = work.state.clock("statutory") or work.state.clock("promised")
        if clock is None or not clock.is_open:
            raise DeadlinePassed("期限已届满，不能再延长，这件事算逾期。")
        if clock.days.unit.value != rule.unit.value:  # a version from before the import refused it
            raise WrongState("这件事规定的延长和它的期限不是一个单位，不能延长。")
        if not 0 < length <= rule.length:
            raise InvalidInput(f"最多延长{rule.length}个{_unit(rule.unit)}。")
        text = require_text(reason, "请写明延长的理由，要告知申请人。", least=5)
        payload = {"length": length, "unit": rule.unit}
        (event,) = work.record(signed("extended", by, power, payload, before=ending_before(work, clock)))
        ExtensionNotice.objects.create(
            case=work.opened, event=event, length=length, unit=rule.unit, reason=text, by=by, at=work.clock.at
        )
        work.tell_applicant(event, "extended")

    perform(application.pk, act, settle)


def _unit(unit: str) -> str:
    return {"workday": "工作日", "day": "自然日", "month": "月", "year": "年"}.get(unit, unit)
