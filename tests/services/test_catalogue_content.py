"""目录内容：what a clerk would check in the reviewed list, item by item."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from services.catalogue import load
from services.catalogue_files import read_overlay, read_yaml
from services.definition import ItemDefinition, Limit, OnTimeout, Required, Stage, StageKind
from services.guide import answer_text
from services.search import query_tokens, tokens_of

DATA = Path(__file__).resolve().parents[2] / "services" / "data"


@cache
def definitions() -> dict[str, ItemDefinition]:
    overlay = read_overlay(DATA / "overlay")
    found = [load(read_yaml(DATA / name), overlay)[0] for name in ("catalogue.yaml", "demo_items.yaml")]
    return {one.code: one for group in found for one in group}


def codes(test: Callable[[ItemDefinition], bool]) -> set[str]:
    return {code for code, one in definitions().items() if test(one)}


def test_only_the_information_request_is_a_guide() -> None:
    assert codes(lambda one: not one.online) == {"ZH-001"}


def test_every_item_decides_exactly_once() -> None:
    assert codes(lambda one: [s.kind for s in one.stages].count(StageKind.DECIDE) != 1) == set()


def test_after_a_refusal_only_the_written_notice_of_a_minimum_living_allowance_is_a_step() -> None:
    handed = [(code, stage) for code, one in definitions().items() for stage in one.stages if stage.kind == StageKind.DELIVER]

    assert {(code, stage.key) for code, stage in handed if not stage.positive_only} == {("MZ-001", "notice")}
    assert {code for code, stage in handed if stage.positive_only} == {
        "MZ-005", "MZ-006", "WJ-005", "ZR-001", "NY-005", "ZJ-001", "TY-001", "SF-002", "SJ-001", "DEMO-02",
    }  # fmt: skip
    assert codes(lambda one: any(s.positive_only for s in one.stages if s.kind != StageKind.DELIVER)) == set()
    assert codes(lambda one: not one.delivery_days) == set()  # so a refusal always has its clock of delivery


def test_what_the_licensing_law_says_is_in_force_and_all_else_only_proposed() -> None:
    in_force = codes(lambda one: one.intake_timeout.mode == OnTimeout.ACCEPT)
    proposed = codes(lambda one: one.intake_timeout.mode == OnTimeout.ESCALATE)

    assert in_force == codes(lambda one: one.licence)
    assert proposed == codes(lambda one: not one.licence)
    assert codes(lambda one: one.intake_timeout.proposed != OnTimeout.ACCEPT) == set()
    assert codes(lambda one: one.timeout.mode != OnTimeout.ESCALATE) == {"DEMO-02"}
    assert codes(lambda one: any(stage.timeout.mode != OnTimeout.ESCALATE for stage in one.stages)) == set()


def test_a_law_that_is_in_force_is_cited_with_its_date() -> None:
    citations = {one.intake_timeout.citation for one in definitions().values() if one.licence}

    assert {(c.title, c.article, c.published_on) for c in citations if c} == {
        ("行政许可法", "第三十二条", "2019-04-23")
    }


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (OnTimeout.RECORD, {"SJ-001", "SJ-002", "NY-002"}),
        (OnTimeout.COMPLETE, {"RS-001", "RS-003", "RS-005", "YB-001", "WJ-001", "DEMO-01"}),
        (OnTimeout.RENEW, {"DEMO-02"}),
        (OnTimeout.GRANT, {"DEMO-03"}),
    ],
)
def test_proposed_modes_are_those_of_the_source(mode: OnTimeout, expected: set[str]) -> None:
    assert codes(lambda one: one.timeout.proposed == mode) == expected


def test_house_plot_lets_two_own_offices_fall_silent_and_no_other() -> None:
    house = definitions()["ZR-001"]
    joint = [stage for stage in house.stages if stage.key.startswith("joint-")]

    assert len({stage.group for stage in joint}) == 1
    assert {stage.office: stage.timeout.proposed for stage in joint} == {
        "village-construction": OnTimeout.CONSENT,
        "agriculture": OnTimeout.CONSENT,
        "natural-resources": OnTimeout.ESCALATE,
        "water": OnTimeout.ESCALATE,
    }
    assert codes(lambda one: any(s.timeout.proposed == OnTimeout.CONSENT for s in one.stages)) == {"ZR-001"}
    assert house.stage("site-visit").signers == 2


def test_licences_are_public_and_children_and_illness_never() -> None:
    hidden = {"MZ-003", "MZ-007", "MZ-008", "MZ-009", "MZ-010", "CL-001", "YB-002", "WJ-004", "WJ-006"}

    assert codes(lambda one: one.licence and one.publish_results != "masked") == set()
    assert all(definitions()[code].publish_results == "none" for code in hidden)
    assert definitions()["SJ-002"].publish_results == "masked"


def test_children_are_never_posted() -> None:
    children = codes(lambda one: "minors" in one.risks)

    assert children == {"MZ-009", "MZ-010", "WJ-006"}
    assert not any(
        stage.kind == StageKind.POSTING for code in children for stage in definitions()[code].stages
    )


def test_outside_stages_are_registered_by_the_agent() -> None:
    outside = [stage for one in definitions().values() for stage in one.stages if stage.external]

    assert outside
    assert {stage.duty for stage in outside} == {"agent"}
    assert {stage.own_office for stage in outside} == {False}


def test_items_of_another_level_are_decided_there_or_registered_here_at_once() -> None:
    here = codes(lambda one: one.decided_elsewhere and not decision(one).external)

    assert here == {"RS-001", "RS-003", "RS-005", "YB-001"}
    assert codes(lambda one: not one.decided_elsewhere and decision(one).external) == set()


def decision(one: ItemDefinition) -> Stage:
    return next(stage for stage in one.stages if stage.kind == StageKind.DECIDE)


def test_forms_ask_enough_and_never_twice() -> None:
    online = [one for one in definitions().values() if one.online]
    labels = {one.code: [*(f.label for f in one.fields), *(q.label for q in one.questions)] for one in online}
    own = {one.code: [field for field in one.fields if field.page != "申请人"] for one in online}

    assert {code for code, asked in labels.items() if len(asked) != len(set(asked))} == set()
    assert {code for code, fields in own.items() if len(fields) < 3} == set()
    assert {one.code for one in online if not all(field.purpose for field in one.fields)} == set()


def test_forms_mark_what_the_privacy_law_calls_sensitive() -> None:
    keys = {
        "child_name",
        "child_id_number",
        "household_members",
        "disability_level",
        "face_consent",
        "father_state",
    }
    fields = [field for one in definitions().values() for field in one.fields]

    assert {field.key for field in fields if field.key in keys and not field.sensitive} == set()


def test_every_case_material_has_its_question() -> None:
    for one in definitions().values():
        for material in one.materials:
            assert (material.required == Required.WHEN) == bool(material.when), f"{one.code} {material.name}"


def test_texts_are_in_chinese_punctuation() -> None:
    for one in definitions().values():
        texts = [one.summary, *one.conditions, *one.caveats, *one.remedies, one.result_document]
        texts += [material.name for material in one.materials] + [stage.name for stage in one.stages]
        assert not [text for text in texts if set(text) & set("(),;")], one.code


def test_posting_tells_what_is_hidden() -> None:
    assert definitions()["MZ-001"].stage("village-posting").note == (
        "在村（社区）公示栏公示申请人姓名、家庭人口、拟救助金额；不公示身份证号、疾病、残疾、未成年人信息。"
    )


def test_every_posting_says_what_it_shows() -> None:
    postings = [s for one in definitions().values() for s in one.stages if s.kind == StageKind.POSTING]

    assert [stage.key for stage in postings if not stage.note] == []


def test_plain_names_are_short_and_different() -> None:
    names = [one.plain_name for one in definitions().values()]

    assert len(names) == len(set(names))
    assert max(map(len, names)) <= 15


def test_statutory_clocks_of_licences_stop_only_by_law() -> None:
    stops = {
        (one.code, reason.basis)
        for one in definitions().values()
        if one.licence
        for reason in one.pause_reasons
        if "statutory" in reason.clocks
    }

    assert {basis for _, basis in stops} == {"行政许可法第四十五条", "土地管理法第四十四条"}
    assert ("ZR-001", "土地管理法第四十四条") in stops


def test_limits_do_not_quote_other_places() -> None:
    bases = {one.promised.basis for one in definitions().values()}
    bases |= {one.statutory.basis for one in definitions().values() if one.statutory}

    assert not [basis for basis in bases if "样例：" in basis or "县公开" in basis]
    assert definitions()["RS-001"].promised.basis == "本镇公开承诺（当场办结）"
    assert definitions()["ZR-001"].statutory == Limit(20, basis="行政许可法第四十二条")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("盖房", "ZR-001"), ("盖房子", "ZR-001"), ("砍树", "LY-001"), ("卖早点", "SJ-002"), ("小吃", "SJ-002"),
        ("老人补贴", "MZ-006"), ("坟", "MZ-011"), ("贫困", "MZ-001"), ("打官司", "SF-002"), ("残疾证", "CL-001"),
    ],
)  # fmt: skip
def test_what_people_call_it_finds_it(said: str, code: str) -> None:
    rules = definitions()[code]

    assert set(query_tokens(said)) <= set(tokens_of(rules, rules.office_name))


@pytest.mark.parametrize(("code", "words"), [("SJ-002", "3个工作日里"), ("ZR-001", "5个工作日里")])
def test_the_first_answer_is_never_promised_later_than_the_whole(code: str, words: str) -> None:
    assert answer_text(definitions()[code]) == words
    assert codes(lambda one: one.promised.unit == one.intake.unit and one.answer_limit.length > one.promised.length) == set()
