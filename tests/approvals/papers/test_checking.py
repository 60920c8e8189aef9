"""核验：a genuine paper shows its facts, a revoked one that it is void, a forged one that nobody issued it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.models import Certificate
from approvals.papers.checking import check_paper
from approvals.papers.kinds import PaperKey, PaperKind, paper_number
from approvals.papers.making import keyed_hash
from portal.numbers import grouped, new_number
from services.models import Application
from tests.approvals.papers import stories
from tests.approvals.papers.pdf import Pdf
from tests.conftest import TestClock
from tests.factories import at
from tests.world import World

Story = Callable[[World, TestClock], Application]


def verified(number: str, status: int = 200) -> str:
    """不登录打开核验页"""
    response = Client().get(reverse("approvals:verify", args=[number]))
    assert response.status_code == status, number
    return response.content.decode()


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """超时默认了的食品摊贩备案"""
    return stories.recorded(world, clock)


def test_a_genuine_certificate_shows_rule_days_silence_and_office(stall: Application) -> None:
    text = verified(f"{stall.number}-1")

    assert "这份逾期未作出决定证明是真的" in text
    assert "示例省食品摊贩备案办法（虚构）第八条" in text
    assert "9月17日第1天，9月18日第2天，9月20日（调休上班）第3天" in text
    assert "便民服务中心，2号窗口。已记责" in text
    assert "有权决定的机关" in text
    assert "2026年9月20日（星期日）24:00" in text
    assert "安*例" in text
    assert "安示例" not in text and "王示例" not in text


def test_a_revoked_certificate_says_when(stall: Application) -> None:
    Certificate.objects.filter(case=stall.case).update(
        revoked_at=at("2026-10-09", "09:30"), revoked_for="撤销：示例依据"
    )

    text = verified(f"{stall.number}-1")

    assert "这份逾期未作出决定证明已撤销，不再有效" in text
    assert "已撤销：2026年10月9日（星期五）09:30起不再有效" in text
    assert "撤销：示例依据" in text
    assert "是真的</h1>" not in text


def test_what_the_office_revoked_is_void_on_the_page_and_on_the_paper(
    stall: Application, world: World, clock: TestClock
) -> None:
    clock(at("2026-10-12", "09:30"))  # the correction window of ten working days is over
    words = {"reason": "登记的经营场所并不存在。", "legal_basis": "行政许可法第六十九条"}
    actions.revoke(application=stall, by=world.zhen, **words)
    decision = paper_number(PaperKey(stall.number, PaperKind.DECISION), keyed_hash())

    for number, title in ((f"{stall.number}-1", "逾期未作出决定证明"), (decision, "结果告知")):
        text = verified(number)
        assert f"这份{title}已撤销，不再有效" in text
        assert "2026年10月12日（星期一）09:30起不再有效" in text
        assert "行政许可法第六十九条" in text
        assert "登记的经营场所" not in text  # the facts are the applicant's
    client = Client()
    client.force_login(world.an)
    for paper in ("certificate", "decision"):
        pdf = Pdf(client.get(reverse("approvals:paper_pdf", args=[stall.number, paper])).content)
        assert "已撤销：2026年10月12日（星期一）09:30起不再有效" in pdf.text
        assert len(pdf.sizes) == 1


def test_a_certificate_nobody_issued_is_not_vouched_for(stall: Application) -> None:
    for number in (f"{stall.number}-2", f"{new_number()}-1"):
        text = verified(number, 404)
        assert "查无此证：可能抄错，也可能是伪造的" in text
        assert 'name="number"' in text
        assert "没有出具过这个编号" in text
        assert "0000-555 0100" in text


def test_a_wrong_check_character_is_told(stall: Application) -> None:
    wrong = stall.number[:-1] + ("2" if stall.number[-1] != "2" else "3")

    text = verified(f"{wrong}-1", 404)

    assert "编号不对，请照着纸再写一遍" in text
    assert "可能是伪造的" in text
    assert 'name="number"' in text
    assert "0000-555 0100" in text


def test_a_notice_made_up_from_a_known_case_number_is_not_vouched_for(stall: Application) -> None:
    genuine = paper_number(PaperKey(stall.number, PaperKind.DECISION), keyed_hash())

    assert "这份结果告知是真的" in verified(genuine)
    assert "编号不对" in verified(f"{stall.number}-J1-222222", 404)
    assert "编号不对" in verified(genuine.replace("-J1-", "-S1-"), 404)


def test_a_genuine_number_of_a_paper_never_given_is_not_vouched_for(stall: Application) -> None:
    for kind in (PaperKind.PAUSE, PaperKind.EXTENSION, PaperKind.CORRECTION):
        assert "查无此证" in verified(paper_number(PaperKey(stall.number, kind), keyed_hash()), 404)


@pytest.mark.parametrize("written", [" {n}－1 ", "{l}-1", "{g} 1", "{n}—1", "{w}-1"])
def test_the_number_on_the_paper_is_taken_as_people_write_it(written: str, stall: Application) -> None:
    number = stall.number
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    typed = written.format(n=number, l=number.lower(), g=grouped(number), w=wide)

    answer = Client().get(reverse("portal:verify_record"), {"number": typed}, follow=True)

    assert answer.status_code == 200
    assert "这份逾期未作出决定证明是真的" in answer.content.decode()


def test_the_number_written_in_a_township_is_checked_there(stall: Application) -> None:
    answer = Client().get(f"/t/bailu{reverse('portal:verify_record')}", {"number": f"{stall.number}-1"})

    assert answer["Location"] == f"/t/bailu/verify/{stall.number}-1/"


def test_a_draft_has_no_papers(world: World, stall: Application) -> None:
    Application.objects.filter(pk=stall.pk).update(state="draft")

    assert check_paper(f"{stall.number}-1").application is None


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "‮", "A" * 2000, "%00", "-", "一-1"])
def test_whatever_is_typed_gets_an_answer(typed: str, world: World) -> None:
    text = verified(typed, 404) if "/" not in typed else Client().get(f"/verify/{typed}/").content.decode()

    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("story", "kind", "told"),
    [
        (stories.accepted, PaperKind.SLIP, "2026年9月16日（星期三）10:24"),
        (stories.corrected, PaperKind.CORRECTION, "2026年10月1日（星期四）"),
        (stories.paused, PaperKind.PAUSE, "行政许可法第四十五条"),
        (stories.extended, PaperKind.EXTENSION, "5个工作日"),
        (stories.refused, PaperKind.DECISION, "不予受理"),
    ],
)
def test_a_genuine_notice_shows_what_to_hold_against_it(
    story: Story, kind: PaperKind, told: str, world: World, clock: TestClock
) -> None:
    application = story(world, clock)

    text = verified(paper_number(PaperKey(application.number, kind), keyed_hash()))

    assert told in text
    assert f"{reverse('approvals:progress_lookup')}?number={application.number}" in text
    assert "安示例" not in text
