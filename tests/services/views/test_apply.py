"""申请的各页：parts, questions, the last look – without script"""

import re

from django.test import Client

from approvals.actions.filing import missing_parts
from services.actions import field_pages, form_values, save_page, start_draft
from services.importing import add_version, publish
from services.models import Application
from services.queries import Sheet
from tests.factories import make_draft, sample
from tests.services.helpers import PERSON, text
from tests.world import World


def test_task_list_tells_the_state_of_each_part(client: Client, draft: Application) -> None:
    page = text(client.get(f"/apply/{draft.number}/"))

    assert "填了一部分" in page  # name, phone and village are known from the account
    assert "现在还不能" in page
    assert "为什么：“申请人”“本事项”“材料”还没填好。" in page


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


def test_whoever_stops_half_way_loses_nothing(client: Client, draft: Application) -> None:
    first = text(client.get(f"/apply/{draft.number}/part/1/"))
    second = text(client.get(f"/apply/{draft.number}/part/2/"))
    half = {**PERSON, "id_number": "123", "address": ""}

    for then, place in [("tasks", ""), ("back", "")]:
        left = client.post(f"/apply/{draft.number}/part/1/", {**half, "then": then})
        assert left.url == f"/apply/{draft.number}/{place}"
    draft.refresh_from_db()

    assert (form_values(draft)["id_number"], draft.pages_done) == ("123", [])
    assert 'value="123"' in text(client.get(f"/apply/{draft.number}/part/1/"))
    assert 'value="back"' not in first and 'value="tasks"' in first
    assert 'value="back"' in second
    assert client.post(f"/apply/{draft.number}/part/2/", {"then": "back"}).url == f"/apply/{draft.number}/part/1/"
    assert f'href="/apply/{draft.number}/' not in second


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
    part = [page for page, _ in field_pages(draft.rules)].index(field.page) + 1

    page = text(client.post(f"/apply/{draft.number}/part/{part}/", {field.key: "下个月初八"}))

    assert re.search(rf'<input type="text" name="{field.key}" value="下个月初八"', page)


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
    ways = re.findall(r'<li><a class="line" href="([^"]+)\?from=check">', page)
    assert len(ways) == len(Sheet(draft).missing) > 2
    assert {way: client.get(way).status_code for way in ways} == {way: 200 for way in ways}  # each leads where it is mended


def test_whole_way_leaves_nothing_missing(client: Client, world: World) -> None:
    number = client.post("/items/SJ-002/start/").url.split("/")[2]
    draft = Application.objects.get(number=number)

    for place, (_, fields) in enumerate(field_pages(draft.rules), 1):
        values = {field.key: field.choices[0] if field.choices else sample(field.kind) for field in fields}
        client.post(f"/apply/{number}/part/{place}/", values)
    client.post(f"/apply/{number}/materials/")

    assert missing_parts(Application.objects.get(number=number)) == []
    page = text(client.get(f"/apply/{number}/check/"))
    key = re.search(r'name="key" value="(\w+)"', page)
    assert key is not None and f'action="/apply/{number}/file/"' in page
    assert client.post(f"/apply/{number}/file/", {"key": key[1]}).status_code == 302
    assert Application.objects.get(number=number).state == "submitted"


def test_new_version_moves_the_draft_and_keeps_what_fits(client: Client, world: World) -> None:
    draft = make_draft(world, "SJ-002")
    version = add_version(draft.item, draft.rules, source_digest="x", by=None, note="改")
    publish(draft.item, version, [])

    page = text(client.get(f"/apply/{draft.number}/"))

    draft.refresh_from_db()
    assert draft.version == version
    assert "申请人" in draft.pages_done
    assert "规定换了新版本" in page


def test_a_part_with_nothing_to_fill_in_is_no_page(client: Client, world: World) -> None:
    draft = start_draft(item=world.item("YB-001"), by=world.an)
    places = [page for page, _ in field_pages(draft.rules)]
    family, matter = places.index("家庭") + 1, places.index("本事项") + 1

    client.post(f"/apply/{draft.number}/questions/", {"for_child": "否"})
    after = client.post(f"/apply/{draft.number}/part/1/", PERSON)
    back = client.post(f"/apply/{draft.number}/part/{matter}/", {"then": "back"})
    page = text(client.get(f"/apply/{draft.number}/check/"))

    assert client.get(f"/apply/{draft.number}/part/{family}/").status_code == 404
    assert after.url == f"/apply/{draft.number}/part/{matter}/"
    assert back.url == f"/apply/{draft.number}/part/1/"
    assert "家庭</h2>" not in page and "“家庭”" not in page
    draft.refresh_from_db()
    assert "「家庭」还没填好" not in missing_parts(draft)
    client.post(f"/apply/{draft.number}/questions/", {"for_child": "是"})
    draft.refresh_from_db()
    assert "「家庭」还没填好" in missing_parts(draft)


def test_every_page_says_the_same_step(client: Client, world: World) -> None:
    draft = make_draft(world, "ZR-001")

    assert "一共6步" in text(client.get("/items/ZR-001/start/"))
    assert "申请一共6步" in text(client.get(f"/apply/{draft.number}/"))
    for at, place in enumerate(["questions", "part/1", "part/2", "part/3", "materials", "check"], 1):
        assert f"第{at}步，共6步" in text(client.get(f"/apply/{draft.number}/{place}/"))


def test_a_number_written_among_the_family_is_covered(client: Client, world: World) -> None:
    draft = make_draft(world, "ZR-001")
    save_page(application=draft, page="家庭", values={"household_members": "安小示例 儿子 999999197503020006"})

    page = text(client.get(f"/apply/{draft.number}/check/"))

    assert "安小示例 儿子 ****************06" in page
    assert "999999197503020006" not in page
    draft.refresh_from_db()
    assert "999999197503020006" in form_values(draft)["household_members"]
