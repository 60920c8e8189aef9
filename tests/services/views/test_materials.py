"""材料页：how each is handed over, and its files"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.pagewords import cn_datetime
from services.actions import start_draft
from services.models import Application, Attachment, MaterialPoint
from services.storage import path_of
from tests.services.conftest import Browse
from tests.services.helpers import photo, text
from tests.world import World


def test_questions_decide_the_materials(client: Client, world: World) -> None:
    draft = start_draft(item=world.item("ZR-001"), by=world.an)
    before = client.get(f"/apply/{draft.number}/materials/")
    client.post(f"/apply/{draft.number}/questions/", {"neighbours": "否", "rebuild": "是"})
    page = text(client.get(f"/apply/{draft.number}/materials/"))

    assert before.url == f"/apply/{draft.number}/questions/"
    assert "原宅基地权属材料" in page
    assert "相邻权利人意见" not in page


def test_photos_are_kept_sealed_and_shown_to_their_owner_only(
    client: Client, world: World, draft: Application, browse: Browse
) -> None:
    key = draft.rules.materials[0].key
    client.post(f"/apply/{draft.number}/materials/{key}/", {"how": "file", "uploads": [photo(), photo(color="blue")]})

    files = list(Attachment.objects.filter(application=draft))
    shown = client.get(f"/files/{files[0].token}/")
    assert [file.kind for file in files] == ["jpg", "jpg"]
    assert MaterialPoint.objects.get(application=draft, key=key).how == "file"
    assert path_of(files[0].token).read_bytes()[:3] != b"\xff\xd8\xff"
    assert shown.content[:3] == b"\xff\xd8\xff"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert "照片" not in shown["Content-Disposition"]
    assert browse(world.bao).get(f"/files/{files[0].token}/").status_code == 404
    assert browse(world.chen).get(f"/files/{files[0].token}/").status_code == 404
    assert Client().get(f"/files/{files[0].token}/").status_code == 302


def test_bad_file_is_told_and_the_good_one_is_kept(client: Client, draft: Application) -> None:
    key = draft.rules.materials[0].key
    bad = SimpleUploadedFile("身份证.svg", b"<svg onload='x'/>", "image/svg+xml")

    page = text(client.post(f"/apply/{draft.number}/materials/{key}/", {"how": "file", "uploads": [photo(), bad]}))

    assert page.count("「身份证.svg」只收 JPEG、PNG 图片和 PDF。") == 2
    assert Attachment.objects.count() == 1
    assert "第1个：JPG" in page


@pytest.mark.parametrize("name", ["bad.pdf", "照片.JPG", "scan.jpeg", "a.png"])
def test_a_broken_file_is_not_told_what_its_name_already_says(client: Client, draft: Application, name: str) -> None:
    key = draft.rules.materials[0].key
    bad = SimpleUploadedFile(name, b"\0" * 300, "application/pdf")

    page = text(client.post(f"/apply/{draft.number}/materials/{key}/", {"how": "file", "uploads": [bad]}))

    assert page.count(f"「{name}」打不开，可能坏了。请重新拍照，或另存一份再传。") == 2
    assert "只收 JPEG" not in page
    assert "没收下的文件要重新选" in page


def test_a_form_without_files_asks_for_none(client: Client, draft: Application) -> None:
    page = text(client.post(f"/apply/{draft.number}/part/1/", {}))

    assert "您填的都还在" in page and "重新选" not in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "还没选这样材料怎么交。"),
        ({"how": "file"}, "还没选文件。请选一张照片或一个 PDF。"),
        ({"how": "cannot"}, "请写明为什么交不了。"),
        ({"how": "fax"}, "请从列出的里面选一个。"),
    ],
)
def test_material_mistakes_are_told(client: Client, draft: Application, sent: dict[str, str], sentence: str) -> None:
    key = draft.rules.materials[0].key

    page = text(client.post(f"/apply/{draft.number}/materials/{key}/", sent))

    assert page.count(sentence) == 2
    assert not MaterialPoint.objects.exists()


def test_a_photo_chosen_without_saying_how_is_kept(client: Client, draft: Application) -> None:
    key = draft.rules.materials[0].key

    answer = client.post(f"/apply/{draft.number}/materials/{key}/", {"uploads": [photo()]})

    assert answer.status_code == 302
    assert MaterialPoint.objects.get(application=draft, key=key).how == "file"
    assert Attachment.objects.count() == 1


def test_a_photo_beside_another_way_is_kept_and_told(client: Client, draft: Application) -> None:
    material = draft.rules.materials[0]

    sent = {"how": "window", "uploads": [photo()]}
    page = text(client.post(f"/apply/{draft.number}/materials/{material.key}/", sent, follow=True))
    check = text(client.get(f"/apply/{draft.number}/check/"))

    assert MaterialPoint.objects.get(application=draft, key=material.key).how == "window"
    assert f"「{material.name}」传的1个文件也收下了" in page
    assert "到窗口交，另外上传了1个文件" in check


def test_only_lawful_ways_are_offered(client: Client, world: World) -> None:
    draft = start_draft(item=world.item("ZR-001"), by=world.an)
    client.post(f"/apply/{draft.number}/questions/", {"neighbours": "否", "rebuild": "否"})

    free = text(client.get(f"/apply/{draft.number}/materials/id-card/"))
    strict = text(client.get(f"/apply/{draft.number}/materials/village-record/"))

    assert "免提交）" in free
    assert "免提交）" not in strict and "可容缺）" not in strict


def test_last_file_removed_opens_the_material_again(client: Client, draft: Application) -> None:
    key = draft.rules.materials[0].key
    client.post(f"/apply/{draft.number}/materials/{key}/", {"how": "file", "uploads": [photo()]})
    file = Attachment.objects.get()

    client.post(f"/apply/{draft.number}/files/{file.token}/remove/")

    assert not Attachment.objects.exists()
    assert not MaterialPoint.objects.exists()


def test_a_file_says_when_it_came_opens_and_asks_before_it_goes(client: Client, draft: Application) -> None:
    key = draft.rules.materials[0].key
    client.post(f"/apply/{draft.number}/materials/{key}/", {"how": "file", "uploads": [photo()]})
    file = Attachment.objects.get()

    page = text(client.get(f"/apply/{draft.number}/materials/{key}/"))

    assert f'href="/files/{file.token}/"' in page
    assert f"{cn_datetime(file.uploaded_at)}传的" in page
    assert page.index("<summary>删掉第1个") < page.index(f"/apply/{draft.number}/files/{file.token}/remove/")
    assert "删掉就找不回来了" in page


def test_the_list_leads_on_to_what_is_open_and_ticks_only_what_is_settled(client: Client, draft: Application) -> None:
    first, second = draft.rules.needed(draft.answers)[:2]
    before = text(client.get(f"/apply/{draft.number}/materials/"))
    client.post(f"/apply/{draft.number}/materials/{first.key}/", {"how": "window", "then": "list"})
    after = text(client.get(f"/apply/{draft.number}/materials/"))

    assert f'<a class="button" href="/apply/{draft.number}/materials/{first.key}/">接着定：{first.name}</a>' in before
    assert f">接着定：{second.name}</a>" in after
    assert 'class="button second">没定的都带到窗口交，能免的免' in before
    assert ("tag filled" in before, "tag free" in before) == (False, False)
    assert after.count("tag filled") == 1


def test_one_press_brings_everything_to_the_window(client: Client, draft: Application) -> None:
    client.post(f"/apply/{draft.number}/materials/")

    hows = {point.key: point.how for point in draft.points.all()}
    needed = draft.rules.needed(draft.answers)
    assert hows == {m.key: "sharing" if m.by_sharing else "window" for m in needed}


def test_a_paper_nobody_has_to_hand_over_is_not_called_for_beside_it(client: Client, draft: Application) -> None:
    free = next(material for material in draft.rules.materials if material.by_sharing and material.note)

    listed = text(client.get(f"/apply/{draft.number}/materials/"))
    page = text(client.get(f"/apply/{draft.number}/materials/{free.key}/"))

    assert free.note not in listed
    assert "不用您交：政府部门自己查，查不到才请您带。" in page
    assert page.index("愿意自己交的") < page.index(free.note)
