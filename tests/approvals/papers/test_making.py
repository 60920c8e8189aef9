"""六种纸：what each says, one A4 page each, with its fonts inside and a code that leads to the page that checks it."""

from collections.abc import Callable
from dataclasses import replace
from itertools import cycle

import pytest
from django.test import Client
from django.urls import reverse

from approvals.models import Certificate, CorrectionNotice
from approvals.pages.materials import handed
from approvals.papers import frame, making, notices, outcomes, press
from approvals.papers.kinds import PaperKey, PaperKind
from approvals.papers.sheet import values
from approvals.queries.cases import filed_applications, fold_one, standing
from approvals.queries.paper_rows import source_of
from approvals.views.paper_files import paper_surroundings
from approvals.views.shared import qr_markup
from portal.clock import portal_now
from portal.models import Event
from services.definition import ItemDefinition
from services.models import Application, HowSupplied, ItemVersion, ServiceItem
from tests.approvals.papers import stories
from tests.approvals.papers.pdf import CJK, Pdf
from tests.approvals.papers.test_press import A4, MARKUP
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

Story = Callable[[World, TestClock], Application]


def download(world: World, application: Application, paper: str) -> Pdf:
    """申请人下载一张纸"""
    client = Client()
    client.force_login(world.an)
    response = client.get(reverse("approvals:paper_pdf", args=[application.number, paper]))
    assert response.status_code == 200, paper
    return Pdf(response.content)


PAPERS = [
    (
        stories.accepted,
        "slip",
        [
            "受理通知单",
            "收到：2026年9月16日（星期三）10:24",
            "2026年10月13日（星期二）",
            "查询码",
            "受理专用章",
        ],
    ),
    (
        stories.corrected,
        "correction",
        ["一次性告知书", "还要补下面3样", "看不清，请换一份", "带原件来也行", "2026年10月1日（星期四）"],
    ),
    (
        stories.paused,
        "pause",
        [
            "中止计时通知书",
            "第一次：要专家评审",
            "从这天起停",
            "2026年9月18日（星期五）",
            "行政许可法第四十五条",
        ],
    ),
    (
        stories.paused,
        "pause-2",
        ["最迟到这天自己恢复", "2026年9月24日（星期四）", "停到那天才恢复的话，承诺的期限最晚"],
    ),
    (
        stories.extended,
        "extension",
        [
            "延长办理期限通知书",
            "延长5个工作日",
            "邻村地界",
            "2026年10月20日（星期二）",
            "行政许可法第四十二条",
        ],
    ),
    (
        stories.refused,
        "decision",
        [
            "办理决定书",
            "不予受理",
            "永久基本农田",
            "土地管理法第三十五条",
            "不服怎么办",
            "行政复议",
            "行政诉讼",
        ],
    ),
    (
        stories.from_county,
        "decision",
        ["结果告知", "决定机关", "县级农业农村、财政部门", "登记人", "示县农〔2026〕7号", "向哪里提，打便民电话"],
    ),
    (
        stories.recorded,
        "decision",
        ["结果告知", "收讫即备案", "期限届满，没有人作出决定", "2026年9月20日（星期日）24:00"],
    ),
    (
        stories.recorded,
        "certificate",
        [
            "逾期未作出决定证明",
            "必须交的材料在期限届满以前已经交齐",
            "收到申请那天9月16日不算",
            "食品安全办公室没有作出决定",
            "示例省食品摊贩备案办法（虚构）第八条",
            "9月17日第1天，9月18日第2天，9月20日（调休上班）第3天",
            "2号窗口，王示例。已记责",
            "只证明到期没有作出决定这件事",
        ],
    ),
]


@pytest.mark.parametrize(("story", "paper", "told"), PAPERS, ids=[f"{paper}" for _, paper, _ in PAPERS])
def test_a_paper_is_one_page_and_says_what_it_must(
    story: Story, paper: str, told: list[str], world: World, clock: TestClock
) -> None:
    application = story(world, clock)

    pdf = download(world, application, paper)

    assert pdf.sizes == [A4]
    assert pdf.fonts and all(pdf.fonts.values()) and all(CJK in name for name in pdf.fonts)
    for text in [*told, "安*例", "样章", "0000-5550100"]:
        assert "".join(text.split()) in pdf.text, text
    assert "安示例" not in pdf.text
    (code,) = pdf.codes
    assert code.startswith(f"http://127.0.0.1:8000/verify/{application.number}-")
    checked = Client().get(code.removeprefix("http://127.0.0.1:8000"))
    assert checked.status_code == 200
    assert "是真的" in checked.content.decode()


def test_the_record_behind_the_paper_is_printed(world: World, clock: TestClock) -> None:
    stall = stories.corrected(world, clock)
    event = CorrectionNotice.objects.select_related("event").get(case=stall.case).event

    pdf = download(world, stall, "correction")

    assert f"记录第{event.sequence}条，短码{bytes(event.hash).hex()[: frame.HASH_SHOWN]}" in pdf.text


@pytest.mark.parametrize("text", [" ".join(MARKUP), "䶮㐂𠮷 ]\"'"])
def test_what_people_write_is_printed_as_they_wrote_it(text: str, world: World, clock: TestClock) -> None:
    plain = "".join(text.split())

    for application, paper in [
        (stories.corrected(world, clock, why=text[:60], note=text), "correction"),
        (stories.paused(world, clock, notice=text), "pause-2"),
        (stories.extended(world, clock, reason=text), "extension"),
        (stories.refused(world, clock, facts=text), "decision"),
    ]:
        pdf = download(world, application, paper)
        assert pdf.sizes == [A4], paper
        assert plain in pdf.text, paper


def test_the_longest_texts_that_forms_take_lose_nothing(world: World, clock: TestClock) -> None:
    longest = "".join(f"第{n}句，把理由说清楚。" for n in range(400))[:3999] + "完"
    house, refused = (
        stories.paused(world, clock, notice=longest),
        stories.refused(world, clock, facts=longest),
    )

    for application, paper in [(house, "pause-2"), (refused, "decision")]:
        pdf = download(world, application, paper)
        assert 1 < len(pdf.sizes) <= 4
        assert "附页1" in pdf.page_text(0) and f"第1页，共{len(pdf.sizes)}页" in pdf.page_text(0)
        assert all(f"第{n}句" in pdf.text for n in range(300)) and "完" in pdf.page_text(len(pdf.sizes) - 1)


def test_a_revoked_certificate_says_so_on_its_face(world: World, clock: TestClock) -> None:
    stall = stories.recorded(world, clock)
    Certificate.objects.filter(case=stall.case).update(revoked_at=at("2026-10-09", "09:30"))
    clock(at("2026-10-10", "09:00"))

    pdf = download(world, stall, "certificate")

    assert pdf.sizes == [A4]
    assert "已撤销：2026年10月9日（星期五）09:30起不再有效" in pdf.text


def test_a_paper_that_was_never_given_is_not_there(world: World, clock: TestClock) -> None:
    house = stories.accepted(world, clock)
    client = Client()
    client.force_login(world.an)

    for paper in ("correction", "pause", "extension", "decision", "certificate", "slip-2", "nonsense"):
        assert client.get(reverse("approvals:paper_pdf", args=[house.number, paper])).status_code == 404, (
            paper
        )
    assert (
        source_of(filed_applications().get(pk=house.pk), PaperKey(house.number, PaperKind.DECISION)) is None
    )


def longest(rules: ItemDefinition) -> int:
    """一个事项在通知单上要写多少字"""
    return len(rules.name) + sum(len(material.name) for material in rules.materials) + 60 * len(rules.stages)


def test_the_slip_of_every_item_fits_on_one_page(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:24"))
    application = filed_applications().get(pk=file_application(world, "ZR-001").pk)
    folded = fold_one(application, portal_now())
    around = paper_surroundings(folded, own=True)
    sheet = making.make_sheet(folded, PaperKey(application.number, PaperKind.SLIP), around)
    assert sheet is not None
    people = standing(folded)
    items = sorted((version.rules for version in versions(world)), key=longest, reverse=True)[:6]

    for rules in items:
        application.version.__dict__["rules"] = rules
        ground = frame.Ground(folded, people, around.deadlines, "", source_event(application), "X", "Y")
        ways = cycle(way for way in HowSupplied.values if way != HowSupplied.TYPED)  # of a field, never of a paper
        how = {material.key: next(ways) for material in rules.materials}
        bring = [key for key, way in how.items() if way == HowSupplied.WINDOW]
        slip = notices.slip(ground, handed(rules, how, bring), query_code="222222222")
        made = press.set_page(values(replace(slip, address=sheet.address)), qr_markup(sheet.address))
        assert Pdf(made).sizes == [A4], rules.name


def versions(world: World) -> list[ItemVersion]:
    """全部事项现在的版本"""
    return [
        item.current for item in ServiceItem.objects.filter(township=world.township).select_related("current")
    ]


def source_event(application: Application) -> Event:
    """收件的那一条"""
    found = source_of(application, PaperKey(application.number, PaperKind.SLIP))
    assert found is not None
    return found.event


def test_words_of_an_outcome_without_a_record() -> None:
    assert outcomes.silent_words(None, "食品安全办公室", named=True) == "食品安全办公室"
