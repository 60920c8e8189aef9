"""人员和岗位的页面：a leader changes people from today on; a refusal keeps what was typed."""

from datetime import date

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.models import Post, PostHolding, User
from portal.staff_forms import OpenAccountForm
from portal.views import staffing as views
from tests.conftest import TestClock, forget_all
from tests.instants import at
from tests.world import PASSWORD, World

TODAY = date(2026, 12, 1)
QUERIES = 24  # nothing kept in the process
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: TestClock) -> None:
    clock(at("2026-12-01", "09:00"))


def signed_in(user: User) -> Client:
    """登录了的浏览器"""
    client = Client()
    client.force_login(user)
    return client


def test_the_page_seats_somebody_and_keeps_what_was_typed(world: World) -> None:
    client, post = signed_in(world.zhen), world.post("deng")
    address = reverse("portal:post", args=[post.pk])

    refused = client.post(address, {"act": "take", "who": str(world.wang.pk), "on": "2026-11-30"})
    assert refused.status_code == 400 and 'value="2026-11-30"' in refused.content.decode()
    assert "今天以前" in refused.content.decode()
    assert client.post(address, {"act": "take", "who": str(world.wang.pk), "on": "2026年12月3日"}).status_code == 302

    page = client.get(reverse("portal:posts")).content.decode()
    assert "王示例，2026年12月3日" in page
    assert "邓示例" in page and "做到2026年12月2日" in page
    assert client.post(address, {"act": "leave", "through": "2026-12-9"}).status_code == 302
    assert PostHolding.objects.get(post=post, user=world.wang).ends_on == date(2026, 12, 9)


def test_the_pages_of_accounts_show_a_password_once(world: World) -> None:
    client = signed_in(world.zhen)
    made = client.post(reverse("portal:open_account"), {"name": "新示例", "work_name": "xinren"}).content.decode()
    wrong = client.post(reverse("portal:open_account"), {"name": "新示例", "work_name": "新人"})
    user = User.objects.get(login="s:xinren")

    assert "一次性密码" in made and wrong.status_code == 200 and "字母开头" in wrong.content.decode()
    world.du.set_password(PASSWORD)
    world.du.save()
    given = {"who": str(user.pk), "reason": "forgotten", "second": "du", "second_password": PASSWORD}
    before = user.password
    assert "一次性密码" in client.post(reverse("portal:reset_account"), given).content.decode()
    user.refresh_from_db()
    assert user.password != before
    refused = client.post(reverse("portal:reset_account"), {**given, "second_password": "不对"})
    assert refused.status_code == 403 and "工作名或密码不对" in refused.content.decode()


def test_the_pages_close_and_reopen_an_account(world: World) -> None:
    client = signed_in(world.zhen)
    client.post(reverse("portal:open_account"), {"name": "新示例", "work_name": "xinren"})
    user = User.objects.get(login="s:xinren")

    refused = client.post(reverse("portal:close_account"), {"who": str(world.deng.pk), "reason": "调走了"})
    assert refused.status_code == 400 and "先在岗位的页面记下离岗" in refused.content.decode()
    assert 'value="调走了"' in refused.content.decode()
    done = client.post(reverse("portal:close_account"), {"who": str(user.pk), "reason": "调走了"}, follow=True).content.decode()
    assert "新示例的账号停用了" in done and "停用了的账号" in done
    again = client.post(reverse("portal:reopen_account"), {"who": str(user.pk)}).content.decode()
    assert "一次性密码" in again
    assert "停用了的账号" not in client.get(reverse("portal:posts")).content.decode()


def queries_of(client: Client) -> int:
    """列一次岗位要几条语句, with nothing kept from before"""
    forget_all()
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse("portal:posts")).status_code == 200
    return len(seen)


def test_the_list_costs_the_same_with_more_posts(world: World) -> None:
    client, counts = signed_in(world.zhen), list[int]()
    queries_of(client)  # the first look of a session writes it
    for more in (1, 29):
        for number in range(more):
            post = Post.objects.create(
                township=world.township, office=world.post("deng").office, duty="review", title=f"岗{more}-{number}"
            )
            PostHolding.objects.create(post=post, user=world.wang, starts_on=TODAY)
        counts.append(queries_of(client))

    assert counts[0] == counts[1] <= QUERIES


@pytest.mark.parametrize(("typed", "kept"), [("Xin.Ren-2", "xin.ren-2"), ("x", ""), ("2xin", ""), ("xin ren", ""), ("新人", "")])
def test_a_work_name_is_small_letters(typed: str, kept: str) -> None:
    form = OpenAccountForm(HttpRequest(), {"name": "新示例", "work_name": typed})

    assert (form.is_valid(), form.cleaned_data.get("work_name", "")) == (bool(kept), kept)


def test_a_holding_runs_on_both_its_days() -> None:
    row = PostHolding(starts_on=TODAY, ends_on=date(2026, 12, 3))

    days = [views._runs(row, date(2026, 11, 30)), views._runs(row, TODAY), views._runs(row, date(2026, 12, 3)),
            views._runs(row, date(2026, 12, 4))]  # fmt: skip
    assert days == [False, True, True, False]
