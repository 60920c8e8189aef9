"""检索词：two-character words, single characters and pinyin initials all find their item."""

import pytest

from services.search import bigrams, initials, query_tokens, tokens_of
from tests.rules import definition


def test_bigrams_are_neighbours_and_single_characters() -> None:
    assert bigrams("宅基地 ABC") == {"宅基", "基地", "宅", "基", "地"}


def test_initials() -> None:
    assert initials("宅基地（示例）") == "zjdsl"


@pytest.mark.parametrize("words", ["宅基", "宅基地", "基地", "宅", "zjd", "ZJD", "个人", "村建办"])
def test_what_is_typed_is_among_the_tokens(words: str) -> None:
    rules = definition(name="农村村民宅基地用地审批", plain_name="批宅基地")

    assert set(query_tokens(words)) <= set(tokens_of(rules, "村建办"))


def test_what_is_not_there_is_not_found() -> None:
    rules = definition(name="农村村民宅基地用地审批", plain_name="批宅基地")

    assert not set(query_tokens("低保")) <= set(tokens_of(rules, "村建办"))


@pytest.mark.parametrize(("text", "tokens"), [("", []), ("  ！？ ", []), ("低保", ["低保"]), ("低 保", ["低", "保"])])
def test_query_tokens(text: str, tokens: list[str]) -> None:
    assert query_tokens(text) == tokens
