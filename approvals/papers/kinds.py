"""纸的种类和核验编号：which papers there are, how an address names one, and the number by which anybody may check it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from portal.numbers import ALPHABET, NUMBER_LENGTH, clean_number, signs_of

TAG_LENGTH = 6
MOST_OF_A_KIND = 99


class PaperKind(StrEnum):
    """纸的种类"""

    SLIP = "slip"
    CORRECTION = "correction"
    PAUSE = "pause"
    EXTENSION = "extension"
    DECISION = "decision"
    CERTIFICATE = "certificate"


LETTERS = {
    PaperKind.SLIP: "S",
    PaperKind.CORRECTION: "B",
    PaperKind.PAUSE: "Z",
    PaperKind.EXTENSION: "Y",
    PaperKind.DECISION: "J",
}
KINDS = {letter: kind for kind, letter in LETTERS.items()}


@dataclass(frozen=True, slots=True)
class PaperKey:
    """哪一张纸: the application's number, the kind, and which of its kind, from 1."""

    number: str
    kind: PaperKind
    ordinal: int = 1


def slug_of(kind: str, ordinal: int = 1) -> str:
    """网址里的写法: slip, pause-2"""
    return str(kind) if ordinal == 1 else f"{kind}-{ordinal}"


def read_slug(number: str, slug: str) -> PaperKey | None:
    """从网址读出是哪一张; None for what names no paper."""
    name, _, rest = slug.partition("-")
    ordinal = _ordinal(rest) if rest else 1
    if name not in set(PaperKind) or not ordinal or slug != slug_of(PaperKind(name), ordinal):
        return None
    return PaperKey(number, PaperKind(name), ordinal)


def _ordinal(text: str) -> int:
    plain = text.isascii() and text.isdigit() and len(text) <= 2 and not text.startswith("0")
    return int(text) if plain else 0


def paper_number(key: PaperKey, keyed_hash: Callable[[str], str]) -> str:
    """核验编号: H7K4M9R62-1 for a certificate (engine section 5), H7K4M9R62-Z2-7QM2XK for any other paper.

    The last six signs are a keyed hash, so that nobody who knows a case number can make up, or ask after, a paper.
    """
    if key.kind == PaperKind.CERTIFICATE:
        return f"{key.number}-{key.ordinal}"
    part = f"{LETTERS[key.kind]}{key.ordinal}"
    return f"{key.number}-{part}-{_tag(keyed_hash(f'{key.number}/{part}'))}"


def _tag(hash_in_hex: str) -> str:
    value, signs = int(hash_in_hex, 16), ""
    for _ in range(TAG_LENGTH):
        value, rest = divmod(value, len(ALPHABET))
        signs += ALPHABET[rest]
    return signs


def read_paper_number(text: str, keyed_hash: Callable[[str], str]) -> PaperKey | None:
    """读核验编号: None where the number itself cannot be one of ours – a wrong check character, a wrong keyed hash.

    The dashes are there for the eye: a number written with spaces, or with nothing between, is the same number.
    """
    signs = signs_of(text)
    number, rest = clean_number(signs[:NUMBER_LENGTH]), signs[NUMBER_LENGTH:]
    if not number:
        return None
    if ordinal := _ordinal(rest):
        return PaperKey(number, PaperKind.CERTIFICATE, ordinal)
    kind, ordinal = KINDS.get(rest[:1]), _ordinal(rest[1:-TAG_LENGTH])
    if kind is None or not ordinal:
        return None
    key = PaperKey(number, kind, ordinal)
    return key if signs_of(paper_number(key, keyed_hash)) == signs else None
