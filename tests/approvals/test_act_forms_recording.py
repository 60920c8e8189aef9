"""登记类动作的页面：delivery, absence, death, passing on and repetition, in a browser; what is refused keeps what was typed."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from approvals import actions
from approvals.loading import fold_application
from approvals.models import ApplicationLink, CorrectionNotice, DeathRecord
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed
from services.files import DEATH_PROOF
from services.models import AccessRecord, Application, Attachment
from tests.approvals.test_cases_of_applicants import phoneless
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.portal.pages import signed_in
from tests.world import PASSWORD, World

SECOND = {"second_name": "she", "second_password": PASSWORD}
DEATH = {"died_on": "2026-11-1", "proof": "死亡医学证明 示例0001号", **SECOND}
MEMBER = {"name": "安家属", "id_number": "110105195203070048", "phone": "0000-555 0008", "relation": "妻子"}


@pytest.fixture
def house(world: World, clock: TestClock) -> Application:
    """受理了的宅基地申请，等着实地核查"""
    clock(at("2026-11-02", "09:00"))
    application = file_application(world, "ZR-001")
    actions.accept(application=application, by=world.chen)
    return application


def url(application: Application, act: str) -> str:
    """某个动作的页"""
    return reverse("approvals:act", args=[application.number, act])


def test_a_notice_is_served_on_its_page(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    application = phoneless(world, "LY-001")
    actions.correct(application=application, by=world.chen, points=[(application.rules.materials[0].key, "看不清，请重拍")])
    client = signed_in(world.zhou)
    shown = client.get(reverse("approvals:case", args=[application.number])).content.decode()
    assert "登记送达一次性告知书" in shown
    assert "还没有送到" in shown
    paper = client.get(reverse("approvals:correction_notice", args=[application.number])).content.decode()
    assert "15个自然日内" in paper

    assert client.post(url(application, "serve"), {"received_by": ""}).status_code == 400
    assert client.post(url(application, "serve"), {"received_by": "本人签收"}).status_code == 302

    assert CorrectionNotice.objects.get(case__application=application).served_to == "本人签收"
    assert "登记送达" not in client.get(reverse("approvals:case", args=[application.number])).content.decode()


def test_an_absence_is_noted_on_its_page(house: Application, world: World) -> None:
    client = signed_in(world.fang)
    page = client.get(url(house, "absent"))
    assert page.status_code == 200

    typed = {"step": "site-visit", "text": "10时到户，门锁着，电话约了后天", "second_signer": "孙示例"}
    assert client.post(url(house, "absent"), typed).status_code == 302

    again = client.post(url(house, "absent"), typed)
    assert again.status_code == 409
    assert "已经登记过一次" in again.content.decode()
    assert "电话约了后天" in again.content.decode()
    progress = signed_in(world.an).get(reverse("approvals:progress", args=[house.number])).content.decode()
    assert "没有见到您" in progress


def test_a_death_is_recorded_by_two_and_the_household_goes_on(house: Application, world: World) -> None:
    client = signed_in(world.chen)
    wrong = client.post(url(house, "died"), {**DEATH, "second_password": "猜的密码"})
    assert wrong.status_code == 400
    assert "死亡医学证明" in wrong.content.decode()
    assert client.post(url(house, "died"), {**DEATH, "name": "安家属"}).status_code == 400  # half a member is none
    assert not DeathRecord.objects.exists()

    assert client.post(url(house, "died"), DEATH).status_code == 302
    shown = client.get(reverse("approvals:case", args=[house.number])).content.decode()
    assert "两人登记" in shown
    assert "转给家里另一位接着办" in shown
    assert client.post(url(house, "pass"), MEMBER).status_code == 302

    house.refresh_from_db()
    record = DeathRecord.objects.get(case__application=house)
    assert (house.applicant_masked, record.relation, record.successor) == ("安*属", "妻子", house.applicant)
    assert fold_application(house, portal_now()).passed


def picture(shade: str = "white") -> SimpleUploadedFile:
    """一张照片"""
    image = BytesIO()
    Image.new("RGB", (40, 40), shade).save(image, "JPEG")
    return SimpleUploadedFile("死亡证明.jpg", image.getvalue(), "image/jpeg")


def test_the_proof_of_death_is_kept_as_a_scan_and_opened_only_on_the_record(house: Application, world: World) -> None:
    client = signed_in(world.chen)
    page = client.get(url(house, "died")).content.decode()
    assert "multipart/form-data" in page
    bad = client.post(url(house, "died"), {**DEATH, "scans": SimpleUploadedFile("a.jpg", b"GIF89a", "image/jpeg")})
    assert (bad.status_code, "a.jpg" in bad.content.decode()) == (400, True)
    assert not Attachment.objects.filter(material=DEATH_PROOF).exists()

    wrong = client.post(url(house, "died"), {**DEATH, "second_password": "猜的密码", "scans": picture()})
    assert (wrong.status_code, "刚才传的已经收下" in wrong.content.decode()) == (400, True)
    assert not DeathRecord.objects.exists()
    assert client.post(url(house, "died"), DEATH).status_code == 302

    scan = DeathRecord.objects.get().scan
    assert scan is not None
    assert (scan.material, scan.uploaded_by) == (DEATH_PROOF, world.chen)
    assert Attachment.objects.filter(material=DEATH_PROOF).count() == 1
    address = reverse("approvals:attachment", args=[house.number, scan.token])
    assert address in client.get(reverse("approvals:case", args=[house.number])).content.decode()
    opened = client.get(address)
    assert (opened.status_code, opened["Content-Type"], opened["Cache-Control"]) == (200, "image/jpeg", "private, no-store")
    assert AccessRecord.objects.filter(application=house, user=world.chen, what="材料：去世的证明").count() == 1
    for stranger in (world.bao, world.gao, world.chenb):
        assert signed_in(stranger).get(address).status_code == 404


def test_a_death_is_recorded_at_once_without_a_scan(house: Application, world: World) -> None:
    assert signed_in(world.chen).post(url(house, "died"), DEATH).status_code == 302

    assert DeathRecord.objects.get().scan is None


def test_a_scan_is_taken_only_from_who_may_register(house: Application, world: World) -> None:
    with pytest.raises(NotAllowed):
        actions.keep_death_proof(application=house, by=world.shui, scans=[picture()])
    with pytest.raises(InvalidInput, match="b.jpg"):
        broken = SimpleUploadedFile("b.jpg", b"\xff\xd8\xff broken", "image/jpeg")
        actions.keep_death_proof(application=house, by=world.chen, scans=[broken])

    assert not Attachment.objects.filter(application=house, material=DEATH_PROOF).exists()


def test_a_personal_matter_asks_for_no_member(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    stall = file_application(world, "SJ-002")

    page = signed_in(world.chen).get(url(stall, "died")).content.decode()

    assert "接着办的人" not in page


def test_a_repetition_is_linked_on_its_page_and_shown_to_the_decider(house: Application, world: World) -> None:
    later = file_application(world, "ZR-001")
    client = signed_in(world.chen)
    assert f"{house.number[:3]} {house.number[3:6]}" in client.get(url(later, "duplicate")).content.decode()
    assert client.post(url(later, "duplicate"), {"earlier": "不是编号"}).status_code == 400

    assert client.post(url(later, "duplicate"), {"earlier": house.number}).status_code == 302

    assert ApplicationLink.objects.get(application=later).other == house
    shown = signed_in(world.zhen).get(reverse("approvals:case", args=[later.number])).content.decode()
    assert "这一件和它重复" in shown
