"""动作之外也会写的：files of a draft, the catalogue, the freeze, the outbox, posts and work accounts."""

from copy import deepcopy
from datetime import timedelta

from approvals import actions as acts
from portal import freezing, outbox, staffing
from portal.clock import portal_now
from portal.limits import day_of
from portal.models import Message, MessageState, User
from portal.permissions import powers_of
from portal.township_file import check_township
from services.definition import OnTimeout
from services.files import add_files, remove_file
from services.importing import import_items
from tests.approvals.deeds import RECORD_RULE, filed_stall
from tests.approvals.deeds_linked import draft_with_file, picture
from tests.conftest import TestClock
from tests.factories import at, make_draft
from tests.killing import ADDS, SAME, Act, Deed
from tests.portal.test_township_file import SMALL
from tests.world import World, catalogue


def to_add_files(world: World, clock: TestClock) -> Act:
    """交两个文件"""
    clock(at("2026-11-23", "09:00"))
    draft = make_draft(world, "SJ-002")
    material, uploads = draft.rules.materials[0].key, [picture("a.jpg", "red"), picture("b.jpg", "blue")]
    return lambda: add_files(application=draft, material=material, uploads=uploads, by=world.an)


def to_remove_file(world: World, clock: TestClock) -> Act:
    """删去草稿里的一个文件"""
    clock(at("2026-11-23", "09:00"))
    draft = draft_with_file(world, "SJ-002")
    token = draft.attachments.get().token
    return lambda: remove_file(application=draft, token=token)


def to_import_items(world: World, clock: TestClock) -> Act:
    """再导入一批事项: two of them changed, one with a mode that has been switched on"""
    clock(at("2026-11-23", "09:00"))
    switched = world.item("SJ-002")
    acts.switch_on(item=switched, target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    definitions, offices = catalogue()
    changed = [d.__class__.from_json({**d.to_json(), "summary": f"{d.summary}（改）"}) for d in definitions]
    wanted = [d for d in changed if d.code in {"SJ-002", "ZR-001"}]
    return lambda: import_items(township=world.township, definitions=wanted, offices=offices)


def to_freeze(world: World, clock: TestClock) -> Act:
    """冻结"""
    filed_stall(world, clock)
    clock(at("2026-11-25", "09:00"))
    return lambda: freezing.freeze(reason="恢复了24日的备份")


def to_resend(world: World, clock: TestClock) -> Act:
    """重发一条放弃了的短信"""
    filed_stall(world, clock)
    message = Message.objects.filter(channel="sms").first()
    assert message is not None
    message.state, message.attempts, message.error = MessageState.DEAD, 5, "TimeoutError"
    message.save()
    (power,) = powers_of(world.du, portal_now())
    return lambda: outbox.resend(message=message, by=world.du, power=power)


def to_take_post(world: World, clock: TestClock) -> Act:
    """换一个人到窗口"""
    clock(at("2026-11-23", "09:00"))
    post, today = world.post("chen"), day_of(portal_now())
    return lambda: staffing.take_post(post=post, user=world.deng, on=today + timedelta(days=1), by=world.zhen)


def to_leave_post(world: World, clock: TestClock) -> Act:
    """离岗"""
    clock(at("2026-11-23", "09:00"))
    post, today = world.post("chen"), day_of(portal_now())
    return lambda: staffing.leave_post(post=post, through=today, by=world.zhen)


def to_open_account(world: World, clock: TestClock) -> Act:
    """开工作账号"""
    clock(at("2026-11-23", "09:00"))
    return lambda: staffing.open_account(township=world.township, work_name="xinren", name="新示例", by=world.zhen)


def account(world: World, clock: TestClock) -> User:
    """一个没有岗位的工作账号"""
    clock(at("2026-11-23", "09:00"))
    return staffing.open_account(township=world.township, work_name="xinren", name="新示例", by=world.zhen)[0]


def to_close_account(world: World, clock: TestClock) -> Act:
    """停用工作账号"""
    user = account(world, clock)
    return lambda: staffing.close_account(user=user, by=world.zhen, reason="调走了")


def to_reopen_account(world: World, clock: TestClock) -> Act:
    """恢复工作账号"""
    user = account(world, clock)
    staffing.close_account(user=user, by=world.zhen, reason="调走了")
    return lambda: staffing.reopen_account(user=user, by=world.zhen)


def to_reset_staff_password(world: World, clock: TestClock) -> Act:
    """两个人重设工作密码"""
    user = account(world, clock)
    return lambda: staffing.reset_staff_password(user=user, by=world.zhen, second=world.du, reason="forgotten")


def to_import_township(world: World, clock: TestClock) -> Act:
    """从文件建一个乡镇"""
    clock(at("2026-12-01", "09:00"))
    file, errors = check_township(deepcopy(SMALL))
    assert file is not None, errors
    return lambda: staffing.import_township(file)


BESIDE = (
    Deed("portal.staffing.take_post", to_take_post),
    Deed("portal.staffing.leave_post", to_leave_post),
    Deed("portal.staffing.open_account", to_open_account),
    Deed("portal.staffing.close_account", to_close_account),
    Deed("portal.staffing.reopen_account", to_reopen_account),
    Deed("portal.staffing.reset_staff_password", to_reset_staff_password, ADDS),
    Deed("portal.staffing.import_township", to_import_township, SAME),
    Deed("services.files.add_files", to_add_files, SAME),
    Deed("services.files.remove_file", to_remove_file),
    Deed("services.importing.import_items", to_import_items, SAME),
    Deed("portal.freezing.freeze", to_freeze, SAME),
    Deed("portal.outbox.resend", to_resend),
)
