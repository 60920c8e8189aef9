"""强杀：a SIGKILL before every statement and around COMMIT loses nothing and doubles nothing."""

import inspect
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from approvals import actions
from disclosure import actions as disclosure
from portal import actions as portal
from portal import staffing
from portal.clock import portal_now
from portal.errors import WrongState
from portal.models import Heartbeat
from services import actions as services
from tests.approvals.deeds import CORE
from tests.approvals.deeds_beside import BESIDE
from tests.approvals.deeds_cases import CASES
from tests.approvals.deeds_linked import LINKED
from tests.approvals.deeds_office import OFFICE
from tests.approvals.deeds_papers import ACCOUNTS, DRAFTS, NOTICES
from tests.conftest import cloned
from tests.keeping import kept
from tests.killing import REFUSED, SAME, Deed, kill_around_commit, kill_everywhere, say

REST = (*CASES, *LINKED, *OFFICE, *DRAFTS, *ACCOUNTS, *NOTICES, *BESIDE)
# What is exported beside the verbs, and why it needs no stage.
NO_STAGE = {
    "services.advance": "changes the object in memory; who calls it holds the lock and saves",
    "services.seal_form": "seals what it is given, writes nothing",
    "services.form_values": "reads",
    "services.field_pages": "reads",
    "services.keep_taken": "writes what approvals has measured, inside the transaction of measure_taken",
    "portal.staffing.one_time_password": "writes nothing",
    "disclosure.scan": "reads",
    "disclosure.content_digest": "reads",
    "disclosure.found_numbers": "reads",
}


@pytest.fixture(scope="module")
def whole(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], None]]:
    """一份拷贝，一个附件的文件夹, for all that is killed here; yields what brings the first state back."""
    folder = tmp_path_factory.mktemp("files")
    with override_settings(MEDIA_ROOT=folder), cloned(django_db_blocker), kept("world") as restore:
        yield restore


@pytest.fixture
def stage(whole: Callable[[], None]) -> Iterator[None]:
    """台面, as it was when this test is over"""
    yield
    whole()


@pytest.mark.parametrize("deed", CORE, ids=str)
def test_a_kill_at_any_point_loses_and_doubles_nothing(stage: None, deed: Deed, capsys: pytest.CaptureFixture[str]) -> None:
    hit = kill_everywhere(deed)

    kinds = [point.kind for point in hit]
    say(capsys, f"强杀 {deed}：{kinds.count('statement')}条语句之前，{kinds.count('commit')}次提交的前后，共{len(hit)}处")
    assert kinds.count("statement") > 10
    assert kinds.count("commit") == kinds.count("committed") >= 1


@pytest.mark.parametrize("deed", REST, ids=str)
def test_a_kill_around_commit_loses_and_doubles_nothing(stage: None, deed: Deed, capsys: pytest.CaptureFixture[str]) -> None:
    hit = kill_around_commit(deed)

    kinds = [point.kind for point in hit]
    say(capsys, f"强杀 {deed}：{kinds.count('commit')}次提交的前后，共{len(hit)}处")
    assert kinds.count("commit") == kinds.count("committed") >= 1


def torn(name: str) -> None:
    """写成两次提交、再来一次就拒绝的动作"""
    if Heartbeat.objects.filter(name=name).exists():
        raise WrongState("已经办过了。")
    Heartbeat.objects.create(name=name, at=portal_now())
    Heartbeat.objects.create(name=f"{name}, second half", at=portal_now())


def doubled(name: str) -> None:
    """再来一次就再写一行的动作"""
    Heartbeat.objects.create(name=f"{name} {portal_now()}", at=portal_now())


@pytest.mark.parametrize(("act", "again"), [(torn, REFUSED), (doubled, SAME)])
def test_what_is_torn_or_doubled_is_found(stage: None, act: Callable[[str], None], again: str) -> None:
    with pytest.raises(AssertionError, match="portal_heartbeat.rows"):
        kill_around_commit(Deed("faulty", lambda world, clock: lambda: act("x"), again))


def test_every_public_verb_has_its_stage_or_the_reason_why_not() -> None:
    """一个新动作没有台面，这里就过不去"""
    verbs = {*actions.__all__, *_defined("services", services), *_defined("portal", portal), *_defined("disclosure", disclosure)}
    verbs |= _defined("portal.staffing", staffing)
    staged = {deed.name.split(" ")[0] for deed in (*CORE, *REST)}

    assert verbs - staged - NO_STAGE.keys() == set()
    assert NO_STAGE.keys() <= verbs - staged


def _defined(app: str, module: ModuleType) -> set[str]:
    """一个模块自己的公开函数"""
    found = inspect.getmembers(module, inspect.isfunction)
    return {f"{app}.{name}" for name, function in found if function.__module__ == module.__name__ and not name.startswith("_")}
