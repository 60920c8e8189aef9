"""脱敏扫描：numbers are found however they are written, document numbers stay quiet."""

import random
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disclosure.masking import Sensitive, find_numbers, hide_numbers, is_identity, passes_luhn

IDENTITY = "11010519491231002X"
HAN = str.maketrans("0123456789", "〇一二三四五六七八九")
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def kinds(text: str, allowed: tuple[str, ...] = ()) -> list[Sensitive]:
    return [finding.kind for finding in find_numbers(text, allowed=allowed)]


@pytest.mark.parametrize(
    "text",
    [
        f"身份证{IDENTITY}。",
        IDENTITY.lower(),
        IDENTITY.translate(WIDE),
        IDENTITY.translate(HAN),
        "110105 19491231 002X",
        "110105-1949-1231-002X",
        "110105\n19491231002X",
        "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X",
        "110105\u200b19491231\u2060002X",
        "号码110105491231002，老证",
        "前缀99" + IDENTITY,
    ],
)
def test_identity_numbers_are_found(text: str) -> None:
    assert kinds(text) == [Sensitive.IDENTITY]


@pytest.mark.parametrize(
    "text",
    ["13812345678", "138 1234 5678", "138-1234-5678", "+86 13812345678", "8613812345678", "一三八一二三四五六七八",
     "联系张一13812345678", "3×13812345678", "1381234\n5678", "1 3 8 1 2 3 4 5 6 7 8", "13812345678".translate(WIDE)],
)  # fmt: skip
def test_mobile_phones_are_found(text: str) -> None:
    assert kinds(text) == [Sensitive.MOBILE]


@pytest.mark.parametrize("text", ["010-12345678", "（0371）1234567", "0371 12345678", "0000-555 0199"])
def test_landlines_are_found_unless_public(text: str) -> None:
    assert kinds(text) == [Sensitive.LANDLINE]
    assert kinds(text, allowed=(text,)) == []


@pytest.mark.parametrize("text", ["6222021234567890123"[:18] + "8", "4111 1111 1111 1111", "4111\n111111111111"])
def test_bank_cards_are_found(text: str) -> None:
    digits = "".join(character for character in text if character.isdigit())

    assert kinds(text) == ([Sensitive.BANK_CARD] if passes_luhn(digits) else [])


@pytest.mark.parametrize(
    "text",
    [
        "示政发〔2026〕12号",
        "2026-09-23 10:24，2026年9月23日",
        "文号 2026-0371-1234567",
        "共135件，20260923前办结，H7K 4M9 R62",
        "统一社会信用代码 91110105MA0123456X",
        "办事打12345，或 400-123-4567",
        "占地112平方米，每立方米0.18元，一共3户11人",
        "110105194913310021",
        "990105194912310021",
    ],
)
def test_other_numbers_stay_quiet(text: str) -> None:
    assert kinds(text) == []


def test_document_numbers_raise_few_false_alarms() -> None:
    dice = random.Random(20260923)
    forms = ["示政发〔{y}〕{n}号", "{y}{m:02}{d:02}{n:04}", "{y}-{m:02}-{n:06}", "（{y}）示字第{n}号", "JS{n:08}", "{n:05}.{m}"]
    texts = [
        dice.choice(forms).format(
            y=dice.randint(2000, 2026), m=dice.randint(1, 12), d=dice.randint(1, 28), n=dice.randint(1, 9999)
        )
        for _ in range(10_000)
    ]

    assert sum(bool(find_numbers(text)) for text in texts) <= 100


def identity(region: str, day: str, serial: str) -> str:
    body = region + day + serial
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


days = st.dates(min_value=date(1900, 1, 1)).map(lambda day: day.strftime("%Y%m%d"))
identities = st.builds(
    identity, st.sampled_from(["110105", "330226", "440300", "659004"]), days.filter(lambda day: day < "2099"),
    st.integers(0, 999).map(lambda number: f"{number:03}"),
)  # fmt: skip
words = st.text(alphabet="村民张示例于在镇里办了，。：的地", max_size=12)


spaces = st.lists(st.sampled_from(["", " ", "-", "　"]), min_size=17, max_size=17)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(number=identities, before=words, after=words, gaps=spaces)
def test_any_identity_number_is_found_in_any_text(number: str, before: str, after: str, gaps: list[str]) -> None:
    spaced = number[0] + "".join(gap + digit for gap, digit in zip(gaps, number[1:], strict=True))

    assert is_identity(number)
    assert Sensitive.IDENTITY in kinds(before + spaced + after)
    assert number not in hide_numbers(before + spaced + after).replace(" ", "").replace("-", "").replace("　", "")


@pytest.mark.parametrize(
    "text",
    ["110101199003071234", "身份证110101199003071234。", "110101 19900307 1234", "110101199003071234".translate(WIDE),
     "110101199003071234".translate(HAN), "11010119900307\n1234", "11010119900307123x"],
)  # fmt: skip
def test_a_number_with_a_wrong_check_character_is_found_all_the_same(text: str) -> None:
    (finding,) = find_numbers(text)

    assert finding.kind is Sensitive.LIKE_IDENTITY
    assert finding.sentence.endswith("，校验位不对，多半是抄错了一位，也不能公开，请删去。")
    assert "19900307" not in hide_numbers(text)


def test_the_sentence_never_repeats_the_number() -> None:
    (finding,) = find_numbers(f"第一行\n证号{IDENTITY}")

    assert finding.sentence == "第2行有一个身份证号码（末两位2X），不能公开，请删去。"


def test_hidden_text_keeps_the_rest() -> None:
    assert hide_numbers("找安示例13812345678，9月29日前") == "找安示例（手机号码已遮住），9月29日前"
