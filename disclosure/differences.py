"""公告正文与版本差别：plain lines → paragraphs, lists and tables; what one revision added and took out. Pure.

The body of a notice is plain text. A line that begins with "- " is a list entry, a line with
"|" a table row (the first row of a table is its head), "# " a heading, anything else a paragraph.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
_TOKEN = re.compile(r"[0-9０-９.．,%％]+(?:[元个天日年月件户亩米人次度角分]|平方米|立方米|工作日)?|[A-Za-z]+|\s+|.", re.S)
_ALIKE = 0.4
_SHORT = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """一小段: unchanged, added (〔增〕) or removed (〔删〕)."""

    kind: str
    text: str


Cell = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """正文的一行: `kind` is text, entry, row or heading; only rows have more than one cell."""

    kind: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """正文的一块: lines of one kind that stand together."""

    kind: str
    lines: tuple[Line, ...]


def read_line(line: str, kind: str = SAME) -> Line:
    """读一行"""
    text = line.strip()
    if text.startswith("# "):
        return Line("heading", ((Piece(kind, text[2:].strip()),),))
    if text.startswith(("- ", "— ", "· ")):
        return Line("entry", ((Piece(kind, text[2:].strip()),),))
    if "|" in text:
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        return Line("row", tuple((Piece(kind, cell),) for cell in cells))
    return Line("text", ((Piece(kind, text),),))


def split_lines(body: str) -> list[str]:
    """正文的行, blank ones dropped."""
    return [line.strip() for line in body.splitlines() if line.strip()]


def blocks(lines: Sequence[Line]) -> list[Block]:
    """把同类的行合成块, so that a page can draw lists and tables."""
    made: list[Block] = []
    for line in lines:
        if made and line.kind in {"entry", "row"} and made[-1].kind == line.kind:
            made[-1] = Block(line.kind, (*made[-1].lines, line))
        else:
            made.append(Block(line.kind, (line,)))
    return made


def read(body: str) -> list[Block]:
    """正文 → 块"""
    return blocks([read_line(line) for line in split_lines(body)])


def compare(old: str, new: str) -> list[Line]:
    """两版正文的差别, line by line: alike lines are compared by the word, others stand as removed and added."""
    before, after = split_lines(old), split_lines(new)
    lines: list[Line] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [read_line(line) for line in after[new_start:new_end]]
        else:
            lines += _replaced(before[start:end], after[new_start:new_end])
    return lines


def count_changes(lines: Sequence[Line]) -> int:
    """改了几处: neighbouring removals and additions are one place."""
    changed = [[piece.kind != SAME for piece in cell] for line in lines for cell in line.cells]
    return sum(flag and not before for cell in changed for flag, before in zip(cell, [False, *cell], strict=False))


def _replaced(before: list[str], after: list[str]) -> Iterator[Line]:
    for place in range(max(len(before), len(after))):
        if place >= len(after):
            yield read_line(before[place], REMOVED)
        elif place >= len(before):
            yield read_line(after[place], ADDED)
        else:
            yield from _changed_line(read_line(before[place]), read_line(after[place]))


def _changed_line(old: Line, new: Line) -> Iterator[Line]:
    if old.kind != new.kind or len(old.cells) != len(new.cells):
        yield Line(old.kind, tuple(_as(cell, REMOVED) for cell in old.cells))
        yield Line(new.kind, tuple(_as(cell, ADDED) for cell in new.cells))
        return
    pairs = zip(old.cells, new.cells, strict=True)
    yield Line(new.kind, tuple(compare_words(was[0].text, now[0].text) for was, now in pairs))


def _as(cell: Cell, kind: str) -> Cell:
    return tuple(Piece(kind, piece.text) for piece in cell)


def compare_words(old: str, new: str) -> Cell:
    """一句话里的差别: numbers with their unit stay whole; sentences that share little are replaced whole."""
    if old == new:
        return (Piece(SAME, new),)
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return _pieces([(REMOVED, old), (ADDED, new)])
    parts: list[tuple[str, str]] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        was, now = "".join(before[start:end]), "".join(after[new_start:new_end])
        if tag == "equal" and not _is_crumb(now, start, end, len(before)):
            parts.append((SAME, now))
        else:
            parts += [(REMOVED, was), (ADDED, now)]
    return _pieces(parts)


def _is_crumb(text: str, start: int, end: int, length: int) -> bool:
    """两处改动之间剩下的一两个字 would only make the change hard to read."""
    return start > 0 and end < length and len(text) < _SHORT


def _pieces(parts: list[tuple[str, str]]) -> Cell:
    """把相邻的改动合在一起, removed before added."""
    merged: list[Piece] = []
    removed = added = ""
    for kind, text in [*parts, (SAME, "")]:
        if kind == REMOVED:
            removed += text
        elif kind == ADDED:
            added += text
        else:
            merged += [Piece(REMOVED, removed)] if removed else []
            merged += [Piece(ADDED, added)] if added else []
            merged += [Piece(SAME, text)] if text else []
            removed = added = ""
    return tuple(merged)
