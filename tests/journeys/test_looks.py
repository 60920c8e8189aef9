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
