"""编号：random numbers with a check character, never sequences (engine section 10)."""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
NUMBER_LENGTH = 9
_INDEX = {character: value for value, character in enumerate(ALPHABET)}
_READ_ALOUD = dict(zip("23456789", "二三四五六七八九", strict=True))


def check_character(body: str) -> str:
    """校验字符: position-weighted sum mod 31, so single errors and swapped neighbours are found."""
    return ALPHABET[sum((place + 2) * _INDEX[character] for place, character in enumerate(body)) % len(ALPHABET)]


def new_number() -> str:
    """新编号: 8 random characters and a check character, shown 3-3-3."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_LENGTH - 1))
    return body + check_character(body)


def signs_of(text: str) -> str:
    """写编号的字: letters and digits alone, in capitals, full-width ones too; what was put between them says nothing."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


def clean_number(text: str) -> str:
    """把人写的编号统一成 9 个大写字符; empty if it cannot be a number (wrong length, letter or check)."""
    number = signs_of(text)
    if len(number) != NUMBER_LENGTH or any(character not in _INDEX for character in number):
        return ""
    return number if check_character(number[:-1]) == number[-1] else ""


def grouped(number: str) -> str:
    """编号分三组: H7K4M9R62 → H7K 4M9 R62."""
    return " ".join(number[start : start + 3] for start in range(0, len(number), 3))


def read_aloud(number: str) -> str:
    """编号的念法: H 七 K，四 M 九，R 六 二"""
    groups = [number[start : start + 3] for start in range(0, len(number), 3)]
    return "，".join(" ".join(_READ_ALOUD.get(sign, sign) for sign in group) for group in groups)
