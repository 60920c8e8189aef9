"""导入放假安排：previewed, published by two people, and no ended limit moves."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from approvals.loading import fold_application
from portal.calendar_import import import_history
from portal.calendars import current_calendar
from portal.clock import portal_now
from portal.management.commands import import_calendar
from portal.models import CalendarVersion
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

NOTICE = {
    "year": 2027,
    "number": "国办发明电〔2026〕99号（虚构）",
    "issued": "2026-11-20",
    "days_off": {"元旦": ["2027-01-01/2027-01-03"], "示例节": ["2026-12-28/2026-12-30"]},
    "shifted_workdays": {"元旦": ["2026-12-26"]},
}


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "notice.json"
    path.write_text(json.dumps(NOTICE), encoding="utf-8")
    return path


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(import_calendar.Command(), *arguments, stdout=out)
    return out.getvalue()


def test_import_previews_and_publishes_nothing(world: World, clock: TestClock, notice: Path) -> None:
    clock(at("2026-11-30"))
    application = file_application(world, "MZ-001")  # 25 working days reach the end of the year
    before = fold_application(application, portal_now()).case_clock

    shown = run(str(notice))

    assert f"{application.number}  承诺 {before.due_on if before else ''} → 2027-01-07" in shown
    assert "告诉申请人、王示例" in shown
    assert CalendarVersion.objects.filter(published_at=None).count() == 1
    assert current_calendar().published_through.year == 2026


def test_two_people_publish_what_was_imported(world: World, clock: TestClock, notice: Path) -> None:
    clock(at("2026-11-30"))
    application = file_application(world, "MZ-001")
    before = fold_application(application, portal_now()).case_clock
    run(str(notice))

    run(str(notice), "--publish", "--by", "zhen", "--second", "li")

    row = CalendarVersion.objects.order_by("-number")[0]
    after = fold_application(application, portal_now()).case_clock
    assert (row.published_by, CalendarVersion.objects.filter(published_at=None).count()) == (world.li, 0)
    assert before is not None
    assert after is not None
    assert before.due_on != after.due_on
    assert current_calendar().published_through.year == 2027


@pytest.mark.parametrize(
    ("by", "second", "sentence"),
    [("li", "li", "两个不同的人"), ("li", "", "两个人的工号"), ("li", "chen", "日历岗"), ("zhen", "du", "日历岗")],
)
def test_publishing_takes_two_fitting_people(world: World, notice: Path, by: str, second: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(str(notice), "--publish", "--by", by, "--second", second)

    assert not CalendarVersion.objects.filter(year=2027).exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"year": None}, "缺少 year"),
        ({"days_off": {"元旦": ["2027-13-01"]}}, "文件格式不对"),
        ({"days_off": {"元旦": ["2027-01-03/2027-01-01"]}}, "颠倒"),
        ({"days_off": {"元旦": ["2029-01-01"]}}, "不在2027年"),
        ({"shifted_workdays": {"元旦": ["2027-01-02"]}}, "既写成放假又写成上班"),
    ],
)
def test_wrong_notice_is_refused_with_its_sentence(db: None, tmp_path: Path, change: dict[str, object], sentence: str) -> None:
    path = tmp_path / "notice.yaml"
    path.write_text(json.dumps({**NOTICE, **change}), encoding="utf-8")

    with pytest.raises(CommandError, match=sentence):
        run(str(path))


def test_same_notice_twice_is_refused(world: World, notice: Path) -> None:
    run(str(notice))

    with pytest.raises(CommandError, match="已经导入过"):
        run(str(notice))


def test_history_is_imported_once(world: World) -> None:
    before = CalendarVersion.objects.count()

    assert "0份" in run()
    assert (import_history(), CalendarVersion.objects.count()) == (0, before)
