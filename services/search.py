"""检索词：bigrams, words and pinyin initials of an item, because most Chinese words have two characters."""

import re
from functools import cache

from services.definition import ItemDefinition

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002fa1f]+")
_WORD = re.compile(r"[0-9a-z]+")


def bigrams(text: str) -> set[str]:
    """相邻两字和单字: what a search for a two-character word finds."""
    found: set[str] = set()
    for run in _HAN.findall(text):
        found |= {run[place : place + 2] for place in range(len(run) - 1)} | set(run)
    return found


@cache
def initials(text: str) -> str:
    """拼音首字母: 宅基地 → zjd."""
    from pypinyin import Style, lazy_pinyin  # heavy: only import and import_catalogue need it

    return "".join(lazy_pinyin("".join(_HAN.findall(text)), style=Style.FIRST_LETTER)).lower()


def tokens_of(definition: ItemDefinition, office_name: str) -> list[str]:
    """一个事项的检索词: its names, also those people use, summary, office, audience – bigrams, latin words, initials."""
    names = [definition.name, definition.plain_name, *definition.also_called]
    texts = [*names, definition.summary, office_name, *definition.audience, definition.domain]
    found: set[str] = set()
    for text in texts:
        found |= bigrams(text) | set(_WORD.findall(text.lower()))
    for text in (definition.name, definition.plain_name):
        letters = initials(text)
        # every run of initials from any starting point, so that zjd finds 农村村民宅基地用地审批
        found |= {letters[start : start + size] for start in range(len(letters)) for size in range(2, 9)}
    return sorted(token for token in found if token)


def query_tokens(text: str) -> list[str]:
    """检索框里写的 → 要全部命中的词: bigrams for Chinese (one character stands alone), latin words as they are."""
    text = text.strip().lower()
    found: list[str] = _WORD.findall(text)
    for run in _HAN.findall(text):
        found += [run[place : place + 2] for place in range(len(run) - 1)] or [run]
    return list(dict.fromkeys(found))[:12]
