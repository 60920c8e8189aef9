"""工作人员的页面：the queue, the case, its acts and what is refused; deputies, modes and the leader's page."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.models import Case, CorrectionNotice, Decision, Step
from portal.models import Delegation, User
from services.actions import save_page
from services.amending import amendable
from services.definition import Citation, OnTimeout
from services.models import AccessRecord, Application
from tests.conftest import TestClock
from tests.factories import at, file_application, first_step, make_draft
from tests.world import PASSWORD, World


def signed_in(user: User) -> Client:
    """登录了的浏览器"""
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, *args: str, status: int = 200, query: str = "") -> str:
    """取一页的文字"""
    response = client.get(reverse(f"approvals:{name}", args=args) + query)
    assert response.status_code == status, (name, response.status_code)
    return response.content.decode()


def post(client: Client, application: Application, act: str, **fields: str) -> Any:
    """做一个动作"""
    return client.post(reverse("approvals:act", args=[application.number, act]), fields)


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """食品摊贩备案，2026-09-16（周三）10:00 交齐"""
    clock(at("2026-09-16", "10:00"))
    return file_application(world, "SJ-002")


def test_from_queue_to_decision(stall: Application, world: World) -> None:
    window = signed_in(world.wang)
    queue = page(window, "workbench")
    assert stall.number in queue
    assert "受理" in queue
    assert "安示例" not in queue

    shown = page(window, "case", stall.number)
    assert "一次性告知" in shown
    assert "安示例" not in shown
    assert shown.index("您能办的") < shown.index('id="papers"')  # on a phone what can be done comes before the papers
    assert "›" not in shown and f">{stall.number}" not in shown.split('class="crumbs"')[1].split("</nav>")[0]
    assert AccessRecord.objects.filter(application=stall, user=world.wang).count() == 1
    page(window, "case", stall.number)
    assert AccessRecord.objects.filter(application=stall, user=world.wang).count() == 1

    assert post(window, stall, "accept").status_code == 302
    assert post(window, stall, "accept").status_code == 409
    step = Step.objects.filter(case__application=stall, status="open").first()
    while step is not None and step.kind != "decide":
        holder = step.post.holdings.get().user
        fields = {"outcome": "agree", "text": "符合要求", "second_signer": "另一人", "step": step.key}
        assert post(signed_in(holder), stall, "opinion", **fields).status_code == 302
        step = Step.objects.filter(case__application=stall, status="open").first()
    assert step is not None
    decider = signed_in(step.post.holdings.get().user)
    assert stall.number in page(decider, "workbench")
    refused = post(decider, stall, "decide", outcome="refuse", facts="", legal_basis="")
    assert refused.status_code == 400
    assert "不予的决定必须写明事实和理由" in refused.content.decode()
    assert post(decider, stall, "decide", outcome="approve").status_code == 302
    assert Decision.objects.get(case__application=stall).manner == "signed"
    assert "已备案" in page(signed_in(world.an), "progress", stall.number)


def test_one_notice_keeps_what_was_typed(stall: Application, world: World) -> None:
    window = signed_in(world.wang)
    first, second = stall.rules.materials[:2]

    empty = post(window, stall, "correct").content.decode()
    wrong = post(window, stall, "correct", **{f"m-{first.key}": "on", f"w-{second.key}": "这里写了字"})
    right = post(window, stall, "correct", **{f"m-{first.key}": "on", f"w-{first.key}": "拍清楚一点"})
    again = post(window, stall, "correct", **{f"m-{first.key}": "on", f"w-{first.key}": "再补", "override": "理由"})

    assert '<a href="#id_points">请勾出要补的材料' in empty and 'id="id_points_error"' in empty
    assert "id_m-" not in "".join(re.findall(r'id="[^"]*_error"', empty))  # no one of them is wrong by itself
    shown = wrong.content.decode()
    assert wrong.status_code == 400
    assert "这里写了字" in shown
    assert f'<a href="#id_m-{second.key}">“{second.name}”下面写了字，没有勾' in shown
    assert f'<span id="id_m-{second.key}_error"><span class="wrong-text">' in shown
    assert shown.count('class="unfold open"') == 1  # the box with the words is there to be seen; the others wait for a tick
    assert shown.count('class="unfold') == len(stall.rules.materials) + len(amendable(stall))
    assert right.status_code == 302
    assert again.status_code == 403
    assert CorrectionNotice.objects.filter(case__application=stall).count() == 1
    assert "等补正" in page(window, "workbench")


def test_who_may_open_the_case(stall: Application, world: World) -> None:
    for user in (world.an, world.bao, world.chenb, world.shui):
        page(signed_in(user), "case", stall.number, status=404)
        assert post(signed_in(user), stall, "accept").status_code == 404
    page(signed_in(world.du), "case", stall.number)
    page(signed_in(world.an), "workbench", status=404)
    assert Client().get(reverse("approvals:workbench")).status_code == 302


def test_full_name_needs_a_reason_and_is_recorded(stall: Application, world: World) -> None:
    window, url = signed_in(world.wang), reverse("approvals:personal", args=[stall.number])

    assert window.post(url, {"reason": ""}).status_code == 400
    shown = window.post(url, {"reason": "打电话核对"}).content.decode()

    assert "安示例" in shown
    assert AccessRecord.objects.get(application=stall, what="全名、电话、证件号码").reason == "打电话核对"
    assert "打电话核对" in page(signed_in(world.an), "readers", stall.number)


def test_a_relatives_number_is_shown_for_a_recorded_reason_only(world: World) -> None:
    draft = make_draft(world, "ZR-001")
    save_page(application=draft, page="家庭", values={"household_members": "安小示例 儿子 999999197503020006"})
    draft.refresh_from_db()
    actions.file(application=draft, by=world.an, key="x" * 32)
    desk, number = signed_in(world.chen), "999999197503020006"

    covered = page(desk, "case", draft.number)
    shown = desk.post(reverse("approvals:personal", args=[draft.number]), {"reason": "核对户口"}).content.decode()

    assert number not in covered
    assert number in shown
    assert number not in page(desk, "case", draft.number)


def test_recused_clerk_is_told_why(stall: Application, world: World) -> None:
    world.wang.person.phone_hash = world.an.person.phone_hash
    world.wang.person.save()

    assert "回避" in page(signed_in(world.wang), "workbench")
    assert post(signed_in(world.wang), stall, "accept").status_code == 403


def test_pause_late_needs_a_second_signer(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:00"))
    application = file_application(world, "ZR-001")
    actions.accept(application=application, by=world.chen)
    reason = application.rules.pause_reasons[0]
    clock(at("2026-10-13", "10:00"))
    desk = signed_in(world.fang)
    fields = {"reason": reason.key, "until": "2026-10-20", "notice": "需要到现场再量一次，三天"}
    fields |= {"step": first_step(application), "second_password": PASSWORD}

    wrong = post(desk, application, "pause", **{**fields, "second_name": "nonghead", "second_password": "x"})
    other = post(desk, application, "pause", **fields, second_name="jianhead")
    right = post(desk, application, "pause", **fields, second_name="nonghead")

    assert (wrong.status_code, other.status_code) == (400, 403)
    assert "第二签字人" in wrong.content.decode()
    assert "中止的第二签字要由农业农村办公室的负责人或镇领导办理。" in other.content.decode()
    assert right.status_code == 302, right.content.decode()
    assert Case.objects.get(application=application).paused


def test_each_form_shows_the_limit_it_is_up_against(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:00"))
    application = file_application(world, "ZR-001")
    window = signed_in(world.chen)
    assert "<b>窗口答复</b>" in page(window, "act", application.number, "reject")
    actions.accept(application=application, by=world.chen)
    clock(at("2026-09-17", "10:00"))
    name = Step.objects.get(case__application=application).name

    assert f"<b>{name}</b>" in page(signed_in(world.fang), "act", application.number, "pause")
    for act, desk in (("extend", signed_in(world.zhen)), ("died", window)):
        shown = page(desk, "act", application.number, act)
        assert "<b>我们承诺</b>" in shown
        assert "没有期限" not in shown


def test_a_clerk_reads_of_the_applicant_and_of_the_paper_by_its_name(stall: Application, world: World) -> None:
    window, points = signed_in(world.wang), [(stall.rules.materials[0].key, "看不清，请重拍")]
    assert "收件通知单（PDF）" in page(window, "case", stall.number)
    actions.correct(application=stall, by=world.wang, points=points)

    shown = page(window, "case", stall.number)

    assert "等申请人补材料" in shown
    assert "<b>申请人补材料</b>" in shown
    assert "给申请人的书面通知" in shown
    assert "等您补材料" not in shown
    assert "给您的书面通知" not in shown
    assert "请您补材料" not in shown


def test_deputy_sees_the_work_and_says_for_whom(stall: Application, world: World, clock: TestClock) -> None:
    seat = world.post("wang")
    form = {
        "post": str(seat.pk),
        "deputy": str(world.chen.pk),
        "starts_at": "2026-09-16 10:00",
        "ends_at": "2026-09-18",
        "reason": "开会",
    }
    made = signed_in(world.wang).post(reverse("approvals:delegations"), form)
    assert made.status_code == 302, made.content.decode()
    clock(at("2026-09-16", "11:00"))
    queue = page(signed_in(world.chen), "workbench")

    assert "今天替王示例办" in queue
    assert "代 王示例" in queue
    assert stall.number not in page(signed_in(world.chen), "workbench", query="?side=own")
    number = Delegation.objects.get().number
    done = signed_in(world.chen).post(reverse("approvals:report_back", args=[number]), {"text": "办了一件，没有剩"})
    assert done.status_code == 302
    assert "能办的</th>" in page(signed_in(world.wang), "delegations")
    signed_in(world.wang).post(reverse("approvals:revoke_delegation", args=[number]))
    book = page(signed_in(world.wang), "delegations")
    assert "已收回" in book and "能办的</th>" not in book  # no empty column
    assert stall.number not in page(signed_in(world.chen), "workbench")


def test_switching_a_mode_on(world: World) -> None:
    approver = signed_in(world.pi)
    assert "SJ-002" in page(approver, "modes")
    page(signed_in(world.wang), "modes", status=404)
    url = reverse("approvals:switch_mode", args=["SJ-002", "item", "record"])

    refused = approver.post(url, {"title": "", "published_on": "昨天"})
    done = approver.post(url, {"title": "示例办法（虚构）", "article": "第八条", "published_on": "2026-01-05"}, follow=True)

    assert "日期要写成" in refused.content.decode()
    assert "写成 2026-9-23 这样。" in page(approver, "switch_mode", "SJ-002", "item", "record")
    assert "开通了" in done.content.decode()


def test_leader_sees_figures_and_overdue(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:00"))
    application = file_application(world, "MZ-001")
    actions.accept(application=application, by=world.wang)
    clock(at("2026-12-30", "10:00"))

    text = page(signed_in(world.zhen), "leader")

    assert application.number in text
    assert "写理由" in text
    assert "整件超期" in text and 'data-label="整件超了"' in text
    assert "一件同时走几步，每步各算一次" in text
    step = Step.objects.filter(case__application=application, status="open")[0]
    bench = page(signed_in(step.post.holdings.get().user), "workbench")
    assert "天数按这一步算，整件的期限在办件页上" in bench
    page(signed_in(world.wang), "leader", status=404)
    assert "逾期督办" in page(signed_in(world.zhen), "case", application.number)


def queries_of(client: Client, query: str = "") -> int:
    """工作台用了几条查询; the process's own list of townships, reread every few seconds, is not counted."""
    with CaptureQueriesContext(connection) as captured:
        page(client, "workbench", query=query)
    return sum('FROM "portal_township"' not in query["sql"] for query in captured.captured_queries)


def test_workbench_costs_the_same_for_one_row_and_for_thirty(world: World, clock: TestClock) -> None:
    connection.cursor().execute("SET LOCAL transaction_timeout = 0")  # a test is one transaction; thirty filings are many
    clock(at("2026-09-16", "10:00"))
    file_application(world, "SJ-002")
    window = signed_in(world.wang)
    page(window, "workbench")
    one, found = queries_of(window), queries_of(window, "?q=安示例")
    for _ in range(29):
        file_application(world, "SJ-002")

    assert queries_of(window) == one <= 14
    assert queries_of(window, "?q=安示例") == found <= 14
    text = page(window, "workbench")
    assert "下一页" in text
    after = text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert page(window, "workbench", query=after).count("data-row>") == 5


def test_what_is_found_by_name_says_where_it_is_and_until_when(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:00"))
    filed, asked, gone = (file_application(world, "SJ-002") for _ in range(3))
    actions.correct(application=asked, by=world.wang, points=[(asked.rules.materials[0].key, "看不清，请换一份")])
    actions.withdraw(application=gone, by=world.an, reason="先不办了")

    rows = page(signed_in(world.wang), "workbench", query="?q=安示例").split("<tbody>")[1].split("</tr>")
    numbers = (filed.number, asked.number, gone.number)
    said = {number: next(row for row in rows if f"/desk/{number}/" in row) for number in numbers}

    assert "收件审看" in said[filed.number] and "正常" in said[filed.number]
    assert re.search(r"2026年\d+月\d+日（星期.）<br>", said[filed.number]) and "为什么是这一天" in said[filed.number]
    assert "等申请人补材料" in said[asked.number] and f"/progress/{asked.number}/why/answer/" in said[asked.number]
    assert "已撤回" in said[gone.number] and 'data-label="结束"' in said[gone.number]
    actions.accept(application=filed, by=world.wang)
    step = Step.objects.get(case__application=filed, status="open")
    assert step.name in page(signed_in(world.wang), "workbench", query="?q=安示例")


@pytest.mark.parametrize("light", ["超期", "临期", "正常", "中止", "暂定"])
def test_lights_filter_as_they_show(light: str, world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:00"))
    fine = file_application(world, "SJ-002")
    expected = {"正常": "2026-09-16", "临期": "2026-09-20", "超期": "2026-09-21"}
    clock(at(expected.get(light, "2026-09-16"), "11:00"))

    text = page(signed_in(world.wang), "workbench", query=f"?light={light}")

    assert (fine.number in text) == (light in expected)


def totals(user: User) -> dict[str, str]:
    """工作台上各灯旁边的数"""
    nav = page(signed_in(user), "workbench").split('<nav class="totals"')[1].split("</nav>")[0]
    links = re.findall(r'href="\?light=([^&]*)&[^>]*>(.*?)</a>', nav)
    return {unquote(light): re.sub("<[^>]+>|件|[^0-9+]", "", text) for light, text in links}


def test_every_light_on_the_desk_has_its_number(world: World, clock: TestClock) -> None:
    for when in ("2026-09-16", "2026-09-17", "2026-09-18"):  # on Monday the 21st one is over, one ends, one has a day left
        clock(at(when, "10:00"))
        filed = file_application(world, "SJ-002")
    clock(at("2026-09-21", "10:00"))
    paused = file_application(world, "SJ-002")
    actions.correct(application=paused, by=world.wang, points=[(paused.rules.materials[0].key, "看不清，请换一份")])
    totals(world.wang)  # whatever is due is settled
    Case.objects.filter(application=filed).update(provisional=True)

    counted = totals(world.wang)

    assert counted == {"": "4", "超期": "1", "临期": "1", "正常": "1", "中止": "1", "暂定": "1"}
    for light, number in counted.items():
        rows = page(signed_in(world.wang), "workbench", query=f"?light={light}").count("data-row>")
        assert str(rows) == number, light


def test_a_light_is_not_counted_by_what_is_left_of_more_than_a_hundred(stall: Application, world: World) -> None:
    actions.accept(application=stall, by=world.wang)
    (step,) = Step.objects.filter(case__application=stall, status="open")
    holder = step.post.holdings.get().user
    assert totals(holder) == {"": "1", "超期": "0", "临期": "0", "正常": "1", "中止": "0", "暂定": "0"}
    first = {field.attname: getattr(step, field.attname) for field in Step._meta.concrete_fields if not field.primary_key}
    Step.objects.bulk_create([Step(**{**first, "key": f"more-{number}"}) for number in range(98)])
    assert totals(holder)["正常"] == "99"
    Step.objects.bulk_create([Step(**{**first, "key": "last"})])

    assert totals(holder) == {"": "99+", "超期": "0", "临期": "0", "正常": "", "中止": "0", "暂定": ""}


def test_the_workbench_says_what_silence_has_ended_in_the_last_day(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "09:00"))
    rule = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=rule, by=world.pi)
    file_application(world, "SJ-002")
    clock(at("2026-11-26", "23:59:30"))
    assert "收讫即备案" not in page(signed_in(world.wang), "workbench")
    clock(at("2026-11-27", "00:00:00"))

    assert "<b>收讫即备案</b>，2026年11月26日（星期四）24:00起" in page(signed_in(world.wang), "workbench")
    assert "收讫即备案" not in page(signed_in(world.deng), "workbench")
    clock(at("2026-11-28", "00:00:01"))
    assert "收讫即备案" not in page(signed_in(world.wang), "workbench")


def test_an_act_one_cannot_do_shows_why_and_no_form(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:00"))
    application = file_application(world, "MZ-001")
    actions.accept(application=application, by=world.wang)
    clock(at("2026-12-30", "10:00"))
    asked = (application.number, "reason")

    assert "<textarea" in page(signed_in(world.shehead), "act", *asked)
    for user in (world.du, world.wang):
        text = page(signed_in(user), "act", *asked)
        assert "这个动作不在您的岗位职责里" in text and "<textarea" not in text
    actions.publish_reason(application=application, by=world.shehead, text="入户核查的人手不够，一月十日前办好")
    text = page(signed_in(world.shehead), "act", *asked)
    assert "理由已经公开" in text and "<textarea" not in text
    assert "已经受理了" in page(signed_in(world.wang), "act", application.number, "correct")
