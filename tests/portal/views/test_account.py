"""我的账号、我的消息、窗口重设密码的页面"""

import re
from html import unescape

import pytest
from django.test import Client

from portal import actions, outbox
from portal.clock import read_clock
from portal.models import Channel, Message
from tests.factories import at, file_application
from tests.portal.pages import NEW_PASSWORD, sign_in, signed_in, value_of, words
from tests.world import PASSWORD

RESET = {
    "phone": "0000-555 0001", "identity": "11010519491231002x", "reason": "forgotten", "second": "head",
    "second_password": PASSWORD,
}  # fmt: skip


def change(client: Client, **fields: str):
    given = {"current": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    return client.post("/account/password/", {**given, **fields})


def test_password_is_changed_and_other_sessions_end(world):
    here, elsewhere = Client(), Client()
    sign_in(here, "chen")
    sign_in(elsewhere, "chen")

    assert change(here)["Location"] == "/account/"

    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert sign_in(Client(), "chen", NEW_PASSWORD)["Location"] == "/staff/"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"current": "wrong"}, "现在的密码不对"),
        ({"current": ""}, "请写现在的密码"),
        ({"password": "short", "again": "short"}, "至少要8个字"),
        ({"password": PASSWORD, "again": PASSWORD}, "和现在的一样"),
        ({"again": "other words"}, "两遍密码不一样"),
    ],
)
def test_password_that_cannot_be_changed_says_why(world, fields, sentence):
    assert words(change(signed_in(world.an), **fields)).count(sentence) == 2


def test_open_session_is_no_way_to_guess_the_password(world):
    client = signed_in(world.an)
    for _ in range(5):
        change(client, current="wrong")

    response = change(client)

    assert response.status_code == 429
    assert "15分钟" in words(response)


def test_phone_is_changed_with_the_password(world):
    client = signed_in(world.an)

    client.post("/account/phone/", {"current": PASSWORD, "phone": "0000-555 0066"})

    assert "000****0066" in words(client.get("/account/"))
    assert sign_in(Client(), "00005550066").status_code == 302


def test_phone_that_is_taken_is_refused_and_kept_in_the_form(world):
    response = signed_in(world.an).post("/account/phone/", {"current": PASSWORD, "phone": "00005550002"})

    assert response.status_code == 400
    assert 'value="00005550002"' in response.content.decode()


def test_phone_that_is_no_phone_gets_a_sentence(world):
    response = signed_in(world.an).post("/account/phone/", {"current": PASSWORD, "phone": "打我电话"})

    assert "电话要写数字" in words(response)


def test_staff_cannot_change_their_phone_here(world):
    assert signed_in(world.chen).get("/account/phone/").status_code == 403


def test_email_is_changed_and_shown(world):
    client = signed_in(world.an)
    client.post("/account/email/", {"email": "an@example.com"})

    assert "an@example.com" in words(client.get("/account/"))
    assert 'value="an@example.com"' in client.get("/account/email/").content.decode()


def test_email_that_is_none_gets_a_sentence(world):
    assert words(signed_in(world.an).post("/account/email/", {"email": "an"})).count("邮箱要写全") == 2


def test_empty_inbox_says_what_would_come(world):
    assert "还没有消息" in words(signed_in(world.an).get("/messages/"))


@pytest.mark.parametrize("path", ["/messages/", "/account/", "/account/password/"])
def test_staff_keep_their_own_frame(world, path):
    own = {who: signed_in(getattr(world, who)).get(path).content.decode() for who in ("chen", "an")}

    assert 'aria-label="工作栏目"' in own["chen"] and 'class="staff"' in own["chen"]
    assert 'aria-label="主要栏目"' in own["an"] and "您交了申请以后" not in own["chen"]


def test_a_message_to_staff_is_a_line_and_no_heading(world, clock):
    clock(at("2026-11-23", "10:00"))
    filed = file_application(world, "SJ-002")
    shown = signed_in(world.wang).get("/messages/").content.decode()

    assert f'<p><a class="line" href="/desk/{filed.number}/">' in shown
    assert "<h2" not in shown.split("<main")[1]


def test_message_links_to_its_case_and_is_marked_read(world, clock):
    clock(at("2026-11-23", "10:00"))
    filed = file_application(world, "SJ-002")
    client = signed_in(world.an)
    page = client.get("/messages/")
    assert "1条新消息" in words(page)
    sentence = f"您的申请 {filed.number[:3]} {filed.number[3:6]} {filed.number[6:]} 已收到。"
    assert f'<p><a class="line" href="/progress/{filed.number}/">{sentence}</a><br>{filed.item.name}</p>' in page.content.decode()
    mine = client.get("/mine/").content.decode()
    assert f'<li><a href="/progress/{filed.number}/">{sentence}</a><br><span class="quiet">{filed.item.name}' in mine

    client.post("/messages/read/", {"through": value_of(page, "through")})

    assert "条新消息" not in words(client.get("/messages/"))
    assert Message.objects.get(recipient=world.an, channel=Channel.IN_SITE).read_at is not None


def test_another_persons_messages_are_not_shown(world, clock):
    clock(at("2026-11-23", "10:00"))
    file_application(world, "SJ-002")

    assert "还没有消息" in words(signed_in(world.bao).get("/messages/"))


@pytest.mark.parametrize("through", ["", "x", "²", "9" * 40])
def test_odd_number_marks_nothing(world, through):
    assert signed_in(world.an).post("/messages/read/", {"through": through}).status_code == 302


def many_messages(world, number: int) -> None:
    for _ in range(number):
        actions.record_sign_in(user=world.an, township=world.township)
    clock = read_clock()
    for event in actions.Event.objects.filter(stream=f"account:{world.an.pk}"):
        rows = outbox.post(
            event=event,
            kind="password_changed",
            recipients=[world.an.pk],
            number="",
            clock=clock,
            channels=[Channel.IN_SITE],
        )
        Message.objects.bulk_create(rows)


def test_messages_come_twenty_a_page_in_a_fixed_number_of_queries(world, django_assert_max_num_queries):
    many_messages(world, 25)
    client = signed_in(world.an)
    client.get("/messages/")

    with django_assert_max_num_queries(8):
        first = client.get("/messages/")
    (after,) = re.findall(r'href="([^"]*)" rel="next"', first.content.decode())
    second = client.get("/messages/" + unescape(after)).content.decode()

    assert first.content.decode().count("<li><p class=") == 20
    assert second.count("<li><p class=") == 5
    assert 'rel="next"' not in second


def test_two_people_reset_a_password_shown_once(world):
    window = signed_in(world.chen)
    assert "第二个人的工作名" in words(window.get("/staff/reset-password/"))

    answer = window.post("/staff/reset-password/", RESET)

    (shown,) = re.findall(r'<p class="giant password">(.+?)</p>', answer.content.decode())
    assert re.fullmatch(r"(<span>\w{3}</span>){4}", shown)  # in groups of three to the eye, one word to whoever copies it
    password = re.sub(r"<[^>]+>", "", shown)
    assert "no-store" in answer["Cache-Control"]
    assert password not in words(window.get("/staff/reset-password/"))
    villager = Client()
    assert sign_in(villager, "00005550001", password).status_code == 302
    assert villager.get("/mine/")["Location"] == "/account/password/"
    assert change(villager, current=password)["Location"] == "/account/"
    assert villager.get("/mine/").status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"second_password": "wrong"}, 403, "第二个人的工作名或密码不对"),
        ({"second": "wang"}, 403, "所办负责人或督查"),
        ({"second": "chen"}, 403, "所办负责人或督查"),
        ({"phone": "00005559999"}, 400, "对不上任何一个账号"),
        ({"identity": "110105194912310021"}, 200, "身份证号不对"),
        ({"reason": ""}, 200, "请选为什么重设"),
    ],
)
def test_reset_that_cannot_be_says_why_and_loses_nothing(world, fields, status, sentence):
    response = signed_in(world.chen).post("/staff/reset-password/", {**RESET, **fields})

    assert (response.status_code, sentence in words(response)) == (status, True)
    assert "一次性密码" not in words(response)
    assert "second" in fields or 'value="head"' in response.content.decode()
    assert PASSWORD not in response.content.decode()


@pytest.mark.parametrize("name", ["an", "deng", "zhen", "du"])
def test_only_a_window_opens_the_reset_page(world, name):
    assert signed_in(world.users[name]).get("/staff/reset-password/").status_code == 403
