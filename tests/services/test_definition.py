"""事项定义：every version survives storage unchanged, and asks for what the answers make necessary."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from services.catalogue import load
from services.catalogue_files import read_overlay, read_yaml
from services.definition import Citation, ItemDefinition, OnTimeout, StageKind, Timeout

DATA = Path(__file__).resolve().parents[2] / "services" / "data"


@cache
def definitions() -> dict[str, ItemDefinition]:
    overlay = read_overlay(DATA / "overlay")
    found = [load(read_yaml(DATA / name), overlay)[0] for name in ("catalogue.yaml", "demo_items.yaml")]
    return {one.code: one for group in found for one in group}


def stored(definition: ItemDefinition) -> ItemDefinition:
    return ItemDefinition.from_json(json.loads(json.dumps(definition.to_json(), ensure_ascii=False)))


def test_every_item_comes_back_from_storage_unchanged() -> None:
    changed = [code for code, one in definitions().items() if stored(one) != one]

    assert len(definitions()) == 45
    assert changed == []


def test_a_mode_switched_on_comes_back_with_its_citation() -> None:
    citation = Citation("示例县一次性告知办法（虚构）", "第六条", "2026-01-15", "2027-12-31")
    switched = replace(definitions()["SJ-002"], timeout=Timeout(OnTimeout.RECORD, OnTimeout.RECORD, citation))

    assert stored(switched).timeout.citation == citation
    assert stored(switched).timeout.mode is OnTimeout.RECORD


def test_from_json_refuses_what_is_no_definition() -> None:
    with pytest.raises((TypeError, KeyError)):
        ItemDefinition.from_json({"code": "SJ-002", "colour": "红"})


def test_needed_asks_for_conditional_materials_only_when_the_answer_says_so() -> None:
    house = definitions()["ZR-001"]

    def asked(**answers: str) -> set[str]:
        return {material.key for material in house.needed(answers)}

    assert asked(neighbours="是", rebuild="否") - asked(neighbours="否", rebuild="否") == {
        "neighbour-consent"
    }
    assert asked(rebuild="是") - asked() == {"old-title"}


def test_needed_asks_for_the_authorisation_only_of_an_agent() -> None:
    allowance = definitions()["MZ-001"]
    by_self = allowance.needed({})
    by_agent = allowance.needed({}, by_agent=True)

    assert [material.key for material in by_agent if material not in by_self] == ["agent-authorisation"]


def test_running_stages_leave_out_what_comes_before_and_after() -> None:
    house = definitions()["ZR-001"]

    assert [stage.key for stage in house.running_stages()] == [
        "site-visit",
        "joint-construction",
        "joint-agriculture",
        "joint-land",
        "joint-water",
        "decision",
        "certificate",
    ]
    assert house.stage("intake").kind == StageKind.INTAKE


def test_stage_knows_no_stranger() -> None:
    with pytest.raises(KeyError):
        definitions()["ZR-001"].stage("moon")
