"""一个小镇和它的人：the cast of all tests (An, Bao, Chen, Deng, Fang, Gao ...), built once a session."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from portal.calendar_data import published_through, seed_notices
from portal.keys import keys
from portal.models import CalendarVersion, Duty, Office, Person, Post, PostHolding, Township, User, Village
from portal.sign_in import staff_login, villager_login
from services.catalogue import load, read_offices
from services.catalogue_files import read_overlay, read_yaml
from services.importing import import_items
from services.models import ServiceItem

DATA = Path(__file__).resolve().parents[1] / "services" / "data"
PASSWORD = "correct horse 示例"
# work name, name, office key, duty, title, offices whose items the window serves
STAFF = [
    ("chen", "陈示例", "service-centre", Duty.WINDOW, "1号窗口", ["village-construction", "agriculture"]),
    ("wang", "王示例", "service-centre", Duty.WINDOW, "2号窗口", ["social-affairs", "food-safety"]),
    ("zhou", "周示例", "service-centre", Duty.AGENT, "代办岗", []),
    ("head", "何示例", "service-centre", Duty.OFFICE_HEAD, "中心主任", []),
    ("deng", "邓示例", "village-construction", Duty.REVIEW, "村建办审核岗", []),
    ("fang", "方示例", "agriculture", Duty.REVIEW, "农业农村办审核岗", []),
    ("sun", "孙示例", "natural-resources", Duty.REVIEW, "自然资源所审核岗", []),
    ("shui", "水示例", "water", Duty.REVIEW, "水利站审核岗", []),
    ("lin", "林示例", "forestry", Duty.REVIEW, "林业站审核岗", []),
    ("she", "佘示例", "social-affairs", Duty.REVIEW, "社会事务办审核岗", []),
    ("shehead", "史示例", "social-affairs", Duty.OFFICE_HEAD, "社会事务办主任", []),
    ("jianhead", "简示例", "village-construction", Duty.OFFICE_HEAD, "村建办主任", []),
    ("nonghead", "农示例", "agriculture", Duty.OFFICE_HEAD, "农业农村办主任", []),
    ("shi", "石示例", "food-safety", Duty.APPROVE, "食安办审批岗", []),
    ("zhen", "郑示例", "township-government", Duty.TOWN_LEADER, "镇长", []),
    ("du", "杜示例", "party-gov", Duty.SUPERVISE, "督查岗", []),
    ("gao", "高示例", "party-gov", Duty.DRAFT, "公开拟稿岗", []),
    ("gong", "龚示例", "party-gov", Duty.DISCLOSURE_REVIEW, "公开审核岗", []),
    ("bu", "卜示例", "party-gov", Duty.PUBLISH, "公开发布岗", []),
    ("pi", "皮示例", "party-gov", Duty.ITEM_APPROVE, "事项审批岗", []),
    ("li", "历示例", "party-gov", Duty.CALENDAR, "日历岗", []),
]
VILLAGERS = [
    ("an", "安示例", "11010519491231002X", "00005550001", "liuwan"),
    ("bao", "鲍示例", "110105195001010034", "00005550002", "shiqiao"),
]
LOCAL_RULE = {"title": "示例县一次性告知办法（虚构）", "article": "第五条", "published_on": "2026-01-05"}


@dataclass
class World:
    """测试里的人和地方, by short names."""

    township: Township
    other: Township
    users: dict[str, User]

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["users"][name]
        except KeyError:
            raise AttributeError(name) from None

    def item(self, code: str) -> ServiceItem:
        """某个事项"""
        return ServiceItem.objects.select_related("current").get(township=self.township, code=code)

    def post(self, work_name: str) -> Post:
        """某人的岗位"""
        return Post.objects.get(holdings__user=self.users[work_name])


@cache
def catalogue() -> tuple[Any, Any]:
    """四十二个事项和站所, read once."""
    overlay = read_overlay(DATA / "overlay")
    definitions, errors = load(read_yaml(DATA / "catalogue.yaml"), overlay)
    assert not errors, errors
    return definitions, read_offices(overlay)[0]


def build_world() -> None:
    """放进一个小镇"""
    seed_calendars()
    township = Township.objects.create(
        slug="qinghe", name="青禾镇", full_name="示例县青禾镇人民政府", is_default=True, hotline="0000-555 0100",
        complaint_phone="0000-555 0109", review_organ="示例县人民政府", court="示例县人民法院",
    )  # fmt: skip
    other = Township.objects.create(
        slug="bailu", name="白鹭乡", full_name="示例县白鹭乡人民政府", hotline="0000-555 0200", complaint_phone="0000-555 0209"
    )
    definitions, offices = catalogue()
    import_items(township=township, definitions=definitions, offices=offices)
    import_items(township=other, definitions=definitions[:3], offices=offices)
    villages = {
        slug: Village.objects.create(township=township, slug=slug, name=name)
        for slug, name in (("liuwan", "柳湾村"), ("shiqiao", "石桥村"))
    }
    for row in STAFF:
        make_staff(township, *row)
    make_staff(other, "chenb", "程示例", "service-centre", Duty.WINDOW, "1号窗口", [])
    for key, name, identity, phone, village in VILLAGERS:
        make_villager(key, name, identity, phone, villages[village])


def seed_calendars() -> None:
    """历年放假通知, published when they were issued."""
    rows = [
        CalendarVersion(
            number=number,
            year=notice.year,
            document=notice.number,
            document_on=notice.issued,
            days_off=_spans(notice.days_off),
            shifted_workdays=_spans(notice.shifted_workdays),
            published_through=published_through(notice.year),
            published_at=datetime.combine(notice.issued or date(notice.year - 1, 12, 1), datetime.min.time(), UTC),
        )
        for number, notice in enumerate(seed_notices(), 1)
    ]
    CalendarVersion.objects.bulk_create(rows)


def _spans(days: Any) -> dict[str, list[str]]:
    spans: dict[str, list[str]] = {}
    for day, name in days.items():
        spans.setdefault(name, []).append(day.isoformat())
    return spans


def make_staff(
    township: Township, work_name: str, name: str, office: str, duty: str, title: str, serves: list[str]
) -> User:
    """一名工作人员和岗位"""
    person = Person.objects.create(name=name)
    user = User.objects.create(
        login=staff_login(work_name), person=person, township=township, is_staff_member=True, password=make_password(PASSWORD)
    )
    seat = Post.objects.create(
        township=township, office=Office.objects.get(township=township, key=office), duty=duty, title=title, serves=serves,
        phone="0000-555 0111",
    )  # fmt: skip
    PostHolding.objects.create(post=seat, user=user, starts_on=date(2026, 1, 1))
    return user


def make_villager(key: str, name: str, identity: str, phone: str, village: Village) -> User:
    """一名村民"""
    person = Person.objects.create(
        name=name,
        id_sealed=keys().seal_text(identity),
        id_hash=keys().lookup("id", identity),
        phone_sealed=keys().seal_text(phone),
        phone_hash=keys().lookup("phone", phone),
        village=village,
    )
    return User.objects.create(login=villager_login(phone), person=person, password=make_password(PASSWORD))


def find_world() -> World:
    """取出小镇和人"""
    users = {row[0]: User.objects.select_related("person").get(login=staff_login(row[0])) for row in STAFF}
    users["chenb"] = User.objects.select_related("person").get(login=staff_login("chenb"))
    for key, _name, _identity, phone, _village in VILLAGERS:
        users[key] = User.objects.select_related("person").get(login=villager_login(phone))
    return World(Township.objects.get(slug="qinghe"), Township.objects.get(slug="bailu"), users)
