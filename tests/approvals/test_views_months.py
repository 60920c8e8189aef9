"""按月、按年的期限在页面上：a limit in months or years reads rightly on the progress, the reason and the slip."""

import re
from datetime import date

import pytest
from django.test import Client

from approvals import actions
from approvals.loading import fold_application
from portal.clock import portal_now
from services.catalogue import load, read_offices
from services.catalogue_files import read_overlay, read_yaml
from services.importing import import_items
from services.models import Application
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.services.catalogues import DATA, narrowed, only
from tests.world import World


def text(world: World, application: Application, page: str = "") -> str:
    """申请人看到的文字"""
    client = Client()
    client.force_login(world.an)
    shown = client.get(f"/progress/{application.number}/{page}")
    assert shown.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", shown.content.decode()))


def house(world: World, clock: TestClock, unit: str) -> Application:
    """宅基地申请：承诺一个、法定两个单位，2026-11-02（周一）提交"""
    overlay = narrowed(read_overlay(DATA / "overlay"), "ZR-001")
    source = only(read_yaml(DATA / "catalogue.yaml"), "ZR-001")
    source["items"][0]["promised_limit"].update(value=1, unit=unit)
    source["items"][0]["statutory_limit"].update(value=2, unit=unit)
    source["items"][0]["extension"].update(max=1, unit=unit)
    definitions, errors = load(source, overlay)
    assert errors == []
    import_items(township=world.township, definitions=definitions, offices=read_offices(overlay)[0])
    clock(at("2026-11-02", "09:00"))
    return file_application(world, "ZR-001")


@pytest.mark.parametrize(
    ("unit", "ends", "told", "reason", "added"),
    [
        (
            "月",
            (date(2027, 1, 4), date(2027, 2, 2)),  # 2 January rests
            ("期限1个月，依法延长了1个。", "期限2个月，依法延长了1个。"),
            "满2个月",
            "依法延长过1个月。",
        ),
        (
            "年",
            (date(2028, 11, 2), date(2029, 11, 2)),
            ("期限1年，依法延长了1年。", "期限2年，依法延长了1年。"),
            "满2年",
            "依法延长过1年。",
        ),
    ],
)
def test_a_limit_in_months_or_years_reads_rightly(
    unit: str, ends: tuple[date, date], told: tuple[str, str], reason: str, added: str, world: World, clock: TestClock
) -> None:
    application = house(world, clock, unit)
    clock(at("2026-11-17", "10:00"))
    actions.extend(application=application, by=world.zhen, length=1, reason="案情复杂需要延长")
    state = fold_application(application, portal_now())
    progress, why = text(world, application), text(world, application, "why/promised/")

    assert tuple(one.due_on for one in state.clocks if one.key in {"promised", "statutory"}) == ends
    assert all(words in progress for words in told)
    assert reason in why
    assert added in why
    assert "个个" not in progress + why + text(world, application, "slip/")


def test_each_cell_of_a_month_is_a_calendar_day(world: World, clock: TestClock) -> None:
    assert "每一格是一个自然日。" in text(world, house(world, clock, "月"))
