"""架构规则的检查：every file of the product against every rule, and every rule against a text that breaks it."""

import pytest
from django.template import engines

from tests import house_rules
from tests.house_rules import PURE, ROOT, RULES, Source, imports, sources, template_rules, templates

PRODUCT = sources()
# Modules without a test of their own, each with its reason.
NOT_TESTED_ALONE: dict[str, str] = {
    "portal.settings": "every test runs on them; `lint` checks them for production",
    "portal.urls": "composition; test_permission_matrix walks every route",
    "portal.page_urls": "composition; test_permission_matrix walks every route",
    "portal.api_urls": "composition; test_permission_matrix walks every route",
    "portal.celery": "composition; the launcher's tests start a worker and a beat with it",
    "portal.wsgi": "two lines; the launcher's tests start it",
    "manage": "runs before anything can be imported; tests/portal/launcher/test_bootstrap.py runs it as a process",
    "portal.management.commands.up": "tests/portal/launcher/test_up.py runs it as a process",
    "portal.bench.empty": "the empty view that everything is measured beside; every run of `bench` serves it",
    "portal.management.commands.bench": "four lines around portal.bench.run, which has its tests",
    "portal.launcher.console": "prints; every launcher test reads what it prints",
}
# Pieces of one thing, split for size: the tests of the whole run every line of them.
PIECE_OF: dict[str, str] = {
    "approvals.replay": "approvals.fold",
    "approvals.running": "approvals.fold",
    "approvals.timers": "approvals.fold",
    "services.catalogue_merge": "services.catalogue",
    "services.catalogue_overlay": "services.catalogue",
    "services.catalogue_schema": "services.catalogue",
    "services.catalogue_source": "services.catalogue",
    "services.catalogue_stages": "services.catalogue",
    "services.catalogue_text": "services.catalogue",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_code_keeps_the_rule(rule):
    breaches = [breach for source in PRODUCT for breach in rule(source)]

    assert breaches == []


def test_every_template_can_be_read():
    environment = engines["pages"].env
    for template in templates():
        environment.parse(template.text, name=template.path)


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
    ("too_long", "tests/portal/test_limits.py", "A = 1\n" * 401),
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
        "{% autoescape false %}",
    ],
)
def test_template_rules_find_what_breaks_them(line):
    assert template_rules(Source("templates/a.html", line))


def test_template_of_121_lines_is_too_long():
    assert template_rules(Source("templates/a.html", "<p>\n" * 121))


def test_rules_leave_what_is_right_alone():
    head = '"""写"""\nimport re\nfrom django.db.models import TextChoices\n'
    text = head + '\n\ndef go() -> None:\n    """走"""\n    return TextChoices, re\n'
    fine = Source("services/lifecycle.py", text)

    assert [breach for rule in RULES for breach in rule(fine)] == []


def test_composition_may_name_every_app():
    assert house_rules.direction(Source("portal/home.py", "from services.models import ServiceItem\n")) == []


def has_code(source: Source) -> bool:
    """有没有可测的: a function, or a class with a method of its own."""
    return any(function.name != "__str__" for function in source.functions())


def possible_tests(module: str) -> list[str]:
    """可能的测试文件: its own, its name with its package's, or one for the whole package it stands in."""
    parts = module.split(".")
    own = ["/".join([*parts[:-1], f"test_{parts[-1]}.py"])]
    packages = ["/".join([*parts[: size - 1], f"test_{parts[size - 1]}.py"]) for size in range(2, len(parts))]
    joined = f"{parts[0]}/test_{'_'.join(parts[1:])}.py"
    return [f"tests/{name}" for name in [*own, *packages, joined]]


def package_tests(module: str) -> tuple[str, ...]:
    """整个子包的测试，分几个文件写: tests/approvals/test_views_desk.py is of approvals.views."""
    parts = module.split(".")
    return (f"tests/{parts[0]}/test_{parts[1]}_",) if len(parts) == 3 else ()


def imported_by(tests: list[Source]) -> set[str]:
    """测试直接引用的模块: `from a import b` counts for a and for a.b."""
    found: set[str] = set()
    for test in tests:
        for _node, module, name in imports(test.tree):
            found |= {module, f"{module}.{name}"}
    return found


def read_tests() -> list[Source]:
    """全部测试文件"""
    files = sorted((ROOT / "tests").rglob("*.py"))
    return [Source(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")) for file in files]


def test_no_test_module_is_too_long():
    assert [breach for test in read_tests() for breach in house_rules.too_long(test)] == []


def untested(found: list[Source], tests: list[Source]) -> list[str]:
    """没有测试的模块: no test file by its name, and no test that takes it in hand."""
    names, taken = {test.path for test in tests}, imported_by(tests)
    return [
        source.module
        for source in found
        if has_code(source)
        and source.module not in NOT_TESTED_ALONE
        and source.module not in taken
        and not names & set(possible_tests(PIECE_OF.get(source.module, source.module)))
        and not any(name.startswith(package_tests(source.module)) for name in names)
    ]


def test_every_module_has_its_test_file():
    assert untested(PRODUCT, read_tests()) == []


LONELY = Source("portal/far/lonely.py", '"""孤"""\ndef go():\n    """走"""\n')


@pytest.mark.parametrize(
    "test",
    [
        Source("tests/portal/far/test_lonely.py", ""),
        Source("tests/portal/test_far.py", ""),
        Source("tests/portal/test_far_lonely.py", ""),
        Source("tests/portal/test_other.py", "from portal.far.lonely import go\n"),
        Source("tests/portal/test_other.py", "from portal.far import lonely\n"),
    ],
)
def test_a_module_is_tested_by_name_or_by_hand(test):
    assert untested([LONELY], [test]) == []


def test_a_module_without_a_test_is_found():
    assert untested([LONELY], [Source("tests/services/test_lonely.py", "import portal.far\n")]) == [
        "portal.far.lonely"
    ]


def test_exceptions_name_modules_that_exist():
    assert set(NOT_TESTED_ALONE) | set(PIECE_OF) | set(PIECE_OF.values()) <= {
        source.module for source in PRODUCT
    }
