"""造规则：small item definitions for pure tests of the fold."""

from typing import Any

from services.definition import (
    Citation,
    Extension,
    Fee,
    ItemDefinition,
    Limit,
    LimitUnit,
    OnTimeout,
    PauseReason,
    Stage,
    StageKind,
    Timeout,
)

CITED = Citation("示例办法（虚构）", "第一条", "2026-01-05")


def days(length: int, unit: LimitUnit = LimitUnit.WORKDAY) -> Limit:
    """期限"""
    return Limit(length, unit)


def mode(value: OnTimeout) -> Timeout:
    """开通了的默认方式"""
    return Timeout(value, value, CITED)


def stage(key: str, group: int, kind: StageKind = StageKind.REVIEW, limit: Limit | None = None, **more: Any) -> Stage:
    """环节"""
    return Stage(key=key, name=f"环节{key}", kind=kind, group=group, office="office", duty="review", limit=limit, **more)


def definition(**changes: Any) -> ItemDefinition:
    """一个普通的审批事项: 5 days intake, 15 promised, 20 statutory, one decision of 3 days."""
    values: dict[str, Any] = {
        "code": "T-1",
        "name": "测试事项",
        "plain_name": "测试",
        "summary": "测试",
        "domain": "测试",
        "item_type": "行政许可",
        "handling_type": "承诺件",
        "level": "乡镇",
        "audience": ("个人",),
        "office": "office",
        "office_name": "站所",
        "decision_authority": "乡镇人民政府",
        "decided_elsewhere": False,
        "positive": "approved",
        "legal_basis": (CITED,),
        "conditions": (),
        "promised": days(15),
        "statutory": days(20),
        "intake": days(5),
        "intake_timeout": mode(OnTimeout.ACCEPT),
        "timeout": Timeout(),
        "stages": (stage("decide", 1, StageKind.DECIDE, days(3)),),
        "materials": (),
        "fields": (),
        "questions": (),
        "fee": Fee(),
        "extension": Extension(True, 10),
        "pause_reasons": (PauseReason("hearing", "听证", ("promised", "statutory"), "行政许可法第四十五条", 60),),
        "visits": 1,
        "channels": ("窗口",),
        "result_document": "决定书",
        "remedies": ("60日内申请行政复议",),
        "licence": True,
    }
    return ItemDefinition(**{**values, **changes})
