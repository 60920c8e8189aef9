"""一样材料的页面：the boxes that the chosen way does not need are put away, without a script."""

from pathlib import Path

from django.template.loader import render_to_string
from playwright.sync_api import Browser

from services.definition import Material, Required
from services.forms import MaterialForm

CSS = Path(__file__).resolve().parents[2] / "static" / "css" / "site.css"
BOXES = ("#id_uploads", "#id_statement")


def test_only_the_box_of_the_chosen_way_is_shown(chromium: Browser) -> None:
    form = MaterialForm(material=Material("m", "材料", Required.ALWAYS), has_files=False)
    fields = "".join(render_to_string("partials/_field.html", {"field": field}) for field in form)
    context = chromium.new_context()
    page = context.new_page()
    page.set_content(f"<style>{CSS.read_text()}</style><form>{fields}</form>")

    def shown() -> list[bool]:
        return [page.locator(box).is_visible() for box in BOXES]

    seen = [shown()]
    for way in ("file", "window", "cannot"):
        page.locator(f"[name=how][value={way}]").check()
        seen.append(shown())
    context.close()

    assert seen == [[True, True], [True, False], [False, False], [False, True]]
