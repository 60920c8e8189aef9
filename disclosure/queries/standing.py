"""常年公开的：offices, posts and who holds them now, leaders, procedures with their limits, fees – from the record."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from portal.models import Duty, Office, OfficeLevel, Post, Township
from portal.permissions import seated_at, whole_deputies_at
from services.definition import ItemDefinition, Limit, LimitUnit
from services.models import ServiceItem
from services.queries import SAMPLE, samples_last

_UNITS = {
    LimitUnit.WORKDAY: "个工作日",
    LimitUnit.DAY: "个自然日",
    LimitUnit.MONTH: "个月",
    LimitUnit.YEAR: "年",
    LimitUnit.HOUR: "小时",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """一个岗位和现在的人"""

    title: str
    duty: str
    person: str
    standing_in_for: str
    phone: str
    place: str


@dataclass(frozen=True, slots=True)
class OfficeEntry:
    """一个站所和它的岗位"""

    name: str
    key: str
    level: str
    functions: str
    phone: str
    seats: list[Seat] = field(default_factory=list)


def offices(township: Township, at: datetime) -> list[OfficeEntry]:
    """本镇的站所、岗位和现在任职的人; four queries whatever their number."""
    rows = Office.objects.filter(township=township)
    entries = {
        row.pk: OfficeEntry(row.name, row.key, OfficeLevel(row.level).label, row.functions, row.phone) for row in rows
    }
    posts = list(Post.objects.filter(township=township))
    for post, seat in zip(posts, _seats(posts, at), strict=True):
        entries[post.office_id].seats.append(seat)
    return list(entries.values())


def leaders(township: Township, at: datetime) -> list[tuple[str, Seat]]:
    """镇领导和各站所负责人, with their office; three queries."""
    duties = [Duty.TOWN_LEADER, Duty.OFFICE_HEAD]
    posts = list(Post.objects.filter(township=township, duty__in=duties).select_related("office"))
    posts.sort(key=lambda post: (duties.index(Duty(post.duty)), post.order, post.pk))
    return [(post.office.name, seat) for post, seat in zip(posts, _seats(posts, at), strict=True)]


def _seats(posts: list[Post], at: datetime) -> list[Seat]:
    held = {h.post_id: h for h in seated_at(at).filter(post__in=posts).select_related("user__person")}
    stood = {d.post_id: d.deputy for d in whole_deputies_at(at).filter(post__in=posts).select_related("deputy__person")}
    seats = []
    for post in posts:
        holder, deputy = held.get(post.pk), stood.get(post.pk)
        person = deputy or (holder.user if holder and not holder.is_out else None)
        seats.append(
            Seat(
                title=post.title,
                duty=Duty(post.duty).label,
                person=person.display_name if person else "",
                standing_in_for=holder.user.display_name if deputy and holder else "",
                phone=post.phone,
                place=post.place,
            )
        )
    return seats


@dataclass(frozen=True, slots=True)
class Procedure:
    """办事程序和时限的一行"""

    code: str
    name: str
    office: str
    item_type: str
    steps: str
    promise: str
    statutory: str


@dataclass(frozen=True, slots=True)
class FeeEntry:
    """收费的一行: name, amount, standard, basis, approving unit (A7)."""

    code: str
    name: str
    charged: bool
    amount: str
    standard: str
    basis: str
    approving_unit: str
    note: str

    @property
    def is_free(self) -> bool:
        """一律不收费, with nothing more to say"""
        return not self.charged and self.note in {"", "不收费"}


def public_items(township: Township) -> QuerySet[ServiceItem]:
    """公布了的事项"""
    rows = ServiceItem.objects.filter(township=township, current__isnull=False, withdrawn_at=None)
    return samples_last(rows.select_related("current", "office"))


def procedures(township: Township) -> list[Procedure]:
    """每件事走几步、几天"""
    made = []
    for item in public_items(township):
        rules = rules_of(item)
        steps = [stage.name for stage in rules.running_stages()]
        made.append(
            Procedure(
                code=item.code,
                name=item.name,
                office=item.office.name,
                item_type=item.item_type,
                steps=" → ".join(["受理", *steps]),
                promise=item.promise,
                statutory=limit_words(rules.statutory) if rules.statutory else "法定未规定",
            )
        )
    return made


def fees(township: Township) -> list[FeeEntry]:
    """每件事收不收费, those that charge first, samples last of all."""
    made = []
    for item in public_items(township):
        fee = rules_of(item).fee
        made.append(
            FeeEntry(
                item.code, item.name, fee.charged, fee.amount, fee.standard, fee.basis, fee.approving_unit, fee.note
            )
        )
    return sorted(made, key=lambda entry: (entry.name.startswith(SAMPLE), not entry.charged))


def rules_of(item: ServiceItem) -> ItemDefinition:
    """现行版的内容"""
    assert item.current is not None  # public_items
    return item.current.rules


def limit_words(limit: Limit) -> str:
    """期限的写法: 15个工作日, 当场"""
    return f"{limit.length}{_UNITS[limit.unit]}" if limit.length else "当场"
