"""真浏览器的底子：the product's own web server as a process on a clone, and Debian's Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.conftest import CLONE, TestClock, cloned
from tests.world import PASSWORD, World, find_world

ROOT = Path(__file__).resolve().parents[2]
# A development machine has no network beyond its registries; Chromium must not even try.
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """没有 Chromium 时响亮地跳过; `manage.py test` has already failed if CI=true."""
    if os.environ.get("PORTAL_NO_CHROMIUM"):
        for item in items:
            if "journeys" in item.nodeid:
                item.add_marker(pytest.mark.skip(reason="没有 Chromium，浏览器测试没有运行"))


@dataclass
class Site:
    """一个跑着的网站"""

    url: str
    clock: TestClock
    world: World
    database: str


@pytest.fixture
def site(chromium: Browser, clone: str, tmp_path: Path) -> Iterator[Site]:
    """网站进程，没有任何后台进程: no worker, no beat."""
    with serving(clone, tmp_path) as site:
        yield site


@pytest.fixture(scope="module")
def shared_site(
    chromium: Browser,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """整个文件合用的网站: for tests that only look."""
    with cloned(django_db_blocker) as database, serving(database, tmp_path_factory.mktemp("site")) as site:
        yield site


@contextmanager
def serving(database: str, folder: Path) -> Iterator[Site]:
    """在一份拷贝上跑起网站; a traceback in its log fails the test."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    environ["PORTAL_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", f"--bind=127.0.0.1:{port}", "--threads=4", "--log-level=error"]
    log = (folder / "site.log").open("w")
    process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait(port, process, folder / "site.log")
        yield Site(f"http://127.0.0.1:{port}", TestClock(CLONE), find_world(), database)
        assert "Traceback" not in (folder / "site.log").read_text(), (folder / "site.log").read_text()[-3000:]
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise AssertionError(log.read_text()[-3000:])
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/contact/", timeout=5)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("网站没有起来\n" + log.read_text()[-3000:])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """浏览器"""
    connections.close_all()  # what earlier tests have opened is out of reach once Playwright's loop runs in this thread
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread; the tests stay synchronous
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["PORTAL_CHROMIUM"], args=CHROMIUM)
        yield browser
        browser.close()


class Person:
    """坐在浏览器前的一个人"""

    everybody: ClassVar[list["Person"]] = []

    def __init__(self, site: Site, chromium: Browser, **options: Any) -> None:
        self.everybody.append(self)
        self.site = site
        self.context: BrowserContext = chromium.new_context(locale="zh-CN", **options)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(8_000)

    def open(self, path: str) -> Page:
        """打开一页"""
        self.page.goto(self.site.url + path)
        return self.page

    def sign_in(self, login: str) -> None:
        """登录"""
        page = self.open("/sign-in/")
        page.fill("input[name=name]", login)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_load_state()

    def text(self) -> str:
        """主要内容的文字"""
        return self.page.inner_text("main")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """失败时说出浏览器停在哪一页、页上写着什么"""
    report = yield
    if report.when == "call" and report.failed:
        for person in Person.everybody:
            where = f"{person.page.url}\n{person.text()[:1500]}"
            report.sections.append(("浏览器停在", where))
    if report.when == "teardown":
        Person.everybody.clear()
    return report
