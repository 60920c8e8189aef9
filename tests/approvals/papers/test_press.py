"""印：one A4 page with its fonts inside, whatever the text; what cannot fit goes to a numbered annex; a worker stays small."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import pytest

from approvals.papers import press
from approvals.papers.sheet import Sheet, dates, effect, letter, numbered, rows, to, values, words
from approvals.views.shared import qr_markup
from tests.approvals.papers.pdf import CJK, Pdf
from tests.approvals.papers.test_sheet import SHEET
from tests.house_rules import ROOT

A4 = (210, 297)
QR = qr_markup(SHEET.address)
MARKUP = [
    '#import "evil": *',
    '#panic("x") #read("/etc/passwd")',
    "] [ $x$ \\ *粗* _斜_",
    "@ref <label> // 注 /* 注 */",
    "`raw` = 题 ${} {{ x }}",
]


def printed(sheet: Sheet) -> Pdf:
    """在本进程里印，快一些"""
    return Pdf(press.set_page(values(sheet), QR))


def full(text: str) -> Sheet:
    """处处写着同一段文字的一张纸"""
    blocks = (
        to(text),
        letter(text),
        words(text, text),
        rows((text, text)),
        dates((text, text, text)),
        effect(text),
    )
    return replace(
        SHEET, blocks=(*blocks, numbered([text], text)), stamps=(text,), closing=(words(text, text),)
    )


def test_the_press_makes_one_page_that_needs_nothing_from_outside() -> None:
    pdf = Pdf(press.to_pdf(values(SHEET), QR))

    assert pdf.sizes == [A4]
    assert pdf.fonts and all(pdf.fonts.values())
    assert all(CJK in name and name[6] == "+" for name in pdf.fonts)  # ABCDEF+ marks a subset
    assert pdf.codes == [SHEET.address]
    assert pdf.is_flat
    assert b"pdfaid" in pdf.data and b"pdfuaid" in pdf.data
    assert len(pdf.data) < 150_000
    for text in (SHEET.heading, SHEET.stamps[0], "您申请的事收到了。", "第1页，共1页"):
        assert "".join(text.split()) in pdf.text


def test_a_paper_takes_less_than_half_a_second() -> None:
    took = []
    for _ in range(5):
        start = time.perf_counter()
        press.to_pdf(values(SHEET), QR)
        took.append(time.perf_counter() - start)

    assert min(took) < 0.5, took


@pytest.mark.parametrize(
    "text",
    [
        *MARKUP,
        "䶮㐂𠮷",
        "]\"'\\",
        "#",
        "\\u{0}",
        "{",
        "\n\n\n",
        "甲\u0000乙",
        "<script>",
        "=",
        "- 甲",
        "1. 甲",
    ],
)
def test_text_is_set_as_it_was_typed(text: str) -> None:
    pdf = printed(full(text))

    assert pdf.sizes == [A4]
    assert pdf.codes == [SHEET.address]
    told = "".join(text.replace("\0", "").split())
    assert pdf.text.count(told) >= 8


@pytest.mark.parametrize("text", ["A" * 300, "甲" * 300, "a b " * 80, "—" * 200, "。" * 200, "￥" * 200])
def test_a_very_long_name_stays_inside_the_margins(text: str) -> None:
    pdf = printed(replace(SHEET, blocks=(to(text), rows((text[:80], text)), effect(text[:80]))))

    assert pdf.sizes == [A4]
    assert ink_beyond(pdf, 13) == 0
    assert pdf.text.count(text[0]) >= len(text) - text.count(" ")


def ink_beyond(pdf: Pdf, margin: int) -> int:
    """页边（毫米）以外有没有墨: dark pixels left or right of the margin."""
    dots = 72
    picture = pdf.picture(dots=dots).convert("L")
    edge = round(margin / 25.4 * dots)
    sides = [(0, 0, edge, picture.height), (picture.width - edge, 0, picture.width, picture.height)]
    return sum(pixel < 128 for side in sides for pixel in picture.crop(side).tobytes())


@pytest.mark.parametrize("length", [500, 900])
def test_a_longer_text_is_set_smaller_on_the_same_page(length: int) -> None:
    pdf = printed(replace(SHEET, blocks=(words("理" * length, "事实和理由", annex="事实和理由"),)))

    assert pdf.sizes == [A4]
    assert pdf.text.count("理") >= length


def test_what_does_not_fit_goes_whole_to_a_numbered_annex() -> None:
    reasons = "".join(f"第{n}条理由写在这里，一个字也不能少。" for n in range(240))
    basis = "".join(f"依据第{n}条。" for n in range(80))
    blocks = (
        letter("您申请的事，结果是："),
        effect("不予"),
        words(reasons, "事实和理由", annex="事实和理由"),
        words(basis, "依据", annex="依据"),
    )

    pdf = printed(replace(SHEET, blocks=blocks))

    pages = len(pdf.sizes)
    assert pages == 5 and set(pdf.sizes) == {A4}
    assert "事实和理由较长，全文写在后面的附页1上" in pdf.page_text(0)
    assert "依据较长，全文写在后面的附页2上" in pdf.page_text(0)
    assert "不予" in pdf.page_text(0) and SHEET.sign[0] in pdf.page_text(0)
    assert "附页1" in pdf.page_text(1) and "附页2" in pdf.page_text(4)
    for page in range(pages):
        assert f"第{page + 1}页，共{pages}页" in pdf.page_text(page)
        assert "H7K4M9R62" in pdf.page_text(page)
    for n in range(240):
        assert f"第{n}条理由" in pdf.text
    assert "依据第79条" in pdf.text


@pytest.mark.parametrize("text", ["好😀", "\ue000", "\U0003ffff", "𮧵", "ꆈꌠ", "ไทย"])
def test_a_sign_without_a_glyph_is_printed_as_its_code(text: str) -> None:
    pdf = printed(replace(SHEET, blocks=(words(text),)))

    assert pdf.sizes == [A4]
    assert all(f"〔U+{ord(sign):04X}〕" in pdf.text for sign in text if sign != "好")
    assert b"pdfaid" in pdf.data


def test_a_text_full_of_strange_signs_is_printed_all_the_same() -> None:
    pdf = printed(replace(SHEET, blocks=(words("".join(chr(0x1F600 + n) for n in range(40)) + "末尾"),)))

    assert pdf.sizes == [A4]
    assert "末尾" in pdf.text


MEASURE = """
import json, sys
sys.path.insert(0, sys.argv[1])
from approvals.papers import press
def resident():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
values, qr = json.load(sys.stdin)
before = resident()
for _ in range(3):
    press.to_pdf(values, qr)
print(resident() - before, "typst" in sys.modules)
"""


def test_printing_leaves_the_worker_as_small_as_it_was() -> None:
    job: Any = json.dumps([values(SHEET), QR])
    child = [sys.executable, "-c", MEASURE, str(ROOT)]
    done = subprocess.run(child, input=job, capture_output=True, text=True, check=True, timeout=60)

    grown, loaded = done.stdout.split()
    assert int(grown) < 4096  # KB
    assert loaded == "False"


def test_the_press_gets_nothing_of_the_sites_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text("import os, sys; sys.stdin.buffer.read(); print(sorted(os.environ))", encoding="utf-8")
    monkeypatch.setenv("PORTAL_FIELD_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    monkeypatch.setattr(press, "__file__", str(spy))

    told = press.to_pdf(values(SHEET), QR).decode()

    assert "PATH" in told
    assert "PORTAL" not in told and "DATABASE" not in told
