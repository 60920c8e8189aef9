"""公开栏：the wall shows what the record says, from the second it is true, at the same cost for 1 and 30 rows."""

import re
import xml.etree.ElementTree as ElementTree

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from approvals import actions as deciding
from approvals.models import Case, ResponsibilityRecord
from disclosure import actions
from disclosure.models import Column
from disclosure.queries import announcements, month_ledger
from portal import pagecache
from portal.clock import portal_now
from services.models import Application, ServiceItem
from tests.conftest import TestClock
from tests.disclosure.helpers import published, revised, settle_all
from tests.factories import at, file_application
from tests.world import World


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_a_default_stands_on_the_board_from_its_second_with_no_worker(
    stall: Application, client: Client, clock: TestClock
) -> None:
    clock(at("2026-11-26", "23:59:50"))
    before = page(client, "/board/")
    clock(at("2026-11-27", "00:00:00"))

    after = page(client, "/board/")

    assert "收讫即备案" not in before
    assert "收讫即备案" in after and "安*例" in after
    assert stall.number[:3] in page(client, "/board/results/")
    assert ">11月26日<" in after


def test_a_cached_page_does_not_outlive_the_end(
    stall: Application, client: Client, clock: TestClock
) -> None:
    clock(at("2026-11-26", "23:59:58"))
    with override_settings(PAGE_CACHE_SECONDS=5):
        answer = client.get("/board/")
    pagecache.clear()

    seconds = answer.headers["Cache-Control"]
    assert int(re.findall(r"max-age=(\d+)", seconds)[0]) <= 2


def test_defaults_name_the_post_and_the_instant(stall: Application, client: Client, clock: TestClock) -> None:
    clock(at("2026-11-30", "09:00"))

    text = page(client, "/board/defaults/")

    assert "自2026年11月26日（星期四）24:00生效" in text
    assert "2号窗口" in text


def test_an_overdue_case_shows_its_public_reason(world: World, client: Client, clock: TestClock) -> None:
    clock(at("2026-09-01", "09:00"))
    application = file_application(world, "MZ-001")
    clock(at("2026-11-23", "10:00"))
    before = page(client, "/board/defaults/")
    words = "入户核查的人手不够，联系13812345678，11月30日前办完。"
    text = words.replace("13812345678", "138-1234-5678")
    deciding.publish_reason(application=application, by=world.shehead, text=text)

    after = page(client, "/board/defaults/")

    assert "超期" in before and "还没有公开" in before
    assert "入户核查的人手不够" in after and "138-1234-5678" not in after


def test_a_reason_stands_with_the_limit_it_answers_for(world: World, client: Client, clock: TestClock) -> None:
    clock(at("2026-09-01", "09:00"))
    application = file_application(world, "MZ-001")
    clock(at("2026-11-23", "10:00"))
    settle_all(world)
    ends = ResponsibilityRecord.objects.filter(case__application=application, clock__in=["promised", "statutory"])
    first, second = ends.order_by("ended_at")
    assert (first.clock, second.clock) == ("promised", "statutory") and first.ended_at < second.ended_at

    rows = client.get("/api/v1/defaults/").json()["results"]
    late = {row["clock"]: (row["reason_due_on"], row["reason_with"]) for row in rows if row["mode"] == "escalate"}
    due = first.case.reason_due_on
    assert due is not None and late["承诺期限"] == (due.isoformat(), "") and late["法定期限"] == (None, "承诺期限")
    text = page(client, "/board/defaults/")
    assert text.count("还没有公开") == text.count("理由见这一件的承诺期限那一行") == 1

    deciding.publish_reason(application=application, by=world.shehead, text="入户核查的人手不够，下周办完。")
    assert page(client, "/board/defaults/").count("入户核查的人手不够") == 1


def test_applicants_of_unpublished_items_are_not_named(world: World, client: Client, clock: TestClock) -> None:
    clock(at("2026-09-01", "09:00"))
    found = ServiceItem.objects.filter(township=world.township, online=True).select_related("current")
    code = next(item.code for item in found if item.current and item.current.rules.publish_results == "none")
    file_application(world, code)
    clock(at("2026-11-23", "10:00"))

    for path in ("/board/", "/board/defaults/", "/board/hall/"):
        text = page(client, path)
        assert "安示例" not in text and "安*例" not in text, path


def test_every_column_has_a_page(world: World, client: Client) -> None:
    for column in Column:
        assert f"<h1>{column.label}</h1>" in page(client, f"/board/{column.value}/")
    page(client, "/board/nothing/", 404)


def test_standing_columns_come_from_the_record(world: World, client: Client) -> None:
    assert "邓示例" in page(client, "/board/offices/")
    assert "镇长" in page(client, "/board/leaders/")
    procedures = page(client, "/board/procedures/")
    assert procedures.count("/items/") >= 42
    assert "法定未规定" in procedures
    assert "不收费" in page(client, "/board/fees/")
    assert "0000-555 0109" in page(client, "/board/complaints/")


def test_villages_have_their_own_board(world: World, client: Client) -> None:
    published(world, title="石桥村宅基地公示", column="announcements", village="shiqiao")

    assert "石桥村宅基地公示" in page(client, "/board/village/shiqiao/")
    assert "石桥村宅基地公示" not in page(client, "/board/village/liuwan/")
    assert "石桥村宅基地公示" in page(client, "/board/announcements/?village=shiqiao")
    page(client, "/board/village/nowhere/", 404)
    page(client, "/board/results/?village=nowhere", 404)


def test_another_township_shows_its_own(world: World, client: Client) -> None:
    notice = published(world, title="青禾的公告")

    assert "青禾的公告" not in page(client, "/t/bailu/board/fees/")
    page(client, f"/t/bailu/board/notices/{notice.number}/", 404)


def test_search_finds_notices_and_results(stall: Application, world: World, client: Client, clock: TestClock) -> None:
    clock(at("2026-11-27", "09:00"))
    published(world, title="灌溉用水费公示")

    assert "灌溉用水费公示" in page(client, "/board/search/?q=灌溉")
    for word in ("食品摊贩", "柳湾", stall.number.lower()):
        assert "收讫即备案" in page(client, f"/board/search/?q={word}"), word
    assert "没有找到" in page(client, "/board/search/?q=不存在的词")
    assert "没有找到" in page(client, "/board/search/?q=%27%3B--")


def test_the_notice_page_shows_what_a_revision_changed(world: World, client: Client) -> None:
    notice = revised(world, published(world), "每立方米0.18元。")

    text = page(client, f"/board/notices/{notice.number}/revisions/2/")

    assert "<del>0.22元</del><ins>0.18元</ins>" in text
    assert "县里降了标准" in text
    assert "每立方米0.18元。" in page(client, f"/board/notices/{notice.number}/")
    assert "第1版原文" in page(client, f"/board/notices/{notice.number}/revisions/1/")
    page(client, f"/board/notices/{notice.number}/revisions/3/", 404)


def test_a_withdrawn_notice_keeps_its_page(world: World, client: Client) -> None:
    notice = published(world, column="announcements")
    actions.withdraw(notice=notice, by=world.bu, reason="标准由县里另行公布")

    text = page(client, f"/board/notices/{notice.number}/")

    assert "已经撤下" in text and "标准由县里另行公布" in text
    assert "已撤下" in page(client, "/board/announcements/")
    assert notice.number not in page(client, "/board/")
    assert announcements(world.township) == []


def test_drafts_are_nowhere_public(world: World, client: Client) -> None:
    revision = actions.revise(
        notice=published(world), by=world.gao, text=actions.Text("灌溉用水费公示", "秘密的新标准", change_note="改标准")
    )

    number = revision.notice.number
    for path in ("/board/", "/board/fees/", f"/board/notices/{number}/", "/board/feed.xml", "/board/search/?q=秘密"):
        assert "秘密的新标准" not in page(client, path)
    page(client, f"/board/notices/{number}/revisions/2/", 404)


def test_markup_in_a_notice_is_text(world: World, client: Client) -> None:
    notice = published(world, title="<script>一</script>", body="<img src=x onerror=y>|<b>二</b>")

    text = page(client, f"/board/notices/{notice.number}/")

    assert "<script>一" not in text and "<img src=x" not in text


def test_the_feed_is_valid_atom(stall: Application, world: World, client: Client, clock: TestClock) -> None:
    clock(at("2026-11-27", "09:00"))
    published(world, title="收费 & <标准>")

    answer = client.get("/board/feed.xml")

    root = ElementTree.fromstring(answer.content)
    atom = "{http://www.w3.org/2005/Atom}"
    titles = [entry.findtext(f"{atom}title") for entry in root.iter(f"{atom}entry")]
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert titles == ["收费 & <标准>", f"{stall.rules.name}：收讫即备案"]


def test_the_hall_screen_shows_eight_rows_and_turns(world: World, client: Client, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    assert "现在没有在办的件" in page(client, "/board/hall/")
    for _ in range(9):
        file_application(world, "SJ-002")

    first, second = page(client, "/board/hall/"), page(client, "/board/hall/?page=2&stop=1")

    assert (first.count("<tr><td>"), second.count("<tr><td>")) == (8, 1)
    assert 'content="15;url=?page=2"' in first and "http-equiv" not in second
    assert "第1页，共2页" in first and "等窗口受理" in first
    page(client, "/board/hall/?page=999999999999")


def test_the_month_counts_what_happened_in_it(stall: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-27", "09:00"))
    Client().get("/board/")

    november = month_ledger(world.township, portal_now())
    december = month_ledger(world.township, at("2026-12-02"))

    assert (november.closed, november.on_time, november.by_default, november.closed_late) == (1, 0, 1, 0)
    assert (november.overdue, november.deemed) == (0, 1)
    assert "本月办结1件，按时0件、到期默认1件" in page(Client(), "/board/")
    assert "按时，另1件到期默认" in page(Client(), "/")
    assert (december.closed, december.deemed) == (0, 0)


def test_the_month_says_what_became_of_what_went_past_its_limit(
    world: World, client: Client, clock: TestClock
) -> None:
    clock(at("2026-10-09", "09:00"))
    ended, running, left = (file_application(world, "MZ-001") for _ in range(3))
    clock(at("2026-11-30", "10:00"))
    settle_all(world)
    deciding.withdraw(application=left, by=world.an, reason="不办了")
    Case.objects.filter(application=ended).update(outcome="approved", effective_at=at("2026-11-30", "10:00"))

    month = month_ledger(world.township, portal_now())

    assert (month.closed, month.on_time, month.closed_late) == (1, 0, 1)
    assert (month.overdue, month.overdue_closed, month.overdue_open) == (3, 1, 1)
    home = page(client, "/")
    assert "本月到期没办（1件后来办结，1件还在办，1件撤回或终结），看理由" in home and "按时，另1件到期以后才办结" in home


def test_the_month_counts_what_was_lengthened_as_lengthened_and_not_as_kept(
    world: World, client: Client, clock: TestClock
) -> None:
    clock(at("2026-11-02", "09:00"))
    kept, longer, late = (file_application(world, "ZR-001") for _ in range(3))
    for application in (longer, late):
        deciding.extend(application=application, by=world.zhen, length=5, reason="案情复杂需要延长")
    ended = Case.objects.filter(application__in=[kept, longer, late])
    ended.update(outcome="approved", effective_at=at("2026-11-20", "10:00"), next_look_at=None)
    Case.objects.filter(application=late).update(overdue=True)
    clock(at("2026-11-20", "11:00"))

    month = month_ledger(world.township, portal_now())

    assert (month.closed, month.on_time, month.extended, month.closed_late) == (3, 1, 1, 1)
    assert "按时，另1件延长以后才办结，另1件到期以后才办结" in page(client, "/")
    assert "本月办结3件，按时1件、延长以后办结1件" in page(client, "/board/")


def statements(client: Client, path: str) -> int:
    """这一页要几条语句, once everything due has been settled."""
    counts = []
    for _ in range(3):  # the smallest: the table of townships is read anew every five seconds
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))
    return min(counts)


LISTS = ["", "results/", "defaults/", "fees/", "feed.xml", "hall/", "search/?q=食品", "village/liuwan/"]


def test_pages_cost_the_same_with_one_and_thirty_rows(
    stall: Application, world: World, client: Client, clock: TestClock
) -> None:
    paths = [f"/board/{path}" for path in LISTS]
    connection.cursor().execute("SET LOCAL transaction_timeout = 0")  # the whole test is one transaction
    clock(at("2026-11-27", "09:00"))
    published(world, title="食品一")
    one = {path: statements(client, path) for path in paths}
    clock(at("2026-11-23", "10:00"))
    for _ in range(30):
        file_application(world, "SJ-002")
    clock(at("2026-11-27", "09:00"))
    for place in range(30):
        published(world, title=f"食品{place}", column="fees")
    settle_all(world)

    many = {path: statements(client, path) for path in paths}

    assert many == one
    assert max(many.values()) <= 25


def test_results_turn_pages_without_gaps(stall: Application, world: World, client: Client, clock: TestClock) -> None:
    connection.cursor().execute("SET LOCAL transaction_timeout = 0")
    for _ in range(24):
        file_application(world, "SJ-002")
    clock(at("2026-11-27", "09:00"))
    settle_all(world)

    first = page(client, "/board/results/")
    mark = re.findall(r'href="(\?[^"]*after=[^"]+)"', first)[0].replace("&amp;", "&")
    second = page(client, "/board/results/" + mark)

    assert (first.count("收讫即备案"), second.count("收讫即备案")) == (20, 5)
    page(client, "/board/results/?after=nonsense", 400)
