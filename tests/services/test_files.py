"""附件：kept once, counted, opened only as stored, and gone with the draft."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.errors import InvalidInput, WrongState
from services.actions import drop_draft, start_draft
from services.files import add_files, attachment_response, open_attachment, record_reading, remove_file
from services.models import AccessRecord, Application, Attachment
from services.storage import clear_loose_files, path_of, write_sealed
from tests.factories import file_application
from tests.world import World


def photo(color: str = "red", name: str = "照片.jpg") -> SimpleUploadedFile:
    """一张照片"""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), color).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue())


@pytest.fixture
def draft(world: World) -> Application:
    """草稿"""
    return start_draft(item=world.item("SJ-002"), by=world.an)


def add(world: World, draft: Application, *uploads: SimpleUploadedFile) -> tuple[list[Attachment], list[str]]:
    """交几个文件"""
    return add_files(application=draft, material=draft.rules.materials[0].key, uploads=uploads, by=world.an)


def test_same_content_sent_three_times_is_one_file(world: World, draft: Application) -> None:
    for _ in range(3):
        add(world, draft, photo())

    assert Attachment.objects.count() == 1
    assert len(list(path_of(Attachment.objects.get().token).parent.iterdir())) == 1


def test_too_large_and_empty_files_are_told(world: World, draft: Application, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_BYTES = 1024 * 1024

    taken, wrong = add(
        world, draft, SimpleUploadedFile("大.jpg", b"\xff" * (1024 * 1024 + 1)), SimpleUploadedFile("空.jpg", b"")
    )

    assert taken == []
    assert wrong[0].startswith("「大.jpg」太大，一个文件最多1兆。")
    assert wrong[1] == "「空.jpg」是空的，里面没有内容。请重新选一个。"


def test_count_is_limited_and_what_is_refused_leaves_nothing_on_disk(
    world: World, draft: Application, settings: Any
) -> None:
    settings.FILES_PER_APPLICATION = 1

    taken, wrong = add(world, draft, photo("red"), photo("blue"))

    assert len(taken) == 1
    assert wrong == ["「照片.jpg」没有收：一份申请最多传1个文件。多的请带到窗口。"]
    assert len(list(path_of(taken[0].token).parent.iterdir())) == 1


def test_a_heap_of_files_is_taken_in_parts(world: World, draft: Application, settings: Any) -> None:
    settings.FILES_AT_ONCE = 1

    taken, wrong = add(world, draft, photo("red"), photo("blue"))

    assert len(taken) == 1
    assert wrong == ["一次最多收1个文件，后面的没有收，请再传一次。"]


@pytest.mark.parametrize("name", ["../../etc/passwd.jpg", "a\u202egpj.exe", "名" * 200 + ".jpg", "", "C:\\x\\y.jpg"])
def test_any_name_is_taken_and_none_is_kept(world: World, draft: Application, name: str) -> None:
    upload = photo()
    upload._name = name  # type: ignore[attr-defined] # past Django's own cleaning

    taken, _ = add(world, draft, upload)

    assert path_of(taken[0].token).parent == path_of(uuid4()).parent
    assert "照片" not in str(vars(taken[0]))


def test_content_is_not_in_clear_on_disk(world: World, draft: Application) -> None:
    (attachment,), _ = add(world, draft, photo())

    raw = path_of(attachment.token).read_bytes()

    assert b"JFIF" not in raw
    assert open_attachment(attachment).startswith(b"\xff\xd8\xff")


def test_altered_swapped_or_missing_file_is_not_shown(world: World, draft: Application) -> None:
    (attachment,), _ = add(world, draft, photo())
    place = path_of(attachment.token)
    sealed = place.read_bytes()

    for content in (sealed[:-1] + bytes([sealed[-1] ^ 1]), b"", b"\0" * 40):
        place.write_bytes(content)
        with pytest.raises(InvalidInput):
            open_attachment(attachment)
    place.unlink()
    write_sealed(attachment.token, b"another")
    with pytest.raises(InvalidInput):
        open_attachment(attachment)
    place.unlink()
    with pytest.raises(InvalidInput):
        open_attachment(attachment)


def test_picture_is_shown_in_place_under_a_plain_name(world: World, draft: Application) -> None:
    (attachment,), _ = add(world, draft, photo())

    response = attachment_response(attachment)

    assert response["Content-Disposition"].startswith(f'inline; filename="{draft.number}-{attachment.pk}.jpg"')
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, no-store"


def test_filed_file_stays(world: World, draft: Application) -> None:
    filed = file_application(world, "SJ-002")
    (attachment,), _ = add(world, filed, photo())

    with pytest.raises(WrongState):
        remove_file(application=filed, token=attachment.token)


def test_closed_application_takes_no_file(world: World, draft: Application) -> None:
    Application.objects.filter(pk=draft.pk).update(state="refused")

    with pytest.raises(WrongState):
        add(world, draft, photo())
    assert list(path_of(uuid4()).parent.iterdir()) == []


@pytest.mark.django_db(transaction=False)
def test_dropped_draft_leaves_no_file(
    world: World, draft: Application, django_capture_on_commit_callbacks: Any
) -> None:
    (attachment,), _ = add(world, draft, photo())

    with django_capture_on_commit_callbacks(execute=True):
        drop_draft(application=draft)

    assert not path_of(attachment.token).exists()
    assert not Attachment.objects.exists()


def test_reading_is_recorded(world: World, draft: Application) -> None:
    record_reading(application=draft, by=world.chen, post=world.post("chen"), what="附件", reason="办理")

    record = AccessRecord.objects.get()
    assert (record.user, record.what, record.reason) == (world.chen, "附件", "办理")


def test_a_file_goes_with_its_draft_even_if_that_is_interrupted(world: World, draft: Application) -> None:
    (attachment,), _ = add(world, draft, photo())

    drop_draft(application=draft)  # what follows the commit does not come: the test's transaction never commits

    assert path_of(attachment.token).exists()
    assert clear_loose_files(after=timedelta(0)) == 1
    assert not path_of(attachment.token).exists()
