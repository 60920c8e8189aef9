"""造公告：through the three duties' own actions."""

from uuid import uuid4

from disclosure import actions
from disclosure.actions import Text, Verdict
from disclosure.fresh import settle_due
from disclosure.models import Notice, NoticeRevision
from portal.clock import portal_now
from portal.models import Village
from tests.world import World

PASSED = Verdict(approve=True, secrecy_ok=True, privacy_ok=True)


def draft(
    world: World, title: str = "灌溉用水费公示", body: str = "每立方米0.22元。", column: str = "fees", village: str = ""
) -> NoticeRevision:
    """一份草稿"""
    place = Village.objects.get(township=world.township, slug=village) if village else None
    return actions.draft_notice(
        township=world.township, by=world.gao, key=uuid4().hex, column=column, text=Text(title, body), village=place
    )


def pass_on(world: World, revision: NoticeRevision) -> Notice:
    """送审、审核、发布"""
    actions.submit(revision=revision, by=world.gao)
    actions.review(revision=revision, by=world.gong, verdict=PASSED)
    return actions.publish(revision=revision, by=world.bu)


def published(world: World, **what: str) -> Notice:
    """一条发布了的公告"""
    return pass_on(world, draft(world, **what))


def revised(world: World, notice: Notice, body: str, why: str = "县里降了标准") -> Notice:
    """修订并发布"""
    assert notice.current is not None
    text = Text(notice.current.title, body, change_note=why)
    return pass_on(world, actions.revise(notice=notice, by=world.gao, text=text))


def settle_all(world: World) -> None:
    """到期的都结算掉"""
    while (until := settle_due(world.township, portal_now())) is not None and until <= portal_now():
        pass
