"""亲属关系申报：who works here declares a relative, and steps aside at once from what that relative has open (回避)."""

from django.db import IntegrityError, transaction

from approvals import projection
from approvals.models import RecusalRecord, Step
from approvals.settling import settle
from approvals.writing import Work, perform
from portal import ledger
from portal.clock import read_clock
from portal.entering import enter_person
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.ledger import Entry
from portal.models import Event, Relation, User
from portal.permissions import powers_of
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
