"""督办：the public reason for a delay, and the applicant's call to hurry."""

from datetime import timedelta

from approvals.actions.common import require_running, require_text, signed
from approvals.models import OverdueReason
from approvals.permissions import head_power
from approvals.settling import settle
from approvals.writing import Work, perform
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.models import Event, User
from portal.permissions import holder_of
from services.lifecycle import State
from services.models import Application
from services.permissions import is_applicant

URGE_EVERY = timedelta(days=1)


def publish_reason(*, application: Application, by: User, text: str) -> None:
    """公开逾期理由 – by the head who owes it or the leader, within three working days after the end (优化营商环境条例 36)."""

    def act(work: Work) -> None:
        if work.state.reason_due_on is None:
            raise WrongState("这件事没有逾期，不用公开理由。")
        if work.state.reason_published:
            raise WrongState("理由已经公开过了。")
        power = head_power(work, by, "公开逾期理由")
        words = require_text(text, "请写明为什么逾期、打算什么时候办好。", least=8)
        if any(character.isdigit() for character in words) and _looks_private(words):
            raise InvalidInput("理由要公开，请去掉身份证号和电话。")
        (event,) = work.record(signed("reason_published", by, power, {}))
        OverdueReason.objects.create(case=work.opened, event=event, text=words, by=by, at=work.clock.at)
        work.tell_applicant(event, "overdue")

    perform(application.pk, act, settle)


def _looks_private(text: str) -> bool:
    run = 0
    for character in text:
        run = run + 1 if character.isdigit() else 0
        if run >= 11:
            return True
    return False


def urge(*, application: Application, by: User) -> None:
    """我要催办 – at most once a day; told to whoever has the case now."""

    def act(work: Work) -> None:
        require_running(work, "催办")
        if not is_applicant(by, work.application):
            raise NotAllowed("只有申请人能催办。")
        if work.state.state == State.CORRECTING:
            raise WrongState("现在等您补材料，不用催。补来了，窗口接着办；补不来就打便民电话，代办员帮您。")
        last = _last(work.events, "urged")
        if last is not None and work.clock.at - last.recorded_at < URGE_EVERY:
            raise WrongState("今天已经催过了，明天可以再催。急的话请直接打便民电话。")
        (event,) = work.record(signed("urged", by, None, {}))
        posts = [step.post for step in work.opened.steps.filter(status="open").select_related("post")]
        holders = [holder_of(post, work.clock.at) for post in [*posts, work.application.first_responsible] if post]
        work.tell(event, "urged", [holder.pk for holder in holders if holder is not None])

    perform(application.pk, act, settle)


def _last(events: list[Event], kind: str) -> Event | None:
    return next((event for event in reversed(events) if event.kind == kind), None)
