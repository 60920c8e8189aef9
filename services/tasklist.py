"""任务单：the parts of an application with the state of each, and which one comes next."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from services.actions import field_pages
from services.definition import ItemDefinition
from services.filling import is_asked
from services.guide import Tag
from services.queries import Sheet


@dataclass(frozen=True, slots=True)
class Task:
    """任务单的一行"""

    key: str
    name: str
    url: str
    tag: Tag
    note: str = ""
    done: bool = False
    locked: bool = False

    @property
    def tags(self) -> tuple[Tag, ...]:
        """标记, as partials/_tags.html takes them."""
        return (self.tag,)


_FILLED = Tag("filled", "填好了")
_EMPTY = Tag("", "还没填")


def step_keys(rules: ItemDefinition, parts: Iterable[int]) -> list[str]:
    """任务单各行的代号, in their order; `parts` are the numbers of those that are asked for."""
    questions, materials = ["questions"] if rules.questions else [], ["materials"] if rules.materials else []
    return [*questions, *(f"part-{number}" for number in parts), *materials, "check"]


def place_words(sheet: Sheet, key: str) -> str:
    """第几步，共几步: the row's number in the task list, told alike on every page; empty for the list itself."""
    steps = step_keys(sheet.rules, (part.number for part in sheet.parts))
    return f"第{steps.index(key) + 1}步，共{len(steps)}步" if key in steps else ""


def first_steps(rules: ItemDefinition) -> int:
    """刚开始时任务单有几行, before anything is known that adds a part."""
    pages = enumerate(field_pages(rules), 1)
    return len(step_keys(rules, (number for number, (_, fields) in pages if is_asked(fields, {}))))


def task_list(sheet: Sheet) -> list[Task]:
    """要填的各部分, in the order in which they are best filled in; the last is the check."""
    number = sheet.application.number
    rows: list[Task] = []
    if sheet.rules.questions:
        tag = _EMPTY if sheet.questions_open else _FILLED
        rows.append(
            Task("questions", "情况选择", reverse("services:questions", args=[number]), tag,
                 "答几个问题，就知道您要交哪些材料。", not sheet.questions_open)
        )  # fmt: skip
    for part in sheet.parts:
        tag = _FILLED if part.done else (Tag("part", "填了一部分") if part.begun else _EMPTY)
        url = reverse("services:part", args=[number, part.number])
        rows.append(Task(f"part-{part.number}", part.name, url, tag, done=part.done))
    if sheet.rules.materials:
        rows.append(_materials(sheet, number))
    open_rows = "".join(f"“{row.name}”" for row in rows if not row.done)
    note = f"为什么：{open_rows}还没填好。" if open_rows else ""
    tag = Tag("no", "现在还不能") if open_rows else Tag("", "可以提交了")
    rows.append(Task("check", "核对并提交", reverse("services:check", args=[number]), tag, note, locked=bool(open_rows)))
    return rows


def _materials(sheet: Sheet, number: str) -> Task:
    url = reverse("services:materials", args=[number])
    needed = [view for view in sheet.materials if view.needed]
    settled = len(needed) - len(sheet.lacking)
    if sheet.questions_open:
        return Task("materials", "材料", url, Tag("no", "先答“情况选择”"), "答完才知道要交哪几样。")
    if not sheet.lacking:
        return Task("materials", "材料", url, Tag("filled", f"{len(needed)}样都定了"), done=True)
    if not settled:
        return Task("materials", "材料", url, Tag("", f"有{len(needed)}样要交"))
    return Task("materials", "材料", url, Tag("part", f"定了{settled}样，还差{len(sheet.lacking)}样"))


def next_url(sheet: Sheet, rows: list[Task], *, after: str = "") -> str:
    """接着填哪一部分: the first open one after `after`, else the first open one, else the check."""
    places = [row.key for row in rows]
    start = places.index(after) + 1 if after in places else 0
    for row in [*rows[start:-1], *rows[:start]]:
        if not row.done and row.tag.kind != "no":
            return row.url
    return rows[-1].url
