"""架构规则的检查：every file of the product against every rule, and every rule against a text that breaks it."""

import ast
from pathlib import Path

import pytest

from tests import house_rules
from tests.house_rules import PURE, ROOT, RULES, Source, imports, sources, template_rules, templates

PRODUCT = sources()
# Modules that another test file covers, or that only say things; each with its reason.
COVERED_ELSEWHERE: dict[str, str] = {}
NOT_TESTED_ALONE: dict[str, str] = {
    "portal.settings": "every test runs on them; `lint` checks them for production",
    "portal.urls": "composition; test_permission_matrix walks every route",
    "portal.page_urls": "composition; test_permission_matrix walks every route",
    "portal.api_urls": "composition; test_permission_matrix walks every route",
    "portal.celery": "composition; the launcher's tests start a worker and a beat with it",
    "portal.wsgi": "two lines; the launcher's tests start it",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_code_keeps_the_rule(rule):
    breaches = [breach for source in PRODUCT for breach in rule(source)]

    assert breaches == []


def test_templates_keep_the_rules():
    breaches = [breach for template in templates() for breach in template_rules(template)]

    assert breaches == []


def test_every_pure_module_is_there():
    assert set(PURE) <= {source.module for source in PRODUCT}


BREAKERS = [
    ("direction", "portal/queries.py", "from services.models import ServiceItem\n"),
    ("direction", "services/actions.py", "import approvals.writing\n"),
    ("direction", "approvals/models.py", "board = models.ForeignKey('disclosure.Notice')\n"),
    ("direction", "services/views/apply.py", "from . import other\n"),
    ("purity", "approvals/fold.py", "from django.conf import settings\n"),
    ("purity", "portal/workdays.py", "from portal.queries import inbox\n"),
    ("purity", "services/lifecycle.py", "from django.db.models import Model\n"),
    ("wall_clock", "approvals/views/case.py", "from django.utils import timezone\nat = timezone.now()\n"),
    ("wall_clock", "portal/actions.py", "import datetime\non = datetime.date.today()\n"),
    ("local_imports", "services/files.py", "def read():\n    from services.models import Attachment\n"),
    ("hidden_behaviour", "portal/models/people.py", "class A:\n    def save(self): ...\n"),
    ("hidden_behaviour", "services/models.py", "at = models.DateTimeField(auto_now=True)\n"),
    ("hidden_behaviour", "services/models.py", "@receiver(post_save)\ndef told(**_): ...\n"),
    ("hidden_behaviour", "services/models.py", "post_save_signal.connect(told)\n"),
    ("hidden_behaviour", "approvals/actions/file.py", "sweep.apply_async(eta=end)\n"),
    ("hidden_behaviour", "approvals/actions/file.py", "sweep.delay()\n"),
    ("sizes", "portal/models/people.py", "A = 1\n" * 401),
    ("sizes", "portal/actions.py", "def long():\n" + "    a = 1\n" * 50),
    ("sizes", "services/views/apply.py", "def page(request):\n" + "    a = 1\n" * 25),
    ("sizes", "approvals/api.py", "class A:\n    def get(self, request):\n" + "        a = 1\n" * 25),
    ("sizes", "approvals/tasks.py", "@shared_task\ndef sweep():\n" + "    a = 1\n" * 10),
    ("reasons", "portal/http.py", "a = b  # type: ignore[attr-defined]\n"),
    ("reasons", "portal/http.py", "a = b  # noqa: E501\n"),
    ("reasons", "portal/http.py", "a = b  # TODO later\n"),
    ("reasons", "portal/http.py", "a = mark_safe(b)\n"),
    ("documented", "portal/http.py", "A = 1\n"),
    ("documented", "portal/actions.py", '"""账号的写"""\ndef sign_up(): ...\n'),
    (
        "documented",
        "approvals/queries/cases.py",
        '"""读"""\nclass Case:\n    """案"""\n    def words(self): ...\n',
    ),
]


@pytest.mark.parametrize(("rule", "path", "text"), BREAKERS)
def test_rule_finds_what_breaks_it(rule, path, text):
    assert getattr(house_rules, rule)(Source(path, text))


@pytest.mark.parametrize(
    "line",
    [
        '<p style="color: red">',
        "<style>",
        '<a onclick="go()">',
        "<script>go()</script>",
        '<a href="javascript:go()">',
        "{{ body|safe }}",
        "{% autoescape off %}",
    ],
)
def test_template_rules_find_what_breaks_them(line):
    assert template_rules(Source("templates/a.html", line))


def test_template_of_121_lines_is_too_long():
    assert template_rules(Source("templates/a.html", "<p>\n" * 121))


def test_rules_leave_what_is_right_alone():
    text = '"""写"""\nimport re\nfrom django.db.models import TextChoices\n\n\ndef go() -> None:\n    """走"""\n    return TextChoices, re\n'
    fine = Source("services/lifecycle.py", text)

    assert [breach for rule in RULES for breach in rule(fine)] == []


def test_composition_may_name_every_app():
    assert house_rules.direction(Source("portal/home.py", "from services.models import ServiceItem\n")) == []


def has_code(source: Source) -> bool:
    """有没有可测的: a function, or a class with a method of its own."""
    return any(function.name != "__str__" for function in source.functions())


def possible_tests(module: str) -> list[Path]:
    """可能的测试文件: its own, or one for the whole package it stands in."""
    parts = module.split(".")
    tests = ROOT / "tests"
    own = [tests.joinpath(*parts[:-1], f"test_{parts[-1]}.py")]
    packages = [
        tests.joinpath(*parts[: size - 1], f"test_{parts[size - 1]}.py") for size in range(2, len(parts))
    ]
    return own + packages


def untested(found: list[Source], exists) -> list[str]:
    """没有测试文件的模块"""
    return [
        source.module
        for source in found
        if has_code(source)
        and source.module not in NOT_TESTED_ALONE
        and source.module not in COVERED_ELSEWHERE
        and not any(exists(file) for file in possible_tests(source.module))
    ]


def test_every_module_has_its_test_file():
    assert untested(PRODUCT, Path.is_file) == []


def test_a_module_without_a_test_file_is_found():
    lonely = Source("portal/lonely.py", '"""孤"""\ndef go():\n    """走"""\n')

    assert untested([lonely], lambda _file: False) == ["portal.lonely"]


@pytest.mark.parametrize("module", COVERED_ELSEWHERE)
def test_module_covered_elsewhere_is_imported_there(module):
    tree = ast.parse((ROOT / COVERED_ELSEWHERE[module]).read_text(encoding="utf-8"))

    assert any(found == module or f"{found}.{name}" == module for _node, found, name in imports(tree))


def test_exceptions_name_modules_that_exist():
    known = {source.module for source in PRODUCT}

    assert set(COVERED_ELSEWHERE) | set(NOT_TESTED_ALONE) <= known
