"""两个动作同时来：whatever the order of their statements, one lawful outcome; without its lock each pair goes wrong."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import psycopg2
import pytest
from django.test import override_settings

from approvals import actions, sweeping
from approvals.actions.calendars import publish_notice
from approvals.loading import load_events
from approvals.models import Decision
from portal.calendar_data import read_notice
from portal.calendar_import import add_version
from portal.clock import portal_now
from portal.models import CalendarVersion, Delegation
from services import actions as drafts
from services.models import Application, HowSupplied
from tests.approvals.deeds import accepted_house, accepted_stall, filed_stall
from tests.conftest import CLONE, TestClock, superuser_url
from tests.factories import at, file_application, first_step
from tests.interleaving import Meeting, Prepare, Race, find_fault_without_locks, meet_everywhere
from tests.killing import say
from tests.world import World

Judge = Callable[[Meeting], list[str]]
EVE, END = at("2026-11-26", "23:59"), at("2026-11-27", "00:00:01")


def kinds(application: Application) -> list[str]:
    """台账里都有什么"""
    return [event.kind for event in load_events(application)]


def exactly_one(application: Application, *expected: tuple[str, str]) -> Judge:
    """恰好发生了一种: pairs of (ledger kind, who must have answered OK for it, or "" for the clock itself)."""

    def judge(meeting: Meeting) -> list[str]:
        found = [(kind, who) for kind, who in expected for _ in range(kinds(application).count(kind))]
        if len(found) != 1:
            return [f"应当恰好一种结果，却是{found}"]
        winner = found[0][1]
        people = {who for _, who in expected if who}
        wrong = [who for who in people if meeting.done(who) is not (who == winner)]
        return [f"{who}得到的回答和记下的不一样" for who in wrong]

    return judge


def decide_and_sweep(world: World, clock: TestClock) -> Race:
    """决定，和期限届满的默认"""
    stall = accepted_stall(world, clock)
    clock(EVE)
    return Race(
        acts={
            "决定": lambda: actions.decide(application=stall, by=world.shi, outcome="approve", seen=True),
            "巡查": sweeping.sweep,
        },
        judge=exactly_one(stall, ("decided", "决定"), ("effect_record", "")),
        ends_at=END,
        ended_for=("巡查",),
    )


def decide_and_withdraw(world: World, clock: TestClock) -> Race:
    """决定，和申请人撤回"""
    stall = accepted_stall(world, clock)
    return Race(
        acts={
            "决定": lambda: actions.decide(application=stall, by=world.shi, outcome="approve", seen=True),
            "撤回": lambda: actions.withdraw(application=stall, by=world.an, reason="不办了"),
        },
        judge=exactly_one(stall, ("decided", "决定"), ("withdrawn", "撤回")),
    )


def supply_and_sweep(world: World, clock: TestClock) -> Race:
    """最后一刻补材料，和不补视为撤回"""
    clock(at("2026-11-02", "09:00"))
    aid = file_application(world, LEGAL_AID)
    key = aid.rules.materials[0].key
    actions.correct(application=aid, by=world.chen, points=[(key, "照片看不清，请重拍")])
    end = at((date(2026, 11, 2) + timedelta(days=aid.rules.answer_days)).isoformat(), "23:59")
    clock(end)
    drafts.set_point(application=aid, material=key, how=HowSupplied.WINDOW)
    return Race(
        acts={"补材料": lambda: actions.supply(application=aid, by=world.an), "巡查": sweeping.sweep},
        judge=exactly_one(aid, ("supplied", "补材料"), ("effect_lapse", "")),
        ends_at=end + timedelta(seconds=61),
        ended_for=("巡查",),
    )


def pause_and_sweep(world: World, clock: TestClock) -> Race:
    """最后一刻中止，和期限届满"""
    house = accepted_house(world, clock)
    clock(at("2026-11-23", "23:59"))
    over = at("2026-11-24", "00:00")
    words = {"until": date(2026, 11, 30), "notice": "需要到现场再量一次，七天", "second": world.nonghead}
    words["step"] = first_step(house)
    reason = house.rules.pause_reasons[0].key

    def judge(meeting: Meeting) -> list[str]:
        events = load_events(house)
        ended = [e for e in events if e.kind == "effect_escalate" and e.payload["clock"] == "promised"]
        paused = [e.recorded_at < over for e in events if e.kind == "paused"]
        # One that comes after the end moves the statutory limit alone, which runs on; the promised one stays ended.
        fits = paused in ([], [True], [False]) and meeting.done("中止") is bool(paused)
        in_time = paused.count(True)
        return [] if fits and len(ended) + in_time == 1 else [f"中止{len(paused)}次，{in_time}次及时，届满{len(ended)}次"]

    return Race(
        acts={
            "中止": lambda: actions.pause(application=house, by=world.fang, reason=reason, **words),
            "巡查": sweeping.sweep,
        },
        judge=judge,
        ends_at=at("2026-11-24", "00:00:01"),
        ended_for=("巡查",),
    )


def decide_and_decide(world: World, clock: TestClock) -> Race:
    """两个窗口里的两个决定"""
    stall = accepted_stall(world, clock)
    refusal = {"facts": "摊位占了消防通道", "legal_basis": "食品摊贩备案办法第六条", "seen": True}

    def judge(meeting: Meeting) -> list[str]:
        outcomes = list(Decision.objects.filter(case__application=stall).values_list("outcome", flat=True))
        won = [name for name, outcome in (("准予", "recorded"), ("不予", "refused")) if outcome in outcomes]
        fits = [name for name in ("准予", "不予") if meeting.done(name)] == won
        return [] if fits and len(outcomes) == 1 else [f"决定了{outcomes}"]

    return Race(
        acts={
            "准予": lambda: actions.decide(application=stall, by=world.shi, outcome="approve", seen=True),
            "不予": lambda: actions.decide(application=stall, by=world.shi, outcome="refuse", **refusal),
        },
        judge=judge,
    )


def sweep_and_sweep(world: World, clock: TestClock) -> Race:
    """两个工人同时巡查"""
    stall = filed_stall(world, clock)
    clock(END)

    def judge(meeting: Meeting) -> list[str]:
        once = kinds(stall).count("effect_record") == 1
        return [] if once and meeting.done("甲") and meeting.done("乙") else [str(kinds(stall))]

    return Race(acts={"甲": sweeping.sweep, "乙": sweeping.sweep}, judge=judge)


def revoke_and_decide(world: World, clock: TestClock) -> Race:
    """收回代理，和代理人的决定"""
    stall = accepted_stall(world, clock)
    now = portal_now()
    span = {"starts_at": now, "ends_at": now + timedelta(days=3), "reason": "外出开会"}
    actions.delegate(post=world.post("shi"), deputy=world.she, by=world.shi, **span)
    delegation = Delegation.objects.get()

    def judge(meeting: Meeting) -> list[str]:
        if not meeting.done("收回"):
            return ["收回没有办成"]
        if not meeting.done("决定"):
            return [] if meeting.came_before("收回", "决定") or not kinds(stall).count("decided") else ["记下了被拒绝的决定"]
        decided = next(event for event in load_events(stall) if event.kind == "decided")
        delegation.refresh_from_db()
        assert delegation.revoked_at is not None
        in_power = decided.recorded_at <= delegation.revoked_at and meeting.came_before("决定", "收回")
        return [] if in_power else ["收回以后，代理人的决定还是进来了"]

    return Race(
        acts={
            "收回": lambda: actions.revoke_delegation(delegation=delegation, by=world.shi),
            "决定": lambda: actions.decide(application=stall, by=world.she, outcome="approve", seen=True),
        },
        judge=judge,
        locks=("share", "advisory", "row"),
    )


NOTICE = {
    "year": 2026,
    "number": "国办发明电〔2026〕98号（虚构）",
    "issued": "2026-11-25",
    "days_off": {"示例节": ["2026-11-26"]},
    "shifted_workdays": {},
}


def publish_and_sweep(world: World, clock: TestClock) -> Race:
    """公布新的放假安排，和按旧安排届满的默认"""
    stall = filed_stall(world, clock)
    clock(EVE)
    row = add_version(read_notice(NOTICE), by=None)

    def unguard() -> None:  # the control lacks the second guard too: that a publication is committed on its own day
        with psycopg2.connect(superuser_url(CLONE)) as owner:
            owner.cursor().execute("ALTER TABLE portal_event DISABLE TRIGGER event_commits_in_time")
        owner.close()

    def judge(meeting: Meeting) -> list[str]:
        written = Decision.objects.filter(case__application=stall).exists()
        row.refresh_from_db()
        moved = row.published_at is not None and row.published_at < END
        return [] if written is not moved else [f"公布在{row.published_at}，默认{'' if written else '没有'}写下"]

    return Race(
        acts={
            "公布": lambda: publish_notice(version=CalendarVersion.objects.get(pk=row.pk), by=world.li),
            "巡查": sweeping.sweep,
        },
        judge=judge,
        locks=("advisory", "row"),
        unguard=unguard,
        ends_at=END,
        ended_for=("巡查",),
    )


LEGAL_AID = "SF-002"
PAIRS = (
    decide_and_sweep,
    decide_and_withdraw,
    supply_and_sweep,
    pause_and_sweep,
    decide_and_decide,
    sweep_and_sweep,
    revoke_and_decide,
    publish_and_sweep,
)


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path) -> Iterator[None]:
    """别的测试留下的文件不算这里的: each file is held against the rows of the copy."""
    with override_settings(MEDIA_ROOT=tmp_path / "files"):
        yield


@pytest.mark.parametrize("prepare", PAIRS)
def test_every_interleaving_has_one_lawful_outcome(clone: str, prepare: Prepare, capsys: pytest.CaptureFixture[str]) -> None:
    met = meet_everywhere(prepare)

    say(capsys, f"交错 {prepare.__doc__}：" + "，".join(f"{order} {count}处" for order, count in met.items()))
    assert all(count > 5 for count in met.values())


@pytest.mark.parametrize("prepare", PAIRS)
def test_without_its_lock_it_goes_wrong(clone: str, prepare: Prepare, capsys: pytest.CaptureFixture[str]) -> None:
    """反证"""
    fault = find_fault_without_locks(prepare)

    say(capsys, f"没有锁 {prepare.__doc__}：{fault}")
    assert fault
