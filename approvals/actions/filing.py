"""提交、补正、撤回：the applicant's three verbs. Seed, API and village agents use the same ones."""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from approvals import projection
from approvals.actions.common import ending_before, require_running, require_text, signed
from approvals.actions.linking import link_same_cause, register_relatives
from approvals.facts import TO_BRING
from approvals.models import CorrectionNotice, ReceiptDeclaration
from approvals.routing import agent_for, window_for
from approvals.settling import open_case, publish_result, settle
from approvals.supplying import notices_of, told_points
from approvals.writing import Work, perform
from portal import rows
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.ledger import Entry
from portal.limits import day_of
from portal.models import Duty, Event, IdempotencyKey, Post, User
from services.actions import advance, field_pages, form_values
from services.definition import Required, StageKind
from services.filling import is_asked
from services.lifecycle import Act, Manner, State
from services.models import Application, HowSupplied, MaterialPoint, ServiceItem
from services.permissions import is_applicant


def file(*, application: Application, by: User, key: str) -> Application:
    """提交申请 – opens the case in the same transaction and starts the clocks on the day of receipt.

    The same key again gives the same answer; the same key with another application is refused.
    InvalidInput names every part that is not filled in; NotAllowed for a stranger's draft.
    """

    def act(work: Work) -> Application:
        if not _answered(work, by, key):  # asked under the lock: a double click is one filing
            _file(work, by)
        return work.application

    filed: Application = perform(application.pk, act, settle)
    return filed


def _file(work: Work, by: User) -> Event:
    application = work.application
    if by.pk != application.filed_by_id:
        raise NotAllowed("这份申请不是您填写的，不能由您提交。")
    if application.state != State.DRAFT:
        raise WrongState("这份申请已经提交过了，不用再交。")
    closed = ServiceItem.objects.filter(pk=application.item_id).exclude(withdrawn_at=None)
    for why in closed.values_list("withdrawn_reason", flat=True):
        raise WrongState(f"这件事已经停办，现在不收新申请：{why.rstrip('。')}。您填的都还在。")
    missing = missing_parts(application)
    if missing:
        raise InvalidInput("还不能提交：" + "；".join(missing) + "。")
    today = day_of(work.clock.at)
    declared = ReceiptDeclaration.objects.filter(application=application, received_on__lt=today).first()
    if declared is None:
        return enter(work, by, received_on=today)
    event = enter(work, by, received_on=declared.received_on, more={"declared": True})
    work.tell(event, "receipt_to_confirm", projection.office_heads(work))
    return event


def enter(work: Work, by: User, *, received_on: date, more: Mapping[str, Any] | None = None) -> Event:
    """收件 – opens the case and starts its clocks on the day of receipt; the applicant and the desks are told."""
    application = work.application
    window, aside = _assign(work, received_on)
    advance(application, [Act.FILE])
    open_case(work, window)
    deferred, absent, to_bring = _outstanding(application)
    complete = not deferred and not absent
    payload: dict[str, Any] = {"received_on": received_on.isoformat(), "complete": complete, "channel": application.channel}
    opens_on = application.rules.opens_on(received_on)
    if opens_on != received_on:  # 不在每月受理的日子里: kept as received, the clocks wait for the window of the item
        payload["opens_on"] = opens_on.isoformat()
    if absent:
        payload["absent"] = absent
    if deferred:  # 容缺：taken in with the written promise to bring them; the clock runs, but nothing is recorded by default
        payload["deferred"] = deferred
    if to_bring:  # the clock runs; until the window has them in hand, nothing is recorded by default either
        payload[TO_BRING] = to_bring
    if application.expires_on is not None:
        payload["expires_on"] = application.expires_on.isoformat()
    (event,) = work.record(signed("filed", by, None, {**payload, **(more or {})}))
    work.tell_applicant(event, "filed")
    if aside is not None:
        _step_aside(work, aside, window)
    link_same_cause(work)
    register_relatives(work)
    _tell_desks(work, event, [window, application.agent])
    return event


def _assign(work: Work, received_on: date) -> tuple[Post | None, Post | None]:
    """定下代办员、第一责任人和受理窗口; the window, and the one that stepped aside for it."""
    application, posts = work.application, work.batch.roster.posts
    seats = projection.seats_of(work.batch.roster, application.township_id)
    agent = agent_for(seats, application.village_id)
    usual = window_for(seats, application.rules.office)
    free = [seat for seat in seats if work.holder(posts[seat.id], StageKind.INTAKE) not in work.barred]
    window = window_for(free, application.rules.office) or usual
    application.filed_at, application.received_on = work.clock.at, received_on
    application.agent = posts[agent.id] if agent else None
    application.first_responsible = posts[window.id] if window else application.agent
    names = ("filed_at", "received_on", "agent_id", "first_responsible_id")
    work.batch.change(Application, application.pk, {name: getattr(application, name) for name in names})
    if window is None or usual is None or window == usual:
        return posts[window.id] if window else None, None
    return posts[window.id], posts[usual.id]


def _step_aside(work: Work, post: Post, window: Post | None) -> None:
    """本该受理的窗口回避, another window takes the case."""
    holder = work.holder(post, StageKind.INTAKE)
    if holder is not None:
        projection.note_recusal(work, "intake", 1, post, holder, window)


def _tell_desks(work: Work, event: Event, posts: list[Post | None]) -> None:
    """告诉窗口和代办员, or whoever has their power while they are out."""
    told = [work.responsible(post, work.clock.at, StageKind.INTAKE)[1] for post in posts if post is not None]
    work.tell(event, "assigned", told)


def _outstanding(application: Application) -> tuple[list[str], list[str], list[str]]:
    """还没有到手的: 容缺后补的、必须交却说明交不了的、说好带到窗口的, by key; one statement.

    What cannot be supplied is enough for the day of receipt, but nothing is recorded by silence without it (engine 5).
    An applicant can only mean to bring a paper to the window; staff who enter for one have it in hand.
    """
    rules = application.rules
    required = {material.key for material in rules.needed({**application.answers}, by_agent=bool(application.consent))}
    wanted = required | {material.key for material in rules.materials if material.required == Required.OPTIONAL}
    points = list(MaterialPoint.objects.filter(application=application).order_by("key").values_list("key", "how"))
    deferred = [key for key, how in points if how == HowSupplied.DEFERRED]
    absent = [key for key, how in points if how == HowSupplied.CANNOT and key in required]
    bring = [key for key, how in points if how == HowSupplied.WINDOW and key in wanted]
    return deferred, absent, bring if application.channel == "online" else []


def missing_parts(application: Application) -> list[str]:
    """还缺什么才能提交, in the applicant's words; empty when it can be filed."""
    rules = application.rules
    done = set(application.pages_done)
    missing = [f"「{page}」还没填好" for page in _open_pages(application, done)]
    if rules.questions and "questions" not in done:
        missing.append("「情况选择」还没答")
    answers = {**application.answers}
    supplied = set(MaterialPoint.objects.filter(application=application).values_list("key", flat=True))
    needed = rules.needed(answers, by_agent=bool(application.consent))
    missing += [f"材料「{material.name}」还没交" for material in needed if material.key not in supplied]
    if rules.timeout.mode == "renew" and application.expires_on is None:
        missing.append("没有写原许可的到期日")
    return missing


def _open_pages(application: Application, done: Collection[str]) -> list[str]:
    """还没填好的各部分; one whose fields all stand under conditions that fail is not asked for.

    What was filled in is opened only where a part was not done: mostly there is none.
    """
    undone = [(page, fields) for page, fields in field_pages(application.rules) if page not in done]
    known = {**form_values(application), **application.answers} if undone else {}
    return [page for page, fields in undone if is_asked(fields, known)]


def supply(*, application: Application, by: User) -> None:
    """补交材料 – records that listed points have come in; when all have, day 0 is that day (engine section 4).

    The points themselves are set beforehand (services.actions.set_point, files). NotAllowed for a stranger.
    """

    def act(work: Work) -> None:
        require_running(work, "补材料")
        if not (is_applicant(by, work.application) or _is_agent(work, by) or _is_window(work, by)):
            raise NotAllowed("这份申请不是您的，不能由您补材料。")
        listed, here = _listed(work, notices_of(work.opened))
        if not here:
            raise InvalidInput("还没有交上任何一样要补的材料。")
        if not _is_news(work, here):
            return  # sent a second time, with nothing new: the same answer
        complete = listed <= here.keys()
        payload: dict[str, Any] = {"points": sorted(here), "complete": complete}
        deferred, absent, _ = _outstanding(work.application)
        if deferred or absent:
            payload["lacking"] = True
        (event,) = work.record(signed("supplied", by, None, payload, before=ending_before(work)))
        if complete and work.application.state == State.CORRECTING:
            advance(work.application, [Act.SUPPLY])
        work.tell_applicant(event, "supplied")
        _tell_desks(work, event, [work.opened.window])

    perform(application.pk, act, settle)


def _is_news(work: Work, here: dict[str, datetime | None]) -> bool:
    """有没有还没记过的: a point that no supply has named, or that has been brought again since."""
    told = {key: e.recorded_at for e in work.events if e.kind == "supplied" for key in e.payload["points"]}
    return any(key not in told or at is None or at >= told[key] for key, at in here.items())


def _listed(work: Work, notices: list[CorrectionNotice]) -> tuple[set[str], dict[str, datetime | None]]:
    """补齐要有的，和补来了的（连同何时）: what the notices list, and what was promised at filing (容缺、带到窗口).

    A second notice stops nothing: what it lists is recorded as it comes and decides about no completeness.
    """
    correcting, to_bring = work.state.state == State.CORRECTING, set(work.state.to_bring)
    points = MaterialPoint.objects.filter(application=work.application)
    asked = told_points(notices, correcting=correcting)
    came = [p for p in points.filter(key__in=asked) if p.supplied_at and p.supplied_at >= asked[p.key].since]
    here = {p.key: p.supplied_at for p in came}
    first = {point["key"] for notice in notices[:1] for point in notice.points}
    if correcting:
        return first, here
    promised, absent = _promised(work)
    if not asked and not promised | to_bring:
        raise WrongState("窗口没有要求补材料，也没有容缺后补、要带来的了。")
    brought = points.filter(key__in=promised | to_bring).exclude(how=HowSupplied.DEFERRED)
    brought = brought.exclude(key__in=absent, how=HowSupplied.CANNOT)  # said at filing already
    # meant to be brought at filing already: since then only a window can have said so
    brought = brought.exclude(key__in=to_bring, how=HowSupplied.WINDOW, supplied_at__lte=work.application.filed_at)
    return promised | first, here | {p.key: p.supplied_at for p in brought}


def _promised(work: Work) -> tuple[set[str], set[str]]:
    """交申请时没有交、到现在也没补的, and those of them declared impossible."""
    filed = [event.payload for event in work.events if event.kind == "filed"]
    absent = {key for payload in filed for key in payload.get("absent", [])}
    promised = absent | {key for payload in filed for key in payload.get("deferred", [])}
    supplied = {key for event in work.events if event.kind == "supplied" for key in event.payload["points"]}
    return promised - supplied, absent


def _is_agent(work: Work, by: User) -> bool:
    return work.holder(work.application.agent, StageKind.INTAKE) == by.pk


def _is_window(work: Work, by: User) -> bool:
    """窗口收到纸质材料，代为登记"""
    power = work.power(by, office=None, duties={Duty.WINDOW}, kind=StageKind.INTAKE)
    return power is not None and power.post.township_id == work.application.township_id


def withdraw(*, application: Application, by: User, reason: str) -> None:
    """撤回申请 – by the applicant alone, with the reason, before a default or the told outcome ends the case."""

    def act(work: Work) -> None:
        require_running(work, "撤回")
        if not is_applicant(by, work.application):
            raise NotAllowed("只有申请人本人能撤回申请。")
        require_text(reason, "请写一句为什么撤回，以后重新申请时用得上。")
        (event,) = work.record(signed("withdrawn", by, None, {}, before=ending_before(work)))
        advance(work.application, [Act.WITHDRAW])
        work.refold()
        work.tell_applicant(event, "withdrawn")
        publish_result(work, State.WITHDRAWN, Manner.SIGNED, work.clock.at)

    perform(application.pk, act, settle)


def end_mandate(*, application: Application, by: User | None, by_code: bool = False) -> None:
    """收回委托 – by the applicant, or whoever holds the query code; who filed loses sight and say in this transaction.

    What was done before stands. NotAllowed for anybody else; WrongState where there is no mandate (any more).
    """

    def act(work: Work) -> None:
        mandated = work.application
        if not by_code and (by is None or by.person_id != mandated.applicant_id):
            raise NotAllowed("只有申请人本人能收回委托。")
        if not mandated.consent:
            raise WrongState("这份申请是本人提交的，没有委托别人。")
        if mandated.consent_ended_at is not None:
            raise WrongState("委托已经收回了。")
        (event,) = work.record(Entry("mandate_ended", {"by_code": by_code}, actor=by))
        mandated.consent_ended_at = work.clock.at
        mandated.save(update_fields=["consent_ended_at"])
        work.tell(event, "mandate_ended", [mandated.filed_by_id])
        work.tell_applicant(event, "mandate_ended")

    perform(application.pk, act, settle)


def _answered(work: Work, by: User, key: str) -> bool:
    """这个键答过没有; if not it is taken, for as long as the act stands. WrongState if it was used for something else."""
    digest = hashlib.sha256(json.dumps({"file": work.application.number}).encode()).hexdigest()
    values = {"user_id": by.pk, "key": key, "body_hash": digest, "created_at": work.clock.at}
    if rows.insert(IdempotencyKey, [values], again=False):
        return False
    if IdempotencyKey.objects.get(user=by, key=key).body_hash != digest:
        raise WrongState("这个页面已经提交过别的内容，请重新打开再交。")
    return True
