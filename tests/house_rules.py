"""架构规则：each rule reads one parsed file and answers with its breaches; test_architecture applies them."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RANK = {"portal": 0, "services": 1, "approvals": 2, "disclosure": 3}
# These may name every app: they put the product together (house style 4.1).
COMPOSITION = (
    "portal/settings.py",
    "portal/urls.py",
    "portal/api_urls.py",
    "portal/celery.py",
    "portal/home.py",
    "portal/wsgi.py",
    "portal/launcher/",
    "portal/management/commands/",
    "portal/demo/",
    "portal/bench/",
    "portal/mutation/",
)
# Pure modules, and what they may import beyond the standard library and one another.
PURE: dict[str, set[str]] = {
    "portal.workdays": set(),
    "portal.limits": set(),
    "portal.errors": set(),
    "portal.privacy": {"cryptography"},
    "portal.numbers": set(),
    "portal.identity": {"stdnum"},
    "portal.wording": set(),
    "portal.models.vocabulary": set(),
    "portal.calendar_data": set(),
    "portal.outages": set(),
    "services.lifecycle": set(),
    "services.definition": set(),
    "services.search": {"pypinyin"},
    "services.taken": set(),
    "services.guide": set(),
    "services.modes": set(),
    "services.catalogue": set(),
    "services.catalogue_files": {"yaml"},
    "services.catalogue_merge": set(),
    "services.catalogue_overlay": set(),
    "services.catalogue_rules": set(),
    "services.catalogue_schema": set(),
    "services.catalogue_source": set(),
    "services.catalogue_stages": set(),
    "services.catalogue_text": set(),
    "approvals.clock": set(),
    "approvals.facts": set(),
    "approvals.fold": set(),
    "approvals.replay": set(),
    "approvals.timers": set(),
    "approvals.running": set(),
    "approvals.pausing": set(),
    "approvals.shadow": set(),
    "approvals.spent": set(),
    "approvals.validity": set(),
    "approvals.wording": set(),
    "approvals.routing": set(),
    "approvals.simulation.cases": set(),
    "approvals.simulation.chance": set(),
    "approvals.simulation.desk": set(),
    "approvals.simulation.fields": set(),
    "approvals.simulation.plan": set(),
    "approvals.simulation.reading": set(),
    "approvals.simulation.report": set(),
    "approvals.simulation.staff": set(),
    "approvals.simulation.staffing": set(),
    "approvals.simulation.tables": set(),
    "approvals.simulation.township": set(),
    "approvals.simulation.wanted": set(),
    "approvals.simulation.year": set(),
    "approvals.papers.kinds": set(),
    "approvals.papers.sheet": set(),
    "disclosure.masking": set(),
}
HEAVY = {"PIL", "pikepdf", "typst", "manimgx_fonts_cjk", "pypinyin"}
# Parses on old Pythons, so it takes what newer ones have only when it knows where it runs.
LATE_IMPORTS = ("manage.py",)
# Edges that live by the machine's own clock: processes, commands, and how long a session has been idle.
CLOCK_EDGES = ("portal/launcher/", "management/commands/", "portal/sessions.py", "manage.py")
DOCUMENTED = re.compile(r"(^|/)(actions|queries|permissions)(/|\.py$)")
MODULE_LINES, FUNCTION_LINES, VIEW_LINES, TASK_LINES, TEMPLATE_LINES = 400, 50, 25, 10, 120
MARKERS = re.compile(r"#\s*(type:\s*ignore(?:\[[^\]]*\])?|noqa(?::\s*[A-Z0-9, ]+)?|pragma:[\w ]+)(.*)")
UNFINISHED = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")
INLINE = re.compile(
    r"\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\bsrc=)", re.IGNORECASE
)
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape\s+(?:off|false)|\|\s*safeseq\b")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """一个代码文件: its path inside the repository and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """语法树"""
        return ast.parse(self.text)

    @property
    def module(self) -> str:
        """模块名"""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def app(self) -> str:
        """属于哪个应用"""
        return self.path.split("/", 1)[0]

    def functions(self) -> Iterator[Function]:
        """所有函数, nested ones too."""
        return (
            node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        )

    def at(self, node: ast.AST) -> str:
        """哪个文件第几行"""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


def sources() -> list[Source]:
    """全部产品代码, without migrations."""
    files = [ROOT / "manage.py", *(file for app in RANK for file in sorted((ROOT / app).rglob("*.py")))]
    paths = [file.relative_to(ROOT).as_posix() for file in files if "migrations" not in file.parts]
    return [Source(path, (ROOT / path).read_text(encoding="utf-8")) for path in paths]


def templates() -> list[Source]:
    """全部模板"""
    files = sorted((ROOT / "templates").rglob("*.html"))
    return [Source(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")) for file in files]


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str, str]]:
    """所有导入: statement, module, name ('' for a plain import)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from ((node, module, alias.name) for alias in node.names)


def direction(source: Source) -> list[str]:
    """应用只往下引用: disclosure → approvals → services → portal; relations by string count too."""
    if source.path.startswith(COMPOSITION) or source.app not in RANK:
        return []
    own = RANK[source.app]
    found = [
        f"{source.at(node)} 引用了上层的 {module}"
        for node, module, _name in imports(source.tree)
        if RANK.get(module.split(".")[0], -1) > own or module.startswith(".")
    ]
    upper = tuple(f"{app}." for app, rank in RANK.items() if rank > own)
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.startswith(upper or ("\0",))
        ):
            found.append(f"{source.at(node)} 用文字引用了上层的 {node.value}")
    return found


def purity(source: Source) -> list[str]:
    """纯模块只用标准库、别的纯模块和 TextChoices"""
    if source.module not in PURE:
        return []
    allowed = PURE[source.module]

    def is_fine(module: str, name: str) -> bool:
        top = module.split(".")[0]
        if module == "django.db.models" and name == "TextChoices":
            return True
        pure = module in PURE or f"{module}.{name}" in PURE
        return top in sys.stdlib_module_names or top in allowed or pure

    return [
        f"{source.at(node)} 纯模块引用了 {module} {name}".rstrip()
        for node, module, name in imports(source.tree)
        if not is_fine(module, name)
    ]


def wall_clock(source: Source) -> list[str]:
    """不读墙上的钟: domain time is portal_now(), read in actions and at the edges."""
    if any(edge in source.path for edge in CLOCK_EDGES):
        return []
    at_edge = "/views" in source.path  # how long a session has had a right is no legal time
    return [
        f"{source.at(node)} 读了机器的钟 {ast.unparse(node.func)}()"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr in {"now", "today", "utcnow"}
            or (ast.unparse(node.func) == "time.time" and not at_edge)
        )
    ]


def local_imports(source: Source) -> list[str]:
    """函数里不引用，除了几个重的库"""
    if source.path in LATE_IMPORTS:
        return []
    return [
        f"{source.at(node)} 函数里引用了 {module}"
        for function in source.functions()
        for node, module, _name in imports(function)
        if module.split(".")[0] not in HEAVY
    ]


def hidden_behaviour(source: Source) -> list[str]:
    """没有信号、没有 save() 覆盖、没有自动时间、没有通用外键、没有定时任务参数"""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            found += [
                f"{source.at(part)} 覆盖了 {part.name}()"
                for part in methods
                if part.name in {"save", "delete"}
            ]
        elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add", "eta", "countdown"}:
            found.append(f"{source.path}:{node.value.lineno} 用了 {node.arg}=")
        elif isinstance(node, ast.Attribute) and node.attr in {"delay", "apply_async"}:
            found.append(f"{source.at(node)} 用了 .{node.attr}")
        elif (
            isinstance(node, ast.Attribute) and node.attr == "connect" and "signal" in ast.unparse(node.value)
        ):
            found.append(f"{source.at(node)} 接了信号")
        elif isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in {"receiver", "GenericForeignKey"}:
                found.append(f"{source.at(node)} 用了 {name}")
    return found


def length(function: Function) -> int:
    """函数的行数, from `def` to its last line."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_view(source: Source, function: Function) -> bool:
    """是不是页面函数或接口方法"""
    arguments = [argument.arg for argument in function.args.args]
    at_edge = re.search(r"/(views|api)(/|\.py$)", source.path) or source.path == "portal/home.py"
    return bool(at_edge) and "request" in arguments[:2]


def is_task(function: Function) -> bool:
    """是不是后台任务"""
    return any(
        "shared_task" in ast.unparse(mark) or ".task" in ast.unparse(mark) for mark in function.decorator_list
    )


def too_long(source: Source) -> list[str]:
    """模块的行数, for tests as for code."""
    lines = source.text.count("\n")
    return [f"{source.path} 有 {lines} 行"] if lines > MODULE_LINES else []


def sizes(source: Source) -> list[str]:
    """模块、函数、页面、任务的行数"""
    found = too_long(source)
    for function in source.functions():
        limit = FUNCTION_LINES
        if is_task(function):
            limit = TASK_LINES
        elif is_view(source, function):
            limit = VIEW_LINES
        if length(function) > limit:
            found.append(f"{source.at(function)} {function.name} 有 {length(function)} 行，最多 {limit} 行")
    return found


def reasons(source: Source) -> list[str]:
    """关掉检查要在那一行写明为什么；没做完的不进来"""
    found = []
    for number, line in enumerate(source.text.splitlines(), 1):
        for mark in MARKERS.finditer(line):
            if len(re.sub(r"[\s#:–-]", "", mark.group(2))) < 6:
                found.append(f"{source.path}:{number} 没写为什么：{mark.group(1)}")
        if UNFINISHED.search(line):
            found.append(f"{source.path}:{number} 没做完")
        if re.search(r"\bmark_safe\(|SafeString\(", line) and "#" not in line:
            found.append(f"{source.path}:{number} mark_safe 没写为什么")
    return found


def documented(source: Source) -> list[str]:
    """模块有一句话；纯模块、actions、queries、permissions 的公开函数也有"""
    if not source.text.strip():
        return []
    found = [] if ast.get_docstring(source.tree) else [f"{source.path} 没有说明"]
    if source.module not in PURE and not DOCUMENTED.search(source.path):
        return found
    for node in source.tree.body:
        if getattr(node, "name", "").startswith("_"):
            continue
        parts = node.body if isinstance(node, ast.ClassDef) else [node]
        for part in [node, *parts] if isinstance(node, ast.ClassDef) else parts:
            if not isinstance(part, ast.FunctionDef | ast.ClassDef) or part.name.startswith("_"):
                continue
            if not ast.get_docstring(part) and part.name != "Meta":
                found.append(f"{source.at(part)} {part.name} 没有说明")
    return found


def template_rules(source: Source) -> list[str]:
    """模板：不超过 120 行，没有内嵌的样式和脚本，不转义要写明为什么"""
    lines = source.text.splitlines()
    found = [f"{source.path} 有 {len(lines)} 行"] if len(lines) > TEMPLATE_LINES else []
    for number, line in enumerate(lines, 1):
        if INLINE.search(line):
            found.append(f"{source.path}:{number} 内嵌了样式或脚本")
        if UNESCAPED.search(line) and "{#" not in line:
            found.append(f"{source.path}:{number} 不转义没写为什么")
    return found


RULES: tuple[Callable[[Source], list[str]], ...] = (
    direction,
    purity,
    wall_clock,
    local_imports,
    hidden_behaviour,
    sizes,
    reasons,
    documented,
)
