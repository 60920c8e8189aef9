"""有效期快到了：written once however often and late the sweep runs, told once, and said by every page and paper."""

from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from approvals import actions, sweeping
from approvals.loading import load_events
from approvals.models import Card, Case, ResponsibilityRecord
from approvals.papers.kinds import PaperKey, PaperKind, paper_number
from approvals.papers.making import keyed_hash
from portal.keys import keys
from portal.models import Channel, Event, Message
from services.models import Application
from tests.approvals.papers import stories
from tests.approvals.papers.pdf import Pdf
from tests.conftest import TestClock
from tests.factories import at
from tests.portal.pages import signed_in
from tests.world import World

TERM = "结果有效期到2027年9月20日"
ADVICE = "要接着办的，请在到期以前重新办。"


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """2026年9月20日24:00收讫即备案的食品摊贩备案，有效期12个月，2027年7月22日提醒"""
    return stories.recorded(world, clock)


def page(client: Client, name: str, *args: str) -> str:
    """取一页的文字"""
    response = client.get(reverse(f"approvals:{name}", args=args))
    assert response.status_code == 200, name
    return response.content.decode()


def expiring(application: Application) -> list[Event]:
    """台账里的提醒"""
    return [event for event in load_events(application) if event.kind == "effect_expiring"]


def told(application: Application) -> list[str]:
    """站内告诉申请人的提醒"""
    rows = Message.objects.filter(subject_number=application.number, channel=Channel.IN_SITE, kind__startswith="expir")
    return list(rows.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("swept", "kind"),
    [
        (("2027-07-22", "09:00"), "expiring"),
        (("2027-09-20", "23:59"), "expiring"),
        (("2027-10-09", "03:00"), "expired"),  # nobody was there for eleven weeks
    ],
)
def test_the_sweep_finds_the_closed_case_writes_once_and_tells_once(
    swept: tuple[str, str], kind: str, stall: Application, world: World, clock: TestClock
) -> None:
    actions.deliver(application=stall, by=world.wang, how="handed", receipt="签收簿第3页")
    clock(at("2027-07-22", "08:59:50"))
    sweeping.sweep()
    case = Case.objects.get(application=stall)
    before = (Card.objects.count(), ResponsibilityRecord.objects.count())
    assert case.closed_at is not None
    assert case.next_look_at == at("2027-07-22", "09:00")
    assert (expiring(stall), told(stall)) == ([], [])

    clock(at(*swept))
    assert [sweeping.sweep(), sweeping.sweep()] == [1, 0]

    (event,) = expiring(stall)
    assert (event.payload["key"], event.payload["at"]) == ("validity#1:expiring", "2027-07-22T01:00:00+00:00")
    assert told(stall) == [kind]
    case.refresh_from_db()
    assert case.next_look_at is None
    assert (Card.objects.count(), ResponsibilityRecord.objects.count()) == before


def test_a_case_closed_before_there_were_reminders_is_looked_at_again(stall: Application, clock: TestClock) -> None:
    look_again = import_module("approvals.migrations.0018_remind_of_terms_that_end").LOOK_AGAIN
    Case.objects.filter(application=stall).update(next_look_at=None)
    with connection.cursor() as cursor:
        cursor.execute(look_again)
    assert sweeping.sweep() == 1

    case = Case.objects.get(application=stall)
    assert case.next_look_at is not None
    assert case.next_look_at > at("2026-09-24", "10:00")
    clock(at("2027-07-22", "09:00"))
    sweeping.sweep()
    assert (len(expiring(stall)), told(stall)) == (1, ["expiring"])


def test_a_revoked_result_reminds_nobody(stall: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-10-12", "09:30"))
    actions.revoke(application=stall, by=world.zhen, reason="登记的经营场所并不存在。", legal_basis="行政许可法第六十九条")
    clock(at("2027-08-01", "09:00"))
    sweeping.sweep()

    assert (expiring(stall), told(stall)) == ([], [])
    own = signed_in(world.an)
    assert "结果有效期" not in page(own, "progress", stall.number)
    assert "结果有效期" not in page(own, "mine")


def test_a_result_without_a_term_says_nothing(world: World, clock: TestClock) -> None:
    own, house = signed_in(world.an), stories.refused(world, clock)

    assert "结果有效期" not in page(own, "progress", house.number)
    assert "结果有效期" not in page(own, "mine")


@pytest.mark.parametrize(
    ("when", "line", "advised"),
    [("2027-07-21", TERM + "。", False), ("2027-07-22", TERM + "。", True), ("2027-09-21", TERM + "，已经过了。", False)],
)
def test_every_page_says_until_when_with_no_worker(
    when: str, line: str, advised: bool, stall: Application, world: World, clock: TestClock
) -> None:
    clock(at(when, "10:00"))

    for text in (page(signed_in(world.an), "progress", stall.number), page(signed_in(world.an), "mine")):
        assert line in text
        assert (ADVICE in text) is advised
    assert line in page(signed_in(world.wang), "case", stall.number)


def test_papers_and_the_public_check_name_the_day(stall: Application, world: World, clock: TestClock) -> None:
    own, day = signed_in(world.an), "到2027年9月20日（星期一）"
    decision = paper_number(PaperKey(stall.number, PaperKind.DECISION), keyed_hash())

    assert day + "。一年，到期前重新备案（示例值）" in page(own, "decision_paper", stall.number)
    assert day in page(own, "certificate", stall.number)
    for paper in ("decision", "certificate"):
        pdf = Pdf(own.get(reverse("approvals:paper_pdf", args=[stall.number, paper])).content)
        assert (day in pdf.text, len(pdf.sizes)) == (True, 1)
    for number in (decision, f"{stall.number}-1"):
        assert day in page(Client(), "verify", number)
    clock(at("2027-09-21", "10:00"))
    for number in (decision, f"{stall.number}-1"):
        assert day + "，已经过了" in page(Client(), "verify", number)


def test_the_interface_gives_the_last_day(stall: Application, client: Client) -> None:
    code = keys().open_text(bytes(stall.query_code_sealed))

    told = client.get(f"/api/v1/progress/{stall.number}/?code={code}").json()

    assert date.fromisoformat(told["valid_until"]) == date(2027, 9, 20)
