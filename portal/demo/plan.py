"""演示的安排：which applications there are and when each move is made; the same seed gives the same plan."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.demo.names import BAILU, QINGHE, SMALL_ITEMS
from portal.demo.shapes import SHAPES
from portal.demo.thread import Move, Thread
from portal.limits import day_of
from portal.workdays import WorkCalendar
from services.definition import ItemDefinition

SEED = "青禾"
DAYS = 70
BAILU_EVERY = 8

# shape, item, filed at least and at most so many calendar days ago. The first twenty reach every state.
FIRST = [
    ("draft", "ZR-001", 1, 3),
    ("waiting", "MZ-006", 1, 2),
    ("correcting", "ZR-001", 3, 4),
    ("stalled", "ZR-001", 12, 14),
    ("walk", "WJ-005", 30, 40),
    ("refused", "LY-001", 35, 45),
    ("waiting", "SJ-002", 20, 30),
    ("walk", "SJ-002", 20, 40),
    ("waiting", "DEMO-01", 15, 25),
    ("stalled", "DEMO-02", 50, 60),
    ("withdrawn", "MZ-001", 10, 30),
    ("lapsed", "SF-002", 40, 50),
    ("not accepted", "LY-002", 15, 40),
    ("not required", "NY-001", 15, 40),
    ("not ours", "MZ-007", 15, 40),
    ("forwarded", "MZ-008", 15, 40),
    ("waiting", "DEMO-03", 35, 45),
    ("consent", "ZR-001", 28, 34),
    ("overdue", "MZ-001", 50, 58),
    ("silent office", "ZR-001", 50, 60),
    ("silent office objects", "ZR-001", 36, 46),
    ("paused", "ZR-001", 9, 10),
    ("extended", "ZR-001", 20, 22),
    ("on the spot", "RS-001", 2, 30),
    ("overdue with reason", "ZR-002", 40, 44),
    ("overdue with reason", "MZ-006", 44, 50),
    ("overdue", "NY-004", 30, 36),
    ("overdue", "WJ-002", 28, 34),
    ("late", "WJ-005", 40, 50),
    ("late", "LY-001", 40, 50),
    ("late", "MZ-005", 20, 30),
    ("due soon", "LY-001", 8, 8),
    ("due soon", "RS-002", 11, 12),
    ("due soon", "MZ-004", 18, 19),
    ("waiting", "NY-002", 10, 20),
    ("waiting", "SJ-001", 5, 20),
    ("waiting", "SJ-002", 1, 1),
    ("waiting", "RS-003", 10, 20),
    ("waiting", "LY-001", 6, 6),
    ("waiting", "ZR-002", 5, 6),
    ("walk", "DEMO-02", 30, 40),
    ("walk", "DEMO-03", 20, 30),
    ("walk", "DEMO-01", 20, 30),
    ("corrected", "ZR-001", 50, 60),
    ("corrected", "MZ-006", 30, 45),
    ("corrected", "NY-001", 20, 40),
    ("correcting", "MZ-009", 3, 5),
    ("correcting", "SJ-002", 2, 3),
    ("second correction", "MZ-010", 25, 35),
    ("lapsed", "SF-002", 30, 35),
    ("withdrawn", "ZR-002", 20, 40),
    ("withdrawn", "RS-004", 5, 20),
    ("deemed accepted", "MZ-006", 25, 35),
    ("deemed accepted", "ZR-002", 35, 45),
    ("deemed accepted", "NY-003", 12, 14),
    ("paused", "LY-001", 6, 8),
    ("paused", "ZR-003", 6, 8),
    ("paused", "MZ-002", 10, 12),
    ("resumed", "NY-001", 25, 35),
    ("resumed", "YB-002", 40, 50),
    ("extended", "LY-001", 14, 16),
    ("extended", "MZ-001", 40, 42),
    ("consent", "ZR-001", 12, 13),
    ("objecting", "ZR-001", 40, 50),
    ("posting objection", "MZ-004", 45, 55),
    ("posting objection", "NY-004", 40, 50),
    ("stalled", "MZ-001", 1, 3),
    ("stalled", "ZJ-001", 1, 4),
    ("walk", "TY-001", 15, 20),
    ("walk", "CL-001", 20, 30),
    ("refused", "MZ-003", 45, 60),
    ("refused", "ZR-001", 45, 60),
    ("draft", "MZ-001", 0, 6),
    ("draft", "NY-005", 2, 12),
    ("not accepted", "ZR-002", 10, 40),
]
# The rest: how often each kind of course is taken, and how often each item is asked for.
COMMON = [
    ("walk", 74), ("corrected", 10), ("waiting", 3), ("refused", 4), ("withdrawn", 3), ("late", 2), ("stalled", 2), ("draft", 2),
]  # fmt: skip
ASKED = {
    "ZR-001": 9, "MZ-001": 5, "MZ-006": 8, "MZ-004": 4, "MZ-007": 3, "MZ-008": 3, "RS-001": 9, "RS-002": 4, "RS-003": 5,
    "RS-005": 8, "YB-001": 9, "WJ-001": 6, "WJ-005": 3, "WJ-006": 4, "ZR-002": 4, "ZR-003": 2, "NY-001": 3, "NY-002": 5,
    "NY-003": 3, "NY-004": 3, "NY-005": 2, "LY-001": 4, "LY-002": 4, "ZJ-001": 2, "TY-001": 2, "SF-001": 2, "SF-002": 2,
    "SJ-001": 6, "SJ-002": 8, "YB-002": 3, "RS-004": 2, "CL-001": 2, "MZ-002": 2, "MZ-011": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """一件演示的办件"""

    number: int
    township: str
    code: str
    shape: str
    villager: int
    moves: tuple[Move, ...]


def make_plan(
    size: int, now: datetime, calendar: WorkCalendar, rules: Mapping[str, ItemDefinition], villagers: Mapping[str, int]
) -> list[Story]:
    """全部办件, in the order of their first move; nothing in it lies after `now`."""
    chance = random.Random(SEED)
    wanted = [(QINGHE, *row) for row in FIRST[:size]]
    wanted += [_common(chance, place) for place in range(size - len(wanted))]
    stories = []
    for number, (township, shape, code, least, most) in enumerate(wanted):
        start = day_of(now) - timedelta(days=chance.randint(least, most))
        thread = Thread(start, calendar, chance)
        SHAPES[_fitting(shape, rules[code])](thread, rules[code])
        moves = tuple(move for move in thread.moves if move.at < now)
        villager = chance.randrange(villagers[township])
        if moves:
            stories.append(Story(number, township, code, shape, villager, moves))
    return sorted(stories, key=lambda story: (story.moves[0].at, story.number))


def _common(chance: random.Random, place: int) -> tuple[str, str, str, int, int]:
    township = BAILU if place % BAILU_EVERY == 0 else QINGHE
    codes = [code for code in ASKED if township == QINGHE or code in SMALL_ITEMS]
    (code,) = chance.choices(codes, [ASKED[code] for code in codes])
    (shape,) = chance.choices([name for name, _ in COMMON], [weight for _, weight in COMMON])
    ages = {"waiting": (0, 3), "stalled": (3, 6), "draft": (0, 20), "late": (40, DAYS)}
    return (township, shape, code, *ages.get(shape, (1, DAYS)))


def _fitting(shape: str, rules: ItemDefinition) -> str:
    """当场办的事没有别的走法"""
    return "on the spot" if rules.promised.length == 0 and shape in {"walk", "late", "stalled", "corrected"} else shape
