"""连着的件和人的台面：sent on, asked again, the dead and their household, mandates, relatives, paper that came earlier."""

from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from approvals import actions
from approvals.models import Case
from portal.entering import enter_person
from portal.models import Person, Relation, User
from services import actions as drafts
from services.files import add_files
from services.models import Application, HowSupplied
from tests.approvals.deeds import accepted_house, filed_stall
from tests.conftest import TestClock
from tests.factories import at, file_application, make_draft
from tests.killing import SAME, Act, Deed
from tests.world import World

REASON = {"facts": "申请人的户口在白鹭乡，这件事归白鹭乡办", "legal_basis": "社会救助暂行办法第十一条"}
DEATH: dict[str, Any] = {"died_on": date(2026, 11, 1), "proof": "死亡医学证明 示例0001号"}
MANDATE = "口头委托，念给本人听过"


def picture(name: str = "stamp.jpg", color: str = "white") -> SimpleUploadedFile:
    """一张照片"""
    image = BytesIO()
    Image.new("RGB", (40, 40), color).save(image, "JPEG")
    return SimpleUploadedFile(name, image.getvalue(), "image/jpeg")


def draft_with_file(world: World, code: str) -> Application:
    """带一个附件的草稿"""
    draft = make_draft(world, code)
    add_files(application=draft, material=draft.rules.materials[0].key, uploads=[picture()], by=world.an)
    return draft


def to_forward(world: World, clock: TestClock) -> Act:
    """转送: a case with a file, of an item that both townships handle online"""
    clock(at("2026-11-23", "10:00"))
    items = world.item("SJ-002").__class__.objects.filter(township=world.other).select_related("current").order_by("code")
    code = next(item.code for item in items if item.current is not None and item.current.rules.online)
    asked = actions.file(application=draft_with_file(world, code), by=world.an, key="k" * 32)
    window = Case.objects.select_related("window").get(application=asked).window
    assert window is not None
    clerk: User = window.holdings.get().user
    clock(at("2026-11-25", "10:00"))
    return lambda: actions.forward(application=asked, by=clerk, to=world.other, **REASON)


def to_reopen(world: World, clock: TestClock) -> Act:
    """重新申请"""
    stall = filed_stall(world, clock)
    actions.withdraw(application=stall, by=world.an, reason="先不办了")
    return lambda: actions.reopen(application=stall, by=world.an)


def _member() -> Person:
    return enter_person(name="安家属", identity="110105195203070048", phone="00005550008", village=None)


def to_record_death(world: World, clock: TestClock) -> Act:
    """登记去世，转给家里人"""
    house, member = accepted_house(world, clock), _member()
    words = {**DEATH, "successor": member, "relation": "妻子"}
    return lambda: actions.record_death(application=house, by=world.chen, second=world.she, **words)


def to_keep_death_proof(world: World, clock: TestClock) -> Act:
    """收下去世证明的扫描件"""
    house, scan = accepted_house(world, clock), picture()
    return lambda: actions.keep_death_proof(application=house, by=world.chen, scans=[scan])


def to_pass_to_member(world: World, clock: TestClock) -> Act:
    """先登记去世，后转给家里人"""
    house, member = accepted_house(world, clock), _member()
    actions.record_death(application=house, by=world.chen, second=world.she, **DEATH)
    return lambda: actions.pass_to_member(application=house, by=world.zhou, successor=member, relation="妻子")


def to_link_duplicate(world: World, clock: TestClock) -> Act:
    """登记重复件"""
    earlier = filed_stall(world, clock)
    later = file_application(world, "SJ-002")
    clock(at("2026-11-25", "10:00"))
    return lambda: actions.link_duplicate(application=later, by=world.wang, earlier=earlier.number)


def entrusted(world: World, code: str, applicant: Person) -> Application:
    """周代办员替人填的草稿"""
    draft = make_draft(world, code, by=world.zhou)
    Application.objects.filter(pk=draft.pk).update(applicant=applicant, consent=MANDATE, channel="agent")
    draft.refresh_from_db()
    for material in draft.rules.needed(draft.answers, by_agent=True):
        drafts.set_point(application=draft, material=material.key, how=HowSupplied.WINDOW)
    return draft


def to_end_mandate(world: World, clock: TestClock) -> Act:
    """收回委托"""
    clock(at("2026-11-23", "09:00"))
    mandated = actions.file(application=entrusted(world, "SJ-002", world.an.person), by=world.zhou, key="k" * 32)
    return lambda: actions.end_mandate(application=mandated, by=world.an)


def to_serve(world: World, clock: TestClock) -> Act:
    """把一次性告知书送到没有账号的老人手里"""
    clock(at("2026-11-23", "10:00"))
    old = enter_person(name="甘示例", identity="110105194912310022", phone="00005550009", village=None)
    application = actions.file(application=entrusted(world, "LY-001", old), by=world.zhou, key="k" * 32)
    points = [(application.rules.materials[0].key, "看不清，请重拍")]
    actions.correct(application=application, by=world.chen, points=points)
    clock(at("2026-11-24", "10:00"))
    return lambda: actions.serve(application=application, by=world.zhou, received_by="本人签收")


def to_declare_relation(world: World, clock: TestClock) -> Act:
    """申报亲属: two of that relative's cases are at the desk of whoever declares it"""
    clock(at("2026-11-02", "09:00"))
    for _ in range(2):
        application = file_application(world, "MZ-001")
        actions.accept(application=application, by=world.wang)
        check = {"step": "family-check", "outcome": "done", "text": "核对完了"}
        actions.give_opinion(application=application, by=world.zhou, **check)
    words = {"name": "安示例", "identity": "11010519491231002X", "kind": "兄弟姐妹"}
    return lambda: actions.declare_relation(by=world.she, **words)


def to_end_relation(world: World, clock: TestClock) -> Act:
    """结束一项亲属申报"""
    clock(at("2026-11-02", "09:00"))
    actions.declare_relation(by=world.she, name="安示例", identity="11010519491231002X", kind="兄弟姐妹")
    relation = Relation.objects.get(person=world.she.person)
    return lambda: actions.end_relation(relation=relation, by=world.she, reason="申报时写错了人")


def to_declare_receipt(world: World, clock: TestClock) -> Act:
    """补登收件日"""
    clock(at("2026-11-30", "09:00"))
    paper, scan = entrusted(world, "SJ-002", world.an.person), picture()
    came = date(2026, 11, 16)
    return lambda: actions.declare_receipt(application=paper, by=world.zhou, received_on=came, scans=[scan])


def to_confirm_receipt(world: World, clock: TestClock) -> Act:
    """核对补登的收件日"""
    filed_stall(world, clock)  # its silence records, and waits for the second person
    clock(at("2026-11-30", "09:00"))
    paper = entrusted(world, "SJ-002", world.an.person)
    came = date(2026, 11, 16)
    actions.declare_receipt(application=paper, by=world.zhou, received_on=came, scans=[picture()])
    actions.file(application=paper, by=world.zhou, key="k" * 32)
    return lambda: actions.confirm_receipt(application=paper, by=world.wang)


LINKED = (
    Deed("forward", to_forward),
    Deed("reopen", to_reopen, SAME),
    Deed("keep_death_proof", to_keep_death_proof, SAME),
    Deed("record_death", to_record_death),
    Deed("pass_to_member", to_pass_to_member),
    Deed("link_duplicate", to_link_duplicate),
    Deed("end_mandate", to_end_mandate),
    Deed("serve", to_serve),
    Deed("declare_relation", to_declare_relation),
    Deed("end_relation", to_end_relation),
    Deed("declare_receipt", to_declare_receipt, SAME),
    Deed("confirm_receipt", to_confirm_receipt),
)
