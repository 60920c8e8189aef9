"""亲属关系申报：who works here declares a relative, and steps aside at once from what that relative has open (回避).

A relation that was declared wrongly, or is no more, is ended with a reason; those who oversee are told, for from
then on the person may act on that relative's cases again. What was passed on stays where it is.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from approvals import projection
from approvals.actions.common import require_text
from approvals.actions.deputies import notify
from approvals.models import RecusalRecord, Step
from approvals.permissions import leads
from approvals.settling import settle
from approvals.writing import Work, perform
from portal import ledger
from portal.clock import read_clock
from portal.entering import enter_person
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.ledger import Entry
from portal.limits import day_of
from portal.locks import lock_township
from portal.models import Duty, Event, Relation, User
from portal.permissions import Power, holdings_at, powers_of
from portal.roster import current_roster
from services.models import Application

KINDS = ("夫妻", "父母子女", "兄弟姐妹", "祖孙", "配偶的近亲属", "其他近姻亲")


def declare_relation(*, by: User, name: str, identity: str, kind: str) -> None:
    """申报一位亲属 – by oneself, by identity number; open steps of that relative's cases go to the next in line.

    InvalidInput for an unknown kind or oneself; WrongState if it has been declared.
    """
    if kind not in KINDS:
        raise InvalidInput("请选是什么关系。")
    with transaction.atomic():
        clock = read_clock()
        powers = powers_of(by, clock.at)
        if not powers:
            raise NotAllowed("申报亲属是在岗工作人员的事。")
        relative = enter_person(name=name, identity=identity, phone="", village=None)
        if relative.pk == by.person_id:
            raise InvalidInput("这是您自己的证件号码，本人的件本来就要回避，不用申报。")
        try:
            with transaction.atomic():
                Relation.objects.create(person=by.person, relative=relative, kind=kind)
        except IntegrityError:
            raise WrongState("这位亲属已经申报过了。") from None
        stream = f"account:{by.pk}"
        last = Event.objects.filter(stream=stream).order_by("-sequence").first()
        entry = Entry("relation_declared", {}, by, powers[0].post)
        ledger.append(township=powers[0].post.township_id, stream=stream, entries=[entry], after=last, clock=clock)
        # In this transaction too: a declaration that stands while its steps do not would leave them with the relative.
        open_cases = Application.objects.filter(applicant=relative, case__closed_at=None, case__isnull=False)
        for application_id in list(open_cases.order_by("pk").values_list("pk", flat=True)):
            perform(application_id, _step_aside, settle)


def end_relation(*, relation: Relation, by: User, reason: str) -> None:
    """结束一项申报 – by the one who declared it, the head of his office or a leader; head and supervisor are told.

    NotAllowed for anybody else, the relative among them; InvalidInput without a reason; WrongState once ended.
    """
    words = require_text(reason, "请写明为什么结束，比如“申报时写错了人”“已经离婚”。", least=4)
    declarer = User.objects.get(person=relation.person_id, is_staff_member=True)
    if declarer.township_id is None:
        raise NotAllowed("申报人不是本镇的工作人员。")
    with transaction.atomic():
        clock = lock_township(declarer.township_id)
        locked = Relation.objects.select_for_update().get(pk=relation.pk)
        powers = powers_of(by, clock.at, lock=True)
        if not may_end_relation(by, powers, declarer, clock.at):
            raise NotAllowed("只能由申报人自己、他的所办负责人或者镇领导结束。")
        if locked.ended_at is not None:
            raise WrongState("这一项已经结束了。")
        locked.ended_at, locked.ended_by, locked.end_reason = clock.at, by, words
        locked.save(update_fields=["ended_at", "ended_by", "end_reason"])
        stream = f"account:{declarer.pk}"
        last = Event.objects.filter(stream=stream).order_by("-sequence").first()
        entry = Entry("relation_ended", {"relation": locked.pk}, by, powers[0].post if powers else None)
        (event,) = ledger.append(township=declarer.township_id, stream=stream, entries=[entry], after=last, clock=clock)
        notify(event, "relation_ended", _concerned(declarer, by, clock.at), clock)


def may_end_relation(by: User, powers: list[Power], declarer: User, at: datetime) -> bool:
    """能不能结束他的申报: oneself, the head of an office where he has a post, or a leader."""
    if by.pk == declarer.pk:
        return True
    held = holdings_at(at).filter(user=declarer).select_related("post")
    return any(leads(powers, holding.post) for holding in held)


def _concerned(declarer: User, by: User, at: datetime) -> list[int]:
    """要告诉的人: the declarer, the heads of his offices and the supervisor – whoever did it knows already."""
    roster, township = current_roster(), declarer.township_id
    assert township is not None  # looked at by the caller
    offices = {roster.posts[held.post_id].office_id for held in roster.held_by.get(declarer.pk, ()) if held.covers(day_of(at))}
    heads = [post for office in offices for post in roster.with_duty(township, Duty.OFFICE_HEAD, office_id=office)]
    seats = [*heads, *roster.with_duty(township, Duty.SUPERVISE)]
    found = [declarer.pk, *(roster.responsible(seat, at, township)[1] for seat in seats)]
    return [user for user in dict.fromkeys(found) if user is not None and user != by.pk]


def _step_aside(work: Work) -> None:
    """已经派到手里的环节转给下一位"""
    for row in work.steps.values():
        known = RecusalRecord.objects.filter(case=work.opened, step=row.key, round=row.round).exists()
        before = row.post_id
        if row.status != "open" or known:
            continue
        projection.recuse(work, row)
        if row.post_id != before:
            work.batch.change(Step, row.pk, {"post_id": row.post_id})
            _, holder = work.responsible(row.post, work.clock.at, row.kind)
            work.tell(work.events[-1], "assigned", [holder])
