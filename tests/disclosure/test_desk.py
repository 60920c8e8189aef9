"""办公开的页面：from draft to board in a browser without script; nothing typed is lost."""

import pytest
from django.test import Client

from disclosure.models import Notice, NoticeRevision
from portal.models import User
from tests.conftest import TestClock
from tests.disclosure.helpers import draft, published
from tests.factories import at
from tests.world import World


@pytest.fixture(autouse=True)
def _monday(clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at_desk(revision: NoticeRevision, act: str = "") -> str:
    return f"/publish/{revision.notice.number}/{revision.ordinal}/" + (f"{act}/" if act else "")


def written(world: World, **more: str) -> dict[str, str]:
    return {"key": "k1", "column": "fees", "title": "灌溉用水费公示", "body": "每立方米0.22元。", "ends_on": "2026-12-1", **more}


def test_a_notice_goes_from_draft_to_board(world: World) -> None:
    drafter, reviewer, publisher = signed_in(world.gao), signed_in(world.gong), signed_in(world.bu)
    answer = drafter.post("/publish/new/", written(world))
    revision = NoticeRevision.objects.get()
    assert answer.status_code == 302 and answer["Location"] == at_desk(revision)

    assert drafter.post(at_desk(revision, "submit")).status_code == 302
    passed = {"secrecy_ok": "on", "privacy_ok": "on", "verdict": "approve", "note": ""}
    assert reviewer.post(at_desk(revision, "review"), passed).status_code == 302
    assert publisher.post(at_desk(revision, "publish")).status_code == 302

    notice = Notice.objects.get()
    text = Client().get(f"/board/notices/{notice.number}/").content.decode()
    assert "每立方米0.22元。" in text and "公示到2026年12月1日（星期二）" in text


def test_sending_the_form_twice_makes_one_draft(world: World) -> None:
    client = signed_in(world.gao)

    first, second = client.post("/publish/new/", written(world)), client.post("/publish/new/", written(world))

    assert first["Location"] == second["Location"]
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"title": ""}, "请写标题"),
        ({"column": ""}, "请选栏目"),
        ({"ends_on": "下个月"}, "日期要写成年、月、日，比如 2026-9-29"),
        ({"ends_on": "2026-2-30"}, "日期要写成年、月、日，比如 2026-9-29"),
        ({"ends_on": "2026-11-22"}, "这一天已经过去了"),
        ({"column": "results"}, "请从单子里选栏目"),
    ],
)
def test_a_mistake_keeps_what_was_typed(world: World, wrong: dict[str, str], words: str) -> None:
    text = signed_in(world.gao).post("/publish/new/", written(world, **wrong)).content.decode()

    assert words in text and "每立方米0.22元。" in text
    assert Notice.objects.count() == 0


def test_a_new_notice_is_put_in_no_column_by_itself(world: World) -> None:
    text = signed_in(world.gao).get("/publish/new/").content.decode()

    assert '<option value="" selected>请选</option>' in text
    assert "<h1>新拟一条</h1>" in text


def test_a_number_in_the_text_is_shown_and_stops_the_review(world: World) -> None:
    revision = draft(world, body="安示例13812345678")
    signed_in(world.gao).post(at_desk(revision, "submit"))
    client = signed_in(world.gong)
    asked = client.get(at_desk(revision)).content.decode()
    assert "退回的，写清楚改什么；通过的，可以空着。" in asked and "可不填" not in asked
    form = {"secrecy_ok": "on", "privacy_ok": "on", "verdict": "approve", "note": "看过了，都好"}

    refused = client.post(at_desk(revision, "review"), form)

    assert refused.status_code == 400
    text = refused.content.decode()
    assert "有一个手机号码（末两位78），不能公开，请删去。" in text and "看过了，都好" in text
    assert "改好再按“两项都通过”" in text
    assert client.post(at_desk(revision, "review"), {**form, "numbers_ok": "on"}).status_code == 302
    revision.refresh_from_db()
    assert revision.state == "approved" and revision.numbers_ok
    stands = client.get(at_desk(revision)).content.decode()
    assert "审核人已核准公开" in stands and "有一个手机号码（末两位78）。" in stands and "不能公开，请删去" not in stands
    assert client.post(at_desk(revision, "review"), {"verdict": "return", "note": "号码还是去掉"}).status_code == 302
    revision.refresh_from_db()
    assert (revision.state, revision.numbers_ok) == ("draft", False)


def test_a_returned_draft_is_edited_and_sent_again(world: World) -> None:
    revision = draft(world)
    drafter = signed_in(world.gao)
    drafter.post(at_desk(revision, "submit"))
    signed_in(world.gong).post(at_desk(revision, "review"), {"verdict": "return", "note": "少写了批准单位"})

    assert "少写了批准单位" in drafter.get(at_desk(revision, "edit")).content.decode()
    answer = drafter.post(at_desk(revision, "edit"), {"title": "公示", "body": "批准单位：示例县发改局。"})

    revision.refresh_from_db()
    assert answer.status_code == 302 and revision.body == "批准单位：示例县发改局。"


def test_a_published_notice_is_revised_and_withdrawn(world: World) -> None:
    current = published(world).current
    assert current is not None
    drafter, publisher = signed_in(world.gao), signed_in(world.bu)
    assert "0.22" in drafter.get(at_desk(current, "revise")).content.decode()

    made = drafter.post(at_desk(current, "revise"), {"title": "公示", "body": "每立方米0.18元。", "change_note": "降了标准"})
    taken = publisher.post(at_desk(current, "withdraw"), {"reason": "标准由县里另行公布"})

    assert made.status_code == taken.status_code == 302
    assert NoticeRevision.objects.get(ordinal=2).state == "withdrawn"
    shown, listed = (publisher.get(path).content.decode() for path in (at_desk(current), "/publish/"))
    assert "第1版　已撤下" in shown and "2026年11月23日（星期一）10:00由卜示例撤下：</b>标准由县里另行公布" in shown
    assert listed.index("已撤下") < listed.index(at_desk(current))


def test_an_act_of_another_duty_is_refused_with_its_sentence(world: World) -> None:
    revision = draft(world)

    answer = signed_in(world.bu).post(at_desk(revision, "submit"))

    assert answer.status_code == 403
    assert "归「公开拟稿」岗" in answer.content.decode()


def test_two_hands_at_once_get_one_result(world: World) -> None:
    revision = draft(world)
    client = signed_in(world.gao)

    first, second = client.post(at_desk(revision, "submit")), client.post(at_desk(revision, "submit"))

    assert (first.status_code, second.status_code) == (302, 409)
    assert "不能送审" in second.content.decode()


def test_the_desk_lists_what_each_state_holds(world: World) -> None:
    waiting = draft(world, title="待审的")
    signed_in(world.gao).post(at_desk(waiting, "submit"))
    draft(world, title="还在写的")
    published(world, title="发了的")

    text = signed_in(world.gong).get("/publish/").content.decode()

    assert text.index("待审的") < text.index("还在写的") < text.index("发了的")


def test_strangers_see_no_desk(world: World) -> None:
    revision = draft(world)
    paths = ["/publish/", "/publish/new/", at_desk(revision), at_desk(revision, "edit"), at_desk(revision, "revise")]

    for path in paths:
        assert Client().get(path).status_code == 302, path
        for user in (world.an, world.chen, world.chenb):
            assert signed_in(user).get(path).status_code in {403, 404}, path
    for act in ("submit", "review", "publish", "withdraw"):
        for user in (world.an, world.chen, world.chenb):
            assert signed_in(user).post(at_desk(revision, act), {"reason": "理由理由"}).status_code == 404
