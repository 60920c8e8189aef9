"""纸的种类和核验编号：what can be read back, and what is refused."""

import hashlib

import pytest

from approvals.papers.kinds import PaperKey, PaperKind, paper_number, read_paper_number, read_slug, slug_of
from portal.numbers import check_character

BODY = "H7K4M9R6"
NUMBER = BODY + check_character(BODY)


def keyed(text: str) -> str:
    """测试用的散列"""
    return hashlib.sha256(b"key" + text.encode()).hexdigest()


def numbered(kind: PaperKind, ordinal: int = 1) -> str:
    """某张纸的核验编号"""
    return paper_number(PaperKey(NUMBER, kind, ordinal), keyed)


@pytest.mark.parametrize("kind", list(PaperKind))
@pytest.mark.parametrize("ordinal", [1, 2, 17])
def test_a_paper_number_is_read_back(kind: PaperKind, ordinal: int) -> None:
    number = numbered(kind, ordinal)

    assert read_paper_number(number, keyed) == PaperKey(NUMBER, kind, ordinal)
    assert read_paper_number(f" {number.lower()} ", keyed) == PaperKey(NUMBER, kind, ordinal)
    assert read_paper_number(number.replace("-", " "), keyed) == PaperKey(NUMBER, kind, ordinal)
    assert read_paper_number(number.replace("-", ""), keyed) == PaperKey(NUMBER, kind, ordinal)


def test_a_certificate_number_is_the_case_number_and_an_ordinal() -> None:
    assert numbered(PaperKind.CERTIFICATE, 2) == f"{NUMBER}-2"


def test_every_single_wrong_sign_is_noticed() -> None:
    number = numbered(PaperKind.PAUSE)
    signs = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"

    taken = [
        changed
        for place, sign in enumerate(number)
        for other in signs
        if sign != "-"
        and other != sign
        and read_paper_number(changed := number[:place] + other + number[place + 1 :], keyed)
    ]

    assert taken == []


@pytest.mark.parametrize(
    "typed", ["", "-", "x", "H7K4M9R62", "H7K4M9R62-1", "-1", "{n}", "{n}-0", "{n}-01", "{n}-100", "{n}-١"]
)
@pytest.mark.parametrize("tail", ["", "-S1", "-S1-222222-2"])
def test_what_is_no_paper_number(typed: str, tail: str) -> None:
    text = typed.replace("{n}", NUMBER) + tail

    assert read_paper_number(text, keyed) is None


@pytest.mark.parametrize(
    ("slug", "key"),
    [
        ("slip", PaperKey(NUMBER, PaperKind.SLIP)),
        ("pause-2", PaperKey(NUMBER, PaperKind.PAUSE, 2)),
        ("pause-1", None),
        ("pause-0", None),
        ("pause-02", None),
        ("pause-", None),
        ("pause-2-3", None),
        ("pause-100", None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_the_word_in_the_address(slug: str, key: PaperKey | None) -> None:
    assert read_slug(NUMBER, slug) == key


def test_a_page_writes_the_word_that_is_read() -> None:
    assert slug_of("pause", 2) == "pause-2"
    assert slug_of(PaperKind.CORRECTION) == "correction"
