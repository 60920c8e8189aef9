"""一张纸的值：only plain, visible text reaches the page, and what is long may go to an annex."""

from dataclasses import replace
from datetime import date

import pytest

from approvals.papers.sheet import ZERO_WIDTH_SPACE, Sheet, plain, rows, to, values, words

SHEET = Sheet(
    title="受理通知单 H7K 4M9 R62",
    office="示例县青禾镇人民政府便民服务中心",
    heading="受理通知单",
    number_label="编号",
    number="H7K 4M9 R62",
    under_number=("念：H 七 K，四 M 九，R 六 二",),
    stamps=("收到：2026年9月16日（星期三）10:24",),
    blocks=(to("安*例"), words("您申请的事收到了。")),
    closing=(words("每走一步都通知您。", "接下来"),),
    sign=("青禾镇便民服务中心", "2026年9月16日"),
    seal_office="示例县青禾镇人民政府便民服务中心",
    seal_use="收件专用章",
    address="https://portal.example/verify/H7K4M9R62-S1-23456Z/",
    foot=("扫一扫，核真假、看进度", "核验编号 H7K4M9R62-S1-23456Z"),
    issued_on=date(2026, 9, 16),
)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("一行\r\n两行\r三行\u2028四行", "一行\n两行\n三行\n四行"),
        ("左\t右", "左 右"),
        ("甲\u202e乙\u2066丙\u200f丁", "甲乙丙丁"),  # nothing turns the order of reading round
        ("甲\u0000\u0007\u200b\ufeff乙", "甲乙"),
        ('#import "x" ] [ $ \\ *b* @a <b>', '#import "x" ] [ $ \\ *b* @a <b>'),
        ("䶮㐂𠮷", "䶮㐂𠮷"),
        ("A" * 23, "A" * 23),
        ("A" * 30, ZERO_WIDTH_SPACE.join(["A" * 12, "A" * 12, "A" * 6])),
    ],
)
def test_what_is_printed_of_what_was_typed(typed: str, printed: str) -> None:
    assert plain(typed) == printed


def test_every_text_of_a_sheet_is_cleaned() -> None:
    hostile = "甲\u202e乙"
    changed = {
        name: hostile for name in ("title", "office", "heading", "number", "seal_office", "seal_use", "void")
    }
    lists = {name: (hostile,) for name in ("under_number", "stamps", "sign", "foot")}
    blocks = (words(hostile, hostile), rows((hostile, hostile)))

    told = values(replace(SHEET, **changed, **lists, blocks=blocks, closing=blocks))

    assert "\u202e" not in repr(told)
    assert "\\u202e" not in repr(told)


def test_only_what_is_long_may_be_moved_to_an_annex() -> None:
    assert words("短", "理由", annex="理由").annex == ""
    assert words("长" * 401, "理由", annex="理由").annex == "理由"
    assert words("行\n" * 11, "理由", annex="理由").annex == "理由"
    assert rows(("甲", "长" * 401), annex="要补的").annex == "要补的"


def test_rows_without_content_are_left_out() -> None:
    assert rows(("还要补", ""), ("收费", "不收费")).items == (("收费", "不收费"),)
