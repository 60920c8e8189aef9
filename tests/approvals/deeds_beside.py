"""动作之外也会写的：files of a draft, the catalogue, the freeze and the outbox."""

from approvals import actions as acts
from portal import freezing, outbox
from portal.clock import portal_now
from portal.models import Message, MessageState
from portal.permissions import powers_of
from services.definition import OnTimeout
from services.files import add_files, remove_file
from services.importing import import_items
from tests.approvals.deeds import RECORD_RULE, filed_stall
from tests.approvals.deeds_linked import draft_with_file, picture
from tests.conftest import TestClock
from tests.factories import at, make_draft
from tests.killing import SAME, Act, Deed
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


BESIDE = (
    Deed("services.files.add_files", to_add_files, SAME),
    Deed("services.files.remove_file", to_remove_file),
    Deed("services.importing.import_items", to_import_items, SAME),
    Deed("portal.freezing.freeze", to_freeze, SAME),
    Deed("portal.outbox.resend", to_resend),
)
