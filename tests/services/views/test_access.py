"""申请页面的门：strangers, filed applications, lost sessions"""

import pytest
from django.test import Client

from services.actions import form_values
from services.models import Application
from tests.factories import file_application
from tests.services.conftest import Browse
from tests.services.helpers import DRAFT_PAGES, PERSON, text
from tests.world import PASSWORD, World


def test_number_may_be_written_with_spaces_and_small_letters(client: Client, draft: Application) -> None:
    number = draft.number

    assert client.get(f"/apply/{number[:3]} {number[3:6]} {number[6:].lower()}/").status_code == 200


@pytest.mark.parametrize("page", DRAFT_PAGES)
def test_stranger_finds_nothing(world: World, draft: Application, browse: Browse, page: str) -> None:
    for stranger in (world.bao, world.chen, world.zhen, world.du):
        assert browse(stranger).get(f"/apply/{draft.number}/{page}").status_code == 404
        assert browse(stranger).post(f"/apply/{draft.number}/part/1/", PERSON).status_code == 404


@pytest.mark.parametrize("page", DRAFT_PAGES)
def test_draft_of_another_township_is_not_found_here(client: Client, draft: Application, page: str) -> None:
    assert client.get(f"/t/bailu/apply/{draft.number}/{page}").status_code == 404


@pytest.mark.parametrize("page", DRAFT_PAGES)
def test_filed_application_leads_to_its_progress(client: Client, world: World, page: str) -> None:
    filed = file_application(world, "SJ-002")

    response = client.get(f"/apply/{filed.number}/{page}")

    assert response.status_code == 302
    assert filed.number in response.url


def test_lost_session_gives_back_what_was_typed(world: World, draft: Application) -> None:
    client = Client()
    address = f"/apply/{draft.number}/part/1/"

    refused = client.post(address, {**PERSON, "address": "四组7号"})
    kept = str(dict(client.session))
    client.login(login=world.an.login, password=PASSWORD)
    page = text(client.get(address))

    assert refused.status_code == 302 and "next=" in refused.url
    assert "四组7号" not in kept and "110105" not in kept
    assert 'value="四组7号"' in page
    assert "您填的都还在" in page
    assert form_values(Application.objects.get(pk=draft.pk)).get("address") is None
    assert "四组7号" not in text(client.get(address))


def test_stash_is_given_to_its_own_page_only(world: World, draft: Application) -> None:
    client = Client()
    client.post(f"/apply/{draft.number}/part/1/", {**PERSON, "address": "四组7号"})
    client.login(login=world.bao.login, password=PASSWORD)

    assert client.get(f"/apply/{draft.number}/part/1/").status_code == 404
    assert "四组7号" not in text(client.get("/mine/drafts/"))
