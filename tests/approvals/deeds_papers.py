"""草稿、账号、公告的台面：the writing verbs of services, portal and disclosure."""

from collections.abc import Callable
from typing import Any

from disclosure import actions as notices
from disclosure.actions import Text
from portal import actions as accounts
from portal.models import Message, Village
from portal.sign_in import count_attempt
from services import actions as drafts
from services.importing import add_version, publish
from services.models import Application, HowSupplied
from tests.approvals.deeds import filed_stall
from tests.approvals.deeds_linked import draft_with_file
from tests.conftest import TestClock
from tests.disclosure.helpers import PASSED, draft, published
from tests.factories import at, make_draft
from tests.killing import ADDS, SAME, Act, Deed
from tests.world import World

FEES = Text("灌溉用水费公示", "每立方米0.22元。")
CHANGED = Text("灌溉用水费公示", "每立方米0.20元。", change_note="县里降了标准")
PASSWORD = "another horse 示例"


def on_draft(verb: Callable[..., Any], **words: Any) -> Callable[[World, TestClock], Act]:
    """在填好的草稿上"""

    def prepare(world: World, clock: TestClock) -> Act:
        clock(at("2026-11-23", "09:00"))
        application = make_draft(world, "SJ-002")
        return lambda: verb(application=application, **words)

    return prepare


def to_start_draft(world: World, clock: TestClock) -> Act:
    """开始填写"""
    clock(at("2026-11-23", "09:00"))
    item = world.item("SJ-002")
    return lambda: drafts.start_draft(item=item, by=world.an)


def to_save_page(world: World, clock: TestClock) -> Act:
    """保存一部分"""
    to_start_draft(world, clock)()
    application = Application.objects.get()
    page, fields = drafts.field_pages(application.rules)[0]
    values = {fields[0].key: "安示例（曾用名安样例）"}
    return lambda: drafts.save_page(application=application, page=page, values=values)


def to_save_answers(world: World, clock: TestClock) -> Act:
    """保存情形问题的回答"""
    clock(at("2026-11-23", "09:00"))
    application = drafts.start_draft(item=world.item("ZR-001"), by=world.an)
    answers = {question.key: question.choices[0] for question in application.rules.questions}
    return lambda: drafts.save_answers(application=application, answers=answers)


def to_follow_version(world: World, clock: TestClock) -> Act:
    """跟上现行版本"""
    clock(at("2026-11-23", "09:00"))
    application = make_draft(world, "SJ-002")
    publish(application.item, add_version(application.item, application.rules, source_digest="x", by=None, note="改"), [])
    return lambda: drafts.follow_version(application=application)


def _first_material(world: World, clock: TestClock) -> tuple[Application, str]:
    to_start_draft(world, clock)()
    application = Application.objects.get()
    return application, application.rules.materials[0].key


def to_set_point(world: World, clock: TestClock) -> Act:
    """定一样材料怎样交"""
    application, material = _first_material(world, clock)
    return lambda: drafts.set_point(application=application, material=material, how=HowSupplied.WINDOW)


def to_clear_point(world: World, clock: TestClock) -> Act:
    """撤回一样材料的选择"""
    application, material = _first_material(world, clock)
    drafts.set_point(application=application, material=material, how=HowSupplied.WINDOW)
    return lambda: drafts.clear_point(application=application, material=material)


def to_drop_draft(world: World, clock: TestClock) -> Act:
    """删掉带附件的草稿"""
    clock(at("2026-11-23", "09:00"))
    application = draft_with_file(world, "SJ-002")
    return lambda: drafts.drop_draft(application=application)


def to_drop_stale_drafts(world: World, clock: TestClock) -> Act:
    """清掉三十天没动过的草稿: two of them, one with a file"""
    clock(at("2026-11-02", "09:00"))
    draft_with_file(world, "SJ-002")
    make_draft(world, "ZR-001")
    clock(at("2026-12-14", "09:00"))
    return drafts.drop_stale_drafts


def to_count_popularity(world: World, clock: TestClock) -> Act:
    """数每件事有多少人办"""
    filed_stall(world, clock)
    return drafts.count_popularity


DRAFTS = (
    Deed("services.start_draft", to_start_draft, ADDS),
    Deed("services.save_page", to_save_page, SAME),
    Deed("services.save_answers", to_save_answers, SAME),
    Deed("services.follow_version", to_follow_version, SAME),
    Deed("services.set_point", to_set_point, SAME),
    Deed("services.clear_point", to_clear_point, SAME),
    Deed("services.drop_draft", to_drop_draft),
    Deed("services.drop_stale_drafts", to_drop_stale_drafts, SAME),
    Deed("services.count_popularity", to_count_popularity, SAME),
)


def on_account(verb: Callable[..., Any], **words: Any) -> Callable[[World, TestClock], Act]:
    """在安示例的账号上"""

    def prepare(world: World, clock: TestClock) -> Act:
        clock(at("2026-11-23", "09:00"))
        return lambda: verb(user=world.an, township=world.township, **words)

    return prepare


def to_sign_up(world: World, clock: TestClock) -> Act:
    """登记账号"""
    clock(at("2026-11-23", "09:00"))
    village = Village.objects.get(township=world.township, slug="liuwan")
    words = {"name": "甘示例", "phone": "00005550009", "identity": "110105194912310022", "password": PASSWORD}
    return lambda: accounts.sign_up(township=world.township, village=village, **words)


def to_reset_password(world: World, clock: TestClock) -> Act:
    """窗口两人重设密码, of an account that is shut because of wrong passwords"""
    clock(at("2026-11-23", "09:00"))
    for _ in range(5):
        count_attempt(world.an.login)
    words = {"phone": "00005550001", "identity": "11010519491231002X", "reason": "forgotten"}
    return lambda: accounts.reset_password(clerk=world.chen, second=world.head, township=world.township, **words)


def to_mark_read(world: World, clock: TestClock) -> Act:
    """都算看过"""
    filed_stall(world, clock)
    through = Message.objects.latest("pk").pk
    return lambda: accounts.mark_read(user=world.an, through=through)


ACCOUNTS = (
    Deed("portal.sign_up", to_sign_up),
    Deed("portal.record_sign_in", on_account(accounts.record_sign_in), ADDS),
    Deed("portal.change_password", on_account(accounts.change_password, password=PASSWORD), ADDS),
    Deed("portal.change_phone", on_account(accounts.change_phone, phone="00005550066"), SAME),
    Deed("portal.change_email", on_account(accounts.change_email, email="an@example.com"), ADDS),
    Deed("portal.record_export", on_account(accounts.record_export), ADDS),
    Deed("portal.reset_password", to_reset_password, ADDS),
    Deed("portal.mark_read", to_mark_read, SAME),
)


def to_draft_notice(world: World, clock: TestClock) -> Act:
    """拟稿"""
    clock(at("2026-11-23", "09:00"))
    words: dict[str, Any] = {"township": world.township, "key": "k" * 32, "column": "fees", "text": FEES}
    return lambda: notices.draft_notice(by=world.gao, **words)


def to_revise(world: World, clock: TestClock) -> Act:
    """修订"""
    clock(at("2026-11-23", "09:00"))
    notice = published(world)
    return lambda: notices.revise(notice=notice, by=world.gao, text=CHANGED)


def to_save_draft(world: World, clock: TestClock) -> Act:
    """改草稿"""
    clock(at("2026-11-23", "09:00"))
    revision = draft(world)
    text = Text("灌溉用水费公示", "每立方米0.22元，按水表读数收。")
    return lambda: notices.save_draft(revision=revision, by=world.gao, text=text)


def to_submit(world: World, clock: TestClock) -> Act:
    """送审"""
    clock(at("2026-11-23", "09:00"))
    revision = draft(world)
    return lambda: notices.submit(revision=revision, by=world.gao)


def to_review(world: World, clock: TestClock) -> Act:
    """审核"""
    clock(at("2026-11-23", "09:00"))
    revision = draft(world)
    notices.submit(revision=revision, by=world.gao)
    return lambda: notices.review(revision=revision, by=world.gong, verdict=PASSED)


def to_publish(world: World, clock: TestClock) -> Act:
    """发布"""
    clock(at("2026-11-23", "09:00"))
    revision = draft(world)
    notices.submit(revision=revision, by=world.gao)
    notices.review(revision=revision, by=world.gong, verdict=PASSED)
    return lambda: notices.publish(revision=revision, by=world.bu)


def to_withdraw_notice(world: World, clock: TestClock) -> Act:
    """撤下, with a revision under way"""
    to_revise(world, clock)()
    notice = published(world, title="另一条")
    notices.revise(notice=notice, by=world.gao, text=CHANGED)
    return lambda: notices.withdraw(notice=notice, by=world.bu, reason="标准写错了，重新核算后再发")


NOTICES = (
    Deed("disclosure.draft_notice", to_draft_notice, SAME),
    Deed("disclosure.revise", to_revise),
    Deed("disclosure.save_draft", to_save_draft, SAME),
    Deed("disclosure.submit", to_submit),
    Deed("disclosure.review", to_review),
    Deed("disclosure.publish", to_publish),
    Deed("disclosure.withdraw", to_withdraw_notice),
)
