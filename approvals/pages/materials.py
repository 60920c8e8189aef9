"""材料在谁手里：a slip acknowledges no paper that nobody has received yet. No database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from approvals.facts import CaseState
from services.definition import ItemDefinition, Material, OnTimeout
from services.models import HowSupplied

NOTHING = ("收到材料", "不用交材料")
NO_MORE_TRIPS = "每走一步都通知您，您不用再跑。要补材料，只会一次说清。"
EVERY_STEP_TOLD = "每走一步都通知您。要补材料，只会一次说清。"
# The clock runs from the day of receipt all the same; only a correction notice holds it (engine 4, 6).
NOT_WAITING = "办理的日子已经在走，不等您带来；窗口没收到，会一次说清要补什么，补齐那天重新算。"
SILENCE_WAITS = "没收到以前，到期不会自动办成。"
TO_BRING_LABEL = "要带到窗口"
CHANGING = "填写的内容要改的，就在“补材料”里改那几格；也可以告诉窗口、代办员，替您改。"
LABELS: dict[HowSupplied | None, str] = {  # in the order of the slip
    HowSupplied.FILE: "网上收到",
    HowSupplied.WINDOW: "窗口收到",
    None: TO_BRING_LABEL,  # chosen, but not there yet
    HowSupplied.SHARING: "政府自己查",
    HowSupplied.COMMITMENT: "承诺代替",
    HowSupplied.CANNOT: "说明交不了",
    HowSupplied.DEFERRED: "过后补",
}
LATER = "（容缺后补，办理时限照样算）"


@dataclass(frozen=True, slots=True)
class Handed:
    """一件办件的材料: the rows of the slip, and what is still to be brought to the window, in the item's order."""

    rows: tuple[tuple[str, str], ...]
    to_bring: tuple[str, ...]
    asked: bool = False  # a correction notice waits for its answer

    @property
    def next_steps(self) -> tuple[str, ...]:
        """接下来的话: that no more trips are needed is said only if nothing has to be brought."""
        return (bring_words(self.to_bring, asked=self.asked), EVERY_STEP_TOLD) if self.to_bring else (NO_MORE_TRIPS,)


def bring_words(names: Sequence[str], *, silence_waits: bool = False, asked: bool = False) -> str:
    """还要带什么到窗口, and whether nothing is given by silence until then; empty for nothing.

    While a correction notice waits for its answer no days run at all: then it only says to bring all of it together.
    """
    if not names:
        return ""
    if asked:
        return f"还要带到窗口：{'、'.join(names)}，和要补的一起带来。"
    return f"还要带到窗口：{'、'.join(names)}。{NOT_WAITING}" + (SILENCE_WAITS if silence_waits else "")


def silence_waits(rules: ItemDefinition, state: CaseState) -> bool:
    """到期自动备案、自动办结的事项，材料还没有收齐 (engine 5)"""
    return rules.timeout.mode in {OnTimeout.RECORD, OnTimeout.COMPLETE} and not state.gathered


def how_to_change(rules: ItemDefinition, keys: Collection[str]) -> str:
    """告知书列了填写的内容的，怎样改; empty where it lists papers only."""
    return CHANGING if set(keys) - {material.key for material in rules.materials} else ""


def names_to_bring(rules: ItemDefinition, keys: Collection[str]) -> tuple[str, ...]:
    """要带的名称; what was filled in here is only to be signed there."""
    return tuple(_to_bring(material) for material in rules.materials if material.key in keys)


def _to_bring(material: Material) -> str:
    return f"{material.name}（签字）" if material.filled_here else material.name


def handed(rules: ItemDefinition, how: Mapping[str, str], to_bring: Collection[str], *, asked: bool = False) -> Handed:
    """分开说每样材料: `how` by key; a paper for the window counts as received only when it is not `to_bring`."""
    coming = {key for key in to_bring if how.get(key) == HowSupplied.WINDOW}
    bring = names_to_bring(rules, coming)
    named: dict[str, list[str]] = {label: [] for label in LABELS.values()}
    named[TO_BRING_LABEL] += bring
    for material in rules.materials:
        if material.key in how and material.key not in coming:
            named[LABELS[HowSupplied(how[material.key])]].append(material.name)
    notes = {LABELS[HowSupplied.DEFERRED]: LATER}
    rows = tuple((label, "、".join(names) + notes.get(label, "")) for label, names in named.items() if names)
    return Handed(rows or (NOTHING,), bring, asked)
