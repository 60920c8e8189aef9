"""默认方式的启用：each refusal has its own sentence, and what the law allows goes through."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.catalogue import load
from services.catalogue_files import read_overlay, read_yaml
from services.definition import Citation, ItemDefinition, Limit, OnTimeout, Timeout
from services.modes import check_switch_on, proposals

DATA = Path(__file__).resolve().parents[2] / "services" / "data"
TODAY = date(2026, 11, 23)
LOCAL = Citation("示例县政务服务超时默认办法（虚构）", "第三条", "2026-01-15")
REGULATION = Citation("《示例省乡村文化设施条例》（虚构）", "第十八条", "2025-06-01")


@cache
def definitions() -> dict[str, ItemDefinition]:
    overlay = read_overlay(DATA / "overlay")
    found = [load(read_yaml(DATA / name), overlay)[0] for name in ("catalogue.yaml", "demo_items.yaml")]
    return {one.code: one for group in found for one in group}


def refused(
    code: str, mode: OnTimeout, stage: str | None = None, citation: Citation | None = LOCAL, **changes: Any
) -> str:
    definition = replace(definitions()[code], **changes)
    return "".join(check_switch_on(definition, mode, stage, citation, on=TODAY))


@pytest.mark.parametrize(
    ("code", "mode", "stage", "citation"),
    [
        ("SJ-002", OnTimeout.RECORD, None, LOCAL),
        ("NY-002", OnTimeout.RECORD, None, LOCAL),
        ("SJ-001", OnTimeout.RECORD, None, LOCAL),
        ("DEMO-01", OnTimeout.COMPLETE, None, LOCAL),
        ("DEMO-03", OnTimeout.GRANT, None, REGULATION),
        ("ZR-001", OnTimeout.CONSENT, "joint-construction", LOCAL),
        ("ZR-001", OnTimeout.CONSENT, "joint-agriculture", LOCAL),
        ("MZ-001", OnTimeout.ACCEPT, None, LOCAL),
        ("MZ-001", OnTimeout.ACCEPT, "intake", LOCAL),
        ("MZ-001", OnTimeout.ESCALATE, None, None),
    ],
)
def test_switch_on_is_allowed(
    code: str, mode: OnTimeout, stage: str | None, citation: Citation | None
) -> None:
    assert refused(code, mode, stage, citation) == ""


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("RS-001", "由上级机关决定"),
        ("MZ-001", "涉及资金给付，不能自动办结"),
        ("RS-005", "身份核验、资格认证"),
        ("WJ-001", "当场办结，没有可以届满的期限"),
        ("SJ-002", "只用于没有裁量的登记、服务类事项"),
        ("SF-001", "事项审查没有建议“自动办结”"),
    ],
)
def test_complete_is_refused_where_someone_must_judge(code: str, sentence: str) -> None:
    assert sentence in refused(code, OnTimeout.COMPLETE)


def test_none_of_the_five_real_services_may_complete_itself() -> None:
    proposed = [one for one in definitions().values() if one.timeout.proposed == OnTimeout.COMPLETE]
    allowed = [
        one.code for one in proposed if not check_switch_on(one, OnTimeout.COMPLETE, None, LOCAL, on=TODAY)
    ]

    assert allowed == ["DEMO-01"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"risks": ("safety",)}, "涉及公共安全"),
        ({"risks": ("environment",)}, "涉及生态环境"),
        ({"risks": ("land",)}, "涉及土地"),
        ({"risks": ("money",)}, "涉及资金给付"),
        ({"item_type": "行政给付"}, "涉及资金给付"),
        ({"risks": ("third_party",)}, "涉及第三人权益"),
        ({"risks": ("minors",)}, "涉及未成年人"),
        ({"decided_elsewhere": True}, "由上级机关决定"),
        ({"statutory": None}, "没有法定期限"),
        ({"timeout": Timeout()}, "事项审查没有建议“视为准予”"),
    ],
)
def test_grant_is_refused_for_what_silence_must_not_give(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in refused("DEMO-03", OnTimeout.GRANT, citation=REGULATION, **changes)


@pytest.mark.parametrize(
    ("citation", "sentence"),
    [
        (replace(REGULATION, title="示例县展位管理办法"), "规章和文件不能作依据"),
        (replace(REGULATION, title="示例省展位管理规定"), "规章和文件不能作依据"),
        (replace(REGULATION, article=""), "要写明是第几条"),
        (replace(REGULATION, title="示例法"), ""),
    ],
)
def test_grant_needs_a_law_with_its_article(citation: Citation, sentence: str) -> None:
    found = refused("DEMO-03", OnTimeout.GRANT, citation=citation)

    assert sentence in found if sentence else found == ""


@pytest.mark.parametrize(
    ("citation", "sentence"),
    [
        (None, "没有写明依据的文件名称"),
        (replace(LOCAL, title=" "), "没有写明依据的文件名称"),
        (replace(LOCAL, published_on=""), "没有写明依据的公布日期"),
        (replace(LOCAL, published_on="2026年1月"), "2026-01-31 这样的格式"),
        (replace(LOCAL, published_on="2026-11-24"), "公布日期还没有到"),
        (replace(LOCAL, in_force_until="2026-11-22"), "依据已经失效"),
        (replace(LOCAL, published_on="2026-11-23", in_force_until="2026-11-23"), ""),
    ],
)
def test_every_mode_needs_a_citation_in_force(citation: Citation | None, sentence: str) -> None:
    found = refused("SJ-002", OnTimeout.RECORD, citation=citation)

    assert sentence in found if sentence else found == ""


@pytest.mark.parametrize(
    ("code", "stage", "sentence"),
    [
        ("ZR-001", "joint-land", "不是本镇内设机构"),
        ("ZR-001", "joint-land", "法律规定的前置条件（土地管理法第六十二条、第四十四条）"),
        ("ZR-001", "joint-water", "不是本镇内设机构"),
        ("ZR-001", "decision", "最终决定必须明示作出"),
        ("ZR-001", "intake", "受理环节适用“视为受理”"),
        ("ZR-001", "certificate", "只有受理之后、决定之前"),
        ("ZR-001", "site-visit", "要两名以上工作人员到场（行政许可法第三十四条）"),
        ("ZR-001", None, "要指明对哪个会签环节"),
        ("ZR-001", "moon", "要指明对哪个会签环节"),
        ("MZ-001", "village-posting", "公示期满自行结束"),
        ("MZ-001", "family-check", "在镇外办理"),
        ("MZ-001", "first-review", "事项审查没有建议"),
    ],
)
def test_consent_is_only_for_own_offices_before_the_decision(
    code: str, stage: str | None, sentence: str
) -> None:
    assert sentence in refused(code, OnTimeout.CONSENT, stage)


def test_consent_needs_a_limit_to_run_out() -> None:
    house = definitions()["ZR-001"]
    stages = tuple(replace(s, limit=None) if s.key == "joint-construction" else s for s in house.stages)

    assert "没有期限" in refused("ZR-001", OnTimeout.CONSENT, "joint-construction", stages=stages)


@pytest.mark.parametrize(
    ("code", "mode", "stage", "sentence"),
    [
        ("MZ-001", OnTimeout.RECORD, None, "只用于备案、告知类事项"),
        ("ZR-003", OnTimeout.RECORD, None, "不能视为备案即生效"),
        ("SJ-002", OnTimeout.RECORD, "decision", "不能只对一个环节启用"),
        ("ZR-001", OnTimeout.RENEW, None, "只用于行政许可的延续"),
        ("DEMO-02", OnTimeout.RENEW, None, "第五十条直接规定，不用另行启用"),
        ("ZR-001", OnTimeout.ACCEPT, None, "第三十二条直接规定，不用另行启用"),
        ("ZH-001", OnTimeout.ACCEPT, None, "只有办事指南"),
    ],
)
def test_other_modes_keep_to_their_kind(code: str, mode: OnTimeout, stage: str | None, sentence: str) -> None:
    assert sentence in refused(code, mode, stage)


def test_complete_is_refused_for_a_hidden_zero() -> None:
    assert "没有可以届满的期限" in refused("DEMO-01", OnTimeout.COMPLETE, promised=Limit(0))


def test_proposals_are_what_nobody_has_switched_on_yet() -> None:
    assert proposals(definitions()["ZR-001"]) == [
        (OnTimeout.CONSENT, "joint-construction"),
        (OnTimeout.CONSENT, "joint-agriculture"),
    ]
    assert proposals(definitions()["SJ-002"]) == [(OnTimeout.ACCEPT, None), (OnTimeout.RECORD, None)]
    assert proposals(definitions()["DEMO-02"]) == []
