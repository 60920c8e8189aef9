"""开始办理：one draft however often it is pressed, and nobody else's"""

import pytest
from django.test import Client

from portal.models import Person
from services.actions import form_values
from services.models import Application
from tests.services.conftest import Browse
from tests.services.helpers import text
from tests.world import World

SENT = {
    "name": "安示例",
    "id_number": "11010519491231002X",
    "phone": "0000-555 0001",
    "consent": "本人到窗口口头委托，已念给本人听过。",
}
ADDRESS = "/items/SJ-002/start-for/"


def test_start_makes_one_draft_however_often_it_is_pressed(client: Client) -> None:
    first = client.post("/items/SJ-002/start/")
    second = client.post("/items/SJ-002/start/")

    assert first.url == second.url
    assert Application.objects.count() == 1
    assert "您有一份没填完的" in text(client.get(second.url))


def test_another_draft_only_when_asked_for(client: Client, draft: Application) -> None:
    page = text(client.get("/items/SJ-002/start/"))
    client.post("/items/SJ-002/start/", {"another": "1"})

    assert "您有没填完的" in page and "另外再办一件" in page
    assert Application.objects.count() == 2


def test_start_page_says_why_each_thing_is_asked(client: Client) -> None:
    assert "核对身份，防止冒名申请" in text(client.get("/items/SJ-002/start/"))


def test_guide_only_item_takes_no_draft(client: Client) -> None:
    response = client.post("/items/ZH-001/start/")

    assert response.status_code == 409
    assert "这件事不在网上申请" in text(response)


def test_clerk_files_for_a_known_villager(world: World, browse: Browse) -> None:
    response = browse(world.chen).post(ADDRESS, SENT)

    draft = Application.objects.get()
    assert response.url == f"/apply/{draft.number}/"
    assert (draft.applicant, draft.filed_by, draft.channel) == (world.an.person, world.chen, "window")
    assert draft.consent == SENT["consent"]
    assert form_values(draft)["phone"] == "00005550001"


def test_agent_enters_a_villager_who_has_no_account(world: World, browse: Browse) -> None:
    browse(world.zhou).post(ADDRESS, {**SENT, "name": "新示例", "id_number": "110105200001010016", "village": ""})
    again = browse(world.zhou).post(ADDRESS, {**SENT, "name": "新示例", "id_number": "110105200001010016"})

    draft = Application.objects.get()
    assert again.url == f"/apply/{draft.number}/"
    assert (draft.applicant.name, draft.channel) == ("新示例", "agent")
    assert Person.objects.filter(name="新示例").count() == 1


def test_number_under_another_name_is_told_and_nothing_is_lost(world: World, browse: Browse) -> None:
    response = browse(world.chen).post(ADDRESS, {**SENT, "name": "别示例"})

    page = response.content.decode()
    assert response.status_code == 400
    assert "证件号码和姓名对不上" in page and 'value="别示例"' in page
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("consent", "请写明申请人怎么托您办的，没有委托不能替别人申请。"),
        ("name", "「申请人姓名」还没填。"),
        ("id_number", "「申请人身份证号码」还没填。"),
        ("phone", "「申请人电话」还没填。"),
    ],
)
def test_what_is_missing_is_told(world: World, browse: Browse, field: str, sentence: str) -> None:
    page = browse(world.chen).post(ADDRESS, {**SENT, field: ""}).content.decode()

    assert page.count(sentence) == 2


def test_others_find_no_such_page(world: World, browse: Browse) -> None:
    for person in (world.an, world.deng, world.zhen, world.users["chenb"]):
        assert browse(person).get(ADDRESS).status_code == 404
        assert browse(person).post(ADDRESS, SENT).status_code == 404


def test_applicant_cannot_open_a_draft_that_is_not_yet_filed(world: World, browse: Browse) -> None:
    browse(world.chen).post(ADDRESS, SENT)
    draft = Application.objects.get()

    assert browse(world.an).get(f"/apply/{draft.number}/").status_code == 404
    assert browse(world.chen).get(f"/apply/{draft.number}/").status_code == 200


def test_agents_paper_is_asked_for(world: World, browse: Browse) -> None:
    browse(world.chen).post("/items/MZ-001/start-for/", SENT)
    draft = Application.objects.get()
    client = browse(world.chen)
    client.post(f"/apply/{draft.number}/questions/", {q.key: q.choices[-1] for q in draft.rules.questions})

    assert "授权委托书" in client.get(f"/apply/{draft.number}/materials/").content.decode()
