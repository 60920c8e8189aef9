"""每一页：clean for axe, narrow, light, large enough for a thumb, and usable by keyboard alone (U1, U3, U5-U7, U10, U16)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.conftest import Site
from tests.journeys.measures import FOCUS, MAIN_BUTTONS, TARGETS, WIDER, read_as, violations, weigh
from tests.permission_stage import Stage, build_stage, routes
from tests.world import PASSWORD

# role, route, object of the stage that stands in its address, query
PUBLIC = [
    ("portal:home", "none", ""),
    ("services:catalogue", "none", ""),
    ("services:catalogue", "none", "?q=建房"),
    ("services:catalogue", "none", "?q=没有这样的事"),
    ("services:guide", "item", ""),
    ("services:guide", "proposal", ""),
    ("disclosure:board", "none", ""),
    ("disclosure:village", "column", ""),
    ("disclosure:search", "none", "?q=公告"),
    ("disclosure:column", "column", ""),
    ("disclosure:column", "organisation", ""),
    ("disclosure:column", "leaders", ""),
    ("disclosure:column", "offices", ""),
    ("disclosure:column", "procedures", ""),
    ("disclosure:column", "fees", ""),
    ("disclosure:column", "complaints", ""),
    ("disclosure:column", "results", ""),
    ("disclosure:column", "defaults", ""),
    ("disclosure:notice", "notice", ""),
    ("disclosure:revision", "notice", ""),
    ("portal:contact", "none", ""),
    ("portal:accessibility", "none", ""),
    ("portal:verify_record", "none", ""),
    ("portal:sign_in", "none", ""),
    ("portal:sign_up", "none", ""),
    ("approvals:progress_lookup", "none", ""),
    ("approvals:verify", "certificate", ""),
    ("approvals:verify", "missing", ""),
]
SIGNED_IN = [
    ("an", "approvals:mine", "none", ""),
    ("an", "services:start", "item", ""),
    ("an", "services:tasks", "draft", ""),
    ("an", "services:part", "draft", ""),
    ("an", "services:materials", "draft", ""),
    ("an", "services:material", "draft", ""),
    ("an", "services:check", "draft", ""),
    ("an", "services:drop", "draft", ""),
    ("an", "approvals:filed", "filed", ""),
    ("an", "approvals:progress", "case", ""),
    ("an", "approvals:progress", "corrected", ""),
    ("an", "approvals:progress", "recorded", ""),
    ("an", "approvals:progress", "missing", ""),
    ("an", "approvals:why", "case", ""),
    ("an", "approvals:supply", "corrected", ""),
    ("an", "approvals:withdraw", "case", ""),
    ("an", "approvals:readers", "case", ""),
    ("an", "portal:messages", "none", ""),
    ("an", "portal:account", "none", ""),
    ("an", "portal:change_password", "none", ""),
    ("chen", "portal:staff_home", "none", ""),
    ("chen", "approvals:workbench", "none", ""),
    ("chen", "approvals:case", "filed", ""),
    ("chen", "approvals:act", "filed", ""),
    ("chen", "approvals:act", "correct", ""),
    ("chen", "approvals:delegations", "none", ""),
    ("zhen", "approvals:absences", "none", ""),
    ("chen", "approvals:hand_over", "none", ""),
    ("chen", "portal:reset_password", "none", ""),
    ("chen", "portal:messages", "none", ""),
    ("chen", "portal:account", "none", ""),
    ("deng", "approvals:case", "case", ""),
    ("deng", "approvals:act", "case", "?step=joint-construction"),
    ("zhen", "approvals:leader", "none", ""),
    ("zhen", "approvals:counted", "figure", ""),
    ("zhen", "portal:posts", "none", ""),
    ("zhen", "portal:post", "post", ""),
    ("zhen", "portal:open_account", "none", ""),
    ("zhen", "portal:reset_account", "none", ""),
    ("zhen", "portal:close_account", "none", ""),
    ("zhen", "portal:reopen_account", "none", ""),
    ("du", "approvals:oversight", "none", ""),
    ("du", "portal:outbox", "none", ""),
    ("chen", "approvals:act", "died", ""),
    ("chen", "approvals:act", "duplicate", ""),
    ("chen", "approvals:relations", "none", ""),
    ("chen", "approvals:end_relation", "relation", ""),
    ("zhen", "approvals:relatives", "none", ""),
    ("li", "approvals:calendars", "none", ""),
    ("li", "approvals:calendar", "calendar", ""),
    ("pi", "approvals:modes", "none", ""),
    ("pi", "approvals:switch_mode", "proposal", ""),
    ("pi", "approvals:switch_mode_off", "standing_mode", ""),
    ("pi", "approvals:repealed", "none", ""),
    ("pi", "approvals:closing", "none", ""),
    ("gao", "disclosure:desk", "none", ""),
    ("gao", "disclosure:draft", "none", ""),
    ("gao", "disclosure:desk_revision", "unpublished", ""),
]
EVERY_PAGE = [("", *page) for page in PUBLIC] + SIGNED_IN
LIGHT = 100 * 1024
ARGUMENTS = {route.name: route.arguments for route in routes()}


@dataclass
class Reader:
    """翻看网站的人: one browser context for each role, kept for the whole file."""

    site: Site
    chromium: Browser
    stage: Stage
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, role: str) -> Page:
        """某个角色的一页"""
        if role not in self.pages:
            self.pages[role] = self.context(role).new_page()
        return self.pages[role]

    def context(self, role: str, *, script: bool = True) -> BrowserContext:
        """某个角色的另一个浏览器, signed in as he is; `script` is JavaScript."""
        context = self.chromium.new_context(
            locale="zh-CN", viewport={"width": 1280, "height": 800}, java_script_enabled=script
        )
        for name, morsel in self.stage.cookies[role].items() if role else ():
            context.add_cookies([{"name": name, "value": morsel.value, "url": self.site.url}])
        return context

    def address(self, route: str, of: str, query: str) -> str:
        """网址"""
        values = self.stage.objects.get(of, {"slug": of})
        return (
            self.site.url + reverse(route, kwargs={name: values[name] for name in ARGUMENTS[route]}) + query
        )

    def open(self, role: str, route: str, of: str, query: str) -> Page:
        """打开一页，按普通字、宽屏"""
        page = self.page(role)
        page.set_viewport_size({"width": 1280, "height": 800})
        answer = page.goto(self.address(route, of, query))
        assert answer is not None and answer.status == (404 if of == "missing" else 200), (
            page.url,
            answer and answer.status,
        )
        return page


def _name(page: tuple[str, ...]) -> str:
    return "-".join(word for word in page if word and word != "none")


@pytest.fixture(scope="module")
def reader(shared_site: Site, chromium: Browser) -> Iterator[Reader]:
    """搭好台，请进读者"""
    stage = build_stage(shared_site.world, shared_site.clock)
    stage.objects |= {
        "missing": {"number": "222222222"},
        "correct": {**stage.objects["filed"], "act": "correct"},
        "died": {**stage.objects["filed"], "act": "died"},
        "duplicate": {**stage.objects["filed"], "act": "duplicate"},
    }
    reader = Reader(shared_site, chromium, stage)
    yield reader
    for page in reader.pages.values():
        page.context.close()


@pytest.mark.parametrize("page", EVERY_PAGE, ids=_name)
def test_a_page_is_clean_narrow_and_large_enough(reader: Reader, page: tuple[str, str, str, str]) -> None:
    shown = reader.open(*page)
    wrong = {"axe，普通": violations(shown), "不到44像素": shown.evaluate(TARGETS, 44)}
    read_as(shown, "normal", 320)
    wrong |= {"320像素宽": shown.evaluate(WIDER), "手机上不到44像素": shown.evaluate(TARGETS, 44)}
    read_as(shown, "large", 320)
    wrong |= {
        "axe，大字": violations(shown, enhanced=True),
        "大字320像素宽": shown.evaluate(WIDER),
        "大字的按钮不到60像素": shown.evaluate(MAIN_BUTTONS),
    }
    assert not {where: what for where, what in wrong.items() if what}


@pytest.mark.parametrize("page", PUBLIC, ids=_name)
def test_a_public_page_is_light_and_stays_at_home(reader: Reader, page: tuple[str, str, str]) -> None:
    weight = weigh(reader.page(""), reader.address(*page))
    assert 0 < weight.sent <= LIGHT
    assert len(weight.requests) <= 10
    assert all(address.startswith((reader.site.url, "data:")) for address in weight.requests), weight.requests


def test_the_hall_screen_is_read_from_four_metres(reader: Reader) -> None:
    page = reader.open("", "disclosure:hall", "none", "")
    page.set_viewport_size({"width": 1920, "height": 1080})
    smallest = page.evaluate(
        "() => Math.min(...[...document.querySelectorAll('main *')].filter(e => e.innerText && !e.children.length)"
        ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= 32
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080


def _press_to(page: Page, words: str, *, most: int = 60) -> None:
    """一下一下按 Tab 到某处: whatever has the focus on the way is seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        assert here["seen"], here
        if words in here["words"] or words == here["name"]:
            return
    raise AssertionError(f"按了{most}下 Tab 没到{words}，停在 {here}")


def test_a_villager_starts_an_application_by_keyboard_alone(reader: Reader, chromium: Browser) -> None:
    page = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800}).new_page()
    page.goto(reader.site.url + "/")
    _press_to(page, "直接看正文", most=1)
    page.keyboard.press("Enter")
    _press_to(page, "q", most=3)
    page.keyboard.type("摊贩")
    for words in ("食品摊贩备案", "开始办理", ""):
        with page.expect_navigation():
            page.keyboard.press("Enter")
        _press_to(page, words)
    assert "/sign-in/" in page.url
    for name, typed in (("name", "00005550002"), ("password", PASSWORD)):
        _press_to(page, name)
        page.keyboard.type(typed)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    _press_to(page, "开始填")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/apply/" in page.url
    assert "食品摊贩备案" in page.inner_text("main")
    page.context.close()
