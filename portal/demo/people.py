"""演示的人：staff with their posts, village agents, villagers, declared relatives, deputies."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from approvals.actions import delegate, report_back
from portal.clock import portal_now
from portal.demo.names import (
    BAILU,
    QINGHE,
    RELATIVE_OF,
    SMALL_STAFF,
    STAFF,
    SURNAMES,
    VILLAGE_AGENTS,
    identity_number,
    phone_number,
    shown_phone,
)
from portal.keys import keys
from portal.models import Duty, Office, Person, Post, PostHolding, Relation, Township, User, Village
from portal.sign_in import staff_login, villager_login

NO_PASSWORD = "!demo"  # unusable: only the accounts on the printed list can sign in
SMALL_VILLAGERS = 14  # the last of the list live in the second township


@dataclass
class Cast:
    """演示的角色: staff by work name, villagers by township."""

    staff: dict[str, User] = field(default_factory=dict)
    villagers: dict[str, list[User]] = field(default_factory=dict)


def make_people(first: Township, second: Township, since: date) -> Cast:
    """全部人员和岗位; whoever is there already stays as he is."""
    offices = {(o.township_id, o.key): o for o in Office.objects.all()}
    for township, rows, phones in ((first, STAFF, 300), (second, SMALL_STAFF, 400)):
        for place, row in enumerate(rows):
            _make_staff(township, offices, row, shown_phone(phones + place), place, since)
    for village in Village.objects.select_related("township").order_by("id"):
        _make_village_agent(village, offices, since)
    _make_villagers(first, second)
    cast = find_cast()
    work_name, place, kind = RELATIVE_OF
    relative = Person.objects.get(id_hash=keys().lookup("id", identity_number(place)))
    Relation.objects.get_or_create(person=cast.staff[work_name].person, relative=relative, defaults={"kind": kind})
    return cast


def _make_staff(
    township: Township,
    offices: dict[tuple[int, str], Office],
    row: tuple[str, str, str, Duty, str, list[str]],
    phone: str,
    place: int,
    since: date,
) -> None:
    work_name, name, office, duty, title, serves = row
    user = _make_user(township, work_name, name)
    post, _ = Post.objects.get_or_create(
        township=township,
        office=offices[township.pk, office],
        duty=duty,
        title=title,
        defaults={"serves": serves, "phone": phone, "place": "便民服务中心一楼大厅", "order": place},
    )
    PostHolding.objects.get_or_create(post=post, user=user, defaults={"starts_on": since})


def _make_user(township: Township, work_name: str, name: str) -> User:
    found = User.objects.filter(login=staff_login(work_name)).first()
    if found is not None:
        return found
    return User.objects.create(
        login=staff_login(work_name),
        person=Person.objects.create(name=name),
        township=township,
        is_staff_member=True,
        password=NO_PASSWORD,
        created_at=portal_now(),
    )


def _make_village_agent(village: Village, offices: dict[tuple[int, str], Office], since: date) -> None:
    work_name, name = VILLAGE_AGENTS[village.slug]
    user = _make_user(village.township, work_name, name)
    post, _ = Post.objects.get_or_create(
        township=village.township,
        office=offices[village.township_id, "village-committee"],
        village=village,
        duty=Duty.VILLAGE_AGENT,
        defaults={"title": f"{village.name}代办员", "phone": village.phone, "place": village.address, "order": 60},
    )
    PostHolding.objects.get_or_create(post=post, user=user, defaults={"starts_on": since})


def _make_villagers(first: Township, second: Township) -> None:
    villages = {t.pk: list(Village.objects.filter(township=t).order_by("id")) for t in (first, second)}
    known = set(User.objects.values_list("login", flat=True))
    for place, surname in enumerate(SURNAMES):
        phone = phone_number(1000 + place)
        if villager_login(phone) in known:
            continue
        township = second if place >= len(SURNAMES) - SMALL_VILLAGERS else first
        homes = villages[township.pk]
        person = Person.objects.create(
            name=f"{surname}示例",
            id_sealed=keys().seal_text(identity_number(place)),
            id_hash=keys().lookup("id", identity_number(place)),
            phone_sealed=keys().seal_text(phone),
            phone_hash=keys().lookup("phone", phone),
            village=homes[place % len(homes)],
        )
        User.objects.create(
            login=villager_login(phone), person=person, password=NO_PASSWORD, created_at=portal_now()
        )


def find_cast() -> Cast:
    """从表里认出这些人"""
    names = [row[0] for row in (*STAFF, *SMALL_STAFF)] + [name for name, _ in VILLAGE_AGENTS.values()]
    logins = {staff_login(name): name for name in names}
    users = User.objects.filter(login__in=logins).select_related("person")
    cast = Cast(staff={logins[user.login]: user for user in users})
    phones = {villager_login(phone_number(1000 + place)): place for place in range(len(SURNAMES))}
    found = {phones[u.login]: u for u in User.objects.filter(login__in=phones).select_related("person__village")}
    for place, user in sorted(found.items()):
        slug = BAILU if place >= len(SURNAMES) - SMALL_VILLAGERS else QINGHE
        cast.villagers.setdefault(slug, []).append(user)
    return cast


def delegate_past(cast: Cast, begins: datetime) -> None:
    """一次过去的代理: 邓示例 away for a week, 简示例 in his place."""
    post = Post.objects.get(holdings__user=cast.staff["deng"])
    delegate(
        post=post,
        deputy=cast.staff["jian"],
        by=cast.staff["deng"],
        starts_at=begins,
        ends_at=begins + timedelta(days=7),
        reason="外出培训（演示）",
        handover="在办的联审件放在文件柜，到期日写在封面上。",
    )


def report_past(cast: Cast) -> None:
    """过去那次代理的交账"""
    delegation = cast.staff["jian"].delegations_held.get()
    report_back(delegation=delegation, by=cast.staff["jian"], text="代理期间的联审件都已填意见，没有留下未办的件。")


def delegate_present(cast: Cast, begins: datetime) -> None:
    """一次现在的代理: 农示例 on leave, 方示例 signs for him."""
    post = Post.objects.get(holdings__user=cast.staff["nong"])
    delegate(
        post=post,
        deputy=cast.staff["fang"],
        by=cast.staff["zheng"],
        starts_at=begins,
        ends_at=begins + timedelta(days=12),
        reason="年休假（演示）",
        handover="联审件和设施农业用地备案按期办理，拿不准的请示分管副镇长。",
    )
