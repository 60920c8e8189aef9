"""去世、重复、同一原因：what is recorded about the applicant and about applications that belong together (engine 5, 6)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet

from approvals import projection
from approvals.actions.common import ending_before, require_running, require_text, signed
from approvals.models import ApplicationLink, DeathRecord, LinkKind, RelativeRecord
from approvals.permissions import AGENTS, HEADS, INTAKE, require_power
from approvals.settling import settle
from approvals.writing import Work, perform
from portal import privacy
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.keys import keys
from portal.ledger import Entry
from portal.limits import day_of
from portal.models import Duty, Person, Relation, User
from portal.permissions import must_recuse
from services.actions import form_values
from services.files import DEATH_PROOF, add_files, live_attachments
from services.lifecycle import State
from services.models import Application, Attachment

RECORDERS = frozenset({*AGENTS, *INTAKE, *HEADS})
SECONDS = frozenset({*RECORDERS, Duty.REVIEW, Duty.APPROVE, Duty.SUPERVISE})
YEAR = timedelta(days=365)
FALLEN = frozenset({State.DRAFT, State.WITHDRAWN, State.WITHDRAWN_DEEMED, State.NOT_OURS, State.FORWARDED})


def keep_death_proof(*, application: Application, by: User, scans: "Sequence[UploadedFile[Any]]") -> None:
    """收下去世证明的扫描件 – checked and sealed like every material, before the second person signs; kept if he mistypes.

    NotAllowed for whoever may not register the death; InvalidInput names each file that is refused.
    """

    def check(work: Work) -> None:
        require_running(work, "登记去世")
        require_power(work, by, duties=RECORDERS, office=None, what="登记申请人去世")

    perform(application.pk, check, settle)
    _kept, wrong = add_files(application=application, material=DEATH_PROOF, uploads=scans, by=by)
    if wrong:
        raise InvalidInput("".join(wrong))


def death_proofs(application: Application, by: User) -> QuerySet[Attachment]:
    """此人为这一件传过的去世证明, the newest first."""
    return live_attachments(application).filter(material=DEATH_PROOF, uploaded_by=by).order_by("-id")


def record_death(
    *,
    application: Application,
    by: User,
    second: User,
    died_on: date,
    proof: str,
    successor: Person | None = None,
    relation: str = "",
) -> None:
    """登记申请人去世 – by two people, with proof; from the recording on no default takes effect, and nothing lapses.

    The scan is the one that `by` has uploaded, if any. A household's matter (`household` of the version) passes to
    the named member; a personal one stays, for the office to end. InvalidInput without proof or for a day to come;
    NotAllowed for one person alone.
    """

    def act(work: Work) -> None:
        require_running(work, "登记去世")
        power = require_power(work, by, duties=RECORDERS, office=None, what="登记申请人去世")
        _check_second(work, by, second)
        if work.state.dead:
            raise WrongState("已经登记过了。")
        words = require_text(proof, "请写明凭什么证明登记，比如死亡医学证明的编号。", least=4)
        if died_on > day_of(work.clock.at):
            raise InvalidInput("去世的日期不能晚于今天。")
        payload = {"second": second.pk, "died_on": died_on.isoformat(), "passes": successor is not None}
        (event,) = work.record(signed("died", by, power, payload, before=ending_before(work)))
        record = DeathRecord.objects.create(
            case=work.opened,
            event=event,
            deceased=work.application.applicant,
            died_on=died_on,
            proof_sealed=keys().seal_text(words),
            scan=death_proofs(work.application, by).first(),
            by=by,
            post=power.post,
            second_signer=second,
        )
        if successor is not None:
            _pass(work, record, successor, relation)
            work.tell_applicant(event, "passed_to_you")
        work.tell(event, "died", _staff(work))

    perform(application.pk, act, settle)


def pass_to_member(*, application: Application, by: User, successor: Person, relation: str) -> None:
    """转给家里另一位 – a household's matter whose applicant's death has been recorded; that member is told."""

    def act(work: Work) -> None:
        require_running(work, "转给家里人")
        power = require_power(work, by, duties=RECORDERS, office=None, what="转给家里人")
        record = DeathRecord.objects.filter(case=work.opened).first()
        if record is None:
            raise WrongState("还没有登记申请人去世。")
        if record.successor_id is not None:
            raise WrongState("已经转给家里人了。")
        _pass(work, record, successor, relation)
        (event,) = work.record(signed("passed", by, power, {}))
        work.tell_applicant(event, "passed_to_you")

    perform(application.pk, act, settle)


def _check_second(work: Work, by: User, second: User) -> None:
    if second.person_id == by.person_id:
        raise NotAllowed("要两个人登记，第二个人不能是您自己。")
    require_power(work, second, duties=SECONDS, office=None, what="去世登记的第二签字")


def _pass(work: Work, record: DeathRecord, successor: Person, relation: str) -> None:
    """由家里另一位接着办: whoever acted for the dead acts no longer (民法典 173)."""
    application = work.application
    if not application.rules.household:
        raise InvalidInput("这件事是个人的，不能由别人接着办，请按规定终止。")
    if successor.pk == application.applicant_id:
        raise InvalidInput("接着办的要是家里另一位。")
    if must_recuse(record.by, successor):
        raise NotAllowed("接着办的是您本人或亲属，依法应当回避，请换人登记。")
    words = require_text(relation, "请写明他和去世的人是什么关系，比如“妻子”。", least=1)
    application.applicant, application.applicant_masked = successor, privacy.mask_name(successor.name)
    application.consent_ended_at = application.consent_ended_at or work.clock.at
    application.save(update_fields=["applicant", "applicant_masked", "consent_ended_at"])
    record.successor, record.relation, record.passed_at = successor, words[:20], work.clock.at
    record.save(update_fields=["successor", "relation", "passed_at"])


def _staff(work: Work) -> list[int | None]:
    """在办的人: whoever has an open step, the window and the agent."""
    steps = work.opened.steps.filter(status="open").select_related("post")
    return projection.answering(work, [*(step.post for step in steps), work.opened.window, work.application.agent])


def link_duplicate(*, application: Application, by: User, earlier: str) -> None:
    """登记重复件 – this application is the later of two; it is linked to the earlier, and no default takes effect on it.

    `earlier` is a case number. InvalidInput unless both are of one item and one applicant or household.
    """

    def act(work: Work) -> None:
        require_running(work, "登记重复")
        power = require_power(work, by, duties=INTAKE | HEADS, office=None, what="登记重复件")
        other = _earlier(work.application, earlier)
        if ApplicationLink.objects.filter(application=work.application, kind=LinkKind.DUPLICATE).exists():
            raise WrongState("已经登记为重复件了。")
        (event,) = work.record(signed("duplicate", by, power, {"of": other.number}, before=ending_before(work)))
        ApplicationLink.objects.create(application=work.application, other=other, kind=LinkKind.DUPLICATE, event=event)
        work.tell_applicant(event, "duplicate")
        work.tell(event, "linked", _staff(work))

    perform(application.pk, act, settle)


def _earlier(application: Application, number: str) -> Application:
    other = Application.objects.filter(township=application.township_id, number=number).exclude(state=State.DRAFT).first()
    if other is None or other.pk == application.pk:
        raise InvalidInput("没有这个编号的另一件，请核对。")
    if other.item_id != application.item_id or not _same_household(application.applicant, other.applicant):
        raise InvalidInput("那一件不是同一个人（同一户）的同一件事，不算重复。")
    if (other.filed_at, other.pk) > (application.filed_at, application.pk):
        raise InvalidInput("那一件在后，请打开那一件登记。")
    return other


def _same_household(one: Person, other: Person) -> bool:
    return one.pk == other.pk or bool(one.household_hash and one.household_hash == other.household_hash)


def register_relatives(work: Work) -> None:
    """近亲属单独登记 – where the item says so (低保一类), by whoever here the applicant is near to; told to those who oversee."""
    application, basis = work.application, work.application.rules.register_relatives
    near = work.barred if basis else frozenset()
    users = User.objects.filter(pk__in=near, township=application.township_id).select_related("person").order_by("pk")
    for user in users if near else ():
        (event,) = work.record(Entry("relative_registered", {"user": user.pk}))
        RelativeRecord.objects.create(
            application=application,
            user=user,
            relation=_relation(application.applicant, user.person),
            basis=basis,
            event=event,
            at=work.clock.at,
        )
        roster = work.batch.roster
        overseers = roster.with_duty(application.township_id, Duty.SUPERVISE)
        work.tell(event, "relative_registered", [*projection.answering(work, overseers), *projection.leaders(work)])


def _relation(applicant: Person, own: Person) -> str:
    """是什么关系, as declared"""
    if own.pk == applicant.pk:
        return "本人"
    pair = Q(person=own, relative=applicant) | Q(person=applicant, relative=own)
    declared = Relation.objects.filter(pair, ended_at=None).values_list("kind", flat=True).first()
    return declared or "同一户或同一电话"


def link_same_cause(work: Work) -> None:
    """同一原因一年里再次申请 – taken in all the same, linked to the earlier ones and shown to whoever decides."""
    application, key = work.application, work.application.rules.same_cause
    cause = form_values(application).get(key, "") if key else ""
    if not cause:
        return
    person = application.applicant
    people = Person.objects.filter(pk=person.pk)
    if person.household_hash:
        people = people | Person.objects.filter(household_hash=person.household_hash)
    same = Application.objects.filter(item=application.item_id, applicant__in=people, filed_at__gt=work.clock.at - YEAR)
    for other in same.exclude(state__in=FALLEN).exclude(pk=application.pk).order_by("pk"):
        if form_values(other).get(key) == cause:
            (event,) = work.record(Entry("linked", {"of": other.number}))
            ApplicationLink.objects.create(application=application, other=other, kind=LinkKind.SAME_CAUSE, event=event)
            work.tell(event, "linked", _staff(work))
