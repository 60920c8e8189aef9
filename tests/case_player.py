"""一件办件的人生，由真人的动作走出来：random lawful, late and unlawful acts of the township's people, at shifted instants.

What was done is written down here a second time, as facts for the literal model: kind and content as they were
asked for, the instant as the ledger has it. A refused act leaves no fact.
"""

import dataclasses
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.facts import CaseState, Fact, StepView
from approvals.loading import fold_application, load_events
from approvals.models import CorrectionNotice, Step
from portal.clock import portal_now
from portal.errors import PortalError
from portal.limits import day_of
from portal.models import PostHolding, User
from portal.numbers import new_number
from services import actions as drafts
from services.definition import ItemDefinition, Material, OnTimeout, PauseReason, Required, StageKind
from services.lifecycle import FINAL, State
from services.models import Application, HowSupplied, ItemVersion, MaterialPoint
from tests.case_histories import LOCAL_LAW, REJECTIONS, Dice, local
from tests.case_rows import make_version, seated
from tests.conftest import TestClock
from tests.factories import make_draft
from tests.world import World

REAL = ("ZR-001", "SJ-002", "MZ-001", "LY-001", "WJ-005", "SF-001")
SWITCHED = (
    ("SJ-002", "item", OnTimeout.RECORD),
    ("ZR-001", "joint-construction", OnTimeout.CONSENT),
    ("ZR-001", "joint-agriculture", OnTimeout.CONSENT),
)
TIMES = (time(0, 0), time(8, 30), time(10, 0), time(16, 50), time(17, 0), time(23, 50))
PAUSES = (
    PauseReason("hearing", "听证", ("promised", "statutory"), "行政许可法第四十五条", 60),
    PauseReason("visit", "现场踏勘", ("promised",), "示例办法（虚构）第九条", 30),
)
ANY = (
    "accept", "opinion", "decide", "correct", "supply", "pause", "resume", "extend", "object_to", "find", "withdraw",
    "reject", "correct_again", "reason", "urge", "deliver",
)  # fmt: skip
FITTING: dict[str, tuple[str, ...]] = {
    "submitted": ("accept",) * 5 + ("correct",) * 3 + ("reject", "withdraw"),
    "correcting": ("supply",) * 4 + ("correct_again", "urge", "reject"),
    "accepted": ("pause", "pause", "resume", "extend", "reason", "withdraw", "urge"),
}
STEPPING = {
    StageKind.REVIEW: ("opinion",) * 4,
    StageKind.DELIVER: ("opinion",) * 2 + ("deliver",) * 2,
    StageKind.DECIDE: ("decide",) * 3,
    StageKind.POSTING: ("object_to", "object_to", "find", "find", "find"),
}
RECORDED = {
    "accept": {"accepted"}, "opinion": {"opinion", "late_opinion"}, "decide": {"decided"}, "correct": {"corrected"},
    "correct_again": {"corrected"}, "supply": {"supplied"}, "pause": {"paused"}, "resume": {"resumed"},
    "extend": {"extended"}, "object_to": {"objected"}, "find": {"found"}, "withdraw": {"withdrawn"},
    "reject": {"rejected"}, "reason": {"reason_published"}, "urge": {"urged"},
    "deliver": {"delivered"},
}  # fmt: skip
TEXT = "情况属实，已经核对过材料"


@dataclasses.dataclass
class Town:
    """一个镇，备好了草稿: templates of real items, and random items that need no filling in."""

    world: World
    clock: TestClock
    templates: list[Application]
    versions: list[ItemVersion]

    def draft(self, dice: Dice) -> Application:
        """一份填好没交的申请, copied: filling one in has its own tests."""
        source = dice.choice(self.templates)
        points = list(MaterialPoint.objects.filter(application=source))
        draft = Application.objects.get(pk=source.pk)
        draft.pk, draft.number, draft._state.adding = None, new_number(), True
        if dice.one_in(2):
            draft.version, points = dice.choice(self.versions), []
            draft.pages_done = []
            draft.expires_on = day_of(portal_now()) + timedelta(days=dice.choice((-1, 0, 5, 10, 29, 30, 31, 45)))
        draft.save()
        for point in points:
            point.pk, point.application, point._state.adding = None, draft, True
        MaterialPoint.objects.bulk_create(points)
        return draft


def build_town(world: World, clock: TestClock, dice: Dice, items: int) -> Town:
    """开通默认方式，备草稿"""
    clock(local(date(2026, 9, 1), time(9, 0)))
    for code, target, way in SWITCHED:
        switch_on(item=world.item(code), target=target, mode=way, citation=LOCAL_LAW, by=world.pi)
    templates = [make_draft(world, code) for code in REAL]
    versions = [make_version(world.item("SJ-002"), _for_acts(dice), 2000 + n) for n in range(items)]
    return Town(world, clock, templates, versions)


def _for_acts(dice: Dice) -> ItemDefinition:
    proof = Material("proof", "证明", Required.OPTIONAL)
    return dataclasses.replace(seated(dice.item(), dice), materials=(proof,), pause_reasons=PAUSES)


class Player:
    """一件办件和围着它做事的人"""

    def __init__(self, town: Town, dice: Dice, begin: datetime) -> None:
        self.world, self.clock, self.dice = town.world, town.clock, dice
        self.facts: list[Fact] = []
        self.done: Counter[str] = Counter()
        self.now = begin
        self.clock(begin)
        self.application = town.draft(dice)
        self.events = 0
        self.attempt("file", self.file, {"filed"})

    def play(self, acts: int) -> None:
        """做几件事，再等一阵"""
        for _ in range(acts):
            self.wait(6)
            kind = self.dice.choice(ANY if self.dice.one_in(5) else self.fitting() or ANY)
            self.attempt(kind, getattr(self, kind), RECORDED[kind])
        self.wait(40)
        self.now += timedelta(minutes=37)
        self.clock(self.now)

    def wait(self, days: int) -> None:
        """等到一个要紧的时刻: the next thing that comes up, a little before or after it, or any day."""
        look = self.state().next_look_at
        moments = [local(day_of(self.now) + timedelta(days=self.dice.randrange(days)), self.dice.choice(TIMES))]
        if look is not None:
            moments += [look, look + timedelta(minutes=3), look - timedelta(minutes=20)]
        self.now = max(self.now, portal_now(), self.dice.choice(moments))
        self.clock(self.now)

    def state(self) -> CaseState:
        """此刻的样子"""
        self.application.refresh_from_db()
        return fold_application(self.application, portal_now())

    def fitting(self) -> list[str]:
        """此刻多半办得成的事"""
        state = self.state()
        return [*FITTING.get(state.state, ()), *(act for step in state.open_steps for act in STEPPING[step.stage.kind])]

    def attempt(self, name: str, act: Callable[[], dict[str, Any]], kinds: set[str]) -> None:
        """试一件事: what the ledger then has beyond what settling wrote is one fact of the right kind, or nothing."""
        try:
            data = act()
        except (PortalError, Unable):
            data = {}
        events = load_events(self.application)
        new = [event for event in events[self.events :] if not event.kind.startswith("effect_")]
        self.events = len(events)
        assert len(new) <= 1 and {event.kind for event in new} <= kinds, (name, [event.kind for event in new])
        for event in new:
            self.done[event.kind] += 1
            self.facts.append(Fact(event.kind, event.recorded_at, data, len(self.facts) + 1))

    # -- who does what ------------------------------------------------------------------------------

    def staff(self, *names: str) -> User:
        """该办的人，偶尔是不该办的"""
        wrong = self.dice.one_in(12)
        return getattr(self.world, self.dice.choice(("gao", "chenb", "shui", "bao")) if wrong else self.dice.choice(names))

    def holder(self, step: StepView) -> User:
        """环节的承办人, or whoever may stand in."""
        row = Step.objects.filter(case__application=self.application, key=step.stage.key, round=step.round).first()
        held = PostHolding.objects.filter(post=row.post).first() if row and row.post else None
        return held.user if held and not self.dice.one_in(8) else self.staff("zhou", "zhen", "chen")

    def step(self, *kinds: StageKind) -> StepView:
        """一个环节, mostly an open one; Unable when the case has none."""
        steps = [step for step in self.state().steps if step.stage.kind in kinds]
        found = [step for step in steps if step.status == "open"] or steps
        if not found:
            raise Unable
        return self.dice.choice(found)

    def file(self) -> dict[str, Any]:
        actions.file(application=self.application, by=self.world.an, key=uuid4().hex)
        data: dict[str, Any] = {"received_on": day_of(self.now).isoformat(), "complete": True}
        return data | ({"expires_on": self.application.expires_on.isoformat()} if self.application.expires_on else {})

    def accept(self) -> dict[str, Any]:
        actions.accept(application=self.application, by=self.staff("wang", "chen"))
        return {}

    def points(self) -> list[tuple[str, str]]:
        materials = self.application.rules.materials
        return [(material.key, "看不清，请重拍") for material in materials[: self.dice.randint(1, 2)]]

    def correct(self) -> dict[str, Any]:
        actions.correct(application=self.application, by=self.staff("wang", "chen"), points=self.points())
        return {}

    def correct_again(self) -> dict[str, Any]:
        if not self.state().corrections:
            raise Unable
        words = "申请人自己请求再说明一次"
        actions.correct(application=self.application, by=self.staff("du"), points=self.points(), override=words)
        return {"override": True}

    def supply(self) -> dict[str, Any]:
        notice = CorrectionNotice.objects.filter(case__application=self.application, override=None).first()
        if notice is None:
            raise Unable
        listed = [point["key"] for point in notice.points]
        brought = listed if self.dice.one_in(2) else listed[:1]
        for key in brought:
            drafts.set_point(application=self.application, material=key, how=HowSupplied.WINDOW)
        known = MaterialPoint.objects.filter(application=self.application, key__in=listed, supplied_at__gte=notice.sent_at)
        actions.supply(application=self.application, by=self.dice.choice((self.world.an, self.world.chen)))
        return {"complete": known.count() == len(listed)}

    def reject(self) -> dict[str, Any]:
        outcome = State(self.dice.choice(REJECTIONS))
        words = {"facts": "不在本镇受理范围内", "legal_basis": "行政许可法第三十二条", "where": "县局一楼，0000-555 0300"}
        actions.reject(application=self.application, by=self.staff("wang"), outcome=outcome, **words)
        return {"outcome": outcome.value}

    def opinion(self) -> dict[str, Any]:
        step = self.step(StageKind.REVIEW, StageKind.DELIVER)
        data = {"step": step.stage.key, "outcome": self.dice.choice(("agree", "agree", "object", "done"))}
        by = self.holder(step)
        actions.give_opinion(application=self.application, by=by, text=TEXT, second_signer="孙示例", **data)
        return data

    def deliver(self) -> dict[str, Any]:
        if self.dice.one_in(2):
            actions.confirm_delivery(application=self.application, by=self.world.an)
        else:
            actions.deliver(application=self.application, by=self.staff("wang"), how="mail", receipt="EY0000000")
        return {}

    def decide(self) -> dict[str, Any]:
        step, outcome = self.step(StageKind.DECIDE), self.dice.choice(("approve", "approve", "refuse"))
        words = {"facts": TEXT, "legal_basis": "土地管理法第六十二条", "document_number": "示审〔2026〕1号"}
        actions.decide(application=self.application, by=self.holder(step), outcome=outcome, seen=True, **words)
        return {"step": step.stage.key, "outcome": outcome}

    def pause(self) -> dict[str, Any]:
        reasons = self.application.rules.pause_reasons
        if not reasons:
            raise Unable
        reason, ordinal = self.dice.choice(reasons), 1 + sum(fact.kind == "paused" for fact in self.facts)
        until = day_of(self.now) + timedelta(days=self.dice.randint(1, 9))
        notice, running = "需要听证，约几天", self.state().open_steps
        view = self.dice.choice(running) if running else None
        by, second = self.holder(view) if view else self.staff("chen", "wang"), self.world.zhen
        step = view.stage.key if view else ""
        actions.pause(
            application=self.application, by=by, reason=reason.key, until=until, notice=notice, second=second, step=step
        )
        return {"id": f"pause{ordinal}", "clocks": list(reason.clocks), "until": until.isoformat(), "step": step}

    def resume(self) -> dict[str, Any]:
        stopped = [pause for pause in self.state().pauses if pause.by_notice and pause.ended_on is None]
        if not stopped:
            raise Unable
        pause = self.dice.choice(stopped)
        view = self.state().step(pause.step)
        by = self.holder(view) if view else self.staff("chen", "wang")
        actions.resume(application=self.application, by=by, pause=pause.id)
        return {"id": pause.id}

    def extend(self) -> dict[str, Any]:
        length = self.dice.randint(1, 10)
        actions.extend(application=self.application, by=self.staff("zhen"), length=length, reason="案情复杂需要延长")
        return {"length": length}

    def object_to(self) -> dict[str, Any]:
        step = self.step(StageKind.POSTING)
        actions.object_to(application=self.application, step=step.stage.key, by=self.holder(step), text="面积写得不对")
        return {"step": step.stage.key}

    def find(self) -> dict[str, Any]:
        step = self.step(StageKind.POSTING)
        actions.find(application=self.application, step=step.stage.key, by=self.holder(step), text=TEXT)
        return {"step": step.stage.key}

    def withdraw(self) -> dict[str, Any]:
        by = self.world.bao if self.dice.one_in(2) else self.world.an
        actions.withdraw(application=self.application, by=by, reason="家里商量后不办了")
        return {}

    def reason(self) -> dict[str, Any]:
        words = "人手不足，正在抓紧办理"
        actions.publish_reason(application=self.application, by=self.staff("zhen"), text=words)
        return {}

    def urge(self) -> dict[str, Any]:
        if self.state().state in FINAL:
            raise Unable
        actions.urge(application=self.application, by=self.world.an)
        return {}


class Unable(Exception):
    """没有可做的对象: nothing is asked of the product."""
