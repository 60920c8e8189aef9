"""任职和工作账号：a real township begins from a file, and a change of holders rewrites nothing."""

from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from portal import staffing
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed
from portal.management.commands import import_township as command
from portal.models import Delegation, Event, Message, Post, PostHolding, Township, User
from portal.permissions import powers_of
from portal.sign_in import staff_login, verify
from portal.township_file import TownshipFile, check_township
from tests.conftest import TestClock
from tests.instants import at
from tests.portal.management.commands.test_case_commands import run
from tests.portal.test_township_file import SAMPLE, SMALL
from tests.world import World

TODAY = date(2026, 12, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: TestClock) -> None:
    clock(at("2026-12-01", "09:00"))


def file_of(**changes: Any) -> TownshipFile:
    """核对过的小镇"""
    data = deepcopy(SMALL)
    data["posts"][0].update(changes)
    data["people"].append({"work_name": "yi", "name": "易示例"})
    file, errors = check_township(data)
    assert file is not None, errors
    return file


def holdings(title: str = "1号窗口") -> list[tuple[str, date, date | None]]:
    """一个岗位的任职, oldest first"""
    rows = PostHolding.objects.filter(post__title=title, post__township__slug="shili").order_by("starts_on")
    return [(row.user.login, row.starts_on, row.ends_on) for row in rows]


def test_a_township_begins_and_a_second_import_changes_nothing() -> None:
    first = staffing.import_township(file_of())
    before = [list(model.objects.order_by("pk").values()) for model in (Township, Post, PostHolding, User, Event)]
    second = staffing.import_township(file_of())

    assert sorted(first.passwords) == ["jia", "yi"] and second.passwords == {} and second.done == []
    assert [list(model.objects.order_by("pk").values()) for model in (Township, Post, PostHolding, User, Event)] == before
    jia = verify(login=staff_login("jia"), password=first.passwords["jia"], address="127.0.0.1")
    assert jia is not None and jia.must_change_password
    assert [power.post.title for power in powers_of(jia, portal_now())] == ["1号窗口"]


def test_another_holder_begins_and_the_first_one_ends_the_day_before() -> None:
    staffing.import_township(file_of())
    staffing.import_township(file_of(holder="yi", since=TODAY + timedelta(days=7)))

    assert holdings() == [("s:jia", TODAY, date(2026, 12, 7)), ("s:yi", date(2026, 12, 8), None)]
    assert Message.objects.filter(kind="post_changed").values("recipient").distinct().count() == 2


def test_a_post_may_fall_vacant_and_be_taken_again() -> None:
    staffing.import_township(file_of())
    staffing.import_township(file_of(holder="", since=TODAY + timedelta(days=1)))
    assert staffing.import_township(file_of(holder="", since=TODAY + timedelta(days=1))).done == []
    staffing.import_township(file_of(holder="jia", since=TODAY + timedelta(days=9)))

    assert holdings() == [("s:jia", TODAY, TODAY), ("s:jia", date(2026, 12, 10), None)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"holder": "yi", "since": TODAY - timedelta(days=1)}, "已经过去"),
        ({"holder": "yi", "since": TODAY}, "已经安排了人"),
        ({"holder": "", "since": TODAY}, "要在今天以后"),
        ({"duty": "审核"}, "职责不能改"),
    ],
)
def test_what_would_rewrite_the_past_is_refused_and_nothing_changes(changes: dict[str, Any], sentence: str) -> None:
    staffing.import_township(file_of())

    with pytest.raises(InvalidInput, match=sentence):
        staffing.import_township(file_of(**changes))

    assert holdings() == [("s:jia", TODAY, None)]


def test_a_work_name_belongs_to_one_person(world: World) -> None:
    data = deepcopy(SMALL)
    data["people"][0]["work_name"] = data["posts"][0]["holder"] = "chen"
    file, _ = check_township(data)
    assert file is not None

    with pytest.raises(InvalidInput, match="别的乡镇"):
        staffing.import_township(file)
    assert not Township.objects.filter(slug="shili").exists()


def test_the_command_imports_the_sample_and_prints_passwords_once(tmp_path: Path) -> None:
    data = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    data["township"] |= {"slug": "elsewhere", "host": "", "default": False}  # the world of the tests has a 青禾镇 already
    for row, name in [*((row, "work_name") for row in data["people"]), *((row, "holder") for row in data["posts"])]:
        row[name] = f"{row[name]}.two"
    place = tmp_path / "township.yaml"
    place.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")

    first, second = (run(command.Command(), str(place)) for _ in range(2))

    assert "新账号的一次性密码" in first and "\n  chen.two  " in first
    assert "改动0处" in second and "密码" not in second
    held = PostHolding.objects.filter(post__township__slug="elsewhere", ends_on=None)
    assert held.count() == len(data["posts"]) >= 40
    assert "没有人在岗的站所：司法所。" in first


def test_the_command_says_every_mistake_and_imports_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "t.yaml"
    broken.write_text("township: {slug: shili}\nvillages: [{slug: A}]\n", encoding="utf-8")

    with pytest.raises(CommandError, match="处错误，什么也没有导入"):
        run(command.Command(), str(broken))
    assert not Township.objects.filter(slug="shili").exists()


def test_a_leader_seats_and_unseats_from_today_on(world: World) -> None:
    post = world.post("deng")

    with pytest.raises(NotAllowed, match="镇领导安排"):
        staffing.take_post(post=post, user=world.wang, on=TODAY, by=world.chen)
    with pytest.raises(NotAllowed, match="给自己"):
        staffing.take_post(post=post, user=world.zhen, on=TODAY, by=world.zhen)
    with pytest.raises(InvalidInput, match="今天以前"):
        staffing.take_post(post=post, user=world.wang, on=TODAY - timedelta(days=1), by=world.zhen)
    with pytest.raises(InvalidInput, match="不是本镇"):
        staffing.take_post(post=post, user=world.chenb, on=TODAY, by=world.zhen)
    staffing.take_post(post=post, user=world.wang, on=TODAY, by=world.zhen)

    assert post in [power.post for power in powers_of(world.wang, portal_now())]
    assert post not in [power.post for power in powers_of(world.deng, portal_now())]
    staffing.leave_post(post=post, through=TODAY, by=world.zhen)
    with pytest.raises(InvalidInput, match="本来就没有人"):
        staffing.leave_post(post=post, through=TODAY, by=world.zhen)
    kinds = list(Event.objects.filter(stream=f"post:{post.pk}").order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["post_taken", "post_left"]


def test_a_lost_password_takes_two_people_and_neither_for_himself(world: World, client: Client) -> None:
    given: dict[str, Any] = {"user": world.deng, "by": world.zhen, "second": world.du, "reason": "forgotten"}

    for changes, sentence in [
        ({"by": world.chen}, "镇领导安排"),
        ({"second": world.chen}, "第二个人要是"),
        ({"second": world.zhen}, "都不能是账号本人"),
        ({"user": world.du}, "都不能是账号本人"),
    ]:
        with pytest.raises(NotAllowed, match=sentence):
            staffing.reset_staff_password(**{**given, **changes})
    password = staffing.reset_staff_password(**given)

    found = verify(login=world.deng.login, password=password, address="127.0.0.1")
    assert found == world.deng and found.must_change_password
    client.force_login(found)
    assert client.get(reverse("approvals:workbench")).headers["Location"] == reverse("portal:change_password")


def test_a_new_account_has_no_post_until_it_is_given_one(world: World) -> None:
    user, password = staffing.open_account(township=world.township, work_name="xinren", name="新示例", by=world.zhen)

    assert powers_of(user, portal_now()) == [] and user.must_change_password
    assert verify(login=staff_login("xinren"), password=password, address="127.0.0.1") == user
    with pytest.raises(InvalidInput, match="已经有人用了"):
        staffing.open_account(township=world.township, work_name="Xinren", name="新示例", by=world.zhen)


def test_an_account_is_closed_at_once_and_opened_again_with_a_new_password(world: World, client: Client) -> None:
    user, password = staffing.open_account(township=world.township, work_name="xinren", name="新示例", by=world.zhen)
    client.force_login(user)

    staffing.close_account(user=user, by=world.zhen, reason=" 调走了 ")

    assert "sign-in" in client.get(reverse("portal:staff_home")).headers["Location"]
    assert verify(login=user.login, password=password, address="127.0.0.1") is None
    event = Event.objects.get(stream=f"account:{user.pk}", kind="account_closed")
    assert (event.payload["reason"], event.actor) == ("调走了", world.zhen)
    with pytest.raises(InvalidInput, match="已经停用"):
        staffing.close_account(user=user, by=world.zhen, reason="调走了")

    again = staffing.reopen_account(user=user, by=world.zhen)
    found = verify(login=user.login, password=again, address="127.0.0.1")
    assert found == user and found.must_change_password and again != password
    assert verify(login=user.login, password=password, address="127.0.0.1") is None
    with pytest.raises(InvalidInput, match="没有停用"):
        staffing.reopen_account(user=user, by=world.zhen)


def test_no_account_is_closed_over_a_post_a_deputy_or_oneself(world: World) -> None:
    given: dict[str, Any] = {"user": world.deng, "by": world.zhen, "reason": "调走了"}
    for changes, error, sentence in [
        ({"by": world.chen}, NotAllowed, "镇领导安排"),
        ({"user": world.zhen}, NotAllowed, "另一位镇领导"),
        ({"user": world.chenb}, NotAllowed, "镇领导安排"),
        ({"user": world.an}, InvalidInput, "不是本镇的工作账号"),
        ({"reason": " "}, InvalidInput, "为什么停用"),
        ({}, InvalidInput, f"还有“{world.post('deng').title}”这个岗位"),
    ]:
        with pytest.raises(error, match=sentence):
            staffing.close_account(**{**given, **changes})

    user, _ = staffing.open_account(township=world.township, work_name="xinren", name="新示例", by=world.zhen)
    Delegation.objects.create(
        post=world.post("chen"), principal=world.chen, deputy=user, starts_at=portal_now(),
        ends_at=portal_now() + timedelta(days=1), reason="外出", number="DL-TEST",
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="还代着“"):
        staffing.close_account(user=user, by=world.zhen, reason="调走了")
    assert user in User.objects.filter(is_active=True)


def test_passwords_are_hashed_before_any_lock_is_taken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    lock, hashed = staffing.lock_township, staffing.make_password
    monkeypatch.setattr(staffing, "lock_township", lambda pk: (order.append("lock"), lock(pk))[1])
    monkeypatch.setattr(staffing, "make_password", lambda text: (order.append("hash"), hashed(text))[1])

    staffing.import_township(file_of())
    staffing.open_account(township=world.township, work_name="xinren", name="新示例", by=world.zhen)
    staffing.reset_staff_password(user=world.deng, by=world.zhen, second=world.du, reason="lost")

    assert order == ["hash", "hash", "lock", "hash", "lock", "hash", "lock"]
