"""我的草稿"""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.http import forget_townships
from services.actions import start_draft
from services.models import Application, Attachment
from services.storage import path_of
from tests.services.helpers import photo, text
from tests.world import World


def test_drafts_are_listed_and_can_be_dropped(client: Client, draft: Application) -> None:
    key = draft.rules.materials[0].key
    client.post(f"/apply/{draft.number}/materials/{key}/", {"how": "file", "uploads": [photo()]})
    place = path_of(Attachment.objects.get().token)
    page = text(client.get("/mine/drafts/"))
    asked = text(client.get(f"/apply/{draft.number}/drop/"))

    assert "食品摊贩备案" in page and "上次存好" in page
    assert "找不回来" in asked and place.exists()
    assert client.get("/mine/drafts/").status_code == 200
    client.post(f"/apply/{draft.number}/drop/")
    assert not Application.objects.exists()
    assert "没有没填完的申请" in text(client.get("/mine/drafts/"))


def test_draft_list_costs_the_same_with_one_and_thirty(client: Client, world: World) -> None:
    client.get("/mine/drafts/")
    counts = []
    for number in (1, 29):
        for _ in range(number):
            start_draft(item=world.item("SJ-002"), by=world.an)
        forget_townships()
        with CaptureQueriesContext(connection) as queries:
            page = text(client.get("/mine/drafts/"))
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert page.count("食品摊贩备案") == 20 and "下一页" in page
