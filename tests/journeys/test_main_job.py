"""主线：one house, from the villager's phone through every office to the board."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from approvals.actions.modes import switch_on
from portal.keys import keys
from services.definition import Citation, OnTimeout
from services.models import Application
from tests.factories import at, file_application
from tests.journeys.conftest import Person, Site
from tests.journeys.filling import fill_application
from tests.journeys.test_villager import WAYS, picture

LOCAL = Citation("示例县部门协同办理规定（虚构）", "第三条", "2026-01-05")
__all__ = ["picture"]


def switch_consent(site: Site) -> None:
    """村建办的会签开通视为无异议"""
    item = site.world.item("ZR-001")
    stage = next(s for s in item.current.rules.stages if s.office == "village-construction" and s.timeout.proposed == "consent")
    switch_on(item=item, target=stage.key, mode=OnTimeout.CONSENT, citation=LOCAL, by=site.world.pi)


def act(person: Person, number: str, verb: str, fill: dict[str, str], *, step: str = "") -> None:
    """工作人员在动作页上填好、按下"""
    page = person.open(f"/desk/{number}/{verb}/" + (f"?step={step}" if step else ""))
    for selector, words in fill.items():
        field = page.locator(selector).first
        if words == "✓":
            field.check()
        else:
            field.fill(words)
    page.locator("main form[method=post] .buttons button").first.click()
    page.wait_for_load_state()
    assert f"/{verb}/" not in page.url, person.text()[:800]


@pytest.mark.parametrize("way", WAYS)
def test_a_house_from_phone_to_board(site: Site, chromium: Browser, picture: Path, way: dict[str, object]) -> None:
    site.clock(at("2026-11-02", "09:00"))
    switch_consent(site)
    an = Person(site, chromium, **way)
    an.sign_in("00005550001")
    page = an.open("/items/ZR-001/")
    page.click("main button:has-text('开始办理')")
    fill_application(page, picture)
    page.click("main button:has-text('提交申请')")
    page.wait_for_load_state()
    house = Application.objects.get(filed_by=site.world.an, state="submitted")
    number, wanted = house.number, house.rules.needed(house.answers)[0]

    chen = Person(site, chromium, **way)
    chen.sign_in("chen")
    assert number[:3] in chen.open("/desk/").inner_text("main")
    act(chen, number, "correct", {f"input[name='m-{wanted.key}']": "✓", f"[name='w-{wanted.key}']": "照片看不清，请重拍"})

    site.clock(at("2026-11-03", "10:00"))
    page = an.open(f"/progress/{number}/")
    assert "照片看不清" in an.text()
    page = an.open(f"/progress/{number}/supply/")
    page.check(f"input[name='how-{wanted.key}'][value=file]")
    page.set_input_files(f"input[name='files-{wanted.key}']", str(picture))
    page.click("main button:has-text('交上去')")
    page.wait_for_load_state()
    act(chen, number, "accept", {})

    fang = Person(site, chromium, **way)
    fang.sign_in("fang")
    visit = {"input[name=outcome][value=agree], input[name=outcome][value=done]": "✓", "[name=text]": "位置、面积相符"}
    act(fang, number, "opinion", {**visit, "[name=second_signer]": "孙示例"}, step="site-visit")
    for login, step in (("nonghead", "joint-agriculture"), ("sun", "joint-land"), ("shui", "joint-water")):
        office = Person(site, chromium, **way)
        office.sign_in(login)
        act(office, number, "opinion", visit, step=step)

    site.clock(at("2026-11-11", "08:59"))  # 村建办 said nothing for five working days: through Tuesday the 10th
    assert "视为" in an.open(f"/progress/{number}/").inner_text("main")
    zhen = Person(site, chromium, **way)
    zhen.sign_in("zhen")
    act(zhen, number, "decide", {"input[name=outcome][value=approve]": "✓", "[name=facts]": "符合条件，同意", "[name=seen]": "✓"})

    assert "准予" in an.open(f"/progress/{number}/").inner_text("main")
    assert number[:3] in an.open("/messages/").inner_text("main")
    board = Person(site, chromium, **way)
    assert "安*例" in board.open("/board/results/").inner_text("main")
    assert "安示例" not in board.page.content()


def test_with_all_workers_dead_every_page_says_it_at_the_second(site: Site, chromium: Browser) -> None:
    site.clock(at("2026-11-23", "09:00"))
    rule = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
    switch_on(item=site.world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=rule, by=site.world.pi)
    stall = file_application(site.world, "SJ-002")
    an, wang, late, stranger = (Person(site, chromium) for _ in range(4))
    an.sign_in("00005550001")
    wang.sign_in("wang")
    late.sign_in("wang")  # in another window, at a notice that is sent a second too late
    code_page = f"/api/v1/progress/{stall.number}/?code={_query_code(stall)}"
    site.clock(at("2026-11-26", "23:59:20"))
    assert "收讫即备案" not in an.open(f"/progress/{stall.number}/").inner_text("main h1, .giant").replace("\n", "")
    page = late.open(f"/desk/{stall.number}/correct/")
    key = stall.rules.materials[0].key
    assert not page.locator(".unfold textarea").filter(visible=True).count()  # a box is there from its tick on
    page.check(f"input[name='m-{key}']")
    assert page.locator(".unfold textarea").filter(visible=True).count() == 1
    page.fill(f"[name='w-{key}']", "照片看不清，请重拍")
    site.clock(at("2026-11-27", "00:00:00"))

    pages = {
        "进度": an.open(f"/progress/{stall.number}/").inner_text("main"),
        "我的事": an.open("/mine/").inner_text("main"),
        "通知单": an.open(f"/progress/{stall.number}/slip/").inner_text("body"),
        "工作台": wang.open("/desk/").inner_text("main"),
        "办件": wang.open(f"/desk/{stall.number}/").inner_text("main"),
        "公开栏": stranger.open("/board/results/").inner_text("main"),
    }
    answer = stranger.page.request.get(site.url + code_page).json()

    for name, text in pages.items():
        assert "收讫即备案" in text, (name, text[:600])
    assert "2026年11月26日（星期四）24:00起" in pages["工作台"]
    assert (answer["state"], answer["manner"]) == ("recorded", "deemed")
    assert answer["effective_at"].startswith(("2026-11-26T16:00:00", "2026-11-27T00:00:00+08:00"))
    assert "收讫即备案" in wang.open(f"/desk/{stall.number}/correct/").inner_text("main")  # a form opened now is none
    page.locator("main form[method=post] .buttons button").first.click()
    page.wait_for_load_state()
    assert "期限已届满，这件事已经收讫即备案" in page.inner_text("body")
    assert page.input_value(f"[name='w-{key}']") == "照片看不清，请重拍"  # nothing typed is lost


def _query_code(application: Application) -> str:
    return keys().open_text(bytes(application.query_code_sealed))
