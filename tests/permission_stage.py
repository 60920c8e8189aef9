"""权限表的舞台：what the routes are asked about – An's draft and cases, notices, a file – and who asks."""

from dataclasses import dataclass, field
from datetime import date, time
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from PIL import Image

from approvals import actions
from approvals.models import Certificate
from approvals.settling import settle_application
from portal.entering import enter_person
from portal.keys import keys
from portal.models import Message, Relation, User
from portal.queries import beat
from services.definition import Citation, OnTimeout
from services.files import add_files
from services.models import Application
from tests.conftest import TestClock
from tests.disclosure.helpers import draft as draft_notice
from tests.disclosure.helpers import published
from tests.factories import at, file_application, make_draft
from tests.world import World

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
# An owns every object; Bao is the other villager; Chen B works in the other township, and comes by both addresses.
ALSO = ("zhou", "wang", "pi", "gong", "bu", "li")  # named in single rows, where only they may
ROLES = ("anonymous", "an", "bao", "chen", "deng", "zhen", "du", "gao", "chenb", "chenb_home")


@dataclass
class Stage:
    """一台戏: the values that stand in the addresses, by object, and one signed-in browser for each role."""

    objects: dict[str, dict[str, Any]]
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """某个角色的浏览器, fresh for every request."""
        client = Client()
        client.cookies.update(self.cookies.get(role, SimpleCookie()))
        return client


def build_stage(world: World, clock: TestClock) -> Stage:
    """搭台"""
    clock(at("2026-11-23", "10:00"))
    actions.modes.switch_on(
        item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi
    )
    recorded = file_application(world, "SJ-002")
    clock(at("2026-11-30", "10:00"))
    settle_application(recorded.pk)
    case = file_application(world, "ZR-001")
    actions.accept(application=case, by=world.chen)
    visit = {"step": "site-visit", "outcome": "done", "text": "已到场核查", "second_signer": "孙示例"}
    actions.give_opinion(application=case, by=world.fang, **visit)
    corrected = file_application(world, "SJ-002")
    point = corrected.rules.materials[0].key
    actions.correct(application=corrected, by=world.wang, points=[(point, "看不清，请换一份")])
    filed = file_application(world, "ZR-001")
    mandated = file_application(world, "SJ-002", by=world.zhou)
    Application.objects.filter(pk=mandated.pk).update(applicant=world.an.person, consent="口头委托，念给本人听过")
    draft = make_draft(world, "SJ-002")
    beat("sweep")
    beat("deliver")
    away = {"starts_at": at("2026-12-01", "08:00"), "ends_at": at("2026-12-02", "18:00"), "reason": "培训"}
    delegation = actions.delegate(post=world.post("chen"), deputy=world.wang, by=world.chen, **away)
    absence = actions.register_absence(
        user=world.gao, by=world.gao, starts_at=at("2026-12-01", "08:00"), ends_at=at("2026-12-02", "18:00"), reason="培训"
    )
    text = "{year: 2027, number: 号（虚构）, issued: 2026-11-20, days_off: {}, shifted_workdays: {}}"
    version = actions.import_notice(text=text, by=world.li)
    early = actions.announce_closing(
        township=world.township, day=date(2026, 12, 31), closes_at=time(12, 0), document="当地通知（虚构）", by=world.li
    )
    relative = enter_person(name="佚示例", identity="110105194912310022", phone="", village=None)
    relation = Relation.objects.create(person=world.chen.person, relative=relative, kind="兄弟姐妹")
    objects = {
        "none": {},
        "relation": {"pk": relation.pk},
        "calendar": {"number": version.number, "day": early.day.isoformat()},
        "looked_up": {"number": case.number, "code": keys().open_text(bytes(case.query_code_sealed))},
        "item": {"code": "SJ-002"},
        "standing_mode": {"code": "SJ-002", "target": "item"},
        "proposal": {"code": "ZR-001", "target": "joint-construction", "mode": "consent"},
        "delegation": {"number": delegation.number},
        "absence": {"number": absence.number},
        "unsent": {"pk": dead_letter().pk},
        "post": {"pk": world.post("deng").pk},
        "filed": {"number": filed.number, "act": "accept"},
        "draft": {
            "number": draft.number,
            "part": 1,
            "key": draft.rules.materials[0].key,
            **_file(draft, world.an),
        },
        "case": {
            "number": case.number,
            "clock": "promised",
            "act": "opinion",
            "paper": "slip",
            **_file(case, world.an),
        },
        "corrected": {"number": corrected.number, "paper": "correction"},
        "mandated": {"number": mandated.number},
        "recorded": {"number": recorded.number, "paper": "certificate"},
        "certificate": {"number": Certificate.objects.get().number},
        "figure": {"of": "open"},
        "column": {"slug": "announcements", "village": "liuwan"},
        "notice": {"number": published(world).number, "ordinal": 1},
        "unpublished": {"number": draft_notice(world).notice.number, "ordinal": 1},
    }
    return Stage(objects, {role: cookies_of(world, role) for role in (*ROLES, *ALSO) if role != "anonymous"})


def dead_letter() -> Message:
    """一条发不出去的短信; everything else has gone out."""
    Message.objects.filter(state="waiting").update(state="sent")
    message = Message.objects.filter(channel="sms").order_by("pk")[0]
    message.state, message.attempts, message.error = "dead", 5, "TimeoutError"
    message.save()
    return message


def cookies_of(world: World, role: str) -> SimpleCookie:
    """某个角色登录后的 cookie"""
    client = Client()
    client.force_login(world.users[role.removesuffix("_home")])
    return client.cookies


def _file(application: Any, by: User) -> dict[str, Any]:
    picture = BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "JPEG")
    upload = SimpleUploadedFile("a.jpg", picture.getvalue(), "image/jpeg")
    material = application.rules.materials[0].key
    (kept,), _wrong = add_files(application=application, material=material, uploads=[upload], by=by)
    return {"token": kept.token}


@dataclass(frozen=True)
class Route:
    """一条网址: its name with namespaces (its pattern where it has none), and what stands in it."""

    name: str
    arguments: tuple[str, ...] = ()


def routes(resolver: URLResolver | None = None, space: str = "") -> list[Route]:
    """网址配置里的全部网址"""
    found: list[Route] = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found += routes(pattern, inner)
        elif isinstance(pattern, URLPattern):
            name = space + pattern.name if pattern.name else str(pattern.pattern)
            found.append(Route(name, tuple(pattern.pattern.regex.groupindex)))
    return found
