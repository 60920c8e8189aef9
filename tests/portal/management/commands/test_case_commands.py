"""办件的命令：explain, verify_projection, sweep and import_catalogue say what they did."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from approvals.management.commands import sweep
from approvals.models import Case
from portal.management.commands import explain, import_catalogue, verify_projection
from portal.models import Office, Revision
from services.models import Application, ItemVersion, ServiceItem
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World


def run(command: object, *arguments: str, **options: str) -> str:
    """运行一个命令，回答它印的"""
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def house(world: World, clock: TestClock) -> Application:
    """一件宅基地申请"""
    clock(at("2026-11-02"))
    return file_application(world, "ZR-001")


def test_explain_prints_every_day_and_every_effect(house: Application, clock: TestClock) -> None:
    clock(at("2026-11-10"))

    text = run(explain.Command(), house.number)

    assert "2026-11-09  第5天" in text
    assert "intake#1:accept" in text
    with pytest.raises(CommandError, match="没有这个编号"):
        run(explain.Command(), "AAAAAAAAA")


def test_sweep_writes_what_is_due_once(house: Application, clock: TestClock) -> None:
    clock(at("2026-11-10"))

    assert "结算了1件，还有0件" in run(sweep.Command())
    assert "结算了0件" in run(sweep.Command())


def test_verify_projection_finds_a_changed_row(house: Application, clock: TestClock) -> None:
    assert "没有不同" in run(verify_projection.Command())

    Case.objects.filter(application=house).update(outcome="approved")

    with pytest.raises(CommandError, match="有1处不同"):
        run(verify_projection.Command())


def test_importing_twice_changes_nothing(world: World) -> None:
    before = ItemVersion.objects.count()

    text = run(import_catalogue.Command(), township="qinghe")

    assert "新增0件，改版0件，不变42件" in text
    assert "文件里没有" not in text
    assert ItemVersion.objects.count() == before
    assert ServiceItem.objects.filter(township=world.township, current=None).count() == 0


def test_what_the_file_lacks_goes_on_and_is_named(world: World) -> None:
    office = Office.objects.get(township=world.township, key="water")
    ServiceItem.objects.create(township=world.township, code="ZZ-001", name="本镇自己的事", office=office)
    gone = ServiceItem.objects.create(township=world.township, code="ZZ-002", name="停办了的事", office=office)
    ServiceItem.objects.filter(pk=gone.pk).update(withdrawn_at=at("2026-11-02"))

    assert "文件里没有、照旧办着的1件：ZZ-001" in run(import_catalogue.Command(), township="qinghe")


def test_importing_again_renames_the_offices(world: World, tmp_path: Path) -> None:
    """A renamed office gets its new name and level, once; what the township wrote about it stays."""
    Office.objects.filter(township=world.township, key="water").update(name="旧水利站", level="county", phone="0000-555")
    before = Revision.objects.get(name="public").number

    text = run(import_catalogue.Command(), township="qinghe")

    water = Office.objects.get(township=world.township, key="water")
    assert "站所更新1个：water" in text
    assert (water.name, water.level, water.phone) == ("水利站", "county-branch", "0000-555")
    assert Revision.objects.get(name="public").number > before
    assert "站所更新" not in run(import_catalogue.Command(), township="qinghe")


def test_a_wrong_list_imports_nothing(world: World, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("items: [{id: X-1, name: 示例}]", encoding="utf-8")

    with pytest.raises(CommandError, match="什么也没有导入"):
        run(import_catalogue.Command(), str(wrong), township="qinghe")

    with pytest.raises(CommandError):
        run(import_catalogue.Command(), str(tmp_path / "none.yaml"), township="qinghe")
    assert not ServiceItem.objects.filter(code="X-1").exists()
