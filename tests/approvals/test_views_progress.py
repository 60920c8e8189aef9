"""申请人的页面：file → confirmation → progress → why → papers, for those who may see them and nobody else."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.loading import fold_application
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.keys import keys
from portal.models import User
from portal.pagewords import cn_date
from portal.sign_in import LIMIT
from services.actions import set_point
from services.definition import Citation, OnTimeout
from services.models import Application, HowSupplied
from tests.conftest import TestClock
from tests.factories import at, file_application, first_step, make_draft
from tests.world import World

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")


def signed_in(user: User) -> Client:
    """登录了的浏览器"""
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, *args: str, status: int = 200) -> str:
    """取一页的文字"""
    response = client.get(reverse(f"approvals:{name}", args=args))
    assert response.status_code == status, (name, response.status_code)
    return response.content.decode()


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """食品摊贩备案，2026-09-16（周三）10:00 交齐，承诺3个工作日"""
    clock(at("2026-09-16", "09:00"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    clock(at("2026-09-16", "10:00"))
    return file_application(world, "SJ-002")


def test_the_way_to_check_a_receipt_is_where_one_looks_for_it(stall: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-09-22", "10:00"))  # recorded by silence: there is a certificate
    settle_application(stall.pk)
    own, link = signed_in(world.an), f'href="{reverse("portal:verify_record")}"'
    checked = page(Client(), "verify", f"{stall.number}-1")

    assert link in page(own, "slip", stall.number)
    assert link in page(own, "certificate", stall.number)
    assert link in checked.partition("<footer")[0]
    assert link in Client().get("/").content.decode().partition("<footer")[2]


def test_filing_by_the_page_shows_number_dates_and_silence(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:24"))
    draft = make_draft(world, "ZR-001")
    client = signed_in(world.an)

    response = client.post(reverse("approvals:file", args=[draft.number]), {"key": "k1"}, follow=True)
    again = client.post(reverse("approvals:file", args=[draft.number]), {"key": "k1"}, follow=True)

    text = response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("approvals:filed", args=[draft.number])
    assert again.redirect_chain == response.redirect_chain
    assert "申请已收到" in text
    assert "2026年9月16日（星期三）10:24" in text
    assert "为什么是这一天" in text
    assert "不算批准" in text
    assert keys().open_text(bytes(draft.query_code_sealed))[:3] in text


def test_filing_too_early_keeps_everything(world: World, clock: TestClock) -> None:
    draft = make_draft(world, "SJ-002")
    draft.points.all().delete()

    response = signed_in(world.an).post(reverse("approvals:file", args=[draft.number]), {"key": "k"})

    assert response.status_code == 302
    assert response["Location"].endswith("/check/")


def test_progress_says_what_is_left_and_who_has_it(stall: Application, world: World) -> None:
    text = page(signed_in(world.an), "progress", stall.number)

    assert "还剩3个工作日" in text
    assert "王示例" in text  # the window that serves the office
    assert "我要催办" in text
    assert "安示例" not in text
    assert "安*例" in text


def test_default_is_shown_with_every_worker_dead(stall: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-09-20", "00:00"))  # the worked Sunday is the third day
    assert "今天24:00到期" in page(signed_in(world.an), "progress", stall.number)
    clock(at("2026-09-21", "00:00"))

    text = page(signed_in(world.an), "progress", stall.number)

    assert "收讫即备案" in text
    assert "2026年9月20日（星期日）24:00" in text
    assert "收讫即备案" in page(signed_in(world.an), "mine")


def test_nobody_else_sees_it(stall: Application, world: World) -> None:
    for user in (world.bao, world.chenb, world.shui):
        for name in ("progress", "slip", "qr"):
            page(signed_in(user), name, stall.number, status=404)
    page(signed_in(world.bao), "readers", stall.number, status=404)


def test_query_code_opens_the_masked_page(stall: Application) -> None:
    code = keys().open_text(bytes(stall.query_code_sealed))
    client = Client()

    spaced = f"{stall.number[:3]} {stall.number[3:6].lower()} {stall.number[6:]}"
    response = client.post(reverse("approvals:progress_lookup"), {"number": spaced, "code": code}, follow=True)

    text = response.content.decode()
    assert "还剩3个工作日" in text
    assert "安*例" in text
    assert "我要催办" not in text


def test_a_code_in_the_address_opens_nothing(stall: Application) -> None:
    code = keys().open_text(bytes(stall.query_code_sealed))
    client = Client()

    response = client.get(reverse("approvals:progress_lookup"), {"number": stall.number, "code": code})

    assert response.status_code == 200
    page(client, "progress", stall.number, status=302)


def test_wrong_code_and_wrong_number_look_the_same_and_are_counted(stall: Application, world: World) -> None:
    client = Client()
    url = reverse("approvals:progress_lookup")
    absent = make_draft(world, "SJ-002").number

    wrong = client.post(url, {"number": stall.number, "code": absent}).content.decode()
    missing = client.post(url, {"number": absent, "code": stall.number}).content.decode()
    for _ in range(LIMIT):
        last = client.post(url, {"number": stall.number, "code": absent})

    assert "编号和查询码对不上" in wrong
    assert "编号和查询码对不上" in missing
    assert last.status_code == 429
    assert "15分钟" in last.content.decode()


def test_why_this_day_adds_up_and_names_the_notice(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:24"))
    application = file_application(world, "ZR-001")
    clock(at("2026-09-23", "09:41"))

    text = page(signed_in(world.an), "why", application.number, "promised")

    assert "调休上班" in text
    assert "国庆" in text
    assert "国办发明电" in text
    assert "收到申请当天不算。从第二天起，只数上班的日子，数到第15个" in text
    page(signed_in(world.an), "why", application.number, "nonsense", status=404)


def test_papers_are_one_page_each(stall: Application, world: World, clock: TestClock) -> None:
    client = signed_in(world.an)
    assert "收件通知单" in page(client, "slip", stall.number)
    assert "<svg" in page(client, "qr", stall.number)
    page(client, "decision_paper", stall.number, status=404)
    clock(at("2026-09-23", "08:00"))
    settle_application(stall.pk)

    assert "收讫即备案" in page(client, "decision_paper", stall.number)
    assert f"{stall.number}-1" in page(client, "certificate", stall.number)
    assert "是真的" in page(Client(), "verify", f"{stall.number}-1")
    assert "查无此证" in page(Client(), "verify", f"{stall.number}-2", status=404)


def test_supply_after_a_correction(stall: Application, world: World) -> None:
    material = stall.rules.materials[0]
    note = "健康证明也请带上原件，当面看一眼就还您。"
    actions.correct(application=stall, by=world.wang, points=[(material.key, "看不清，请重拍")], note=note)
    client = signed_in(world.an)

    for name, reader in (("progress", client), ("case", signed_in(world.wang)), ("correction_notice", client)):
        assert note in page(reader, name, stall.number)
    assert "看不清，请重拍" in page(client, "supply", stall.number)
    assert "等您补材料" in page(client, "progress", stall.number)
    assert "看不清，请重拍" in page(client, "correction_notice", stall.number)
    url = reverse("approvals:supply", args=[stall.number])
    refused = client.post(url, {f"how-{material.key}": "cannot", f"statement-{material.key}": ""})
    done = client.post(url, {f"how-{material.key}": "cannot", f"statement-{material.key}": "原件丢了，正在补办"})

    assert refused.status_code == 400
    assert done.status_code == 302
    stall.refresh_from_db()
    assert stall.state == "submitted"


@pytest.mark.parametrize("served", [True, False])
def test_a_case_waiting_for_material_has_no_ended_limit_and_no_dead_date(
    stall: Application, world: World, served: bool
) -> None:
    if not served:  # by an agent, for somebody without an account: the notice has yet to be brought
        Application.objects.filter(pk=stall.pk).update(consent="托代办员办")
        User.objects.filter(pk=world.an.pk).update(is_active=False)
        stall.refresh_from_db()
    material = stall.rules.materials[0]
    actions.correct(application=stall, by=world.wang, points=[(material.key, "看不清，请重拍")])
    state = fold_application(stall, portal_now())
    dead = {cn_date(clock.due_on) for clock in state.clocks if clock.key in {"promised", "statutory"}}

    client = signed_in(world.an if served else world.wang)
    text, why = page(client, "progress", stall.number), page(client, "why", stall.number, "promised")
    mine = page(client, "mine") if served else page(client, "case", stall.number)

    assert dead
    assert (state.clock("answer") is not None) == served
    for shown in (text, mine, why):
        assert "已办结" not in shown
        assert not [day for day in dead if day in shown]
    assert text.count("等补正") >= 2  # the main light and each limit that the notice stopped
    assert "补齐那天起重新算" in text
    assert "补齐那天起重新算" in why and "看要补什么" in why


def test_a_paused_limit_says_when_it_resumes_and_how_far_it_would_run(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:00"))
    house = file_application(world, "ZR-001")
    actions.accept(application=house, by=world.chen)
    words = {"until": date(2026, 9, 24), "notice": "需要到现场再量一次", "step": first_step(house)}
    actions.pause(application=house, by=world.fang, reason=house.rules.pause_reasons[0].key, **words)

    text = page(signed_in(world.an), "progress", house.number)

    ends = fold_application(house, at("2026-09-25")).clock("promised").due_on
    why = reverse("approvals:why", args=[house.number, "promised"])
    top = text[text.index("现在依法停着，不算日子") : text.index("现在在谁手里")]
    assert f"因为：{house.rules.pause_reasons[0].name}。最迟 <b>2026年9月24日（星期四）</b>接着算" in top
    assert f'，那天接着算的话，最晚 <b>{cn_date(ends)}</b>办好。<a href="{why}">为什么是这一天</a>' in top
    assert "现在停着，最迟2026年9月24日（星期四）恢复计时" in text
    assert f"那天恢复的话，最晚{cn_date(ends)}；早恢复就早到期" in text


def test_urge_and_withdraw(stall: Application, world: World) -> None:
    client = signed_in(world.an)
    urged = client.post(reverse("approvals:urge", args=[stall.number]), follow=True).content.decode()
    again = client.post(reverse("approvals:urge", args=[stall.number]), follow=True).content.decode()
    empty = client.post(reverse("approvals:withdraw", args=[stall.number]), {"reason": ""})
    done = client.post(reverse("approvals:withdraw", args=[stall.number]), {"reason": "不摆摊了"}, follow=True)

    assert "催过了" in urged
    assert "今天已经催过了" in again
    assert "请写一句为什么撤回" in empty.content.decode()
    assert "已撤回" in done.content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_my_list_costs_the_same_whatever_its_length(
    count: int, world: World, clock: TestClock, django_assert_max_num_queries: Any
) -> None:
    connection.cursor().execute("SET LOCAL transaction_timeout = 0")  # a test is one transaction; twenty filings are many
    clock(at("2026-09-16", "10:00"))
    for _ in range(count):
        file_application(world, "SJ-002")
    client = signed_in(world.an)
    page(client, "mine")

    with django_assert_max_num_queries(14):
        page(client, "mine")


def file_mixed(world: World) -> Application:
    """一份上传了一样、另几样说好带到窗口、免提交、交不了的食品摊贩备案"""
    draft = make_draft(world, "SJ-002", how=HowSupplied.WINDOW)
    form, identity, health, *rest = [material.key for material in draft.rules.materials]
    for key, how in [(form, HowSupplied.FILE), (identity, HowSupplied.SHARING), (health, HowSupplied.CANNOT)]:
        set_point(application=draft, material=key, how=how, statement="在亲戚家" if how == HowSupplied.CANNOT else "")
    assert rest
    return actions.file(application=draft, by=world.an, key="mixed")


def row_of(text: str, label: str) -> str:
    """通知单上的一行"""
    return text.split(f'<th scope="row">{label}</th><td>')[1].split("</td>")[0]


def test_the_slip_acknowledges_only_what_came_in(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:24"))
    stall = file_mixed(world)
    form, identity, health, *rest = [material.name for material in stall.rules.materials]

    text = page(signed_in(world.an), "slip", stall.number)

    assert row_of(text, "网上收到") == form
    assert row_of(text, "政府自己查") == identity
    assert row_of(text, "说明交不了") == health
    assert row_of(text, "要带到窗口").split("、")[0].startswith(rest[0])
    assert "窗口收到" not in text
    assert "您不用再跑" not in text


def test_who_must_bring_papers_is_told_so_until_the_window_accepts(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:24"))
    stall = file_mixed(world)
    client, paper = signed_in(world.an), stall.rules.materials[3].name

    for name in ("filed", "progress", "slip"):
        assert f"还要带到窗口：{paper}" in page(client, name, stall.number), name
    actions.accept(application=stall, by=world.wang)

    for name in ("filed", "progress", "slip"):
        assert "还要带到窗口" not in page(client, name, stall.number), name
    assert row_of(page(client, "slip", stall.number), "窗口收到").startswith(paper)
    assert "您不用再跑" in page(client, "filed", stall.number)


def test_staff_have_in_hand_what_they_enter(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:24"))
    draft = make_draft(world, "SJ-002", how=HowSupplied.WINDOW)
    Application.objects.filter(pk=draft.pk).update(channel="window")
    draft.refresh_from_db()
    stall = actions.file(application=draft, by=world.an, key="window")

    text = page(signed_in(world.an), "slip", stall.number)

    assert draft.rules.materials[3].name in row_of(text, "窗口收到")
    assert "要带到窗口" not in text


def test_silence_acknowledges_no_paper(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:24"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    draft = make_draft(world, "SJ-002")
    signed_there = draft.rules.materials[3]
    assert signed_there.filled_here
    set_point(application=draft, material=signed_there.key, how=HowSupplied.WINDOW)
    stall = actions.file(application=draft, by=world.an, key="silence")
    clock(at("2026-09-24", "10:00"))
    settle_application(stall.pk)
    client = signed_in(world.an)

    assert stall.rules.materials[3].name in row_of(page(client, "slip", stall.number), "要带到窗口")
    assert "还要带到窗口" not in page(client, "progress", stall.number)


def test_a_result_says_where_to_go_and_not_what_holds_of_silence(stall: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-09-24", "10:00"))
    settle_application(stall.pk)
    client = signed_in(world.an)

    for name in ("progress", "decision_paper"):
        text = page(client, name, stall.number)
        assert "60日内向示例县人民政府申请行政复议" in text, name
        assert "6个月内向示例县人民法院提起行政诉讼" in text, name
        assert "不予答复" not in text, name


def test_an_overdue_case_says_that_review_comes_first(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:00"))
    stall = file_application(world, "SJ-002")
    client = signed_in(world.an)
    assert "要先复议" not in page(client, "progress", stall.number)
    clock(at("2026-09-24", "10:00"))

    told = "到期没人答复的，60日内可以向示例县人民政府申请行政复议；要先复议，才能起诉（行政复议法第二十三条）。"
    assert told in page(client, "progress", stall.number)
