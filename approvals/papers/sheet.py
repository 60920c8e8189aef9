"""一张纸的值：what stands on a paper, block by block, as plain values that the page sets and never reads as markup. Pure."""

import re
from dataclasses import dataclass
from datetime import date

LONGEST_RUN = 24  # characters without a place to break; a line holds about forty
BREAK_AFTER = 12
LINE, LONG = 40, 400  # signs; a line of the page, and what may have to go to an annex
MANY_LINES = frozenset({"text", "rows", "letter", "note"})
ZERO_WIDTH_SPACE = "\u200b"
# Controls, and what turns the order of reading round: on a paper they could only hide what it says.
_UNSEEN = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_RUN = re.compile(
    rf"[^\s\u3400-\u9fff\U00020000-\U0003ffff]{{{LONGEST_RUN},}}"
)  # between Chinese characters any line may end


def plain(text: str) -> str:
    """能印的文字: line ends as one sign, tabs as blanks, nothing invisible, and a place to break in runs without one."""
    even = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\t", " ")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
    return _RUN.sub(_with_breaks, _UNSEEN.sub("", even))


def one_line(text: str) -> str:
    """印在一行里的文字: an end of line is a blank."""
    return " ".join(plain(text).split("\n"))


def _with_breaks(run: re.Match[str]) -> str:
    letters = run.group()
    return ZERO_WIDTH_SPACE.join(
        letters[start : start + BREAK_AFTER] for start in range(0, len(letters), BREAK_AFTER)
    )


@dataclass(frozen=True, slots=True)
class Block:
    """正文的一块: `kind` is to, letter, text, effect, rows, dates, list or note.

    `annex` names what goes to a numbered page of its own when the sheet is too full even in small type; a block
    without it, and every short one, stays on the first page.
    """

    kind: str
    heading: str = ""
    text: str = ""
    items: tuple[tuple[str, ...], ...] = ()
    annex: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """一张纸"""

    title: str  # 文件的名字，也给读屏软件
    office: str
    heading: str
    number_label: str
    number: str
    under_number: tuple[str, ...]
    stamps: tuple[str, ...]  # right of the number: when received, when issued
    blocks: tuple[Block, ...]
    closing: tuple[Block, ...]
    sign: tuple[str, ...]
    seal_office: str
    seal_use: str
    address: str  # what the two-dimensional code says
    foot: tuple[str, ...]
    issued_on: date
    void: str = ""  # 已撤销: said across the head of the paper


def to(name: str) -> Block:
    """写给谁"""
    return Block("to", text=f"{name}：")


def letter(text: str) -> Block:
    """一段正文，首行空两字"""
    return Block("letter", text=text)


def note(text: str) -> Block:
    """一句要紧的话，加粗"""
    return Block("note", text=text)


def words(text: str, heading: str = "", *, annex: str = "") -> Block:
    """一段文字, one paragraph a line."""
    return Block("text", heading=heading, text=text, annex=annex if _is_long(text) else "")


def rows(*pairs: tuple[str, str], annex: str = "", heading: str = "") -> Block:
    """一个表: label and content, rows without content left out."""
    told = tuple(pair for pair in pairs if pair[1])
    whole = "\n".join(part for pair in told for part in pair)
    return Block("rows", heading=heading, items=told, annex=annex if _is_long(whole) else "")


def _is_long(text: str) -> bool:
    return len(text) + LINE * text.count("\n") > LONG


def numbered(lines: list[str] | tuple[str, ...], heading: str) -> Block:
    """一条一条的单子"""
    return Block("list", heading=heading, items=tuple((line,) for line in lines))


def dates(*boxes: tuple[str, str, str]) -> Block:
    """日子框: what ends, the day, one line about it."""
    return Block("dates", items=boxes)


def effect(text: str) -> Block:
    """双线框里的一句结果"""
    return Block("effect", text=text)


def values(sheet: Sheet) -> dict[str, object]:
    """给排版用的值: nothing but strings, each cleaned, lists of them, and a date."""
    return {
        "title": one_line(sheet.title),
        "office": one_line(sheet.office),
        "heading": one_line(sheet.heading),
        "number_label": sheet.number_label,
        "number": one_line(sheet.number),
        "under_number": [one_line(line) for line in sheet.under_number],
        "stamps": [one_line(line) for line in sheet.stamps],
        "blocks": [_block(block) for block in sheet.blocks],
        "closing": [_block(block) for block in sheet.closing],
        "sign": [one_line(line) for line in sheet.sign],
        "seal_office": one_line(sheet.seal_office),
        "seal_use": one_line(sheet.seal_use),
        "foot": [one_line(line) for line in sheet.foot],
        "void": one_line(sheet.void),
        "issued_on": [sheet.issued_on.year, sheet.issued_on.month, sheet.issued_on.day],
    }


def _block(block: Block) -> dict[str, object]:
    clean = plain if block.kind in MANY_LINES else one_line
    return {
        "kind": block.kind,
        "heading": one_line(block.heading),
        "text": clean(block.text),
        "items": [[clean(part) for part in item] for item in block.items],
        "annex": one_line(block.annex),
    }
