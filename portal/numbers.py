"""编号：random numbers with a check character, never sequences (engine section 10)."""

import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
_LENGTH = 9
_INDEX = {character: value for value, character in enumerate(ALPHABET)}
_READ_ALOUD = dict(zip("23456789", "二三四五六七八九", strict=True))


def check_character(body: str) -> str:
    """校验字符: position-weighted sum mod 31, so single errors and swapped neighbours are found."""
    return ALPHABET[sum((place + 2) * _INDEX[character] for place, character in enumerate(body)) % len(ALPHABET)]


def new_number() -> str:
    """新编号: 8 random characters and a check character, shown 3-3-3."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH - 1))
    return body + check_character(body)


def clean_number(text: str) -> str:
    """把人写的编号统一成 9 个大写字符; empty if it cannot be a number (wrong length, letter or check)."""
    number = "".join(character for character in text.upper() if character.isalnum())
    if len(number) != _LENGTH or any(character not in _INDEX for character in number):
        return ""
    return number if check_character(number[:-1]) == number[-1] else ""


def grouped(number: str) -> str:
    """编号分三组: H7K4M9R62 → H7K 4M9 R62."""
    return " ".join(number[start : start + 3] for start in range(0, len(number), 3))


def read_aloud(number: str) -> str:
    """编号的念法: H 七 K，四 M 九，R 六 二"""
    groups = [number[start : start + 3] for start in range(0, len(number), 3)]
    return "，".join(" ".join(_READ_ALOUD.get(sign, sign) for sign in group) for group in groups)
