"""补登收件日：the day with its scan by one person, confirmed by another; nothing else about time can be typed."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.loading import fold_application, load_events
from approvals.models import Decision, ReceiptDeclaration
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.models import Message
from services.definition import Citation, OnTimeout
from services.models import Application
from tests.conftest import TestClock
from tests.factories import at, make_draft
from tests.world import World

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
CAME = date(2026, 11, 16)  # a Monday


def scan(name: str = "stamp.jpg") -> SimpleUploadedFile:
    """盖了收件章的那一页"""
    picture = BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "JPEG")
    return SimpleUploadedFile(name, picture.getvalue(), "image/jpeg")


@pytest.fixture
def paper(world: World, clock: TestClock) -> Application:
    """周代办员 2026-11-30（周一）录入的纸件草稿，到期收讫即备案（3个工作日）"""
    clock(at("2026-11-30", "09:00"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    draft = make_draft(world, "SJ-002", by=world.zhou)
    Application.objects.filter(pk=draft.pk).update(
        applicant=world.an.person, consent="口头委托，念给本人听过", channel="agent"
    )
    draft.refresh_from_db()
    return draft


@pytest.fixture
def entered(paper: Application, world: World) -> Application:
    """补登了 16 日收到，提交了"""
    actions.declare_receipt(application=paper, by=world.zhou, received_on=CAME, scans=[scan()])
    return actions.file(application=paper, by=world.zhou, key="k")


def test_the_clocks_run_from_the_declared_day_and_the_default_waits(entered: Application, clock: TestClock) -> None:
    state = fold_application(entered, portal_now())
    promised = state.clock("promised")

    entered.refresh_from_db()
    assert promised is not None
    assert (entered.received_on, promised.limit.started_on) == (CAME, CAME)
    assert (state.receipt_waits, state.outcome, promised.due_on) == (True, "", None)
    assert load_events(entered)[0].payload["declared"] is True
    clock(at("2027-01-15", "09:00"))
    settle_application(entered.pk)
    assert not Decision.objects.filter(case__application=entered).exists()


def test_a_second_person_confirms_and_the_next_working_day_ends_it(
    entered: Application, world: World, clock: TestClock
) -> None:
    with pytest.raises(NotAllowed, match="由另一个人"):
        actions.confirm_receipt(application=entered, by=world.zhou)
    with pytest.raises(NotAllowed, match="岗位职责"):
        actions.confirm_receipt(application=entered, by=world.shui)

    actions.confirm_receipt(application=entered, by=world.wang)

    row = ReceiptDeclaration.objects.get(application=entered)
    assert (row.by, row.confirmed_by) == (world.zhou, world.wang)
    with pytest.raises(WrongState, match="没有等着核对"):
        actions.confirm_receipt(application=entered, by=world.head)
    clock(at("2026-12-02", "00:00"))  # 24:00 of Tuesday 1 December
    settle_application(entered.pk)
    decision = Decision.objects.get(case__application=entered)
    assert (decision.outcome, decision.effective_at, decision.counts_from) == ("recorded", at("2026-12-02", "00:00"), CAME)


@pytest.mark.parametrize(
    ("day", "scans", "words"),
    [
        (date(2026, 12, 1), [scan()], "不能晚于今天"),
        (date(2025, 11, 16), [scan()], "年份"),
        (CAME, [], "没有扫描件"),
        (CAME, [SimpleUploadedFile("a.jpg", b"not a picture", "image/jpeg")], "a.jpg"),
    ],
)
def test_a_day_without_sense_or_scan_is_refused(
    paper: Application, world: World, day: date, scans: list[SimpleUploadedFile], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        actions.declare_receipt(application=paper, by=world.zhou, received_on=day, scans=scans)

    assert not ReceiptDeclaration.objects.exists()


def test_only_who_enters_the_paper_declares_and_only_before_filing(paper: Application, world: World) -> None:
    for by in (world.wang, world.an):
        with pytest.raises(NotAllowed, match="录入这份纸件"):
            actions.declare_receipt(application=paper, by=by, received_on=CAME, scans=[scan()])
    own = make_draft(world, "SJ-002")
    with pytest.raises(NotAllowed, match="录入这份纸件"):
        actions.declare_receipt(application=own, by=world.an, received_on=CAME, scans=[scan()])
    filed = actions.file(application=paper, by=world.zhou, key="k")
    with pytest.raises(WrongState, match="已经提交"):
        actions.declare_receipt(application=filed, by=world.zhou, received_on=CAME, scans=[scan()])

    with pytest.raises(WrongState, match="没有等着核对"):
        actions.confirm_receipt(application=filed, by=world.wang)


def test_today_takes_it_back(paper: Application, world: World) -> None:
    actions.declare_receipt(application=paper, by=world.zhou, received_on=CAME, scans=[scan()])
    actions.declare_receipt(application=paper, by=world.zhou, received_on=date(2026, 11, 30), scans=[])

    filed = actions.file(application=paper, by=world.zhou, key="k")

    assert filed.received_on == date(2026, 11, 30)
    assert "declared" not in load_events(filed)[0].payload


def test_the_pages(paper: Application, world: World) -> None:
    agent, window = Client(), Client()
    agent.force_login(world.zhou)
    window.force_login(world.wang)
    url = reverse("approvals:declare", args=[paper.number])
    assert "补登收件日" in agent.get(reverse("services:check", args=[paper.number])).content.decode()
    assert window.get(url).status_code == 404

    missing = agent.post(url, {"received_on": "2026-11-16"})
    done = agent.post(url, {"received_on": "2026-11-16", "scans": scan()})
    actions.file(application=paper, by=world.zhou, key="k")
    page = reverse("approvals:act", args=[paper.number, "confirm"])
    shown = window.get(page).content.decode()

    assert "没有扫描件" in missing.content.decode()
    assert "2026-11-16" in missing.content.decode()
    assert done.status_code == 302
    assert "2026年11月16日" in shown
    assert "打开扫描件" in shown
    token = ReceiptDeclaration.objects.get().scan.token
    assert window.get(reverse("approvals:attachment", args=[paper.number, token])).status_code == 200
    assert "核对补登的收件日" in window.get(reverse("approvals:case", args=[paper.number])).content.decode()
    assert window.post(page).status_code == 302
    assert Message.objects.filter(subject_number=paper.number, kind="receipt_to_confirm").count() <= 1
