"""登录、退出、登记的页面"""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse_lazy

from portal.models import Event, Person, User
from portal.sign_in import villager_login
from tests.portal.pages import NEW_PASSWORD, sign_in, signed_in, words
from tests.world import PASSWORD

MINE = reverse_lazy("approvals:mine")
NEWCOMER = {
    "name": "新示例",
    "phone": "0000-555 0077",
    "identity": "11010519491231002x",
    "password": NEW_PASSWORD,
    "again": NEW_PASSWORD,
}


@pytest.fixture
def newcomer(world):
    """没登记过的人填的表"""
    village = world.township.villages.get(slug="liuwan")
    return {**NEWCOMER, "identity": "110105199003070017", "village": village.pk}


def session_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_villager_signs_in_by_phone_and_staff_by_work_name(world, client):
    assert sign_in(client, "0000-555 0001")["Location"] == MINE
    assert sign_in(Client(), "chen")["Location"] == "/staff/"


def test_wrong_password_and_unknown_account_read_the_same(world):
    wrong, unknown = sign_in(Client(), "00005550001", "wrong"), sign_in(Client(), "00005559999", "wrong")

    assert "密码不对" in words(wrong)
    assert words(wrong).replace("00005550001", "") == words(unknown).replace("00005559999", "")


def test_error_summary_says_the_same_as_the_field(world, client):
    text = words(sign_in(client, "", ""))

    assert text.count("请写手机号") == 2
    assert "错误：" in text


def test_sixth_try_says_when_to_come_back(world, client):
    for _ in range(5):
        sign_in(client, "chen", "wrong")
    response = sign_in(client, "chen")

    assert response.status_code == 429
    assert "15分钟" in words(response)
    assert 'value="chen"' in response.content.decode()


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/account/", "/account/"),
        ("https://evil.example/", MINE),
        ("//evil.example/", MINE),
        ("/\\evil.example/", MINE),
        ("javascript:alert(1)", MINE),
    ],
)
def test_next_never_leaves_the_site(world, client, wanted, reached):
    assert sign_in(client, "00005550001", next=wanted)["Location"] == reached


def test_page_that_needs_sign_in_is_reached_afterwards(world, client):
    asked = client.get("/account/")
    assert asked["Location"] == "/sign-in/?next=/account/"

    assert 'name="next" value="/account/"' in client.get(asked["Location"]).content.decode()


def test_session_key_changes_at_sign_in(world, client):
    sign_in(client, "chen", "wrong")
    client.cookies[settings.SESSION_COOKIE_NAME] = fixed = "a" * 32
    sign_in(client, "chen")

    assert session_of(client) != fixed


def test_sign_in_is_on_the_record_without_personal_data(world, client):
    sign_in(client, "00005550001")

    event = Event.objects.get(stream=f"account:{world.an.pk}")
    assert (event.kind, event.payload, event.actor) == ("signed_in", {}, world.an)


def test_cross_site_sign_in_is_refused(world):
    response = sign_in(Client(enforce_csrf_checks=True), "chen")

    assert response.status_code == 403
    assert "没有提交上去" in words(response)


def test_sign_out_clears_what_the_browser_kept(world):
    client = signed_in(world.an)

    response = client.post("/sign-out/")

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/account/").status_code == 302
    assert not Session.objects.exists()


def test_sign_out_by_a_link_does_nothing(world):
    client = signed_in(world.an)

    assert client.get("/sign-out/").status_code == 405
    assert client.get("/account/").status_code == 200


def test_newcomer_registers_and_is_signed_in(world, client, newcomer):
    response = client.post("/sign-up/", newcomer)

    user = User.objects.get(login=villager_login("00005550077"))
    assert response["Location"] == MINE
    assert (user.person.name, user.person.village.slug) == ("新示例", "liuwan")
    assert (user.person.id_number, user.person.phone) == ("110105199003070017", "00005550077")
    assert client.get("/account/").status_code == 200


def test_notice_of_collection_is_shown_and_its_version_kept(world, client, newcomer):
    assert "您的信息怎么用" in words(client.get("/sign-up/"))
    client.post("/sign-up/", newcomer)

    user = User.objects.get(login=villager_login("00005550077"))
    event = Event.objects.get(stream=f"account:{user.pk}", sequence=1)
    assert (event.kind, event.payload) == ("signed_up", {"notice": "2026-11"})


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "请写姓名"),
        ("phone", "打电话", "电话要写数字"),
        ("identity", "110105199003070013", "身份证号不对"),
        ("village", "", "请选您的村"),
        ("village", "0", "列出的村里"),
        ("password", "short", "至少要8个字"),
        ("password", "password", "太常见"),
        ("again", "another one", "两遍密码不一样"),
    ],
)
def test_wrong_field_gets_its_sentence_and_loses_nothing(world, client, newcomer, field, typed, sentence):
    response = client.post("/sign-up/", {**newcomer, field: typed})

    assert words(response).count(sentence) == 2
    assert field == "name" or 'value="新示例"' in response.content.decode()
    assert not User.objects.filter(login=villager_login("00005550077")).exists()


def test_known_phone_and_known_identity_read_the_same(world, newcomer):
    phone = Client().post("/sign-up/", {**newcomer, "phone": "00005550001"})
    identity = Client().post("/sign-up/", {**newcomer, "identity": "11010519491231002X"})

    assert phone.status_code == identity.status_code == 400
    assert "带身份证到窗口" in words(phone)
    assert "带身份证到窗口" in words(identity)


def test_person_entered_at_the_window_gets_an_account(world, client, newcomer):
    client.post("/sign-up/", newcomer)
    User.objects.get(login=villager_login("00005550077")).person.users.update(
        login="v:gone", is_staff_member=True
    )

    client.post("/sign-out/")
    client.post("/sign-up/", newcomer)

    assert Person.objects.filter(name="新示例").count() == 1
    assert User.objects.get(login=villager_login("00005550077")).person.name == "新示例"


def test_person_entered_at_the_window_with_another_phone_comes_to_the_window(world, client, newcomer):
    client.post("/sign-up/", newcomer)
    User.objects.filter(login=villager_login("00005550077")).update(login="v:gone", is_staff_member=True)

    response = Client().post("/sign-up/", {**newcomer, "phone": "00005550078"})

    assert response.status_code == 400
    assert not User.objects.filter(login=villager_login("00005550078")).exists()


def test_many_registrations_from_one_address_are_slowed(world, client, newcomer):
    for _ in range(10):
        client.post("/sign-up/", {**newcomer, "phone": "00005550001"})

    assert client.post("/sign-up/", newcomer).status_code == 429


def test_passwords_are_never_shown_again(world, client, newcomer):
    text = client.post("/sign-up/", {**newcomer, "name": ""}).content.decode()

    assert NEW_PASSWORD not in text
    assert PASSWORD not in text
