"""通知用语：what each kind of message says; the only placeholder is the case number."""

MESSAGE_TEXTS = {
    "filed": "您的申请 {number} 已收到。",
    "accepted": "您的申请 {number} 已受理。",
    "deemed_accepted": "您的申请 {number} 窗口到期没有答复，依规定视为受理，从收件那天起算。",
    "corrected": "您的申请 {number} 有材料要补，要补的一次写全了，请查看一次性告知书。",
    "supplied": "您补的材料已收到，申请 {number}。",
    "not_accepted": "您的申请 {number} 有结果了：不予受理，理由和救济途径请查看。",
    "not_required": "您的申请 {number} 不需要办理这项手续，请查看说明。",
    "not_ours": "您的申请 {number} 不归我们办，该找谁请查看说明。",
    "paused": "您的申请 {number} 依法中止计时，要停多久、为什么停请查看书面通知。",
    "resumed": "您的申请 {number} 恢复计时。",
    "extended": "您的申请 {number} 依法延长一次，理由请查看书面通知。",
    "step_done": "您的申请 {number} 又走完一步。",
    "consent": "您的申请 {number} 有一个站所到期没有答复，视为没有不同意见，接着往下办。",
    "approved": "您的申请 {number} 有结果了：准予。",
    "refused": "您的申请 {number} 有结果了：不予，理由和救济途径请查看。",
    "recorded": "您的申请 {number} 已备案。",
    "completed": "您的申请 {number} 已办好。",
    "renewed": "您的申请 {number} 已准予延续。",
    "deemed_recorded": "您的申请 {number} 到期没有答复，依规定收讫即备案。",
    "deemed_completed": "您的申请 {number} 到期没有答复，依规定自动办结。",
    "deemed_renewed": "您的申请 {number} 到期没有决定，依法视为准予延续。",
    "deemed_granted": "您的申请 {number} 到期没有决定，依法视为准予。",
    "overdue": "您的申请 {number} 超过了期限，已逾期督办。办理单位要公开说明理由，您可以投诉、复议。",
    "withdrawn": "您的申请 {number} 已撤回。",
    "withdrawn_deemed": "您的申请 {number} 到期没有补来材料，依规定视为撤回。可以重新申请。",
    "delivered": "您的申请 {number} 的结果已送达。",
    "reminder": "申请 {number} 补材料的期限快到了。",
    "card_remind": "提醒：办件 {number} 的期限过半。",
    "card_yellow": "黄牌：办件 {number} 快到期。",
    "card_red": "红牌：办件 {number} 已到期。",
    "assigned": "有新的办件 {number} 到您岗位。",
    "reason_due": "办件 {number} 已逾期，请在3个工作日内公开说明理由。",
    "objection": "办件 {number} 会签有不同意见，请决定人查看。",
    "urged": "申请人催办：办件 {number}。",
    "mandate_ended": "办件 {number} 的委托已由申请人收回，原来代办的人不能再看、再办。",
    "delegated": "您被登记为代理人，请查看交接说明。",
    "phone_changed": "您的登录电话换了。不是您自己换的，请马上打便民电话。",
    "password_changed": "您的登录密码改了。不是您自己改的，请马上打便民电话。",
    "password_reset": "窗口由两位工作人员替您重设了登录密码。不是您要求的，请马上打便民电话。",
}


def message_text(kind: str, number: str) -> str:
    """一条通知的文字; KeyError for a kind without words."""
    return MESSAGE_TEXTS[kind].format(number=number)
