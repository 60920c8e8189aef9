"""量什么：the pages and the act of engine and charter that have a goal, as requests of real people."""

import random
from dataclasses import dataclass
from itertools import count
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string

from approvals.models import PublicResult
from portal import sessions
from portal.bench.data import Copied
from portal.bench.goals import Goal
from portal.bench.measure import Request, Target
from portal.demo.people import find_cast
from portal.models import User
from portal.numbers import grouped
from portal.paging import make_mark
from services.models import Application

One = TypeVar("One")
BACKEND = "portal.sign_in.PortalBackend"
CSRF = "c" * 32  # what the browser would send back: cookie and form carry the same secret
ITEM = "ZR-001"
FILINGS = 30  # a round
HOME, GUIDE, BOARD = (Goal(f"{name}（缓存）", 1.4, "×") for name in ("首页", "办事指南", "公开栏"))
LIST = Goal("不缓存的列表：十万条里的二十条", 10, "×", 7.5)
PROGRESS = Goal("进度页", 12, "×", 8)
WORKBENCH = Goal("工作台：十万件在办里的二十五件", 12, "×")
FILING = Goal("提交申请", 25, "×", 12)
STATEMENTS = Goal("提交申请的 SQL 语句", 25, "条")


@dataclass(frozen=True, slots=True)
class Visitors:
    """来访的人: cookies of the villagers who have signed in, by person, of one of them, and of a clerk."""

    villagers: dict[int, str]
    villager: str
    clerk: str


def sign_in(user: User) -> str:
    """登录好的 Cookie – by the product's own session, without the deliberate slowness of the password."""
    request = HttpRequest()
    request.session = SessionStore()
    with transaction.atomic():
        login(request, user, backend=BACKEND)
        sessions.start(request, user)
        request.session.save()
    return f"{settings.SESSION_COOKIE_NAME}={request.session.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def visitors() -> Visitors:
    """全镇的村民和一个窗口人员"""
    cast = find_cast()
    villagers = {user.person_id: sign_in(user) for user in cast.villagers["qinghe"]}
    first = cast.villagers["qinghe"][0].person_id
    return Visitors(villagers, villagers[first], sign_in(cast.staff["chen"]))


def targets(copied: dict[str, Copied], people: Visitors) -> list[Target]:
    """各项"""
    cases = _Endless(_own_pages(copied["open"].numbers, people))
    drafts = iter(copied["drafts"].numbers)
    marks = _Endless(_marks(400))
    calls = count()
    return [
        Target(HOME, lambda: Request(reverse("portal:home")), 300, primed=True),
        Target(GUIDE, lambda: Request(reverse("services:guide", args=[ITEM])), 300, primed=True),
        Target(BOARD, lambda: Request(reverse("disclosure:board")), 300, primed=True),
        Target(LIST, lambda: _results(next(marks), next(calls)), 50),
        Target(PROGRESS, lambda: next(cases), 50),
        Target(WORKBENCH, lambda: Request(reverse("approvals:workbench"), cookies=people.clerk), 30),
        Target(FILING, lambda: filing(next(drafts), people.villager), FILINGS),
    ]


def filing(number: str, cookies: str) -> Request:
    """提交一份填好的申请"""
    body = urlencode({"csrfmiddlewaretoken": CSRF, "key": get_random_string(32)})
    return Request(reverse("approvals:file", args=[number]), body, cookies, status=302)


def _own_pages(numbers: list[str], people: Visitors) -> list[Request]:
    """一些人打开自己那件的进度页"""
    chosen = random.Random(5).sample(numbers, min(len(numbers), 400))
    rows = Application.objects.filter(number__in=chosen).values_list("number", "applicant_id")
    return [_progress(number, people.villagers[person]) for number, person in rows if person in people.villagers]


def _progress(number: str, cookies: str) -> Request:
    return Request(reverse("approvals:progress", args=[number]), cookies=cookies, contains=grouped(number)[:3])


def _results(mark: str, call: int) -> Request:
    """每次都是没有存过的一页: a mark from anywhere in the list, and a word nobody asked for before."""
    return Request(f"{reverse('disclosure:column', args=['results'])}?{urlencode({'after': mark, 'call': call})}")


def _marks(size: int) -> list[str]:
    rows = list(PublicResult.objects.filter(township__is_default=True).values_list("effective_at", "pk"))
    return [make_mark(*row) for row in random.Random(7).sample(rows, size)]


class _Endless(Generic[One]):
    """随机取，取不完"""

    def __init__(self, values: list[One]) -> None:
        self.values, self.chance = values, random.Random(11)

    def __next__(self) -> One:
        return self.chance.choice(self.values)
