"""通知渠道：what leaves the house holds a number and a state, never a name, a matter or a phone in clear."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core import mail

from portal import actions, outbox
from portal.channels import send_in_site, sender_for
from portal.clock import portal_now
from portal.models import Channel, Message, MessageState
from portal.tasks import deliver, tidy
from portal.wording import MESSAGE_TEXTS, message_text
from tests.factories import at, file_application


@pytest.fixture
def told(world, clock) -> list[Message]:
    """安示例提交了一件，邮箱也有"""
    clock(at("2026-11-23", "10:00"))
    actions.change_email(user=world.an, township=world.township, email="an@example.com")
    file_application(world, "SJ-002")
    return list(Message.objects.filter(recipient=world.an))


def test_mail_says_number_and_state_and_nothing_personal(world, told):
    outbox.deliver_waiting()

    (sent,) = [letter for letter in mail.outbox if letter.to == ["an@example.com"]]
    text = sent.subject + sent.body
    number = told[0].subject_number
    assert f"{number[:3]} {number[3:6]} {number[6:]}" in text
    assert "0000-555 0100" in text
    assert not any(word in text for word in ("安示例", "食品摊贩", "5550001", "110105"))


def test_person_without_address_gets_no_mail_and_no_error(world, clock):
    actions.change_phone(user=world.an, township=world.township, phone="00005550066")

    outbox.deliver_waiting()

    assert mail.outbox == []
    assert not Message.objects.filter(state=MessageState.DEAD).exists()


def test_changed_phone_is_told_to_the_old_number_masked_in_the_log(world, settings, tmp_path: Path):
    settings.DATA_DIR = tmp_path
    actions.change_phone(user=world.an, township=world.township, phone="00005550066")

    deliver()
    deliver()

    (line,) = (tmp_path / "sms.log").read_text(encoding="utf-8").splitlines()
    assert "000****0001" in line
    assert "00005550001" not in line
    assert "登录电话换了" in line


def test_a_short_message_whose_worker_died_after_sending_goes_out_once(told, settings, tmp_path: Path):
    settings.DATA_DIR = tmp_path
    deliver()
    handed_over = Message.objects.filter(channel=Channel.SMS, recipient=told[0].recipient)
    handed_over.update(state=MessageState.WAITING, sent_at=None, next_attempt_at=portal_now())  # as if it had not lived to say so

    deliver()

    numbers = [line.split("\t")[0] for line in (tmp_path / "sms.log").read_text(encoding="utf-8").splitlines()]
    assert {(row.state, row.attempts) for row in handed_over} == {(MessageState.SENT, 2)}
    assert [numbers.count(str(row.pk)) for row in handed_over] == [1]


def test_account_mail_names_no_case(world):
    actions.change_email(user=world.an, township=world.township, email="an@example.com")
    actions.change_phone(user=world.an, township=world.township, phone="00005550066")

    outbox.deliver_waiting()

    assert mail.outbox[0].subject == "【青禾镇便民服务中心】您的账号"


def test_message_on_the_site_needs_no_carrier(told):
    assert sender_for(Channel.IN_SITE) is send_in_site
    assert {row.state for row in told if row.channel == Channel.IN_SITE} == {MessageState.SENT}


def test_unknown_channel_and_kind_are_mistakes_of_ours():
    with pytest.raises(KeyError):
        sender_for("pigeon")
    with pytest.raises(KeyError):
        message_text("unheard of", "")


def test_every_text_is_a_sentence_about_a_number_only():
    for kind in MESSAGE_TEXTS:
        text = message_text(kind, "H7K 4M9 R62")
        assert text.endswith("。")
        assert "{" not in text


def test_tidying_twice_is_the_same_as_once(world):
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=datetime(2026, 1, 1, tzinfo=UTC))
    tidy()
    tidy()
    assert not Session.objects.exists()
