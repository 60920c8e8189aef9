"""牌的消息：each says of which step it is and in whose name the card stands."""

import re
from typing import Any

from approvals import actions
from approvals.queries.cards import card_words
from approvals.settling import settle_application
from portal.models import Message
from portal.queries import inbox
from tests.approvals.test_views_desk import signed_in
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World


def test_messages_of_cards_tell_them_apart(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    application = file_application(world, "ZR-001")
    actions.accept(application=application, by=world.chen)
    clock(at("2026-11-25", "10:00"))
    settle_application(application.pk)
    own = {"step": "site-visit", "outcome": "done", "text": "已到场核查", "second_signer": "孙示例"}
    actions.give_opinion(application=application, by=world.fang, **own)

    text = signed_in(world.du).get("/messages/").content.decode()

    visit = application.rules.stage("site-visit").name
    assert f"红牌：办件 {' '.join(application.number[n:n + 3] for n in (0, 3, 6))} 已到期。环节“{visit}”，在" in text
    assert "，在农业农村办审核岗 方示例名下。" in text  # the post alone: its office is part of its name
    lights = re.findall(r'class="light (due|over)">.*?</svg>(黄牌|红牌)</span>', text)
    assert lights.count(("over", "红牌")) == text.count("红牌：办件") > 0
    assert lights.count(("due", "黄牌")) == text.count("黄牌：办件") > 0
    assert "整件的承诺期限，在" in text
    found = list(inbox(world.du).filter(kind__startswith="card_"))
    told = [(message.kind, card_words(found)[message.event_id]) for message in found]
    assert len(told) == len(set(told)) > 2


def test_nothing_is_asked_where_no_card_is_told(world: World, clock: TestClock, django_assert_num_queries: Any) -> None:
    clock(at("2026-11-02", "10:00"))
    file_application(world, "ZR-001")
    found = list(Message.objects.all())

    assert found
    with django_assert_num_queries(0):
        assert card_words(found) == {}


def test_more_than_can_be_counted_is_said_to_be_more(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    file_application(world, "ZR-001")
    one = Message.objects.filter(recipient=world.an, channel="in_site")[0]
    waiting = 99 - inbox(world.an).filter(read_at=None).count()
    copies = [
        Message(
            township=one.township, event=one.event, recipient=world.an, channel="in_site", kind=f"filed{number}",
            created_at=one.created_at, next_attempt_at=one.next_attempt_at,
        )
        for number in range(waiting + 1)
    ]  # fmt: skip
    Message.objects.bulk_create(copies[:-1])
    client = signed_in(world.an)
    assert ">99条新消息<" in client.get("/account/").content.decode()
    Message.objects.bulk_create(copies[-1:])
    assert ">99+条新消息<" in client.get("/account/").content.decode()
