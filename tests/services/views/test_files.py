"""附件页：one's own file comes back as it was kept; anybody else's is not there."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from services.files import add_files
from services.models import Attachment
from tests.factories import make_draft
from tests.services.conftest import Browse
from tests.world import World


@pytest.fixture
def picture(world: World) -> Attachment:
    """安示例传的一张照片"""
    draft = make_draft(world, "SJ-002")
    content = BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "JPEG")
    upload = SimpleUploadedFile("材料.jpg", content.getvalue(), "image/jpeg")
    taken, wrong = add_files(application=draft, material=draft.rules.materials[0].key, uploads=[upload], by=world.an)
    assert wrong == []
    assert len(taken) == 1
    return Attachment.objects.get(application=draft)


def test_the_owner_reads_it_in_a_sandbox(picture: Attachment, client: Client) -> None:
    response = client.get(reverse("services:file", args=[picture.token]))

    assert response.status_code == 200
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("who", ["bao", "chen", "chenb"])
def test_for_anybody_else_it_is_not_there(world: World, picture: Attachment, browse: Browse, who: str) -> None:
    assert browse(getattr(world, who)).get(reverse("services:file", args=[picture.token])).status_code == 404


def test_a_stranger_is_asked_to_sign_in(picture: Attachment) -> None:
    assert Client().get(reverse("services:file", args=[picture.token])).status_code == 302
