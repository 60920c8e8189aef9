"""变异：which places are changed, how a change is shown, and that each code is the module with just that change."""

from typing import Any

from portal.mutation.mutants import Mutant, mutants

SOURCE = '''"""说明"""
import os

RATE: int = 3


@cached(9)
class Counter(Base, metaclass=Kind):
    """另一处说明"""

    def count(self, on: "date" = "x") -> "int":
        """不改"""
        if on:
            return f"第 {RATE + 1} 天"
        return ""
'''


def made() -> list[Mutant]:
    return [mutant for mutant, _ in mutants("a.b", SOURCE)]


def test_what_the_code_is_stays_and_what_it_does_changes() -> None:
    found = {(mutant.line, mutant.where, mutant.before, mutant.after) for mutant in made()}

    assert found == {
        (4, "模块", "RATE: int = 3", "RATE: int = 4"),
        (4, "模块", "RATE: int = 3", "RATE: int = 2"),
        (11, "Counter.count", "def count(self, on: 'date'='x') -> 'int':", "def count(self, on: 'date'='✗x') -> 'int':"),
        (13, "Counter.count", "if on:", "if not on:"),
        (14, "Counter.count", "return f'第 {RATE + 1} 天'", "return None"),
        (14, "Counter.count", "return f'第 {RATE + 1} 天'", "return f'✗第 {RATE + 1} 天'"),
        (14, "Counter.count", "return f'第 {RATE + 1} 天'", "return f'第 {RATE + 1}✗ 天'"),
        (14, "Counter.count", "return f'第 {RATE + 1} 天'", "return f'第 {RATE - 1} 天'"),
        (14, "Counter.count", "return f'第 {RATE + 1} 天'", "return f'第 {RATE + 2} 天'"),
        (14, "Counter.count", "return f'第 {RATE + 1} 天'", "return f'第 {RATE + 0} 天'"),
        (15, "Counter.count", "return ''", "return None"),
        (15, "Counter.count", "return ''", "return '✗'"),
    }
    assert len(found) == len(made())


def test_each_code_has_its_one_change_and_no_other() -> None:
    answers = []
    for mutant, code in mutants("a", "def less(a, b):\n    return a < b\n"):
        names: dict[str, Any] = {}
        exec(code, names)
        answers.append((mutant.after, [names["less"](*pair) for pair in ((1, 2), (2, 2), (3, 2))]))

    assert answers == [
        ("return None", [None, None, None]),
        ("return a <= b", [True, True, False]),
        ("return a >= b", [False, True, True]),
    ]


def test_a_mutant_is_known_by_its_words_not_by_its_line() -> None:
    first, second = (mutants("a", text)[0][0] for text in ("A = 1\n", "\n\nA = 1\n"))

    assert (first.line, second.line) == (1, 3)
    assert first.key == second.key
