"""公告的动作：three duties, two reviews, nothing published is changed."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from disclosure import actions
from disclosure.actions import Text, Verdict
from disclosure.models import NoticeRevision, NoticeState
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.ledger import verify
from portal.models import Delegation, Event
from tests.conftest import TestClock
from tests.disclosure.helpers import PASSED, draft, pass_on, published, revised
from tests.factories import at
from tests.world import World

LEAK = "联系安示例，身份证11010519491231002X。"


@pytest.fixture(autouse=True)
def _monday(clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))


def test_a_notice_passes_three_hands_and_leaves_a_chain(world: World) -> None:
    notice = published(world)

    revision = notice.current
    assert revision is not None
    assert (revision.state, revision.secrecy_ok, revision.privacy_ok) == ("published", True, True)
    assert (revision.drafted_by, revision.reviewed_by, revision.published_by) == (world.gao, world.gong, world.bu)
    assert revision.digest == actions.content_digest(notice, revision)
    events = list(Event.objects.filter(stream=f"notice:{notice.number}").order_by("sequence"))
    assert [event.kind for event in events] == ["notice_drafted", "notice_submitted", "notice_approved", "notice_published"]
    assert verify(events) is None


@pytest.mark.parametrize(("column", "text"), [("fees", Text("题", "改过的文")), ("announcements", Text("题", "文"))])
def test_the_same_key_with_other_words_is_refused(world: World, column: str, text: Text) -> None:
    actions.draft_notice(township=world.township, by=world.gao, key="k", column="fees", text=Text("题", "文"))

    with pytest.raises(WrongState, match="存过别的内容"):
        actions.draft_notice(township=world.township, by=world.gao, key="k", column=column, text=text)


def test_the_same_key_makes_one_draft(world: World) -> None:
    made = [
        actions.draft_notice(township=world.township, by=world.gao, key="k", column="fees", text=Text("题", "文"))
        for _ in range(2)
    ]

    assert made[0].pk == made[1].pk
    assert NoticeRevision.objects.count() == 1


@pytest.mark.parametrize("column", ["results", "defaults", "offices", "procedures", "nonsense"])
def test_columns_of_the_record_take_no_notice(world: World, column: str) -> None:
    with pytest.raises(InvalidInput, match="栏目"):
        draft(world, column=column)


def test_each_step_asks_for_its_own_duty(world: World) -> None:
    with pytest.raises(NotAllowed, match="公开拟稿"):
        actions.draft_notice(township=world.township, by=world.chen, key="k", column="fees", text=Text("题", "文"))
    revision = draft(world)
    actions.submit(revision=revision, by=world.gao)
    with pytest.raises(NotAllowed, match="公开审核"):
        actions.review(revision=revision, by=world.bu, verdict=PASSED)
    actions.review(revision=revision, by=world.gong, verdict=PASSED)
    with pytest.raises(NotAllowed, match="公开发布"):
        actions.publish(revision=revision, by=world.gong)


def test_a_drafter_standing_in_cannot_review_or_publish_their_own(world: World) -> None:
    for principal in (world.gong, world.bu):
        Delegation.objects.create(
            post=world.post("gong" if principal == world.gong else "bu"), principal=principal, deputy=world.gao,
            starts_at=at("2026-11-23", "09:00"), ends_at=at("2026-11-24", "09:00"), reason="培训", number=f"D{principal.pk}",
        )  # fmt: skip
    revision = draft(world)
    actions.submit(revision=revision, by=world.gao)
    with pytest.raises(NotAllowed, match="自己拟的稿不能自己审核"):
        actions.review(revision=revision, by=world.gao, verdict=PASSED)
    actions.review(revision=revision, by=world.gong, verdict=PASSED)

    with pytest.raises(NotAllowed, match="自己拟的稿不能自己发布"):
        actions.publish(revision=revision, by=world.gao)


@pytest.mark.parametrize("verdict", [Verdict(True, secrecy_ok=True), Verdict(True, privacy_ok=True), Verdict(True)])
def test_both_reviews_are_needed(world: World, verdict: Verdict) -> None:
    revision = draft(world)
    actions.submit(revision=revision, by=world.gao)

    with pytest.raises(InvalidInput, match="两项都要打勾") as refused:
        actions.review(revision=revision, by=world.gong, verdict=verdict)
    assert set(refused.value.fields) == {name for name in ("secrecy_ok", "privacy_ok") if not getattr(verdict, name)}


def test_a_return_needs_words_and_leads_back_to_the_draft(world: World) -> None:
    revision = draft(world)
    actions.submit(revision=revision, by=world.gao)
    with pytest.raises(InvalidInput, match="退回要写清楚"):
        actions.review(revision=revision, by=world.gong, verdict=Verdict(False))
    actions.review(revision=revision, by=world.gong, verdict=Verdict(False, note="少写了批准单位"))

    revision = actions.save_draft(revision=revision, by=world.gao, text=Text("灌溉用水费公示", "批准单位：示例县发改局。"))

    assert (revision.state, revision.review_note) == (NoticeState.DRAFT, "少写了批准单位")
    assert pass_on(world, revision).current == revision


@pytest.mark.parametrize("title, body", [("公示", LEAK), ("安示例13812345678", "正文")])
def test_an_identity_number_stops_the_review(world: World, title: str, body: str) -> None:
    revision = draft(world, title=title, body=body)
    actions.submit(revision=revision, by=world.gao)

    with pytest.raises(InvalidInput, match="不能公开") as refused:
        actions.review(revision=revision, by=world.gong, verdict=PASSED)

    assert refused.value.code == "numbers_found"
    assert "11010519491231002X" not in refused.value.message


def test_a_second_person_may_let_a_number_stand_with_a_reason(world: World) -> None:
    revision = draft(world, body="投诉打县里的电话 010-12345678。")
    actions.submit(revision=revision, by=world.gao)
    with pytest.raises(InvalidInput, match="为什么可以公开"):
        actions.review(revision=revision, by=world.gong, verdict=Verdict(True, True, True, numbers_ok=True))
    verdict = Verdict(True, True, True, numbers_ok=True, note="县纪委公布的举报电话")
    actions.review(revision=revision, by=world.gong, verdict=verdict)

    notice = actions.publish(revision=revision, by=world.bu)

    assert notice.current is not None and notice.current.numbers_ok


def test_public_office_phones_need_no_second_look(world: World) -> None:
    notice = published(world, body=f"便民电话{world.township.hotline}，1号窗口0000-555 0111。")

    assert notice.current is not None and not notice.current.numbers_ok


def test_a_correction_is_a_new_revision_with_its_reason(world: World) -> None:
    notice = published(world)
    with pytest.raises(InvalidInput, match="为什么改"):
        actions.revise(notice=notice, by=world.gao, text=Text("题", "文"))

    notice = revised(world, notice, "每立方米0.18元。")

    assert list(notice.revisions.values_list("ordinal", "state", "body")) == [
        (1, "published", "每立方米0.22元。"),
        (2, "published", "每立方米0.18元。"),
    ]
    assert notice.current is not None and notice.current.ordinal == 2
    assert notice.published_at != notice.shown_at


def test_one_revision_is_open_at_a_time(world: World) -> None:
    notice = published(world)
    actions.revise(notice=notice, by=world.gao, text=Text("题", "文", change_note="改错字"))

    with pytest.raises(WrongState, match="先办完那一版"):
        actions.revise(notice=notice, by=world.gao, text=Text("题", "文", change_note="再改"))


@pytest.mark.parametrize("act", ["save_draft", "submit", "review", "publish"])
def test_what_is_published_cannot_be_touched(world: World, act: str) -> None:
    revision = published(world).current
    assert revision is not None
    doing = {
        "save_draft": lambda: actions.save_draft(revision=revision, by=world.gao, text=Text("题", "文")),
        "submit": lambda: actions.submit(revision=revision, by=world.gao),
        "review": lambda: actions.review(revision=revision, by=world.gong, verdict=PASSED),
        "publish": lambda: actions.publish(revision=revision, by=world.bu),
    }

    with pytest.raises(WrongState, match="已发布"):
        doing[act]()


def test_a_withdrawal_leaves_its_reason_and_ends_open_drafts(world: World) -> None:
    notice = published(world)
    open_draft = actions.revise(notice=notice, by=world.gao, text=Text("题", "文", change_note="改错字"))
    with pytest.raises(InvalidInput, match="为什么撤下"):
        actions.withdraw(notice=notice, by=world.bu, reason=" ")
    with pytest.raises(InvalidInput, match="去掉里面的证件号码"):
        actions.withdraw(notice=notice, by=world.bu, reason=LEAK)

    actions.withdraw(notice=notice, by=world.bu, reason="标准由县里另行公布")

    notice.refresh_from_db()
    open_draft.refresh_from_db()
    assert (notice.withdrawal_reason, notice.withdrawn_by) == ("标准由县里另行公布", world.bu)
    assert open_draft.state == NoticeState.WITHDRAWN
    with pytest.raises(WrongState, match="不用撤"):
        actions.withdraw(notice=notice, by=world.bu, reason="再撤一次")


def test_hidden_control_characters_are_dropped(world: World) -> None:
    revision = draft(world, title="收\u202e费", body="一\r\n二\x00三\t四")

    assert (revision.title, revision.body) == ("收费", "一\n二三 四")


def test_the_tables_hold_the_line_too(world: World) -> None:
    revision = draft(world)

    for wrong in ({"state": "published"}, {"reviewed_by": world.gao}, {"published_by": world.gao}):
        with pytest.raises(DatabaseError), transaction.atomic():
            NoticeRevision.objects.filter(pk=revision.pk).update(**wrong)


def test_a_draft_that_lay_past_its_last_day_is_not_published_but_returned(world: World, clock: TestClock) -> None:
    text = Text("宅基地公示", "有不同意见在公示期里提。", ends_on=date(2026, 11, 24))
    revision = actions.draft_notice(township=world.township, by=world.gao, key="k", column="fees", text=text)
    actions.submit(revision=revision, by=world.gao)
    actions.review(revision=revision, by=world.gong, verdict=PASSED)
    clock(at("2026-11-25", "00:00"))

    with pytest.raises(WrongState, match="公示到2026年11月24日，这一天已经过去了"):
        actions.publish(revision=revision, by=world.bu)
    with pytest.raises(WrongState, match="不能审核"):
        actions.review(revision=revision, by=world.gong, verdict=PASSED)
    actions.review(revision=revision, by=world.gong, verdict=Verdict(approve=False, note="公示的日子过了，往后改"))
    later = Text(text.title, text.body, ends_on=date(2026, 12, 5))
    notice = pass_on(world, actions.save_draft(revision=revision, by=world.gao, text=later))

    clock(at("2026-12-20", "10:00"))  # a correction leaves the day as it stands
    current = notice.current
    assert current is not None and current.ends_on == date(2026, 12, 5)
    again = Text(text.title, "有不同意见在公示期里书面提。", ends_on=current.ends_on, change_note="写明怎么提")
    assert pass_on(world, actions.revise(notice=notice, by=world.gao, text=again)).current.ends_on == current.ends_on
