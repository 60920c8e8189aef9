"""填申请：what a villager does page by page, without knowing which item it is."""

from pathlib import Path

from playwright.sync_api import Locator, Page

TYPED = {
    "id_number": "11010519491231002X",
    "phone": "00005550001",
    "date": "2026-01-05",
    "number": "3",
}


def fill_application(page: Page, picture: Path, *, most: int = 40) -> None:
    """一页页填到核对页: answer, fill, hand over the materials – the first of them as a picture."""
    for _ in range(most):
        path = page.url.split("?")[0]
        if path.endswith("/check/"):
            return
        if path.rstrip("/").rsplit("/", 2)[-2] == "apply":
            page.click("main a.button")  # 接着填
            page.wait_for_load_state()
            continue
        if path.endswith("/materials/"):
            done = "都定好了" in page.inner_text("main")
            page.click("main a.button" if done else "main a[href*='/materials/']")
            page.wait_for_load_state()
            continue
        if "/materials/" in path:
            _hand_over(page, picture)
        else:
            _fill_fields(page)
        page.click("main form button[type=submit]:has-text('下一步')")
        page.wait_for_load_state()
    raise AssertionError(f"填了{most}页还没到核对页，停在 {page.url}")


def _fill_fields(page: Page) -> None:
    seen: set[str] = set()
    for field in page.locator("main form").first.locator("input, select, textarea").all():
        name, kind = field.get_attribute("name") or "", field.get_attribute("type") or ""
        if kind in {"hidden", "submit"} or name in seen:
            continue
        seen.add(name)
        if kind == "radio":
            page.locator(f"main input[name='{name}']").last.check()
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(index=1)
        elif kind != "checkbox" and not field.input_value():
            field.fill(_words_for(name, field))


def _words_for(name: str, field: Locator) -> str:
    if field.get_attribute("inputmode") == "numeric" or field.get_attribute("inputmode") == "decimal":
        return TYPED["number"]
    for kind, words in TYPED.items():
        if kind in name:
            return words
    return TYPED["date"] if "date" in (field.get_attribute("class") or "") or name.endswith("_on") else "示例内容，照实填写"


def _hand_over(page: Page, picture: Path) -> None:
    page.locator("main input[type=radio][value=file]").check()
    page.set_input_files("main input[type=file]", str(picture))
