"""填写的规则：what is taken, how it is written, and the sentence for what is not."""

import pytest

from services.definition import FormField
from services.filling import ELSEWHERE, Unfit, check_part, clean_value, tidy


def field(kind: str, **more: object) -> FormField:
    """一格"""
    return FormField(**{"key": "it", "label": "它", "kind": kind, "page": "本事项", **more})  # type: ignore[arg-type] # a test's shorthand


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  三组12号\u202e ", "三组12号"),
        ("text", "a\x00b", "ab"),
        ("textarea", "一行\n二行", "一行\n二行"),
        ("number", "１２０", "120"),
        ("number", "120.5", "120.5"),
        ("number", "1,200", "1200"),
        ("number", "007", "7"),
        ("date", "2026-01-05", "2026-01-05"),
        ("date", "2026年1月5日", "2026-01-05"),
        ("date", "2026/1/5", "2026-01-05"),
        ("date", "20260105", "2026-01-05"),
        ("phone", "0000-555 0113", "00005550113"),
        ("phone", "+86 000 0555 0113", "00005550113"),
        ("id_number", "11010519491231002x", "11010519491231002X"),
        ("id_number", "１１０１０５１９４９１２３１００２ｘ", "11010519491231002X"),
        ("id_number", "110105 19491231 002X", "11010519491231002X"),
        ("yesno", "是", "是"),
        ("village", "liuwan", "liuwan"),
        ("village", ELSEWHERE, ELSEWHERE),
    ],
)
def test_good_value_is_written_one_way(kind: str, typed: str, kept: str) -> None:
    assert clean_value(field(kind), typed, {}, ["liuwan"]) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("text", "", "「它」还没填。"),
        ("choice", "", "「它」还没选。"),
        ("text", "字" * 201, "「它」太长了，最多200个字，现在是201个字。"),
        ("number", "约一百", "「它」只写1、2、3这样的数字，不写“约”，也不写单位。"),
        ("number", "1.234", "「它」只写1、2、3这样的数字，不写“约”，也不写单位；小数最多两位。"),
        ("number", "-3", "「它」不能是负数，没有就写0。"),
        ("date", "明年", "「它」要写年月日，比如 2026-1-5。"),
        ("date", "2026-2-30", "「它」写的这一天，日历上没有，请再看一看。"),
        ("date", "0026-2-3", "「它」的年份不对，要写四位数的年份。"),
        ("phone", "没有", "「它」要写手机号，或者带区号的座机号，只写数字。"),
        ("id_number", "123", "「它」要写18位，最后一位可以是X，现在是3位。"),
        ("id_number", "110105194913310021", "「它」第7到14位是出生日期，现在写的日期不对，请照证件再看一遍。"),
        ("id_number", "110105194912310021", "「它」有一位写错了，请照证件再看一遍。"),
        ("yesno", "也许", "「它」请从列出的里面选一个。"),
        ("village", "nowhere", "「它」请从列出的里面选一个。"),
    ],
)
def test_bad_value_is_told_in_a_sentence(kind: str, typed: str, sentence: str) -> None:
    with pytest.raises(Unfit) as problem:
        clean_value(field(kind), typed, {}, ["liuwan"])

    assert str(problem.value) == sentence


def test_passport_is_judged_by_its_shape_only() -> None:
    paper = field("id_number", key="id_number")

    assert clean_value(paper, "e12345678", {"id_type": "护照"}) == "E12345678"
    with pytest.raises(Unfit):
        clean_value(paper, "护照没带", {"id_type": "护照"})


def test_field_without_its_condition_is_not_asked() -> None:
    fields = [field("text", key="unit", when={"by_unit": "是"}), field("text", key="place")]

    assert check_part(fields, {"place": "村口"}, {"by_unit": "否"}, []) == ({"place": "村口"}, {})
    assert check_part(fields, {"place": "村口"}, {"by_unit": "是"}, [])[1] == {"unit": "「它」还没填。"}


def test_condition_on_the_same_page_counts_as_typed() -> None:
    fields = [field("yesno", key="has"), field("text", key="which", when={"has": "是"})]

    assert check_part(fields, {"has": "是", "which": ""}, {"has": "否"}, [])[1] == {"which": "「它」还没填。"}


def test_tidy_drops_what_cannot_be_seen() -> None:
    assert tidy("\u200b安\u0000示例\n") == "安示例"
