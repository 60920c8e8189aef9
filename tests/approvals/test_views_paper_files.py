"""下载PDF：for those who may see the case, kept by no cache, and linked from wherever the paper is spoken of."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from approvals.views.shared import qr_markup
from portal.keys import keys
from portal.models import User
from services.models import Application
from tests.approvals.papers import stories
from tests.approvals.papers.pdf import Pdf
from tests.conftest import TestClock
from tests.world import World

Story = Callable[[World, TestClock], Application]


def signed_in(user: User) -> Client:
    """登录了的浏览器"""
    client = Client()
    client.force_login(user)
    return client


def test_a_paper_is_a_private_download_with_a_name(world: World, clock: TestClock) -> None:
    house = stories.accepted(world, clock)

    response = signed_in(world.an).get(reverse("approvals:paper_pdf", args=[house.number, "slip"]))

    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%8F%97%E7%90%86")
    assert house.number in response["Content-Disposition"]
    assert response.content.startswith(b"%PDF-")


def test_the_query_code_is_on_ones_own_slip_only(world: World, clock: TestClock) -> None:
    house = stories.accepted(world, clock)
    code = keys().open_text(bytes(house.query_code_sealed))
    url = reverse("approvals:paper_pdf", args=[house.number, "slip"])

    assert code in Pdf(signed_in(world.an).get(url).content).text
    assert code not in Pdf(signed_in(world.chen).get(url).content).text


def test_a_stranger_gets_none(world: World, clock: TestClock) -> None:
    house = stories.accepted(world, clock)
    url = reverse("approvals:paper_pdf", args=[house.number, "slip"])

    for client, status in ((Client(), 302), (signed_in(world.bao), 404), (signed_in(world.chenb), 404)):
        assert client.get(url).status_code == status
    assert signed_in(world.an).post(url).status_code == 405


@pytest.mark.parametrize(
    ("story", "papers"),
    [
        (stories.corrected, ["slip", "correction"]),
        (stories.paused, ["slip", "pause", "pause-2"]),
        (stories.extended, ["slip", "extension"]),
        (stories.recorded, ["slip", "decision", "certificate"]),
    ],
)
def test_every_paper_is_linked_for_the_applicant_and_for_the_desk(
    story: Story, papers: list[str], world: World, clock: TestClock
) -> None:
    application = story(world, clock)
    page = signed_in(world.an).get(reverse("approvals:progress", args=[application.number])).content.decode()
    desk = signed_in(world.zhen).get(reverse("approvals:case", args=[application.number])).content.decode()

    for paper in papers:
        link = f'href="{reverse("approvals:paper_pdf", args=[application.number, paper])}"'
        assert link in page, paper
        assert link in desk, paper


def test_the_printed_page_offers_the_file(world: World, clock: TestClock) -> None:
    stall = stories.recorded(world, clock)

    for name, paper in (("slip", "slip"), ("decision_paper", "decision"), ("certificate", "certificate")):
        page = signed_in(world.an).get(reverse(f"approvals:{name}", args=[stall.number])).content.decode()
        assert reverse("approvals:paper_pdf", args=[stall.number, paper]) in page


def test_a_code_is_a_picture_that_stands_alone() -> None:
    assert qr_markup("https://portal.example/verify/X-1/").startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" '
    )
