"""发件箱的页面：who sees what was not sent, and sends it again."""

import pytest
from django.test import Client
from django.urls import reverse

from portal import outbox
from portal.clock import portal_now
from portal.errors import WrongState
from portal.models import Channel, Event, Message, MessageState
from portal.permissions import powers_of
from portal.tasks import deliver
from services.models import Application
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World


@pytest.fixture
def filed(world: World, clock: TestClock) -> Application:
    """一件收到的申请"""
    clock(at("2026-11-23", "10:00"))
    return file_application(world, "SJ-002")


def sms() -> Message:
    """给申请人的短信"""
    return Message.objects.get(channel=Channel.SMS, kind="filed")


def signed_in(user: object) -> Client:
    """登录了的浏览器"""
    client = Client()
    client.force_login(user)
    return client


def test_a_supervisor_sends_a_dead_letter_again_on_the_record(filed: Application, world: World) -> None:
    message = sms()
    Message.objects.filter(pk=message.pk).update(state=MessageState.DEAD, attempts=5, error="TimeoutError")
    desk = signed_in(world.du)
    text = desk.get(reverse("portal:outbox")).content.decode()
    assert "对方没有回应" in text
    assert "安示例" not in text
    assert "00005550001" not in text

    assert desk.post(reverse("portal:resend", args=[message.pk])).status_code == 302

    assert (sms().state, sms().attempts) == (MessageState.WAITING, 0)
    event = Event.objects.get(kind="message_resent")
    assert (event.actor, event.post, event.payload["message"]) == (world.du, world.post("du"), message.pk)
    deliver()
    assert sms().state == MessageState.SENT
    with pytest.raises(WrongState, match="不用重发"):
        outbox.resend(message=message, by=world.du, power=powers_of(world.du, portal_now())[0])
    assert desk.post(reverse("portal:resend", args=[message.pk])).status_code == 302
    assert Event.objects.filter(kind="message_resent").count() == 1


def test_another_townships_letters_are_not_to_be_seen(filed: Application, world: World) -> None:
    Message.objects.filter(pk=sms().pk).update(state=MessageState.DEAD, township=world.other)

    assert "发送失败" not in signed_in(world.du).get(reverse("portal:outbox")).content.decode()
    assert signed_in(world.du).post(reverse("portal:resend", args=[sms().pk])).status_code == 404
