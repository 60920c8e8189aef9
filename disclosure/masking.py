"""脱敏：finds identity numbers, phones and bank cards in a text before it is published. Pure.

The scanner reads digits as a person would: full-width, Chinese and circled digits, digits spaced
out, joined by dashes or split over lines. Identity numbers carry a real region and birth date; whether the check
character fits (GB 11643-1999) only changes what is said of them. Bank cards carry their Luhn digit, so that document
numbers stay quiet.
Names are masked by `portal.privacy.mask_name`; this module hides what must not stand at all.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Sensitive(StrEnum):
    """不能公开的号码"""

    IDENTITY = "身份证号码"
    LIKE_IDENTITY = "像身份证号的号码"
    BANK_CARD = "银行卡号"
    MOBILE = "手机号码"
    LANDLINE = "电话号码"


@dataclass(frozen=True, slots=True)
class Finding:
    """扫出来的一处: where it stands in the text, and only its last two characters."""

    kind: Sensitive
    start: int
    end: int
    line: int
    tail: str

    @property
    def place(self) -> str:
        """在哪、是什么; it never repeats the number."""
        return f"第{self.line}行有一个{self.kind.value}（末两位{self.tail}）"

    @property
    def advice(self) -> str:
        """该怎么办, following on the place."""
        if self.kind is Sensitive.LANDLINE:
            return "，不是已公布的办公电话。改成办公电话，或者删去。"
        if self.kind is Sensitive.LIKE_IDENTITY:
            return "，校验位不对，多半是抄错了一位，也不能公开，请删去。"
        return "，不能公开，请删去。"

    @property
    def sentence(self) -> str:
        """给人看的一句话"""
        return self.place + self.advice


@dataclass(slots=True)
class _Chunk:
    """连着写的一串数字, the gap before it, and where each digit stands in the text."""

    gap: str
    script: str
    digits: str = ""
    places: list[int] = field(default_factory=list)


_SAID = {"0": "零〇○", "1": "一壹幺", "2": "二贰", "3": "三叁", "4": "四肆"}
_SAID |= {"5": "五伍", "6": "六陆", "7": "七柒", "8": "八捌", "9": "九玖"}
_HAN = {character: digit for digit, characters in _SAID.items() for character in characters}
_CHECK = "xXｘＸ×Хх"
_GAP = re.compile(r"[\s\-－–—―.．·•_~/()（）]{1,6}")
_BY_AREA = {"1": "12345", "2": "123", "3": "1234567", "4": "123456", "5": "01234", "6": "12345", "7": "1", "8": "123"}
_PROVINCES = frozenset(area + province for area, provinces in _BY_AREA.items() for province in provinces)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MOBILE = re.compile(r"(?:0|86|0086)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d\d|000)\d{7,8}")
_CARD = re.compile(r"(?:62|60|4|5[1-5]|3[57]|9558|955)\d+")
_SIZES = {
    Sensitive.MOBILE: {(3, 4, 4), (3, 8), (7, 4), (2, 11), (2, 3, 4, 4), (4, 11), (5, 6)},
    Sensitive.LANDLINE: {(3, 8), (4, 7), (4, 8), (3, 4, 4), (4, 3, 4), (4, 4, 4)},
    Sensitive.BANK_CARD: {(4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (6, 13), (6, 10), (8, 8)},
    Sensitive.IDENTITY: {(6, 6, 3), (6, 9), (12, 3)},
    Sensitive.LIKE_IDENTITY: {(6, 8, 4), (6, 12), (14, 4), (6, 4, 4, 4), (6, 4, 8)},
}
_LONGEST = 19


def find_numbers(text: str, *, allowed: Collection[str] = ()) -> list[Finding]:
    """扫描一段文字: every number that must not be published, in order. `allowed` are public office phones."""
    public = {"".join(character for character in phone if character.isdigit()) for phone in allowed}
    found: list[Finding] = []
    for run in _runs(text):
        taken: set[int] = set()
        for kind, places in _hits(run, public):
            if taken.isdisjoint(places):
                taken.update(places)
                found.append(_finding(kind, text, places))
    return sorted(found, key=lambda finding: finding.start)


def hide_numbers(text: str, *, allowed: Collection[str] = ()) -> str:
    """把扫出来的号码遮住; for public texts that nobody reviewed, such as the reason of a delay."""
    for finding in reversed(find_numbers(text, allowed=allowed)):
        text = text[: finding.start] + f"（{finding.kind.value}已遮住）" + text[finding.end :]
    return text


def is_identity(number: str) -> bool:
    """是不是真的身份证号码: 18 with check character, or 15 of the old kind."""
    if len(number) == 15:
        return number.isdigit() and number[:2] in _PROVINCES and _is_day("19" + number[6:12])
    if not is_like_identity(number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17]


def is_like_identity(number: str) -> bool:
    """像不像18位身份证号码: a region, a birth date; one digit copied wrong and the check character no longer fits."""
    return len(number) == 18 and number[:17].isdigit() and number[:2] in _PROVINCES and _is_day(number[6:14])


def passes_luhn(number: str) -> bool:
    """银行卡校验 (Luhn)"""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_day(digits: str) -> bool:
    try:
        return 1880 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2099
    except ValueError:
        return False


def _read(character: str) -> tuple[str, str]:
    """一个字符读作哪个数字, and in which script; ("", "") if it is no digit."""
    if character in _HAN:
        return _HAN[character], "han"
    value = unicodedata.digit(character, None)
    return ("", "") if value is None else (str(value), "digit")


def _runs(text: str) -> Iterator[list[_Chunk]]:
    """可能是一个号码的几串数字: chunks with nothing but spaces, dashes and line breaks between them."""
    run: list[_Chunk] = []
    gap, place = "", 0
    while place < len(text):
        character = text[place]
        digit, script = _read(character)
        if digit:
            if not run or gap or run[-1].script != script:
                run.append(_Chunk(gap, script))
            run[-1].digits += digit
            run[-1].places.append(place)
            gap = ""
        elif unicodedata.category(character) == "Cf":
            pass  # invisible: the number goes on behind it
        elif run and not gap and (match := _GAP.match(text, place)):
            gap = match.group()
            place = match.end() - 1
        elif run:
            if character in _CHECK:
                run[-1].digits += "X"
                run[-1].places.append(place)
            yield run
            run, gap = [], ""
        place += 1
    if run:
        yield run


def _hits(run: list[_Chunk], public: set[str]) -> Iterator[tuple[Sensitive, list[int]]]:
    """一串里的号码, the surest kind first."""
    digits = "".join(chunk.digits for chunk in run)
    places = [place for chunk in run for place in chunk.places]
    for start in range(len(digits) - 17):
        if is_identity(digits[start : start + 18]):
            yield Sensitive.IDENTITY, places[start : start + 18]
    for chunks in _windows(run):
        number = "".join(chunk.digits for chunk in chunks)
        kind = _kind_of(number.rstrip("X"), chunks, public)
        if kind is None and is_like_identity(number) and _written_as(Sensitive.LIKE_IDENTITY, chunks):
            kind = Sensitive.LIKE_IDENTITY
        if kind is not None:
            yield kind, [place for chunk in chunks for place in chunk.places]


def _windows(run: list[_Chunk]) -> Iterator[list[_Chunk]]:
    for start in range(len(run)):
        length = 0
        for end in range(start, len(run)):
            length += len(run[end].digits)
            if length > _LONGEST:
                break
            yield run[start : end + 1]


def _kind_of(number: str, chunks: list[_Chunk], public: set[str]) -> Sensitive | None:
    """几串合起来是哪种号码; None for most."""
    if number in public:
        return None
    if len(number) == 15 and is_identity(number) and _written_as(Sensitive.IDENTITY, chunks):
        return Sensitive.IDENTITY
    if 16 <= len(number) <= 19 and _CARD.fullmatch(number) and passes_luhn(number):
        return Sensitive.BANK_CARD if _written_as(Sensitive.BANK_CARD, chunks) else None
    mobile = _MOBILE.fullmatch(number)
    if mobile and mobile.group(1) not in public and _written_as(Sensitive.MOBILE, chunks):
        return Sensitive.MOBILE
    joined = "-" in chunks[0].gap  # the tail of a longer number, as 2026-0371-1234567
    if _LANDLINE.fullmatch(number) and not joined and _written_as(Sensitive.LANDLINE, chunks):
        return Sensitive.LANDLINE
    return None


def _written_as(kind: Sensitive, chunks: list[_Chunk]) -> bool:
    """是不是这种号码常见的写法: in one piece, in its usual groups, digit by digit, or broken over a line."""
    sizes = tuple(len(chunk.digits) for chunk in chunks)
    if len(sizes) == 1 or sizes in _SIZES[kind] or max(sizes) <= 2:
        return True
    return all(not chunk.gap or "\n" in chunk.gap for chunk in chunks[1:])


def _finding(kind: Sensitive, text: str, places: list[int]) -> Finding:
    tail = "".join(_read(text[place])[0] or "X" for place in places[-2:])
    line = text.count("\n", 0, places[0]) + 1
    return Finding(kind, places[0], places[-1] + 1, line, tail)
