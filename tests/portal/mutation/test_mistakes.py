"""错法：each kind of mistake, written out – what one line may become."""

import ast

import pytest

from portal.mutation.mistakes import mistakes


def spoiled(text: str) -> list[str]:
    """一句话的全部错法, the nodes inside it too."""
    statement = ast.parse(text).body[0]
    nodes = [statement.value, statement] if isinstance(statement, ast.Expr) else [statement]
    return [ast.unparse(changed) for node in nodes for _kind, changed in mistakes(node)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b", ["a <= b", "a >= b", "pass"]),
        ("a >= b", ["a > b", "a < b", "pass"]),
        ("a == b != c", ["a != b != c", "a == b == c", "pass"]),
        ("a is b", ["a is not b", "pass"]),
        ("a not in b", ["a in b", "pass"]),
        ("a - b", ["a + b", "pass"]),
        ("a % b", ["a * b", "pass"]),
        ("a ** b", ["pass"]),
        ("a and b", ["a or b", "b", "a", "pass"]),
        ("a or b or c", ["a and b and c", "b or c", "a or c", "a or b", "pass"]),
        ("not a", ["a", "pass"]),
        ("a if b else c", ["a if not b else c", "pass"]),
        ("a if b < c else d", ["pass"]),  # the comparison itself is mutated
        ("f(a, b, c=1)", ["f(b, a, c=1)", "f(a, b)", "pass"]),
        ("max(a, b)", ["min(a, b)", "pass"]),  # the order of its arguments means nothing
        ("f(*a, b)", ["pass"]),
        ("{a: 1, b: 2}", ["{b: 2}", "{a: 1}", "{a: 2, b: 2}", "pass"]),
        ("{a, b}", ["{b}", "{a}", "pass"]),
        ("7", ["8", "6", "pass"]),
        ("0", ["1", "pass"]),
        ("True", ["False", "pass"]),
        ("'a'", ["'✗a'", "pass"]),
        ("None", ["pass"]),
        ("self.a = 1", ["pass"]),
        ("a = 1", []),
        ("self.a: int = 1", ["pass"]),
        ("self.a: int", []),
        ("a += 1", ["a -= 1"]),
        ("raise a", ["pass"]),
        ("del a.b", ["pass"]),
        ("break", ["continue"]),
        ("return", ["pass"]),
        ("return a", ["return None"]),
        ("return None", []),
    ],
)
def test_a_line_may_become(text: str, expected: list[str]) -> None:
    assert spoiled(text) == expected


def test_loops_may_not_run_and_filters_may_not_filter() -> None:
    loop, listed = ast.parse("for a in b: f(a)").body[0], ast.parse("[a for a in b if c if d]").body[0]
    assert isinstance(listed, ast.Expr)
    assert isinstance(listed.value, ast.ListComp)

    assert [ast.unparse(changed) for _, changed in mistakes(loop)] == ["for a in ():\n    f(a)"]
    filters = [ast.unparse(changed) for _, changed in mistakes(listed.value.generators[0])]
    assert filters == [" for a in b if d", " for a in b if c"]
