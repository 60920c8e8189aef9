"""事项定义：one immutable version of a service item, as plain values.

The catalogue import builds these from the source list and the reviewed overlay; `to_json`
and `from_json` round-trip them through `ItemVersion.definition`. Everything a running case
needs is in here, so a case is bound to the rules of the day it was filed (事项版本).
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Self, get_args, get_origin, get_type_hints


class LimitUnit(StrEnum):
    """期限单位"""

    WORKDAY = "workday"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"


class OnTimeout(StrEnum):
    """超时默认方式 (engine section 5)"""

    ESCALATE = "escalate"
    ACCEPT = "accept"
    CONSENT = "consent"
    RECORD = "record"
    COMPLETE = "complete"
    RENEW = "renew"
    GRANT = "grant"


class StageKind(StrEnum):
    """环节种类"""

    BEFORE = "before"  # 申请前的事（村级讨论等），只在指南上显示
    INTAKE = "intake"  # 受理：由受理时钟管，不另开环节
    REVIEW = "review"  # 审核、会签、核查、踏勘
    POSTING = "posting"  # 公示：期满自行结束
    DECIDE = "decide"  # 决定：每个事项有且只有一个
    DELIVER = "deliver"  # 决定之后的发证、告知、送达
    AFTER = "after"  # 事后核查、回访，只在指南上显示


class Required(StrEnum):
    """材料必要性"""

    ALWAYS = "always"
    WHEN = "when"  # 情形必要：Material.when holds
    AGENT = "agent"  # 委托办理时必要
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Limit:
    """期限：length in `unit`; basis is the text that sets it."""

    length: int
    unit: LimitUnit = LimitUnit.WORKDAY
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """依据：document, article, publication date (ISO) and, when repealed, its last day in force."""

    title: str
    article: str = ""
    published_on: str = ""
    in_force_until: str = ""


@dataclass(frozen=True, slots=True)
class Timeout:
    """超时怎么办：`mode` is in force; `proposed` is what an import suggested and nobody has switched on yet."""

    mode: OnTimeout = OnTimeout.ESCALATE
    proposed: OnTimeout = OnTimeout.ESCALATE
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """环节：stages with the same `group` run in parallel; the next group opens when all of them have ended."""

    key: str
    name: str
    kind: StageKind
    group: int
    office: str  # office key of the township
    duty: str  # portal.models.Duty value of whoever acts
    limit: Limit | None = None
    counts: bool = True  # 计入承诺时限
    pauses: tuple[str, ...] = ()  # clocks stopped while it runs: "promised", "statutory"
    pause_basis: str = ""
    timeout: Timeout = Timeout()
    own_office: bool = True  # 本镇内设机构，或受上级共同文件约束
    external: bool = False  # 县级等外部环节：结果由代办员登记
    signers: int = 1  # 实地核查两人以上 (行政许可法 34)
    review_days: int = 30  # 上级没有公布期限的，每隔多少个自然日问一次
    hands_over: bool = False  # 送达就是这一步：登记了送达它就办结，不另填意见; False in versions older than the rule
    positive_only: bool = False  # 准了才有的手续：发证、发放、录入，不予的不走; False in versions older than the rule
    when: dict[str, str] = field(default_factory=dict)  # 情形环节：condition key -> answer without which it is not walked
    precondition: str = ""  # 法律把本环节意见规定为前置条件的，写明条文；有它就不能视为无异议
    note: str = ""

    @property
    def is_visit(self) -> bool:
        """是不是上门核查：two officers go (行政许可法 34), and nobody's silence stands for them."""
        return self.kind == StageKind.REVIEW and self.signers > 1 and self.timeout.mode == OnTimeout.ESCALATE


@dataclass(frozen=True, slots=True)
class Material:
    """申请材料"""

    key: str
    name: str
    required: Required
    when: dict[str, str] = field(default_factory=dict)  # condition key -> answer that makes it required
    form: str = ""
    copies: int = 1
    source: str = ""
    deferrable: bool = False  # 可容缺
    by_sharing: bool = False  # 可共享免提交
    by_commitment: bool = False  # 可告知承诺
    note: str = ""

    @property
    def filled_here(self) -> bool:
        """在网上填好的一张表: nothing to hand over, only to sign."""
        return "网上填报" in self.source


@dataclass(frozen=True, slots=True)
class FormField:
    """表单项：`kind` is text, textarea, number, date, choice, yesno, phone, id_number, village."""

    key: str
    label: str
    kind: str
    page: str  # page (part of the application) it stands on
    required: bool = True
    hint: str = ""
    choices: tuple[str, ...] = ()
    purpose: str = ""  # 收集目的 (个人信息保护法 6)
    sensitive: bool = False
    when: dict[str, str] = field(default_factory=dict)
    max_length: int = 200


@dataclass(frozen=True, slots=True)
class Question:
    """情形问题：its answer decides which 情形材料 are needed; `choices` empty means 是/否."""

    key: str
    label: str
    choices: tuple[str, ...] = ("是", "否")
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """收费"""

    charged: bool = False
    note: str = "不收费"
    amount: str = ""
    standard: str = ""
    basis: str = ""
    approving_unit: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """延长"""

    allowed: bool = False
    length: int = 0
    unit: LimitUnit = LimitUnit.WORKDAY
    approver: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class PauseReason:
    """中止事由：`clocks` it stops, the longest time in 自然日, and whether a written notice is needed (it always is)."""

    key: str
    name: str
    clocks: tuple[str, ...]
    basis: str
    max_days: int


@dataclass(frozen=True, slots=True)
class StageLimit:
    """某个渠道上一个环节的期限"""

    stage: str
    limit: Limit


@dataclass(frozen=True, slots=True)
class ChannelLimits:
    """某个渠道自己的期限: online, window, agent or village, in place of the usual promise and limits of steps."""

    channel: str
    promised: Limit
    stages: tuple[StageLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class AcceptsDays:
    """每月受理的日子: from the first to the last of them, both included."""

    first: int
    last: int

    def opens_on(self, day: date) -> date:
        """那天交来的，哪天开始受理: that day inside the window, else the first day of the next one (always one of 1-28)."""
        if day.day < self.first:
            return day.replace(day=self.first)
        if day.day <= self.last:
            return day
        return (day.replace(day=1) + timedelta(days=31)).replace(day=self.first)


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """事项的一个版本：content of the guide and rules of the case in one immutable value."""

    code: str
    name: str
    plain_name: str
    summary: str
    domain: str
    item_type: str  # 行政许可、行政给付……
    handling_type: str  # 即办件、承诺件
    level: str
    audience: tuple[str, ...]  # 个人、企业、村集体
    office: str  # responsible office key
    office_name: str
    decision_authority: str
    decided_elsewhere: bool  # 决定权在上级
    positive: str  # approved | recorded | completed | renewed
    legal_basis: tuple[Citation, ...]
    conditions: tuple[str, ...]
    promised: Limit
    statutory: Limit | None
    intake: Limit
    intake_timeout: Timeout
    timeout: Timeout  # of the promised (record, complete), statutory (grant) clock or the expiry (renew)
    stages: tuple[Stage, ...]
    materials: tuple[Material, ...]
    fields: tuple[FormField, ...]
    questions: tuple[Question, ...]
    fee: Fee
    extension: Extension
    pause_reasons: tuple[PauseReason, ...]
    visits: int
    channels: tuple[str, ...]
    result_document: str
    remedies: tuple[str, ...]
    validity: str = ""
    validity_months: int = 0
    publish_results: str = "none"  # masked | none
    risks: tuple[str, ...] = ()  # safety, environment, land, money, third_party, minors, identity
    online: bool = True  # False: 只是指南，不在这里申请
    fictional: bool = False  # 演示用的虚构事项
    licence: bool = False  # 行政许可
    on_no_answer: str = "decide"  # decide | withdrawn (applicant silent after a correction notice)
    no_answer_citation: str = ""
    answer_days: int = 15  # 补正期限，自然日
    correction_window: int = 10  # 默认准予的更正窗口，工作日
    renewal_days: int = 30  # 延续应提前的自然日
    delivery_days: int = 0  # 决定以后几个工作日里送达 (行政许可法 44、82); 0 in versions older than the rule
    household: bool = False  # 按户申请：申请人去世的，由家里另一位接着办
    same_cause: str = ""  # 同一原因一年一次的，原因写在哪个表单项；再来的照样受理，和上次连起来看
    register_relatives: str = ""  # 工作人员近亲属来申请要单独登记的，写依据
    faq: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()  # 老百姓的叫法，找的时候用：盖房、砍树
    by_channel: tuple[ChannelLimits, ...] = ()  # 分渠道的期限
    accepts_days: AcceptsDays | None = None  # 每月只在这几天受理
    tacit_reason: str = ""  # 逾期后果的说明：为什么是（或不是）默认

    def for_channel(self, channel: str) -> Self:
        """从这个渠道来的，照哪些期限办: this very version where the channel has none of its own."""
        own = next((one for one in self.by_channel if one.channel == channel), None)
        if own is None:
            return self
        limits = {one.stage: one.limit for one in own.stages}
        stages = tuple(dataclasses.replace(s, limit=limits[s.key]) if s.key in limits else s for s in self.stages)
        return dataclasses.replace(self, promised=own.promised, stages=stages)

    def for_answers(self, answers: Mapping[str, str]) -> Self:
        """这样回答情形问题的，走哪些环节: those of another situation are left out."""
        stages = tuple(stage for stage in self.stages if all(answers.get(key) == value for key, value in stage.when.items()))
        return dataclasses.replace(self, stages=stages)

    @property
    def has_situations(self) -> bool:
        """有没有情形环节"""
        return any(stage.when for stage in self.stages)

    def opens_on(self, day: date) -> date:
        """那天交来的，钟从哪天起: the day itself, or the first day on which the item is accepted again."""
        return self.accepts_days.opens_on(day) if self.accepts_days else day

    def stage(self, key: str) -> Stage:
        """环节 by key; KeyError if the version has none."""
        for stage in self.stages:
            if stage.key == key:
                return stage
        raise KeyError(key)

    @property
    def answer_limit(self) -> Limit:
        """窗口多久里答复: the intake limit, or the promise where that is shorter in the same unit."""
        shorter = self.promised.unit == self.intake.unit and self.promised.length < self.intake.length
        return self.promised if shorter else self.intake

    def running_stages(self) -> tuple[Stage, ...]:
        """受理之后真正要走的环节, in order."""
        running = {StageKind.REVIEW, StageKind.POSTING, StageKind.DECIDE, StageKind.DELIVER}
        return tuple(sorted((s for s in self.stages if s.kind in running), key=lambda s: s.group))

    def needed(self, answers: dict[str, str], *, by_agent: bool = False) -> tuple[Material, ...]:
        """按申请人的情形必须有的材料: 必要, 情形必要 whose condition holds, and 委托材料 when filed by an agent."""

        def is_needed(material: Material) -> bool:
            if material.required == Required.WHEN:
                return all(answers.get(key) == value for key, value in material.when.items())
            return material.required == Required.ALWAYS or (material.required == Required.AGENT and by_agent)

        return tuple(material for material in self.materials if is_needed(material))

    def to_json(self) -> dict[str, Any]:
        """转成可存的字典"""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """从存下的字典还原; TypeError or KeyError if the data is not a definition."""
        built: Self = _build(cls, data)
        return built


def _build(kind: Any, data: Any) -> Any:
    if data is None:
        return None
    origin = get_origin(kind)
    if origin is tuple:
        return tuple(_build(get_args(kind)[0], entry) for entry in data)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{key: _build(hints[key], value) for key, value in data.items()})  # type: ignore[operator] # kind is a class
    if origin is dict:
        return dict(data)
    options = [option for option in get_args(kind) if option is not type(None)]
    if options:
        return _build(options[0], data)
    return kind(data) if isinstance(kind, type) and issubclass(kind, StrEnum) else data
