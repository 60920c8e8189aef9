"""台账用语：what each kind of event says in the list of a case. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

EVENT_WORDS = {
    "filed": "收件",
    "accepted": "受理",
    "corrected": "发出一次性告知书",
    "supplied": "补来材料",
    "rejected": "作出不予受理等决定",
    "opinion": "填意见",
    "late_opinion": "补填迟到的意见",
    "decided": "作出决定",
    "paused": "中止计时",
    "resumed": "恢复计时",
    "extended": "延长一次",
    "withdrawn": "撤回申请",
    "terminated": "终止",
    "objected": "登记公示异议",
    "found": "异议核查结论，再公示",
    "died": "登记申请人去世",
    "passed": "转给家里另一位接着办",
    "duplicate": "登记重复件",
    "recused": "依法回避，转给下一位",
    "relative_registered": "申请人是工作人员近亲属，单独登记",
    "linked": "同一原因一年里再次申请，和前一件连起来看",
    "served": "一次性告知书送到",
    "absent": "上门核查，申请人不在，这一步按时论",
    "limits_moved": "放假安排变了，期限跟着改",
    "reason_published": "公开逾期理由",
    "delivered": "结果送达",
    "receipt_confirmed": "第二人核对了补登的收件日",
    "rectified": "更正默认结果，原来的记录不变",
    "revoked": "撤销，原来的记录不变",
    "renounced": "申请人放弃结果",
    "urged": "申请人催办",
    "mandate_ended": "申请人收回委托",
    "effect_accept": "到期没有答复，视为受理",
    "effect_consent": "到期没有答复，视为无异议",
    "effect_record": "到期没有答复，收讫即备案",
    "effect_complete": "到期没有答复，自动办结",
    "effect_renew": "到期没有决定，视为准予延续",
    "effect_grant": "到期没有决定，视为准予",
    "effect_escalate": "到期没有办，逾期督办",
    "effect_posted": "公示期满，没有异议",
    "effect_lapse": "到期没有补来，视为撤回",
    "effect_decide": "到期没有补来，按手头材料接着办",
    "effect_review": "到了复看的日子，问上级",
    "effect_expiring": "有效期快到了，提醒申请人",
    "effect_remind": "提醒抓紧",
    "effect_yellow": "黄牌：快到期",
    "effect_red": "红牌：已到期",
    "effect_raised": "该公开的逾期理由没有按时公开，报镇领导",
}
OUTCOMES = {
    "agree": "无意见",
    "object": "有意见",
    "done": "已办",
    "approve": "准予",
    "refuse": "不予",
    "not_accepted": "不予受理",
    "not_required": "不需办理",
    "not_ours": "不属本机关",
    "forwarded": "转送",
}
CLOCKS = {
    "intake": "窗口答复",
    "promised": "承诺",
    "statutory": "法定",
    "expiry": "原许可到期",
    "answer": "补正",
    "delivery": "送达",
    "serve": "送达告知书",
    "reason": "逾期理由",
}


def event_words(kind: str, payload: Mapping[str, Any], stages: Mapping[str, str]) -> str:
    """一条台账的话: what happened, in which step, with which outcome."""
    parts = [EVENT_WORDS.get(kind, kind)]
    place = str(payload.get("step") or payload.get("clock") or "")
    name = stages.get(place) or CLOCKS.get(place, "")
    if name:
        parts.append(name)
    outcome = OUTCOMES.get(str(payload.get("outcome", "")), "")
    if outcome:
        parts.append(outcome)
    if payload.get("declared"):
        parts.append(f"纸件{_day(payload, 'received_on')}就收到了，补登")
    if kind == "paused":
        parts.append(f"{payload.get('reason', '')}，到{_day(payload, 'until')}")
    if payload.get("blocked"):
        parts.append(str(payload["blocked"]))
    return "：".join(parts[:2]) + "".join(f"，{part}" for part in parts[2:])


def _day(payload: Mapping[str, Any], key: str) -> str:
    if not payload.get(key):
        return ""
    day = date.fromisoformat(payload[key])
    return f"{day.year}年{day.month}月{day.day}日"
