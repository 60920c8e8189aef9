"""发件箱：each person once a channel, tries counted, what cannot be sent given up, no dead worker missed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from portal import outbox, queries
from portal.clock import portal_now, read_clock
from portal.models import Channel, Message, MessageState
from portal.tasks import deliver
from services.models import Application
from tests import children
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.killing import stepped
from tests.stepping import Stepped
from tests.world import World, find_world


@pytest.fixture
def filed(world: World, clock: TestClock) -> Application:
    """一件收到的申请: its applicant is told on the site, by SMS and by e-mail."""
    clock(at("2026-11-23", "10:00"))
    return file_application(world, "SJ-002")


def sms() -> Message:
    """给申请人的短信"""
    return Message.objects.get(channel=Channel.SMS, kind="filed")


def test_one_event_tells_one_person_once_a_channel(filed: Application) -> None:
    message = sms()
    message.pk = None

    with pytest.raises(IntegrityError, match="one_message_per_event_channel"), transaction.atomic():
        message.save(force_insert=True)
    again = outbox.post(
        event=message.event, kind="filed", recipients=[message.recipient_id] * 3, number=filed.number,
        clock=read_clock(), channels=[Channel.SMS],
    )  # fmt: skip
    assert len(again) == 1


def test_what_goes_wrong_with_one_does_not_hold_up_the_others(filed: Application, clock: TestClock) -> None:
    Message.objects.filter(pk=sms().pk).update(kind="unheard of", next_attempt_at=at("2026-11-23", "09:00"))
    minutes = [0, 1, 5, 15, 30]

    for attempt, wait in enumerate(minutes, 1):
        clock(at("2026-11-23", "10:01") + timedelta(minutes=sum(minutes[:attempt]) + attempt))
        deliver()
        message = Message.objects.get(kind="unheard of")
        assert (message.attempts, message.error) == (attempt, "KeyError"), wait
        assert message.state == (MessageState.DEAD if attempt == 5 else MessageState.WAITING)

    assert not Message.objects.filter(state=MessageState.WAITING).exists()
    assert Message.objects.filter(channel=Channel.EMAIL, state=MessageState.SENT).exists()


def test_one_that_kills_its_worker_runs_out_of_tries(filed: Application) -> None:
    Message.objects.filter(pk=sms().pk).update(attempts=outbox.ATTEMPTS)

    outbox.deliver_waiting()

    assert (sms().state, sms().error) == (MessageState.DEAD, "没有发完，程序中断")


def test_freshness_says_how_long_the_oldest_waits_and_what_was_given_up(filed: Application, clock: TestClock) -> None:
    queries.beat("sweep")
    queries.beat("deliver")
    fresh = queries.freshness(portal_now())
    assert (fresh.is_well, fresh.outbox.waiting, fresh.outbox.oldest) == (True, 2, sms().created_at)

    clock(at("2026-11-23", "10:07:30"))
    queries.beat("sweep")
    queries.beat("deliver")
    fresh = queries.freshness(portal_now())
    assert (fresh.late, fresh.outbox.late, fresh.is_well) == (False, True, False)
    assert fresh.words == "还没发的2条，最早的等了7分钟，发得晚了"

    deliver()
    Message.objects.filter(pk=sms().pk).update(state=MessageState.DEAD)
    fresh = queries.freshness(portal_now())
    assert (fresh.is_well, fresh.words) == (True, "都发了，没发成的1条")


def test_a_carrier_that_refuses_is_shown_and_fails_no_health(filed: Application, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:40:30"))
    Message.objects.exclude(pk=sms().pk).update(state=MessageState.SENT)
    Message.objects.filter(pk=sms().pk).update(attempts=3, next_attempt_at=at("2026-11-23", "10:50"))
    queries.beat("deliver")

    box = queries.freshness(portal_now()).outbox

    assert (box.late, box.waiting, box.minutes(portal_now())) == (False, 1, 40)


def test_the_evening_waits_for_the_morning() -> None:
    day = ("2026-11-23", "2026-11-24")
    assert outbox.next_daytime(at(day[0], "08:59:59")) == at(day[0], "09:00")
    assert outbox.next_daytime(at(day[0], "09:00")) == at(day[0], "09:00")
    assert outbox.next_daytime(at(day[0], "17:59:59")) == at(day[0], "17:59:59")
    assert outbox.next_daytime(at(day[0], "18:00")) == at(day[1], "09:00")


def test_a_worker_killed_while_sending_holds_nothing_back(clone: str) -> None:
    world = find_world()
    application = file_application(world, "SJ-002")
    killed = children.start(clone, "deliver", application.number, slow="portal.outbox:sender_for", seconds=120)
    children.wait_ready(killed)
    waiting = Message.objects.filter(state=MessageState.WAITING)
    held = waiting.get(attempts=1)

    assert outbox.deliver_waiting() == 1  # the other one goes out meanwhile
    assert waiting.get() == held
    killed.kill()
    killed.wait()
    began = portal_now()
    while waiting.exists() and portal_now() - began < timedelta(seconds=60):
        deliver()

    held.refresh_from_db()
    assert (held.state, held.attempts) == (MessageState.SENT, 2)
    assert Message.objects.filter(event=held.event, recipient=held.recipient, channel=held.channel).count() == 1


def test_two_workers_in_step_use_up_no_tries(clone: str) -> None:
    file_application(find_world(), "SJ-002")

    with stepped(outbox.deliver_waiting) as one, stepped(outbox.deliver_waiting) as other:
        to_next_commit(one)
        to_next_commit(other)
        while not (one.is_finished and other.is_finished):
            for worker in (one, other):  # each gives up what the other has claimed meanwhile, and claims again
                to_next_commit(worker)
                to_next_commit(worker)

    rows = Message.objects.exclude(channel=Channel.IN_SITE).values_list("state", "attempts")
    assert set(rows) == {(MessageState.SENT, 1)}


def to_next_commit(worker: Stepped) -> None:
    """走到下一次提交之后"""
    while not worker.is_finished and worker.go():
        if worker.standing is not None and worker.standing.kind == "committed":
            return
