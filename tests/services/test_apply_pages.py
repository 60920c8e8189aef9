"""申请的页面：draft, parts, questions, materials, check – the whole way of a villager, without script."""

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from approvals.actions.filing import missing_parts
from portal.http import forget_townships
from services.actions import field_pages, form_values, start_draft
from services.importing import add_version, publish
from services.models import Application, Attachment, MaterialPoint
from services.storage import path_of
from tests.factories import file_application, make_draft, sample
from tests.services.conftest import Browse
from tests.world import PASSWORD, World

PERSON = {
    "name": "安示例",
    "id_type": "居民身份证",
    "id_number": "11010519491231002x",
    "phone": "0000-555 0001",
    "village": "liuwan",
    "address": "三组12号",
}


def photo(name: str = "照片.jpg", color: str = "red") -> SimpleUploadedFile:
    """一张照片"""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), color).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


@pytest.fixture
def client(world: World, browse: Browse) -> Client:
    """安示例的浏览器"""
    return browse(world.an)


@pytest.fixture
def draft(world: World) -> Application:
    """安示例的摊贩备案草稿"""
    return start_draft(item=world.item("SJ-002"), by=world.an)


def text(response: Any) -> str:
    """页面文字"""
    return str(response.content.decode())


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


def test_task_list_tells_the_state_of_each_part(client: Client, draft: Application) -> None:
    page = text(client.get(f"/apply/{draft.number}/"))

    assert "填了一部分" in page  # name, phone and village are known from the account
    assert "现在还不能" in page
    assert "为什么：“申请人”还没填好" in page


def test_number_may_be_written_with_spaces_and_small_letters(client: Client, draft: Application) -> None:
    number = draft.number

    assert client.get(f"/apply/{number[:3]} {number[3:6]} {number[6:].lower()}/").status_code == 200


def test_part_is_saved_and_leads_on(client: Client, draft: Application) -> None:
    response = client.post(f"/apply/{draft.number}/part/1/", PERSON)

    draft.refresh_from_db()
    assert response.url == f"/apply/{draft.number}/part/2/"
    assert draft.pages_done == ["申请人"]
    assert form_values(draft)["id_number"] == "11010519491231002X"
    assert form_values(draft)["phone"] == "00005550001"


def test_mistakes_are_told_at_the_field_and_in_the_summary_and_nothing_is_lost(client: Client, draft: Application) -> None:
    page = text(client.post(f"/apply/{draft.number}/part/1/", {**PERSON, "id_number": "123", "address": ""}))

    for sentence in ("「证件号码」要写18位，最后一位可以是X，现在是3位。", "「村民小组和门牌」还没填。"):
        assert page.count(sentence) == 2
    assert "错误：有2处要改" in page
    assert "<title>错误：" in page
    assert 'value="123"' in page
    draft.refresh_from_db()
    assert form_values(draft)["id_number"] == "123"
    assert draft.pages_done == []
    assert 'value="123"' in text(client.get(f"/apply/{draft.number}/part/1/"))


def test_done_part_opens_again_when_it_no_longer_fits(client: Client, draft: Application) -> None:
    client.post(f"/apply/{draft.number}/part/1/", PERSON)
    client.post(f"/apply/{draft.number}/part/1/", {**PERSON, "phone": ""})

    draft.refresh_from_db()
    assert draft.pages_done == []


def test_large_print_shows_three_fields_at_a_time(client: Client, draft: Application) -> None:
    client.cookies["mode"] = "large"
    address = f"/apply/{draft.number}/part/1/"
    first = text(client.get(address))

    answer = client.post(address, {key: PERSON[key] for key in ("name", "id_type", "id_number")})
    draft.refresh_from_db()
    last = client.post(answer.url, {key: PERSON[key] for key in ("phone", "village", "address")})

    assert "第1页，共2页" in first and 'name="phone"' not in first
    assert answer.url == f"{address}?step=2"
    assert draft.pages_done == []
    draft.refresh_from_db()
    assert draft.pages_done == ["申请人"]
    assert last.url == f"/apply/{draft.number}/part/2/"


def test_date_typed_in_words_comes_back_in_words(client: Client, world: World) -> None:
    draft = start_draft(item=world.item("SJ-001"), by=world.an)
    field = next(field for field in draft.rules.fields if field.kind == "date")
    part = [page for page, _ in _pages(draft)].index(field.page) + 1

    page = text(client.post(f"/apply/{draft.number}/part/{part}/", {field.key: "下个月初八"}))

    assert re.search(rf'<input type="text" name="{field.key}" value="下个月初八"', page)


def _pages(draft: Application) -> list[tuple[str, Any]]:
    return field_pages(draft.rules)


def test_questions_decide_the_materials(client: Client, world: World) -> None:
    draft = start_draft(item=world.item("ZR-001"), by=world.an)
    before = client.get(f"/apply/{draft.number}/materials/")
    client.post(f"/apply/{draft.number}/questions/", {"neighbours": "否", "rebuild": "是"})
    page = text(client.get(f"/apply/{draft.number}/materials/"))

    assert before.url == f"/apply/{draft.number}/questions/"
    assert "原宅基地权属材料" in page
    assert "相邻权利人意见" not in page


def test_unanswered_question_is_told(client: Client, world: World) -> None:
    draft = start_draft(item=world.item("ZR-001"), by=world.an)

    page = text(client.post(f"/apply/{draft.number}/questions/", {"neighbours": "是"}))

    assert page.count("「是不是在自家老宅基地上改建或翻建」还没选。") == 2


def test_answer_that_needs_more_fields_opens_the_part_again(client: Client, world: World) -> None:
    draft = make_draft(world, "ZR-003")
    answers = {question.key: "否" for question in draft.rules.questions}
    client.post(f"/apply/{draft.number}/questions/", answers)
    client.post(f"/apply/{draft.number}/part/1/", PERSON)
    draft.refresh_from_db()
    done_before = "申请人" in draft.pages_done

    Application.objects.filter(pk=draft.pk).update(form_sealed=start_draft(item=world.item("ZR-003"), by=world.an).form_sealed)
    client.post(f"/apply/{draft.number}/questions/", {**answers, "by_unit": "是"})

    draft.refresh_from_db()
    assert done_before
    assert "申请人" not in draft.pages_done


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


def test_one_press_brings_everything_to_the_window(client: Client, draft: Application) -> None:
    client.post(f"/apply/{draft.number}/materials/")

    hows = {point.key: point.how for point in draft.points.all()}
    needed = draft.rules.needed(draft.answers)
    assert hows == {m.key: "sharing" if m.by_sharing else "window" for m in needed}


def test_check_page_shows_every_value_and_the_way_back(client: Client, world: World) -> None:
    draft = make_draft(world, "ZR-001")

    page = text(client.get(f"/apply/{draft.number}/check/"))

    assert "*" * 16 + "2X" in page and "11010519491231002X" not in page
    assert "柳湾村" in page
    assert f"/apply/{draft.number}/part/3/?from=check&amp;field=plot_area#id_plot_area" in page
    assert 'name="key"' in page and "都对，提交申请" in page
    assert "承诺15个工作日" in page


def test_change_from_the_check_page_leads_back_to_it(client: Client, world: World) -> None:
    draft = make_draft(world, "SJ-002")

    response = client.post(f"/apply/{draft.number}/part/1/?from=check", PERSON)

    assert response.url == f"/apply/{draft.number}/check/"


def test_incomplete_application_cannot_be_sent_and_says_why(client: Client, draft: Application) -> None:
    page = text(client.get(f"/apply/{draft.number}/check/"))

    assert "现在还不能提交，还差：" in page
    assert "“本事项”还没填好" in page
    assert 'name="key"' not in page


def test_whole_way_leaves_nothing_missing(client: Client, world: World) -> None:
    number = client.post("/items/SJ-002/start/").url.split("/")[2]
    draft = Application.objects.get(number=number)

    for place, (_, fields) in enumerate(_pages(draft), 1):
        values = {field.key: field.choices[0] if field.choices else sample(field.kind) for field in fields}
        client.post(f"/apply/{number}/part/{place}/", values)
    client.post(f"/apply/{number}/materials/")

    assert missing_parts(Application.objects.get(number=number)) == []
    assert "都对，提交申请" in text(client.get(f"/apply/{number}/check/"))


PAGES = ["", "questions/", "part/1/", "materials/", "check/", "drop/"]


@pytest.mark.parametrize("page", PAGES)
def test_stranger_finds_nothing(world: World, draft: Application, browse: Browse, page: str) -> None:
    for stranger in (world.bao, world.chen, world.zhen, world.du):
        assert browse(stranger).get(f"/apply/{draft.number}/{page}").status_code == 404
        assert browse(stranger).post(f"/apply/{draft.number}/part/1/", PERSON).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_draft_of_another_township_is_not_found_here(client: Client, draft: Application, page: str) -> None:
    assert client.get(f"/t/bailu/apply/{draft.number}/{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
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


def test_new_version_moves_the_draft_and_keeps_what_fits(client: Client, world: World) -> None:
    draft = make_draft(world, "SJ-002")
    version = add_version(draft.item, draft.rules, source_digest="x", by=None, note="改")
    publish(draft.item, version, [])

    page = text(client.get(f"/apply/{draft.number}/"))

    draft.refresh_from_db()
    assert draft.version == version
    assert "申请人" in draft.pages_done
    assert "规定换了新版本" in page


def test_drafts_are_listed_and_can_be_dropped(client: Client, draft: Application) -> None:
    key = draft.rules.materials[0].key
    client.post(f"/apply/{draft.number}/materials/{key}/", {"how": "file", "uploads": [photo()]})
    place = path_of(Attachment.objects.get().token)
    page = text(client.get("/mine/drafts/"))
    asked = text(client.get(f"/apply/{draft.number}/drop/"))

    assert "食品摊贩备案" in page and "填好了0部分" in page
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
