"""变异：every small mistake somebody could have made in a module, one at a time. Pure.

A mutant is the module with one expression or statement changed. Docstrings, annotations, decorators and base
classes say what the code is, not what it does; they are left alone.
"""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

from portal.mutation.mistakes import mistakes

LEFT_ALONE = {
    "annotation",
    "returns",
    "decorator_list",
    "bases",
    "keywords_of_class",
    "format_spec",
    "type_params",
}
NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Place:
    """一个可改的地方: a node, where it hangs in the tree, and the statement it belongs to."""

    parent: ast.AST
    field: str
    index: int | None
    statement: ast.stmt
    where: str

    def put(self, node: ast.AST) -> ast.AST:
        """换上 `node`, giving back what hung there."""
        if self.index is None:
            before: ast.AST = getattr(self.parent, self.field)
            setattr(self.parent, self.field, node)
        else:
            siblings = getattr(self.parent, self.field)
            before, siblings[self.index] = siblings[self.index], node
        return before


@dataclass(frozen=True)
class Mutant:
    """一个变异: what was changed where, as the lines before and after."""

    module: str
    line: int
    where: str
    kind: str
    before: str
    after: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """认得出它的四样: without the line, which every edit above it moves."""
        return self.module, self.where, self.before, self.after


def mutants(module: str, source: str) -> list[tuple[Mutant, CodeType]]:
    """一个模块的全部变异, in the order of its lines, each with the code to run."""
    tree = ast.parse(source)
    return [found for place, node in list(_places(tree)) for found in _mutants_at(module, tree, place, node)]


def _mutants_at(
    module: str, tree: ast.Module, place: Place, node: ast.AST
) -> Iterator[tuple[Mutant, CodeType]]:
    for kind, changed in mistakes(node):
        whole = place.statement is node
        before = ast.unparse(place.statement)
        place.put(ast.fix_missing_locations(ast.copy_location(changed, node)))
        try:
            after = ast.unparse(changed if whole else place.statement)
            code = compile(tree, f"<{module}>", "exec", dont_inherit=True)
        finally:
            place.put(node)
        yield Mutant(module, place.statement.lineno, place.where, kind, *_difference(before, after)), code


def _difference(before: str, after: str) -> tuple[str, str]:
    """只留下不同的行"""
    old, new = before.splitlines(), after.splitlines()
    changes = [
        row for row in difflib.SequenceMatcher(None, old, new, False).get_opcodes() if row[0] != "equal"
    ]
    lines = ([line.strip() for row in changes for line in old[row[1] : row[2]]],
             [line.strip() for row in changes for line in new[row[3] : row[4]]])  # fmt: skip
    return "\n".join(lines[0]), "\n".join(lines[1])


def _places(
    node: ast.AST, statement: ast.stmt | None = None, where: str = ""
) -> Iterator[tuple[Place, ast.AST]]:
    """每个可改的节点, outermost first."""
    for field, index, child in _children(node):
        inner = child if isinstance(child, ast.stmt) else statement
        name = ".".join(filter(None, (where, child.name))) if isinstance(child, NAMED) else where
        if inner is not None:
            yield Place(node, field, index, inner, name or "模块"), child
        yield from _places(child, inner, name)


def _children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    docstring = node.body[0] if _has_docstring(node) else None  # type: ignore[attr-defined] # it has a body then
    for field, value in ast.iter_fields(node):
        if field in LEFT_ALONE or (isinstance(node, ast.ClassDef) and field == "keywords"):
            continue
        if isinstance(value, ast.AST):
            yield field, None, value
        elif isinstance(value, list):
            rows = [(index, child) for index, child in enumerate(value) if isinstance(child, ast.AST)]
            yield from ((field, index, child) for index, child in rows if child is not docstring)


def _has_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None
    )
