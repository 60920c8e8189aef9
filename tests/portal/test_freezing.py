"""恢复后的冻结：a restored database is recognised, sends nothing, and is released by two people only."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal import freezing, outbox
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.marks import Mark, read_mark, write_mark
from portal.models import Event, Freeze, Heartbeat, Message, Post, PostHolding, Revision, User
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

CHECKED = "对过昨天的收件登记，缺的三件已经补录"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """记号放的地方"""
    return tmp_path / "record-mark.json"


@pytest.fixture
def second(world: World) -> User:
    """第二个日历与解冻岗的人"""
    seat = world.post("li")
    other = Post.objects.create(township=world.township, office=seat.office, duty=seat.duty, title="日历岗二", serves=[])
    PostHolding.objects.create(post=other, user=world.gong, starts_on=date(2026, 1, 1))
    return world.gong


def last_event() -> int:
    """台账现在到哪一条"""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_a_running_system_renews_its_mark_and_is_never_frozen(world: World, path: Path) -> None:
    assert freezing.look_for_restore(path) is None
    first = read_mark(path)
    file_application(world, "SJ-002")

    assert freezing.look_for_restore(path) is None
    assert freezing.look_for_restore(path) is None

    second = read_mark(path)
    assert first is not None
    assert second is not None
    assert (second.epoch, second.last_event) == (first.epoch, last_event())
    assert second.last_event > first.last_event
    assert not Freeze.objects.exists()


@pytest.mark.parametrize("lost", [1, 250])
def test_a_database_older_than_its_mark_is_frozen_with_what_it_lost(world: World, path: Path, lost: int) -> None:
    file_application(world, "SJ-002")
    freezing.look_for_restore(path)
    kept = read_mark(path)
    assert kept is not None
    write_mark(path, Mark(kept.epoch, kept.last_event + lost))

    found = freezing.look_for_restore(path)

    assert found is not None
    assert found.lost == lost
    assert found.reason == freezing.FOUND
    assert freezing.look_for_restore(path) is None  # a new epoch: it is not found a second time
    assert Freeze.objects.count() == 1
    assert Message.objects.filter(kind="frozen", recipient=world.li, channel="in_site").count() == 1


@pytest.mark.parametrize("mark", [None, Mark("of another", 0)])
def test_a_missing_or_strange_mark_freezes(world: World, path: Path, mark: Mark | None) -> None:
    file_application(world, "SJ-002")
    freezing.look_for_restore(path)
    path.unlink()
    if mark is not None:
        write_mark(path, mark)

    found = freezing.look_for_restore(path)

    assert found is not None
    assert found.lost == (None if mark is None else 0)


def test_a_database_without_any_event_may_take_over_a_data_folder(world: World, path: Path) -> None:
    write_mark(path, Mark("of an old demo", 99))
    assert last_event() == 0

    assert freezing.look_for_restore(path) is None

    assert read_mark(path) != Mark("of an old demo", 99)


def test_tests_are_not_watched_and_a_running_portal_is(world: World, path: Path, settings: Any) -> None:
    settings.DATA_DIR = path.parent
    freezing.watch()
    assert not path.exists()

    settings.PORTAL_MODE = "production"
    freezing.watch()

    assert read_mark(path) is not None


def test_it_begins_with_the_last_sign_of_life(world: World, clock: TestClock, path: Path) -> None:
    clock(at("2026-11-23", "10:00"))
    file_application(world, "SJ-002")
    Heartbeat.objects.create(name="sweep", at=at("2026-11-24", "02:00"))
    Heartbeat.objects.create(name="web", at=at("2026-11-25", "09:59"))  # beats on before anybody has looked
    clock(at("2026-11-25", "10:00"))

    found = freezing.freeze(reason="恢复了昨晚的备份")

    assert found.begun_at == at("2026-11-24", "02:00")
    assert found.found_at >= at("2026-11-25", "10:00")
    assert freezing.freeze(reason="再来一次") == found


def test_nothing_is_sent_until_two_people_have_released(world: World, second: User) -> None:
    file_application(world, "SJ-002")
    waiting = freezing.held_messages()
    assert waiting
    freezing.freeze(reason="恢复了昨晚的备份")
    before = Revision.objects.get(name="calendar").number

    assert outbox.deliver_waiting() == 0
    freezing.sign_release(by=world.li, checked=CHECKED)
    assert outbox.deliver_waiting() == 0
    with pytest.raises(NotAllowed, match="您已经签过了"):
        freezing.sign_release(by=world.li, checked=CHECKED)
    signed = freezing.sign_release(by=second, checked=CHECKED)

    assert signed.released_at is not None
    assert (signed.first_by, signed.second_by) == (world.li, second)
    assert not freezing.is_frozen()
    assert outbox.deliver_waiting() == waiting
    assert Revision.objects.get(name="calendar").number > before
    kinds = Event.objects.filter(stream=f"freeze:{signed.pk}").order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["frozen", "freeze_signed", "freeze_released"]


def test_who_may_not_sign_and_when(world: World) -> None:
    with pytest.raises(WrongState, match="没有冻结"):
        freezing.sign_release(by=world.li, checked=CHECKED)
    freezing.freeze(reason="恢复了昨晚的备份")
    for by in (world.zhen, world.du, world.an):
        with pytest.raises(NotAllowed, match="日历与解冻岗"):
            freezing.sign_release(by=by, checked=CHECKED)
    with pytest.raises(InvalidInput, match="核对了什么"):
        freezing.sign_release(by=world.li, checked="好")

    assert freezing.is_frozen()
    assert portal_now() - Freeze.objects.get().found_at < timedelta(minutes=1)
