"""连着的件的读：which applications a case belongs with, and which earlier ones it may repeat."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from approvals.models import ApplicationLink, DeathRecord, LinkKind
from portal.models import Township
from services.lifecycle import State
from services.models import Application, ServiceItem

MOST = 10


@dataclass(frozen=True, slots=True)
class Linked:
    """连着的一件"""

    number: str
    words: str
    filed_at: datetime | None
    state: str
    township: str = ""  # of another township: its staff handle it, ours cannot open it


def links_of(application: Application) -> list[Linked]:
    """和这一件连着的, the earlier and the later ones."""
    return [*_registered(application), *succession(application)]


SUCCESSION = """
    SELECT o.id = %(before)s, o.number, o.filed_at, o.state, o.township_id = %(township)s, t.name
    FROM services_application o JOIN portal_township t ON t.id = o.township_id
    WHERE o.id = %(before)s OR (o.previous_id = %(self)s AND o.state <> %(draft)s)
    ORDER BY (o.id = %(before)s) IS TRUE DESC, o.id
"""
EARLIER = {True: "这一件是重新申请，前一件", False: "转来的原件，收件的日子不变"}
LATER = {True: "后来重新申请了", False: "已经转到那里接着办，编号"}


def succession(application: Application) -> list[Linked]:
    """接着办的: what this one follows, and what has followed it – asked again, or sent on to another township."""
    values = {
        "before": application.previous_id,
        "self": application.pk,
        "township": application.township_id,
        "draft": State.DRAFT,
    }
    with connection.cursor() as cursor:
        cursor.execute(SUCCESSION, values)
        return [
            Linked(number, (EARLIER if earlier else LATER)[here], filed_at, State(state).label, "" if here else township)
            for earlier, number, filed_at, state, here, township in cursor.fetchall()
        ]


def _registered(application: Application) -> list[Linked]:
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
    return DeathRecord.objects.filter(case__application=application).select_related("successor", "scan").first()


def handlers_of(application: Application) -> list[Township]:
    """本系统里别的也办这件事的乡镇, to which it can be sent on."""
    items = ServiceItem.objects.filter(code=application.rules.code, withdrawn_at=None).exclude(current=None)
    return list(Township.objects.filter(items__in=items).exclude(pk=application.township_id).order_by("pk"))
