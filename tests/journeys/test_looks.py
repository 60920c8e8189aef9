"""看上去：what stands beside what, as the browser lays it out – gaps, edges, lines and how far down a page something lies."""

from typing import Any

import pytest

from tests.journeys.measures import read_as
from tests.journeys.test_pages import Reader, reader

__all__ = ["reader"]
PHONE = 360
# How many lines a piece of text takes: its own height by the height of one of its lines.
LINES = """(selector) => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility()).map(e => {
  const range = document.createRange(); range.selectNodeContents(e);
  const tops = [...range.getClientRects()].filter(r => r.width).map(r => Math.round(r.top / 8));
  return new Set(tops).size;
})"""
LEFT = """(selector) => {
  const e = document.querySelector(selector), range = document.createRange();
  range.selectNodeContents(e);
  return range.getBoundingClientRect().left;
}"""
BUTTONS = "[...document.querySelectorAll('.queue .button')].map(e => e.getBoundingClientRect().toJSON())"


def gaps(boxes: list[dict[str, Any]]) -> list[float]:
    """两个按钮之间隔多少: for each pair that overlaps in one direction, the distance in the other."""
    found = []
    for place, one in enumerate(boxes):
        for two in boxes[place + 1 :]:
            if one["left"] < two["right"] and two["left"] < one["right"]:
                found.append(two["top"] - one["bottom"])
            elif one["top"] < two["bottom"] and two["top"] < one["bottom"]:
                found.append(two["left"] - one["right"])
    return found


@pytest.mark.parametrize(("mode", "width"), [("normal", 1280), ("large", 1280), ("large", PHONE)])
def test_buttons_of_the_workbench_do_not_touch(reader: Reader, mode: str, width: int) -> None:
    page = reader.open("chen", "approvals:workbench", "none", "")
    read_as(page, mode, width)

    found = gaps(page.evaluate(BUTTONS))

    assert found
    assert min(found) >= 5.5


def test_heads_of_the_queue_stand_over_their_cells(reader: Reader) -> None:
    page = reader.open("chen", "approvals:workbench", "none", "")

    for place in (1, 2, 4, 5):  # light, last day, number, item
        head, cell = (page.evaluate(LEFT, f".queue {part}:nth-child({place})") for part in ("th", "td"))
        assert abs(head - cell) <= 1, place


def test_a_phone_number_and_a_case_number_keep_to_their_line(reader: Reader) -> None:
    for role, route, of, mode, what in (
        ("", "portal:home", "none", "large", ".phone"),
        ("", "services:guide", "item", "large", ".phone"),
        ("an", "approvals:filed", "filed", "normal", ".giant .casenumber"),
    ):
        page = reader.open(role, route, of, "")
        read_as(page, mode, PHONE)
        lines = page.evaluate(LINES, what)
        assert lines
        assert set(lines) == {1}, (route, lines)


def test_what_can_be_done_lies_in_the_first_screen_of_a_case(reader: Reader) -> None:
    for role, of in (("chen", "filed"), ("deng", "case")):
        page = reader.open(role, "approvals:case", of, "")
        page.set_viewport_size({"width": 1280, "height": 900})

        box = page.locator(".acts-column .acts .button").first.bounding_box()

        assert box is not None
        assert box["y"] + box["height"] < 680, role
        lines = page.locator(".acts-column .box").first.locator(".limit-line")
        assert lines.evaluate_all("found => found.map(e => e.offsetHeight)") == [45, 45]


def test_an_answer_to_a_search_comes_before_the_filters_on_a_phone(reader: Reader) -> None:
    for query, answer in (("?q=没有这样的事", ".empty"), ("?q=建房", ".list")):
        page = reader.open("", "services:catalogue", "none", query)
        read_as(page, "normal", PHONE)
        assert not page.locator("#office").is_visible()
        box = page.locator(answer).first.bounding_box()
        assert box is not None
        assert box["y"] < 740
        page.locator("details.filter summary").click()
        assert page.locator("#office").is_visible()
        assert page.get_by_role("link", name="都看").is_visible()


WAYS = {"file": [True, False], "cannot": [False, True]}  # 上传、写明为什么：what of the two is there


def test_what_is_brought_later_asks_only_for_what_its_way_needs(reader: Reader) -> None:
    page = reader.open("an", "approvals:supply", "corrected", "")
    boxes = [page.locator(f"[data-way={way}]").first for way in WAYS]
    inputs = [box.locator("input, textarea") for box in boxes]

    for way, shown in WAYS.items():
        page.locator(f"[data-ways] [type=radio][value={way}]").first.check()
        assert [box.is_visible() for box in boxes] == shown
        assert [field.is_enabled() for field in inputs] == shown  # what is put away is not sent

    context = reader.context("an", script=False)
    still = context.new_page()
    still.goto(page.url)
    assert [still.locator(f"[data-way={way}]").first.is_visible() for way in WAYS] == [True, True]
    context.close()


@pytest.mark.parametrize(("width", "told"), [(1280, True), (PHONE, False)])
def test_the_keys_are_told_only_where_there_is_a_keyboard(reader: Reader, width: int, told: bool) -> None:
    page = reader.open("chen", "approvals:workbench", "none", "")
    page.set_viewport_size({"width": width, "height": 800})

    assert page.locator(".keys").is_visible() == told


@pytest.mark.parametrize("script", [True, False])
def test_one_press_of_the_mouse_on_a_number_opens_the_case(reader: Reader, script: bool) -> None:
    context = reader.context("chen", script=script)
    page = context.new_page()
    page.goto(reader.address("approvals:workbench", "none", ""))
    link = page.locator(".queue [data-open]").first
    address = link.get_attribute("href")
    box = link.bounding_box()
    assert address and box
    page.mouse.click(box["x"] + 8, box["y"] + box["height"] / 2, delay=150)  # a hand holds the button down for a while
    page.wait_for_timeout(800)

    assert page.url.endswith(address)
    context.close()
