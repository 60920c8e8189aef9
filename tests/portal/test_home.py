"""首页、我的账号、工作首页：what they show, to whom, with how many queries."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal import pagecache
from portal.models import Delegation, Event, Post, Village
from services.actions import start_draft
from services.models import AccessRecord, Application, ServiceItem
from tests.factories import at, file_application, make_draft
from tests.portal.pages import signed_in, words
from tests.world import World


@pytest.fixture
def cached_pages(settings):
    """打开整页缓存"""
    settings.PAGE_CACHE_SECONDS = 5
    pagecache.clear()
    yield
    pagecache.clear()


def query_count(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert client.get(path).status_code == 200
    return len(counted)


def test_home_leads_to_the_matter(world, client):
    text = client.get("/").content.decode()

    assert 'action="/items/"' in text
    assert 'action="/progress/"' in text
    assert "tel:00005550100" in text
    assert "共42件" in text


def test_popular_items_come_by_audience_and_popularity(world, client):
    ServiceItem.objects.filter(township=world.township, code="MZ-006").update(popularity=9)

    text = words(client.get("/"))

    personal = text[text.index("个人") : text.index("个人的事，全部")]
    assert personal.index("领高龄津贴") < personal.index("申请低保")
    assert world.item("SJ-002").name in text[text.index("个人的事，全部") : text.index("企业的事，全部")]


def test_home_names_who_is_at_the_window_and_for_whom(world, client, clock):
    clock(at("2026-11-23", "10:00"))
    Delegation.objects.create(
        post=world.post("chen"), principal=world.chen, deputy=world.wang, starts_at=at("2026-11-23", "08:00"),
        ends_at=at("2026-11-24", "18:00"), reason="培训", number="示例授〔2026〕1号",
    )  # fmt: skip

    text = words(client.get("/"))

    assert "王示例 今天代 陈示例" in text
    assert "2026年11月23日（星期一）" in text


def test_month_ledger_counts_a_default(world, client, clock):
    assert "到期没人回话" in words(client.get("/"))
    assert "截至" in words(client.get("/"))


def test_home_of_the_other_township_is_its_own(world, client):
    text = words(client.get("/t/bailu/"))

    assert "白鹭乡" in text
    assert "共3件" in text
    assert "青禾镇" not in text
    assert 'action="/t/bailu/items/"' in client.get("/t/bailu/").content.decode()


def test_anonymous_home_is_kept_and_sets_no_cookie(world, cached_pages):
    first = Client().get("/")
    reading = Client()

    assert not first.cookies
    assert first["Cache-Control"] == "public, max-age=5"
    assert query_count(reading, "/") == 0


def test_each_reading_mode_is_kept_apart(world, cached_pages, client):
    client.get("/")
    client.get("/reading-mode/?mode=large&next=/")

    assert 'data-mode="large"' in client.get("/").content.decode()
    assert 'data-mode="normal"' in Client().get("/").content.decode()


def test_signed_in_home_is_never_kept(world, cached_pages):
    client = signed_in(world.an)

    assert "安*例" in words(client.get("/"))
    assert "no-store" in client.get("/")["Cache-Control"]
    assert "安*例" not in words(Client().get("/"))


def test_home_asks_the_same_number_of_questions_whatever_stands_on_it(world, client):
    client.get("/")
    before = query_count(client, "/")
    for number in range(30):
        village = Village.objects.create(township=world.township, slug=f"v{number}", name=f"{number}村")
        Post.objects.create(
            township=world.township,
            office=world.post("chen").office,
            village=village,
            duty="village_agent",
            title="村代办",
        )

    assert query_count(client, "/") == before


@pytest.mark.parametrize(
    ("day", "opens"),
    [("2026-11-29", "2026年11月30日（星期一）"), ("2026-10-02", "2026年10月8日（星期四）"), ("2026-09-20", ""),
        ("2026-11-23", "")],
)
@pytest.mark.parametrize("path", ["/", "/contact/", "/items/SJ-002/"])
def test_on_a_day_of_rest_nobody_is_said_to_be_at_the_window(world, client, clock, path, day, opens):
    """A Sunday, a day of the National holiday, a Sunday that is worked, a Monday."""
    clock(at(day, "18:00"))

    text = words(client.get(path))

    assert ("今天休息，窗口不开门" in text, "平时谁在" in text, "今天谁在" in text) == (bool(opens), bool(opens), not opens)
    assert f"下一个上班的日子：{opens}8:30。" in text or not opens


def test_account_masks_what_it_shows(world):
    text = words(signed_in(world.an).get("/account/"))

    assert "000****0001" in text
    assert "2X" in text
    assert "00005550001" not in text
    assert "11010519491231002" not in text


def test_account_lists_who_has_read_ones_cases(world, clock):
    draft = make_draft(world, "SJ-002")
    AccessRecord.objects.create(
        application=draft,
        user=world.chen,
        post=world.post("chen"),
        what="材料",
        reason="受理",
        at=at("2026-11-23"),
    )

    mine, others = words(signed_in(world.an).get("/account/")), words(signed_in(world.bao).get("/account/"))

    assert "陈示例，1号窗口" in mine
    assert "还没有人看过" in others


def test_readers_come_twenty_a_page(world):
    draft = make_draft(world, "SJ-002")
    rows = [
        AccessRecord(application=draft, user=world.chen, what=f"第{n}次", reason="受理", at=at("2026-11-23"))
        for n in range(1, 31)
    ]
    made = AccessRecord.objects.bulk_create(rows)
    client = signed_in(world.an)

    first, second = words(client.get("/account/")), words(client.get(f"/account/?before={made[10].pk}"))

    assert "第30次" in first
    assert "第10次" not in first
    assert "第10次" in second
    assert "第11次" not in second


def test_odd_page_number_is_the_first_page(world):
    assert signed_in(world.an).get("/account/?before=²").status_code == 200


def test_own_data_is_taken_along_in_full_and_recorded(world):
    draft = make_draft(world, "SJ-002")

    response = signed_in(world.an).get("/account/export/")

    data = response.json()
    assert response["Content-Disposition"].startswith("attachment")
    assert (data["身份证号"], data["电话"]) == ("11010519491231002X", "00005550001")
    assert data["办件"][0]["事项"] == draft.item.name
    assert data["办件"][0]["填写内容"]
    assert Event.objects.filter(stream=f"account:{world.an.pk}", kind="exported").count() == 1


def test_own_data_holds_nothing_of_others(world: World):
    make_draft(world, "SJ-002", by=world.an)

    text = signed_in(world.bao).get("/account/export/").content.decode()

    assert "安示例" not in text
    assert '"办件": []' in text


def test_own_data_of_an_agent_leaves_out_those_filed_for(world: World):
    start_draft(item=world.item("SJ-002"), by=world.zhou, applicant=world.an.person, consent="口头委托", channel="agent")

    agent = signed_in(world.zhou).get("/account/export/").content.decode()
    assert "安示例" not in agent
    assert '"办件": []' in agent
    assert "安示例" in signed_in(world.an).get("/account/export/").content.decode()


def test_staff_home_names_posts_and_places_by_duty(world):
    chen, gao = words(signed_in(world.chen).get("/staff/")), words(signed_in(world.gao).get("/staff/"))

    assert "1号窗口" in chen
    assert "重设村民密码" in chen
    assert "重设村民密码" not in gao
    assert "拟稿、审核、发布公告" in gao


def test_staff_home_says_for_whom_one_stands_in(world, clock):
    clock(at("2026-11-23", "10:00"))
    Delegation.objects.create(
        post=world.post("deng"), principal=world.deng, deputy=world.wang, starts_at=at("2026-11-23", "08:00"),
        ends_at=at("2026-11-24", "18:00"), reason="培训", number="示例授〔2026〕2号",
    )  # fmt: skip

    text = words(signed_in(world.wang).get("/staff/"))

    assert "您代 邓示例 的村建办审核岗，到2026年11月24日（星期二）18:00" in text


def test_villager_has_no_staff_home(world):
    assert signed_in(world.an).get("/staff/").status_code == 403


def test_filed_case_is_in_ones_own_data(world, clock):
    clock(at("2026-11-23", "10:00"))
    filed = file_application(world, "SJ-002")

    data = signed_in(world.an).get("/account/export/").json()

    assert data["办件"][0]["编号"].replace(" ", "") == Application.objects.get(pk=filed.pk).number
    assert settings.SESSION_COOKIE_NAME not in str(data)
