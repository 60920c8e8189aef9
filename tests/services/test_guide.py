"""指南的流程图：days add up, and silence is told by the mode in force, never by one merely proposed."""

import dataclasses

import pytest

from services.definition import ItemDefinition, Material, OnTimeout, Required, StageKind, Timeout
from services.guide import FlowStage, flow_of, limit_cells, limit_text, material_rows, tags_of
from tests.world import catalogue

OFFICES = {office.key: office.name for office in catalogue()[1]}


def rules_of(code: str) -> ItemDefinition:
    """某个事项的定义"""
    found: ItemDefinition = next(definition for definition in catalogue()[0] if definition.code == code)
    return found


def switched(rules: ItemDefinition, key: str, mode: OnTimeout) -> ItemDefinition:
    """某个环节启用了默认方式"""
    stages = tuple(
        dataclasses.replace(stage, timeout=Timeout(mode, mode)) if stage.key == key else stage for stage in rules.stages
    )
    return dataclasses.replace(rules, stages=stages)


def stage(rules: ItemDefinition, number: str) -> FlowStage:
    """流程的第几步"""
    return next(step for step in flow_of(rules, OFFICES) if step.number == number)


def test_homestead_steps_add_up_to_the_promise() -> None:
    steps = [(s.number, s.limit_text, s.days_text, s.kind) for s in flow_of(rules_of("ZR-001"), OFFICES)]

    assert steps == [
        ("先", "", "申请前办，不算在15个工作日里", "off"),
        ("1", "1个工作日", "第1天", "step"),
        ("2", "5个工作日", "第2—6天", "step"),
        ("3", "5个工作日", "第7—11天", "step"),
        ("4", "3个工作日", "第12—14天", "step"),
        ("5", "1个工作日", "第15天", "last"),
    ]


def test_own_days_are_marked_on_the_strip() -> None:
    cells = stage(rules_of("ZR-001"), "2").cells

    assert [cell.number for cell in cells if cell.state == "gone"] == [2, 3, 4, 5, 6]
    assert len(cells) == 15


def test_proposed_consent_is_shown_as_no_consent() -> None:
    silence = stage(rules_of("ZR-001"), "3").silence

    assert silence is not None
    assert (silence.arrow, silence.title) == ("↑", "超时：督办，不算同意。")


def test_switched_on_consent_names_who_it_is_for() -> None:
    silence = stage(switched(rules_of("ZR-001"), "joint-construction", OnTimeout.CONSENT), "3").silence

    assert silence is not None
    assert silence.arrow == "→"
    assert "村镇建设办公室不回话：视为没有不同意见，不等于批准" in silence.text
    assert "自然资源所、水利站不回话：督办，不算同意。" in silence.text


@pytest.mark.parametrize(
    ("mode", "title"),
    [
        (OnTimeout.ESCALATE, "超时：督办，不算批准。"),
        (OnTimeout.RECORD, "超时：收讫即备案。"),
        (OnTimeout.COMPLETE, "超时：自动办结。"),
        (OnTimeout.GRANT, "超时：视为准予。"),
        (OnTimeout.RENEW, "超时：视为准予延续。"),
    ],
)
def test_decision_silence_follows_the_mode(mode: OnTimeout, title: str) -> None:
    rules = dataclasses.replace(rules_of("ZR-001"), timeout=Timeout(mode, mode))

    silence = stage(rules, "4").silence

    assert silence is not None
    assert silence.title == title


def test_intake_silence_of_a_licence_is_acceptance() -> None:
    silence = stage(rules_of("ZR-001"), "1").silence

    assert silence is not None
    assert (silence.title, silence.text) == (
        "超时：视为受理。", "5个工作日没有一次说清要补什么，从收到申请那天起就算受理。",
    )  # fmt: skip


@pytest.mark.parametrize("code", [definition.code for definition in catalogue()[0]])
def test_every_item_is_drawn(code: str) -> None:
    rules = rules_of(code)

    steps = flow_of(rules, OFFICES)

    assert all(step.name and (step.office or step.parallel) for step in steps)
    assert max((step.days[1] for step in steps), default=0) <= max(rules.promised.length, 0)
    kinds = {s.kind for s in rules.stages}
    assert StageKind.INTAKE not in kinds or any("受理" in s.name or s.silence for s in steps)


def test_two_limits_on_one_strip() -> None:
    cells = limit_cells(rules_of("ZR-001"))

    assert len(cells) == 20
    assert [cell.number for cell in cells if cell.state in {"promised", "legal"}] == [15, 20]
    assert limit_cells(rules_of("SF-001")) == ()  # 自然日


def test_limit_is_written_with_its_unit() -> None:
    rules = rules_of("SF-001")

    assert limit_text(rules.promised) == "30个自然日"
    assert limit_text(None) == ""
    assert limit_text(rules_of("RS-001").promised) == "当场"


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ({}, ["必须交"]),
        ({"by_sharing": True}, ["免提交"]),
        ({"deferrable": True, "by_commitment": True}, ["可容缺", "可承诺"]),
        ({"required": Required.OPTIONAL}, ["可不交"]),
    ],
)
def test_material_carries_its_marks(marks: dict[str, object], words: list[str]) -> None:
    material = Material(**{"key": "m", "name": "材料", "required": Required.ALWAYS, **marks})  # type: ignore[arg-type] # a test's shorthand

    assert [tag.text for tag in tags_of(material)] == words


@pytest.mark.parametrize("code", ["ZR-001", "SJ-002"])
def test_what_the_government_looks_up_is_asked_of_nobody(code: str) -> None:
    rules = rules_of(code)
    free = {material.key for material in rules.materials if material.by_sharing}

    assert free and any(material.note for material in rules.materials if material.by_sharing)
    for row, material in zip(material_rows(rules), rules.materials, strict=True):
        looked_up = ("政府部门自己查，查不到才请您带", "")
        assert (row.source, row.note) == (looked_up if row.key in free else (material.source, material.note))


def test_a_step_of_one_situation_says_whose_it_is_and_that_its_silence_takes_nothing_away() -> None:
    report = stage(rules_of("SJ-001"), "3")

    assert (report.name, report.limit_text) == ("规模较大的上报县里", "4小时")
    assert report.office.endswith("（最多的一顿是不是有100人以上：是，才有这一步）")
    assert report.silence is not None and report.silence.text == "报负责人督办，给经办人记牌；您的结果不受影响。"
    assert "才有这一步" not in stage(rules_of("SJ-001"), "2").office
