"""错法：what could have been written instead of one node. Pure."""

import ast
from collections.abc import Iterator
from copy import copy
from typing import Any

Mistake = tuple[str, ast.AST]

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
MISTAKEN_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
LASTING = (ast.Attribute, ast.Subscript)  # what others see; a plain name left unset fails by itself


def mistakes(node: ast.AST) -> Iterator[Mistake]:
    """这个节点的全部错法, each with its name."""
    for kind, method in _METHODS.items():
        if isinstance(node, kind):
            yield from method(node)


def _with(node: ast.AST, **changes: Any) -> ast.AST:
    """同一节点，换掉几处; the children are shared, for only one mistake is made at a time."""
    changed = copy(node)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def _without(parts: list[Any], place: int) -> list[Any]:
    return [*parts[:place], *parts[place + 1 :]]


def _compare(node: ast.Compare) -> Iterator[Mistake]:
    for place, operator in enumerate(node.ops):
        for other in COMPARED[type(operator)]:
            yield "比较", _with(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])


def _calculate(node: ast.BinOp | ast.AugAssign) -> Iterator[Mistake]:
    other = CALCULATED.get(type(node.op))
    if other is not None:
        yield "运算", _with(node, op=other())


def _boolean(node: ast.BoolOp) -> Iterator[Mistake]:
    yield "与或", _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for place in range(len(node.values)):
        rest = _without(node.values, place)
        yield "少一个条件", rest[0] if len(rest) == 1 else _with(node, values=rest)


def _unary(node: ast.UnaryOp) -> Iterator[Mistake]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield "正反", node.operand


def _test(node: ast.If | ast.While | ast.IfExp) -> Iterator[Mistake]:
    compared = isinstance(node.test, ast.Compare) and len(node.test.ops) == 1
    if not compared and not isinstance(node.test, ast.UnaryOp | ast.Constant):
        yield "反了条件", _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def _filter(node: ast.comprehension) -> Iterator[Mistake]:
    for place in range(len(node.ifs)):
        yield "不筛", _with(node, ifs=_without(node.ifs, place))


def _loop(node: ast.For) -> Iterator[Mistake]:
    yield "不循环", _with(node, iter=ast.Tuple([], ast.Load()))


def _constant(node: ast.Constant) -> Iterator[Mistake]:
    value = node.value
    if isinstance(value, bool):
        yield "常量", ast.Constant(not value)
    elif isinstance(value, int | float):
        yield "常量", ast.Constant(value + 1)
        if value:
            yield "常量", ast.Constant(value - 1)
    elif isinstance(value, str):
        yield "文字", ast.Constant(f"✗{value}")


def _answer(node: ast.Return) -> Iterator[Mistake]:
    if node.value is None:
        yield "不返回", ast.Pass()
    elif not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield "返回空", ast.Return(ast.Constant(None))


def _statement(node: ast.stmt) -> Iterator[Mistake]:
    yield "少一句", ast.Pass()


def _assignment(node: ast.Assign) -> Iterator[Mistake]:
    targets = [part for target in node.targets for part in getattr(target, "elts", [target])]
    if all(isinstance(target, LASTING) for target in targets):
        yield "少一句", ast.Pass()


def _annotated(node: ast.AnnAssign) -> Iterator[Mistake]:
    if node.value is not None and isinstance(node.target, LASTING):
        yield "少一句", ast.Pass()


def _leave(node: ast.Continue | ast.Break) -> Iterator[Mistake]:
    yield "跳错", ast.Break() if isinstance(node, ast.Continue) else ast.Continue()


def _call(node: ast.Call) -> Iterator[Mistake]:
    plain = not any(isinstance(argument, ast.Starred) for argument in node.args) and not _is_symmetric(
        node.func
    )
    for place in range(len(node.args) - 1 if plain else 0):
        first, second = node.args[place : place + 2]
        if ast.dump(first) != ast.dump(second):
            yield "参数颠倒", _with(node, args=[*node.args[:place], second, first, *node.args[place + 2 :]])
    for place, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            yield "少一个参数", _with(node, keywords=_without(node.keywords, place))
    if isinstance(node.func, ast.Name) and node.func.id in MISTAKEN_NAMES:
        yield "错用函数", _with(node, func=ast.Name(MISTAKEN_NAMES[node.func.id], ast.Load()))


def _is_symmetric(function: ast.expr) -> bool:
    """顺序无所谓的函数: the greater of two is the greater either way."""
    return isinstance(function, ast.Name) and function.id in {"min", "max"}


def _entries(node: ast.Dict) -> Iterator[Mistake]:
    for place in range(len(node.keys)):
        yield "少一项", _with(node, keys=_without(node.keys, place), values=_without(node.values, place))
    for place, (value, other) in enumerate(zip(node.values, node.values[1:], strict=False)):
        if ast.dump(value) != ast.dump(other):
            yield "错配", _with(node, values=[*node.values[:place], other, *node.values[place + 1 :]])


def _members(node: ast.Set) -> Iterator[Mistake]:
    for place in range(len(node.elts) if len(node.elts) > 1 else 0):
        yield "少一项", _with(node, elts=_without(node.elts, place))


_METHODS: dict[type[ast.AST], Any] = {
    ast.Compare: _compare,
    ast.BinOp: _calculate,
    ast.AugAssign: _calculate,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.If: _test,
    ast.While: _test,
    ast.IfExp: _test,
    ast.comprehension: _filter,
    ast.For: _loop,
    ast.Constant: _constant,
    ast.Return: _answer,
    ast.Expr: _statement,
    ast.Raise: _statement,
    ast.Delete: _statement,
    ast.Assign: _assignment,
    ast.AnnAssign: _annotated,
    ast.Continue: _leave,
    ast.Break: _leave,
    ast.Call: _call,
    ast.Dict: _entries,
    ast.Set: _members,
}
