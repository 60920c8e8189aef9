"""救济途径：to which organ and which court one may go, and what holds only where nobody answered. Pure."""

from typing import Protocol

from services.definition import ItemDefinition

# Written in the catalogue behind the review; it is true of silence alone, not of a decision (行政复议法 23).
IF_NO_ANSWER = "（不予答复的须复议前置）"
REVIEW, SUIT = "申请行政复议", "提起行政诉讼"


class Place(Protocol):
    """乡镇: who reviews what its government does, and which court hears it; empty where nobody has entered it."""

    review_organ: str
    court: str
    hotline: str


def remedies_told(rules: ItemDefinition, place: Place, *, own: bool = False) -> list[str]:
    """不服一个结果的途径, with their addresses; of what another level decides the township says where to ask.

    `own`: the township's own answer (不予受理, 终结), whoever decides the matter itself.
    """
    lines = [line.replace(IF_NO_ANSWER, "") for line in rules.remedies]
    if own or not rules.decided_elsewhere:
        return [_addressed(line, place) for line in lines]
    where = f"向哪里提，打便民电话{place.hotline}问（决定机关：{rules.decision_authority or '上级机关'}）"
    return [*lines, where] if lines and place.hotline else lines


def _addressed(line: str, place: Place) -> str:
    for act, where in ((REVIEW, place.review_organ), (SUIT, place.court)):
        if where:
            line = line.replace(act, f"向{where}{act}")
    return line


def if_no_answer(rules: ItemDefinition, place: Place) -> str:
    """到期没人答复时的途径; empty for an item that does not name it."""
    if not any(IF_NO_ANSWER in line for line in rules.remedies):
        return ""
    where = f"向{place.review_organ}" if place.review_organ and not rules.decided_elsewhere else ""
    return f"到期没人答复的，60日内可以{where}{REVIEW}；要先复议，才能起诉（行政复议法第二十三条）。"
