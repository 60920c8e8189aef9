"""量一页：axe, weight, width and the size of targets, as the browser itself sees them."""

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Page

# Links inside running text are exempt (WCAG 2.5.8); a box or circle to tick counts with its label.
TARGETS = """least => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.vh, .skip'))
  .filter(e => !(getComputedStyle(e).display === 'inline' && e.parentElement.innerText.trim() !== e.innerText.trim()))
  .map(e => [e, (['checkbox', 'radio'].includes(e.type) && e.closest('label') || e).getBoundingClientRect()])
  .filter(([e, box]) => box.width && Math.min(box.width, box.height) < least - 0.5)
  .map(([e, box]) => `${e.tagName} ${(e.innerText || e.name || '').trim()} ${box.width}×${box.height}`)
"""
MAIN_BUTTONS = """() => [...document.querySelectorAll('main .button')].filter(e => e.checkVisibility() && !e.closest('td'))
  .map(e => [e.innerText.trim(), Math.round(e.getBoundingClientRect().height)]).filter(([, height]) => height < 60)
"""
WIDER = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide + 1 && !e.closest('.scroll'))
    .slice(0, 5).map(e => `${e.tagName}.${e.className} ${e.innerText ? e.innerText.slice(0, 20) : ''}`).concat('页比屏宽');
}"""
FOCUS = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const words = (e.innerText || e.getAttribute('aria-label') || e.name || e.tagName).trim();
  return {words, name: e.name || '', seen: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none' && box.width > 1
    && box.bottom > 0 && box.top < innerHeight};
}"""


def violations(page: Page, *, enhanced: bool = False) -> list[str]:
    """axe 说的毛病; `enhanced` asks for 7:1 as well, as the large type promises."""
    rules = {"color-contrast-enhanced": {"enabled": enhanced}}
    found = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules}).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def read_as(page: Page, mode: str, width: int) -> None:
    """换看字的方式和屏宽: the server writes the same one attribute."""
    page.evaluate("mode => document.documentElement.dataset.mode = mode", mode)
    page.set_viewport_size({"width": width, "height": 800})


@dataclass
class Weight:
    """第一次打开一页的分量"""

    sent: int
    requests: list[str]


def weigh(page: Page, address: str) -> Weight:
    """打开一页，数字节和请求，什么都不从缓存拿"""
    session: CDPSession = page.context.new_cdp_session(page)
    weight = Weight(0, [])

    def count(event: dict[str, Any]) -> None:
        weight.sent += int(event["encodedDataLength"])

    session.on("Network.loadingFinished", count)
    session.on("Network.requestWillBeSent", lambda event: weight.requests.append(event["request"]["url"]))
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(address, wait_until="networkidle")
    session.detach()
    return weight
