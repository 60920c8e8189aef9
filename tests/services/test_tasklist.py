"""任务单：what each part's state is called, and which part comes next"""

from services.actions import save_answers, start_draft
from services.models import Application
from services.queries import Sheet
from services.tasklist import first_steps, next_url, place_words, task_list
from tests.factories import make_draft
from tests.world import World


def sheet(application: Application) -> Sheet:
    """现在填到哪里了"""
    return Sheet(Application.objects.select_related("version", "item").get(pk=application.pk))


def states(application: Application) -> list[tuple[str, str]]:
    """各部分和它的标记"""
    return [(row.name, row.tag.text) for row in task_list(sheet(application))]


def test_new_draft_begins_with_the_questions(world: World) -> None:
    draft = start_draft(item=world.item("ZR-001"), by=world.an)

    assert states(draft) == [
        ("情况选择", "还没填"),
        ("申请人", "填了一部分"),
        ("家庭", "还没填"),
        ("本事项", "还没填"),
        ("材料", "先答“情况选择”"),
        ("核对并提交", "现在还不能"),
    ]
    assert next_url(sheet(draft), task_list(sheet(draft))).endswith("/questions/")


def test_materials_open_once_the_questions_are_answered(world: World) -> None:
    draft = start_draft(item=world.item("ZR-001"), by=world.an)

    save_answers(application=draft, answers={"neighbours": "否", "rebuild": "否"})

    assert ("材料", "有6样要交") in states(draft)


def test_finished_draft_leads_to_the_check(world: World) -> None:
    draft = make_draft(world, "ZR-001")
    done = sheet(draft)

    assert states(draft)[-1] == ("核对并提交", "可以提交了")
    assert done.missing == []
    assert next_url(done, task_list(done)).endswith("/check/")


def test_next_goes_on_from_where_one_is_and_wraps_round(world: World) -> None:
    draft = start_draft(item=world.item("ZR-001"), by=world.an)
    rows = task_list(sheet(draft))

    assert next_url(sheet(draft), rows, after="part-1").endswith("/part/2/")
    assert next_url(sheet(draft), rows, after="part-3").endswith("/questions/")


def test_every_page_counts_as_the_task_list_does(world: World) -> None:
    draft = start_draft(item=world.item("ZR-001"), by=world.an)
    now = sheet(draft)

    keys = [row.key for row in task_list(now)]

    assert first_steps(draft.rules) == len(keys) == 6
    assert [place_words(now, key) for key in keys] == [f"第{at}步，共6步" for at in range(1, 7)]
    assert place_words(now, "") == ""


def test_a_part_that_nothing_in_it_is_asked_for_is_left_out(world: World) -> None:
    draft = start_draft(item=world.item("YB-001"), by=world.an)
    save_answers(application=draft, answers={"for_child": "否"})
    without = sheet(draft)
    save_answers(application=draft, answers={"for_child": "是"})
    with_child = sheet(draft)

    assert [part.name for part in without.parts] == ["申请人", "本事项"]
    assert "“家庭”还没填好" not in [gap.text for gap in without.missing]
    assert place_words(without, "part-3") == "第3步，共5步"
    assert first_steps(draft.rules) == 5
    assert [part.name for part in with_child.parts] == ["申请人", "家庭", "本事项"]
    assert "“家庭”还没填好" in [gap.text for gap in with_child.missing]
    assert place_words(with_child, "part-3") == "第4步，共6步"
