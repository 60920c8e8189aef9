"""争抢与强杀：real processes on a real database; each race has its negative control with the locks taken away."""

import signal
from collections.abc import Iterator

import pytest

from approvals.actions.modes import switch_on
from approvals.loading import load_events
from approvals.models import Case, Decision, PublicResult, ResponsibilityRecord
from portal.ledger import verify
from portal.models import Message
from services.definition import Citation, OnTimeout
from services.models import Application
from tests import children
from tests.conftest import CLONE, TestClock
from tests.factories import at, file_application, make_draft
from tests.world import World, find_world

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
WRITE = "approvals.settling:_write"


@pytest.fixture
def cloned_clock(clone: str) -> Iterator[TestClock]:
    """拷贝库的钟"""
    yield TestClock(CLONE)


@pytest.fixture
def cloned(cloned_clock: TestClock) -> World:
    """拷贝库里的小镇, SJ-002 的收讫即备案已开通"""
    cloned_clock(at("2026-11-23", "09:00"))
    world = find_world()
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    return world


@pytest.fixture
def ended(cloned: World, cloned_clock: TestClock) -> Application:
    """承诺期限三天前已经到了，没有任何进程写下来"""
    application = file_application(cloned, "SJ-002")
    cloned_clock(at("2026-11-30", "08:00"))
    return application


def written_once(application: Application) -> bool:
    """默认的每一样都恰好一份"""
    case = Case.objects.get(application=application)
    return (
        Decision.objects.filter(case=case, manner="deemed", effective_at=at("2026-11-27", "00:00")).count() == 1
        and ResponsibilityRecord.objects.filter(case=case, mode="record").count() == 1
        and PublicResult.objects.filter(case=case).count() == 1
        and Message.objects.filter(subject_number=application.number, kind="deemed_recorded", channel="in_site").count() == 1
        and sum(event.kind == "effect_record" for event in load_events(application)) == 1
        and verify(load_events(application)) is None
    )


def test_two_at_once_write_the_default_once(clone: str, ended: Application) -> None:
    first = children.start(clone, "settle", ended.number, slow=WRITE, seconds=1.5)
    children.wait_ready(first)
    second = children.start(clone, "settle", ended.number)

    assert [children.answer(first), children.answer(second)] == ["OK", "OK"]
    assert written_once(ended)


def test_two_at_once_without_the_lock_collide(clone: str, ended: Application) -> None:
    """反证: the same race with the row lock taken away surfaces an integrity error."""
    both = [children.start(clone, "settle", ended.number, slow=WRITE, unlocked=True) for _ in range(2)]
    for process in both:
        children.wait_ready(process)  # each has read what is there, and neither has written

    answers = [children.answer(process) for process in both]

    assert any("IntegrityError" in one for one in answers), answers


def test_one_killed_half_way_leaves_nothing_and_the_next_writes_all(clone: str, ended: Application) -> None:
    victim = children.start(clone, "settle", ended.number, slow="approvals.settling:_conclude", seconds=30)
    children.wait_ready(victim)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    assert not Decision.objects.filter(case__application=ended).exists()

    assert children.answer(children.start(clone, "settle", ended.number)) == "OK"

    assert written_once(ended)


def test_a_correction_after_the_end_is_refused_though_nobody_has_swept(clone: str, ended: Application, cloned: World) -> None:
    late = children.start(clone, "correct", ended.number, login=cloned.wang.login)

    assert children.answer(late).startswith("REFUSED DeadlinePassed")
    assert written_once(ended)


def test_accept_and_withdraw_at_once_give_one_lawful_chain(clone: str, cloned: World) -> None:
    application = file_application(cloned, "SJ-002")
    first = children.start(
        clone, "withdraw", application.number, login=cloned.an.login, slow="approvals.writing:find_power", seconds=0
    )
    second = children.start(clone, "accept", application.number, login=cloned.wang.login)

    answers = {children.answer(first), children.answer(second).split(":")[0]}

    application.refresh_from_db()
    assert application.state == "withdrawn"
    assert "OK" in answers
    assert verify(load_events(application)) is None


def test_filing_twice_at_once_files_once(clone: str, cloned: World) -> None:
    draft = make_draft(cloned, "SJ-002")
    key = "k" * 32
    first = children.start(
        clone, "file", draft.number, login=cloned.an.login, key=key, slow="approvals.actions.filing:open_case", seconds=1.5
    )
    children.wait_ready(first)
    second = children.start(clone, "file", draft.number, login=cloned.an.login, key=key)

    assert children.answer(first) == "OK"
    assert children.answer(second) in {"OK", "REFUSED WrongState 这份申请已经提交过了，不用再交。"}
    assert sum(event.kind == "filed" for event in load_events(draft)) == 1
