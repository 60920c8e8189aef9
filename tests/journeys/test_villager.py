"""村民的路：from the search box to the slip, with and without script, on a phone and on a desk."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from services.models import Application
from tests.factories import at
from tests.journeys.conftest import Person, Site
from tests.journeys.filling import fill_application

WAYS = [
    pytest.param({"java_script_enabled": script, "viewport": {"width": width, "height": 800}}, id=f"{width}-{word}")
    for width in (360, 1280)
    for script, word in ((True, "script"), (False, "no-script"))
]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """一张材料照片"""
    path = tmp_path / "材料.jpg"
    Image.new("RGB", (640, 480), "white").save(path)
    return path


@pytest.mark.parametrize("way", WAYS)
def test_a_villager_files_a_stall(site: Site, chromium: Browser, picture: Path, way: dict[str, object]) -> None:
    site.clock(at("2026-11-23", "10:00"))
    an = Person(site, chromium, **way)
    an.sign_in("00005550001")
    page = an.open("/")
    page.fill("main form[role=search] input, main form.search input", "摊贩")
    page.click("main form.search button")
    page.click("main a:has-text('食品摊贩备案')")
    page.click("main button:has-text('开始办理')")
    fill_application(page, picture)
    page.click("main button:has-text('提交申请')")
    page.wait_for_load_state()

    number = Application.objects.get(filed_by=site.world.an, state="submitted").number
    text = an.text()
    assert number[:3] in text
    assert "2026年11月26日（星期四）" in text
    page.click("main a:has-text('看进度')")
    assert "还剩3个工作日" in an.text()
    page.click("main a:has-text('为什么是这一天')")
    assert "为什么是" in an.text()
    assert page.viewport_size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
