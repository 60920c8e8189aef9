"""事项目录：the real list loads without a mistake; a list with mistakes says all of them and gives nothing."""

import copy
import time
from pathlib import Path
from typing import Any

import pytest

from services.catalogue import combine, load, longest_path, missing_disclosures, read_offices
from services.catalogue_files import read_overlay, read_yaml
from services.catalogue_rules import converted
from services.definition import ItemDefinition, Limit, LimitUnit
from tests.services.catalogues import DATA, Values, item, narrowed, only, places


def one(catalogue: Values, overlay: Values, code: str) -> ItemDefinition:
    definitions, errors = load(only(catalogue, code), narrowed(overlay, code))
    assert errors == []
    return definitions[0]


def test_load_takes_all_forty_two_items_and_publishes_them(catalogue: Values, overlay: Values) -> None:
    definitions, errors = load(catalogue, overlay)

    assert [str(error) for error in errors] == []
    assert len(definitions) == 42
    assert {one.code: missing_disclosures(one) for one in definitions if missing_disclosures(one)} == {}


def test_load_takes_the_three_demo_items(overlay: Values) -> None:
    definitions, errors = load(read_yaml(DATA / "demo_items.yaml"), overlay)

    assert [str(error) for error in errors] == []
    assert [one.code for one in definitions] == ["DEMO-01", "DEMO-02", "DEMO-03"]
    assert all(one.fictional and one.name.startswith("〔示例〕") for one in definitions)
    assert [missing_disclosures(one) for one in definitions] == [[], [], []]


def test_load_is_fast_enough_to_run_at_every_start(catalogue: Values, overlay: Values) -> None:
    began = time.perf_counter()

    load(catalogue, overlay)

    assert time.perf_counter() - began < 2


def test_load_says_all_ten_mistakes_and_imports_nothing(catalogue: Values, overlay: Values) -> None:
    item(catalogue, "MZ-001")["promised_limit"]["value"] = "二十五"
    item(catalogue, "MZ-002")["item_type"] = "行政批准"
    item(catalogue, "MZ-003")["colour"] = "红"
    del item(catalogue, "MZ-004")["name"]
    item(catalogue, "MZ-006")["materials"][1]["name"] = item(catalogue, "MZ-006")["materials"][0]["name"]
    item(catalogue, "RS-002")["statutory_limit"]["unit"] = "天"
    item(catalogue, "RS-003")["stages"][1]["limit"] = -2
    item(catalogue, "WJ-001")["tacit_approval"]["mode"] = "silence_is_golden"
    item(catalogue, "ZR-001")["promised_limit"]["value"] = 9
    catalogue["items"].append(copy.deepcopy(item(catalogue, "SJ-002")))

    assert places(catalogue, overlay) == [
        ("MZ-001", "promised_limit.value"),
        ("MZ-002", "item_type"),
        ("MZ-003", "colour"),
        ("MZ-004", "name"),
        ("MZ-006", "materials[1].name"),
        ("RS-002", "statutory_limit.unit"),
        ("RS-003", "stages[1].limit"),
        ("WJ-001", "tacit_approval.mode"),
        ("ZR-001", "promised_limit.value"),
        ("SJ-002", "id"),
    ]


def test_load_says_several_mistakes_of_one_item(catalogue: Values, overlay: Values) -> None:
    broken = item(catalogue, "SJ-002")
    broken["on_site_visits"] = 99
    broken["channels"] = ["窗口", "窗口"]
    broken["fee"]["charged"] = "否"
    broken["publicity"] = {"required": True}

    assert {field for _, field in places(only(catalogue, "SJ-002"), overlay)} == {
        "on_site_visits",
        "channels[1]",
        "fee.charged",
        "publicity.days",
        "publicity.unit",
        "publicity.where",
    }


def test_load_speaks_in_sentences(catalogue: Values, overlay: Values) -> None:
    item(catalogue, "SJ-002")["materials"][0]["copies"] = 0

    _, errors = load(only(catalogue, "SJ-002"), narrowed(overlay, "SJ-002"))

    assert [str(error) for error in errors] == [
        "SJ-002 materials[0].copies：应为 1 到 20 的整数，现在是 “0”。"
    ]


@pytest.mark.parametrize("raw", [None, [], "目录", {}, {"items": {}}, {"items": []}, {"items": ["MZ-001"]}])
def test_load_refuses_a_file_that_is_no_list(raw: Any, overlay: Values) -> None:
    definitions, errors = load(raw, overlay)

    assert definitions == []
    assert errors


@pytest.mark.parametrize("raw", [None, [], {}, {"offices": [], "items": {"SJ-002": 3}}])
def test_load_refuses_a_broken_overlay(raw: Any, catalogue: Values) -> None:
    definitions, errors = load(only(catalogue, "SJ-002"), raw)

    assert definitions == []
    assert errors


def test_load_names_an_item_without_overlay(catalogue: Values, overlay: Values) -> None:
    del overlay["items"]["SJ-002"]

    assert places(catalogue, overlay) == [("SJ-002", "overlay")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda extra: extra.update(office="moon"), "overlay.office"),
        (lambda extra: extra["stages"][1].update(office="moon"), "overlay.stages[1].office"),
        (lambda extra: extra["stages"][1].update({"from": "发卡"}), "overlay.stages[1].from"),
        (lambda extra: extra["stages"].pop(), "stages[1].name"),
        (lambda extra: extra["stages"][0].update(kind="review"), "overlay.stages"),
        (lambda extra: extra["stages"][1].update(duty="agent"), "overlay.stages.decision.duty"),
        (lambda extra: extra["stages"][1].update(on_timeout="consent"), "overlay.stages.decision.on_timeout"),
        (lambda extra: extra["stages"][1].update(pauses=["promised"]), "overlay.stages.decision.pauses"),
        (lambda extra: extra["materials"].update(营业执照={"key": "licence"}), "overlay.materials.营业执照"),
        (lambda extra: extra["materials"]["健康证明"].update(key="id-card"), "materials"),
        (
            lambda extra: extra["materials"]["健康证明"].update(when={"ill": "是"}),
            "overlay.materials.健康证明.when",
        ),
        (lambda extra: extra.update(questions=[{"key": "ill", "label": "有病吗"}]), "overlay.questions.ill"),
        (lambda extra: extra["fields"][0].update(key="phone"), "overlay.fields"),
        (lambda extra: extra["fields"][0].update(kind="choice"), "overlay.fields.stall_name.choices"),
        (lambda extra: extra["fields"][0].pop("purpose"), "overlay.fields[0].purpose"),
        (lambda extra: extra.update(blocks=["person", "moon"]), "overlay.blocks"),
        (lambda extra: extra.update(blocks=[]), "overlay.blocks"),
        (lambda extra: extra.update(field_labels={"moon": "月亮"}), "overlay.field_labels.moon"),
        (lambda extra: extra.update(positive="completed"), "tacit_approval.mode"),
        (lambda extra: extra.update(on_no_answer="withdrawn"), "overlay.no_answer_citation"),
        (lambda extra: extra.update(risks=["minors"]), "overlay.publish_results"),
        (lambda extra: extra.update(pauses={"下雨": {"by_stage": "intake"}}), "overlay.pauses.下雨"),
        (lambda extra: extra.update(omit_stages={"下雨": "不办"}), "overlay.omit_stages.下雨"),
    ],
)
def test_load_checks_every_reference_of_the_overlay(
    change: Any, field: str, catalogue: Values, overlay: Values
) -> None:
    change(overlay["items"]["SJ-002"])

    assert ("SJ-002", field) in places(only(catalogue, "SJ-002"), overlay)


def test_load_refuses_a_material_nobody_can_hand_in(catalogue: Values, overlay: Values) -> None:
    item(catalogue, "SJ-002")["materials"][2]["name"] = "其他有关材料"

    _, errors = load(only(catalogue, "SJ-002"), narrowed(overlay, "SJ-002"))

    assert [(error.field, error.message) for error in errors] == [
        ("materials[2].name", "材料“其他有关材料”含有兜底表述，申请材料必须列明。")
    ]


def test_load_refuses_a_conditional_material_without_its_question(catalogue: Values, overlay: Values) -> None:
    item(catalogue, "SJ-002")["materials"][2]["required"] = "情形必要"

    assert places(only(catalogue, "SJ-002"), overlay) == [("SJ-002", "materials[2].required")]


def test_load_refuses_a_statutory_pause_without_law_in_a_licence(catalogue: Values, overlay: Values) -> None:
    overlay["items"]["LY-001"]["pauses"]["公示7个工作日(地方)"]["clocks"] = ["promised", "statutory"]

    assert places(only(catalogue, "LY-001"), overlay) == [("LY-001", "overlay.pauses.公示")]


def test_load_refuses_a_promise_longer_than_the_law(catalogue: Values, overlay: Values) -> None:
    item(catalogue, "ZR-001")["promised_limit"]["value"] = 30

    assert places(only(catalogue, "ZR-001"), overlay) == [("ZR-001", "promised_limit.value")]


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("MZ-001", 25),
        ("ZR-001", 15),
        ("SJ-002", 3),
        ("RS-001", 0),
        ("SF-001", 30),
        ("ZJ-001", 27),
        ("MZ-011", 10),
    ],
)
def test_longest_path_counts_intake_and_the_slowest_of_each_group(
    code: str, days: int, catalogue: Values, overlay: Values
) -> None:
    assert longest_path(one(catalogue, overlay, code)) == days


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (lambda source, extra: extra.update(summary=""), ["服务内容"]),
        (lambda source, extra: source.update(stages=[]), ["办事程序"]),
        (lambda source, extra: source.update(materials=[]), ["申报材料"]),
        (lambda source, extra: source["promised_limit"].update(value=None, unit=None), ["承诺时限"]),
        (lambda source, extra: source["fee"].update(note=""), ["收费标准和依据"]),
        (lambda source, extra: source["fee"].update(charged=True, amount="10元"), ["收费标准和依据"]),
        (lambda source, extra: source.update(result_document=""), ["办理结果"]),
        (lambda source, extra: None, []),
    ],
)
def test_missing_disclosures_names_what_an_item_keeps_back(
    change: Any, missing: list[str], catalogue: Values, overlay: Values
) -> None:
    change(item(catalogue, "SJ-002"), overlay["items"]["SJ-002"])

    assert missing_disclosures(one(catalogue, overlay, "SJ-002")) == missing


@pytest.mark.parametrize(
    ("length", "unit", "into", "expected"),
    [
        (3, LimitUnit.WORKDAY, LimitUnit.WORKDAY, 3),
        (1, LimitUnit.WORKDAY, LimitUnit.DAY, 3),
        (5, LimitUnit.WORKDAY, LimitUnit.DAY, 7),
        (6, LimitUnit.WORKDAY, LimitUnit.DAY, 10),
        (7, LimitUnit.DAY, LimitUnit.WORKDAY, 7),
        (4, LimitUnit.HOUR, LimitUnit.WORKDAY, 1),
        (25, LimitUnit.HOUR, LimitUnit.DAY, 2),
        (2, LimitUnit.DAY, LimitUnit.HOUR, 48),
        (0, LimitUnit.WORKDAY, LimitUnit.DAY, 0),
        (2, LimitUnit.MONTH, LimitUnit.DAY, 62),
        (1, LimitUnit.MONTH, LimitUnit.WORKDAY, 31),
        (1, LimitUnit.YEAR, LimitUnit.DAY, 372),
        (3, LimitUnit.MONTH, LimitUnit.MONTH, 3),
    ],
)
def test_converted_never_makes_a_step_shorter_than_it_can_be(
    length: int, unit: LimitUnit, into: LimitUnit, expected: int
) -> None:
    assert converted(Limit(length, unit), into) == expected


WEIRD = [None, "", "奇怪", -1, 10**9, 1.5, True, [], ["奇怪"], {}, {"奇怪": 1}, [None], [[]], [{}]]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    return [path, *(leaf for key, entry in inner for leaf in leaves(entry, (*path, key)))]


def test_load_never_breaks_on_a_strange_value(catalogue: Values, overlay: Values) -> None:
    small = {"offices": overlay["offices"], "materials": overlay["materials"], "blocks": overlay["blocks"]}
    small["items"] = {"SJ-002": overlay["items"]["SJ-002"]}
    pair = {"catalogue": only(catalogue, "SJ-002"), "overlay": small}
    for path in leaves(pair):
        if len(path) < 2 or path[:2] in {
            ("overlay", "blocks"),
            ("overlay", "offices"),
            ("overlay", "materials"),
        }:
            continue
        for weird in WEIRD:
            changed = copy.deepcopy(pair)
            place: Any = changed
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = weird
            definitions, errors = load(changed["catalogue"], changed["overlay"])
            assert bool(definitions) != bool(errors), (path, weird)


def test_combine_adds_the_later_file_to_the_earlier() -> None:
    first = {"offices": [1], "items": {"A": 1, "B": 2}}

    assert combine(first, {"offices": [2], "items": {"B": 3}, "laws": {}}) == {
        "offices": [1, 2],
        "items": {"A": 1, "B": 3},
        "laws": {},
    }


def test_read_offices_gives_the_township_and_its_neighbours(overlay: Values) -> None:
    offices, errors = read_offices(overlay)
    named = {office.key: office for office in offices}

    assert errors == []
    assert (named["village-construction"].short, named["village-construction"].own) == ("村建办", True)
    assert (named["natural-resources"].level, named["natural-resources"].own) == ("county-branch", False)


def test_read_offices_refuses_two_of_one_key(overlay: Values) -> None:
    overlay["offices"].append(overlay["offices"][0])

    _, errors = read_offices(overlay)

    assert [error.item_id for error in errors] == ["补充文件"]


def test_read_yaml_refuses_a_key_written_twice(tmp_path: Path) -> None:
    file = tmp_path / "overlay.yaml"
    file.write_text("items:\n  SJ-001: {}\n  SJ-001: {}\n", encoding="utf-8")

    with pytest.raises(ValueError, match="第 3 行：“SJ-001”写了两次"):
        read_yaml(file)


@pytest.mark.parametrize("content", [b"items: [", b"\xff\xfe\x00", b"items: *nobody\n"])
def test_read_yaml_says_what_it_cannot_read(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_bytes(content)

    with pytest.raises(ValueError, match="catalogue.yaml"):
        read_yaml(file)


def test_read_yaml_keeps_dates_as_text(tmp_path: Path) -> None:
    file = tmp_path / "overlay.yaml"
    file.write_text("laws: {行政许可法: 2019-04-23}\n", encoding="utf-8")

    assert read_yaml(file) == {"laws": {"行政许可法": "2019-04-23"}}


def test_read_yaml_says_which_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="读不到文件"):
        read_yaml(tmp_path / "nowhere.yaml")


def test_read_overlay_takes_one_file_as_well_as_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("items: {A: 1}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("items: {B: 2}\n", encoding="utf-8")

    assert read_overlay(tmp_path / "a.yaml") == {"items": {"A": 1}}
    assert read_overlay(tmp_path) == {"items": {"A": 1, "B": 2}}
    (tmp_path / "c.yaml").write_text("- 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="最外层"):
        read_overlay(tmp_path)


def test_only_one_stage_is_the_delivery(catalogue: Values, overlay: Values) -> None:
    after = {"name": "送证", "kind": "deliver", "office": "service-centre", "duty": "window", "counts": False}
    stages, (source, extra) = overlay["items"]["SJ-002"]["stages"], ({**after, "key": "hand"}, {**after, "key": "file"})
    place = next(n for n, stage in enumerate(stages, 1) if stage["kind"] == "decide")
    stages[place:place] = [source, extra]

    _, twice = load(only(catalogue, "SJ-002"), overlay)
    extra["hands_over"] = False
    (once,), errors = load(only(catalogue, "SJ-002"), narrowed(overlay, "SJ-002"))

    assert "送达只能是一个环节；决定以后别的手续，写 hands_over: false。" in [error.message for error in twice]
    assert not [error for error in errors if error.field == "overlay.stages"]
    assert [stage.key for stage in once.stages if stage.hands_over] == ["hand"]
