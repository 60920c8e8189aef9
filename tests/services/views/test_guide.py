"""办事指南的页面"""

import pytest
from django.test import Client

from services.models import ServiceItem
from tests.services.conftest import Browse
from tests.world import World


@pytest.fixture
def page(world: World) -> str:
    """宅基地的指南"""
    return Client().get("/items/ZR-001/").content.decode()


def test_six_disclosures_are_the_skeleton(page: str) -> None:
    order = [page.index(f">{title}</h2>") for title in ("办什么", "怎么走", "交什么", "多久办好", "收不收钱", "拿到什么")]

    assert order == sorted(order)


@pytest.mark.parametrize(
    "words",
    [
        "农村村民宅基地用地审批",
        "四家同时审",
        "第7—11天",
        "超时：视为受理。",
        "土地的事，不能默认。",
        "免提交",
        "可容缺",
        "行政许可法第四十二条",
        "农村宅基地批准书",
        "60日内向示例县人民政府申请行政复议",
        "不收费",
        "第1版",
        "事项编号 ZR-001",
        "陈示例",
        "0000-555 0111",
        "1号窗口",
        "请代办员帮我办",
        "开始办理",
    ],
)
def test_guide_says(page: str, words: str) -> None:
    assert words in page


def test_guide_only_item_shows_how_and_has_no_start(world: World) -> None:
    page = Client().get("/items/ZH-001/").content.decode()

    assert "这件事不在这里填表" in page
    assert "/items/ZH-001/start/" not in page


@pytest.mark.parametrize("code", ["MZ-001", "RS-001", "SF-001", "SJ-001", "SJ-002", "NY-002", "CL-001", "LY-002"])
def test_every_kind_of_item_has_its_guide(world: World, code: str) -> None:
    response = Client().get(f"/items/{code}/")

    assert response.status_code == 200
    assert "None" not in response.content.decode()


def test_all_items_answer(world: World) -> None:
    client = Client()

    codes = ServiceItem.objects.filter(township=world.township).values_list("code", flat=True)

    assert {client.get(f"/items/{code}/").status_code for code in codes} == {200}


def test_other_townships_item_is_not_found_here(world: World) -> None:
    assert Client().get("/t/bailu/items/ZR-001/").status_code == 404
    assert Client().get("/t/bailu/items/MZ-001/").status_code == 200


def test_signed_in_villager_starts_with_one_press(world: World, browse: Browse) -> None:
    page = browse(world.an).get("/items/ZR-001/").content.decode()

    assert '<form method="post" action="/items/ZR-001/start/">' in page
