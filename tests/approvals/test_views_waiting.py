"""等申请人的页面：while material is asked for, the pages of the applicant say what is wrong, until when, and what to do."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from approvals import actions
from approvals.loading import fold_application
from approvals.views import own
from portal.clock import portal_now
from portal.errors import WrongState
from portal.pagewords import cn_short
from services.actions import set_point
from services.models import Application, HowSupplied
from tests.approvals.test_views_progress import file_mixed, page, signed_in
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World


@pytest.fixture
def asked(world: World, clock: TestClock) -> Application:
    """要补两样的食品摊贩备案，2026-09-16（周三）收件，当天告知"""
    clock(at("2026-09-16", "10:00"))
    stall = file_application(world, "SJ-002")
    points = [(material.key, "看不清，请重拍") for material in stall.rules.materials[:2]]
    actions.correct(application=stall, by=world.wang, points=points)
    return stall


def test_half_a_supply_says_what_is_still_missing_and_until_when(asked: Application, world: World) -> None:
    client, (first, second) = signed_in(world.an), asked.rules.materials[:2]
    address = reverse("approvals:supply", args=[asked.number])
    ends = fold_application(asked, portal_now()).clock("answer").due_on

    half = client.post(address, {f"how-{first.key}": "cannot", f"statement-{first.key}": "丢了"}, follow=True).content.decode()
    whole = client.post(address, {f"how-{second.key}": "cannot", f"statement-{second.key}": "丢了"}, follow=True).content.decode()

    assert f"收到了1样。还差：{second.name}，请在{cn_short(ends)}前补来。" in half
    assert "窗口会接着看" not in half and "等您补材料" in half
    assert "补的材料收到了。窗口会接着看，看完告诉您。" in whole and "还差" not in whole


def test_what_is_wrong_is_listed_and_said_at_its_place(asked: Application, world: World) -> None:
    client, (first, second) = signed_in(world.an), asked.rules.materials[:2]
    address = reverse("approvals:supply", args=[asked.number])

    nothing = client.post(address, {f"how-{one.key}": "file" for one in (first, second)})
    text = client.post(
        address,
        {f"how-{first.key}": "cannot", f"statement-{first.key}": " ", f"how-{second.key}": "file"},
    ).content.decode()
    files = {f"how-{first.key}": "file", f"files-{first.key}": SimpleUploadedFile("a.exe", b"MZ"), f"how-{second.key}": "file"}
    refused = client.post(address, files).content.decode()

    assert nothing.status_code == 400 and "<b>还没有交上任何一样要补的材料。</b>" in nothing.content.decode()
    for one, why in ((first, "交不了的，请写一句为什么。"), (second, "还没有选文件。")):
        key, sentence = one.key, f"「{one.name}」{why}"
        assert f'<li><a href="#p-{key}">{sentence}</a></li>' in text
        assert text.count(sentence) == 2 and f'id="p-{key}"' in text
    assert f'id="h-{first.key}-cannot" name="how-{first.key}" value="cannot" checked' in text
    assert refused.count("「a.exe」") == 2 and f"「{first.name}」还没有选文件" not in refused


def test_who_has_to_supply_is_not_told_that_days_run_and_finds_the_way(world: World, clock: TestClock) -> None:
    clock(at("2026-09-16", "10:24"))
    stall = file_mixed(world)
    paper, other = stall.rules.materials[3].name, stall.rules.materials[0]
    actions.correct(application=stall, by=world.wang, points=[(other.key, "看不清，请重拍")])
    client = signed_in(world.an)

    for name in ("progress", "filed", "slip"):
        text = page(client, name, stall.number)
        assert f"还要带到窗口：{paper}" in text and "，和要补的一起带来。" in text, name
        assert "办理的日子已经在走" not in text and "没收到以前，到期" not in text, name
    progress = page(client, "progress", stall.number)
    supply = reverse("approvals:supply", args=[stall.number])
    assert f'<a class="button" href="{supply}">去补材料</a>' in progress
    assert progress.index("看不清，请重拍") < progress.index("一步一步")
    assert progress.count("一次性告知书</h3>") == 1


def test_nobody_urges_oneself(asked: Application, world: World) -> None:
    assert "我要催办" not in page(signed_in(world.an), "progress", asked.number)
    with pytest.raises(WrongState, match="现在等您补材料，不用催"):
        actions.urge(application=asked, by=world.an)

    for material in asked.rules.materials[:2]:
        set_point(application=asked, material=material.key, how=HowSupplied.CANNOT, statement="丢了")
    actions.supply(application=asked, by=world.an)

    assert "我要催办" in page(signed_in(world.an), "progress", asked.number)
    actions.urge(application=asked, by=world.an)


@pytest.mark.parametrize(("day", "light"), [("2026-09-17", "等补正"), ("2026-10-08", "临期")])
def test_the_list_has_the_light_of_the_page(asked: Application, world: World, clock: TestClock, day: str, light: str) -> None:
    clock(at(day, "10:00"))
    client = signed_in(world.an)
    mine, progress = page(client, "mine"), page(client, "progress", asked.number)

    row = mine[mine.index("办到哪了</th>") :]
    assert f"</svg>{light}</span>" in row and "正常</span>" not in row
    assert f"</svg>{light}</span>" in progress[: progress.index("giant")]
    assert f'<a href="{reverse("approvals:supply", args=[asked.number])}">去补材料</a>' in mine


def test_what_waits_for_the_applicant_comes_first_and_what_has_ended_last(world: World, clock: TestClock, monkeypatch) -> None:
    clock(at("2026-09-16", "10:00"))
    waits, ended, *running = [file_application(world, "SJ-002") for _ in range(4)]
    actions.correct(application=waits, by=world.wang, points=[(waits.rules.materials[0].key, "看不清，请重拍")])
    actions.withdraw(application=ended, by=world.an, reason="不摆摊了")
    client, wanted = signed_in(world.an), [waits.number, running[1].number, running[0].number, ended.number]

    text = page(client, "mine")
    assert sorted(wanted, key=lambda number: text.index(f"/progress/{number}/")) == wanted

    monkeypatch.setattr(own, "PAGE", 1)
    seen, address = [], reverse("approvals:mine")
    while address:
        text = client.get(address).content.decode()
        seen += [number for number in wanted if f'<th scope="row"><a class="line" href="/progress/{number}/"' in text]
        found = re.search(r'href="([^"]*\?before=[^"]*)"', text)
        address = found[1] if found else ""
    assert seen == wanted
    assert client.get(reverse("approvals:mine"), {"before": "²-1"}).status_code == 200
