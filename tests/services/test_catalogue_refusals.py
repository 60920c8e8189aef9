"""目录导入要挡住的：what no case could live by is refused, each mistake by its item and field."""

from typing import Any

import pytest

from services.catalogue import load
from services.catalogue_files import read_yaml
from tests.services.catalogues import DATA, Values, item, only, places, step


def test_load_refuses_what_is_written_for_an_item_that_is_not_listed(catalogue: Values, overlay: Values) -> None:
    overlay["items"]["ZZ-999"] = overlay["items"]["SJ-002"]

    _, errors = load(catalogue, overlay)

    assert [(one.item_id, one.field) for one in errors] == [("ZZ-999", "overlay")]
    assert "没有这个编号" in errors[0].message
    overlay["items"]["ZZ-999"] = overlay["items"]["DEMO-01"]
    _, errors = load(read_yaml(DATA / "demo_items.yaml"), overlay)
    assert [(one.item_id, one.field) for one in errors] == [("ZZ-999", "overlay")]


@pytest.mark.parametrize("written", ["2019-13-45", "2019-02-29", "2019-4-3", "去年", "", None, 20190423])
def test_load_refuses_a_day_that_does_not_exist(written: Any, catalogue: Values, overlay: Values) -> None:
    law = next(iter(overlay["laws"]))
    overlay["laws"][law] = written

    _, errors = load(catalogue, overlay)

    assert [(one.item_id, one.field) for one in errors] == [("补充文件", f"laws.{law}")]


@pytest.mark.parametrize(
    ("code", "change", "field"),
    [
        ("SJ-002", lambda source, extra: source.update(remedies=[]), "remedies"),
        (
            "SJ-002",
            lambda source, extra: source.update(publicity={"required": True, "days": 5, "unit": "工作日", "where": "村里"}),
            "publicity.required",
        ),
        ("MZ-001", lambda source, extra: source["publicity"].update(days=30), "overlay.stages.village-posting.limit"),
        ("MZ-001", lambda source, extra: source["publicity"].update(unit="工作日"), "overlay.stages.village-posting.limit"),
        ("SJ-002", lambda source, extra: source["promised_limit"].update(value=48, unit="小时"), "promised_limit.unit"),
        ("ZR-001", lambda source, extra: source["statutory_limit"].update(unit="小时"), "statutory_limit.unit"),
        ("ZR-001", lambda source, extra: source["extension"].update(unit="小时"), "extension.unit"),
        ("ZR-001", lambda source, extra: source["extension"].update(unit="自然日"), "extension.unit"),
        ("ZR-001", lambda source, extra: source["statutory_limit"].update(value=2, unit="月"), "extension.unit"),
        ("SJ-002", lambda source, extra: source["correction_notice"].update(unit="小时"), "correction_notice.unit"),
    ],
)  # fmt: skip
def test_load_refuses_what_a_case_could_not_live_by(
    code: str, change: Any, field: str, catalogue: Values, overlay: Values
) -> None:
    change(item(catalogue, code), overlay["items"][code])

    assert (code, field) in places(only(catalogue, code), overlay)


@pytest.mark.parametrize(
    ("code", "key", "change", "field"),
    [
        ("MZ-001", "village-posting", {"limit": 0}, "limit"),
        ("MZ-001", "village-posting", {"limit": None}, "limit"),
        ("MZ-001", "village-posting", {"limit": 7, "unit": "小时"}, "unit"),
        ("ZR-001", "site-visit", {"on_timeout": "consent"}, "on_timeout"),
        ("ZR-001", "joint-land", {"on_timeout": "consent"}, "on_timeout"),
        ("ZR-001", "decision", {"parallel": "joint"}, "parallel"),
        ("ZR-001", "joint-construction", {"limit": 8, "unit": "小时"}, "on_timeout"),
        ("ZR-001", "site-visit", {"limit": 0, "unit": "小时"}, "limit"),
        ("ZR-001", "site-visit", {"limit": 8, "unit": "小时", "counts": False, "pauses": ["promised"]}, "pauses"),
        ("MZ-001", "intake", {"limit": 8, "unit": "小时"}, "unit"),
        ("SJ-001", "decision", {"when": {"crowd": "是"}}, "when"),
        ("SJ-001", "report-up", {"hands_over": True}, "when"),
        ("SJ-001", "report-up", {"when": {"crowd": "也许"}}, "when"),
        ("SJ-001", "report-up", {"when": {"guests": "是"}}, "when"),
    ],
)
def test_load_refuses_a_step_that_could_not_be_taken(
    code: str, key: str, change: Values, field: str, catalogue: Values, overlay: Values
) -> None:
    step(overlay, code, key).update(change)

    assert (code, f"overlay.stages.{key}.{field}") in places(only(catalogue, code), overlay)


def test_load_says_these_mistakes_at_once(catalogue: Values, overlay: Values) -> None:
    item(catalogue, "ZR-001").update(remedies=[])
    item(catalogue, "ZR-001")["extension"]["unit"] = "自然日"
    step(overlay, "ZR-001", "site-visit")["on_timeout"] = "consent"
    step(overlay, "ZR-001", "decision")["parallel"] = "joint"
    item(catalogue, "ZJ-001")["publicity"]["days"] = 30
    step(overlay, "ZJ-001", "village-posting")["limit"] = 0
    overlay["laws"]["行政许可法"] = "2019-13-45"
    overlay["items"]["ZZ-999"] = overlay["items"]["SJ-002"]

    _, errors = load(catalogue, overlay)

    assert {(one.item_id, one.field) for one in errors} == {
        ("补充文件", "laws.行政许可法"),
        ("ZR-001", "extension.unit"),
        ("ZR-001", "remedies"),
        ("ZR-001", "overlay.stages.decision.parallel"),
        ("ZR-001", "overlay.stages.site-visit.on_timeout"),
        ("ZJ-001", "overlay.stages.village-posting.limit"),
        ("ZJ-001", "overlay.stages.town-posting.limit"),
        ("ZZ-999", "overlay"),
    }


@pytest.mark.parametrize(
    ("code", "extra", "field"),
    [
        ("YB-001", {"by_channel": {"pigeon": {"promised": 1}}}, "overlay.by_channel.pigeon"),
        ("YB-001", {"by_channel": {"online": {"promised": 1, "stages": {"none": 1}}}}, "overlay.by_channel.online.stages.none"),
        ("YB-001", {"by_channel": {"online": {"promised": 1, "stages": {"decision": 2}}}}, "overlay.by_channel.online.promised"),
        ("YB-001", {"by_channel": {"online": {"promised": 2, "unit": "小时"}}}, "overlay.by_channel.online.unit"),
        ("ZR-001", {"by_channel": {"online": {"promised": 400}}}, "overlay.by_channel.online.promised"),
        ("RS-001", {"accepts_days": {"first": 20, "last": 5}}, "overlay.accepts_days.last"),
        ("RS-001", {"accepts_days": {"first": 29, "last": 31}}, "overlay.accepts_days.first"),
    ],
)
def test_load_refuses_days_and_channels_nobody_could_keep(
    code: str, extra: Values, field: str, catalogue: Values, overlay: Values
) -> None:
    overlay["items"][code].update(extra)

    assert (code, field) in places(only(catalogue, code), overlay)
