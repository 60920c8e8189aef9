"""连着的件的读：which applications a case belongs with, and which earlier ones it may repeat."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from approvals.models import ApplicationLink, DeathRecord, LinkKind
from services.lifecycle import State
from services.models import Application

MOST = 10


@dataclass(frozen=True, slots=True)
class Linked:
    """连着的一件"""

    number: str
    words: str
    filed_at: datetime | None
    state: str


def links_of(application: Application) -> list[Linked]:
    """和这一件连着的, the earlier and the later ones."""
    rows = ApplicationLink.objects.filter(Q(application=application) | Q(other=application)).order_by("pk")
    return [_linked(application, row) for row in rows.select_related("application", "other")]


def _linked(application: Application, row: ApplicationLink) -> Linked:
    later = row.application_id == application.pk
    other = row.other if later else row.application
    if row.kind == LinkKind.DUPLICATE:
        words = "这一件和它重复" if later else "它和这一件重复"
    else:
        words = "同一原因，一年里先前申请过" if later else "同一原因，后来又申请过"
    return Linked(other.number, words, other.filed_at, State(other.state).label)


def candidates(application: Application) -> list[str]:
    """可能重复的: earlier applications of the same person or household for the same item, newest first."""
    person = application.applicant
    people = Q(applicant=person)
    if person.household_hash:
        people |= Q(applicant__household_hash=person.household_hash)
    same = Application.objects.filter(people, item=application.item_id, filed_at__lte=application.filed_at)
    rows = same.exclude(pk=application.pk).exclude(state=State.DRAFT).order_by("-filed_at", "-pk")
    return list(rows.values_list("number", flat=True)[:MOST])


def death_of(application: Application) -> DeathRecord | None:
    """去世登记, if there is one."""
    return DeathRecord.objects.filter(case__application=application).select_related("successor").first()
