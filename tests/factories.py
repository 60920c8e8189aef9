"""造办件：through the product's own actions, at whatever instant the test clock shows."""

from uuid import uuid4

from approvals import actions
from approvals.loading import fold_application
from portal.clock import portal_now
from portal.models import User
from services import actions as drafts
from services.models import Application, HowSupplied
from tests.instants import at as at
from tests.world import World


def make_draft(
    world: World, code: str, *, by: User | None = None, how: HowSupplied = HowSupplied.FILE
) -> Application:
    """填好的草稿: every page and question answered, every needed material photographed, or given as `how` says."""
    draft = drafts.start_draft(item=world.item(code), by=by or world.an)
    rules = draft.rules
    for page, fields in drafts.field_pages(rules):
        known = drafts.form_values(draft)
        values = {field.key: field.choices[0] if field.choices else sample(field.kind) for field in fields} | known
        drafts.save_page(application=draft, page=page, values=values)
    answers = {question.key: question.choices[-1] for question in rules.questions}
    drafts.save_answers(application=draft, answers=answers)
    for material in rules.needed(answers):
        drafts.set_point(application=draft, material=material.key, how=how)
    draft.refresh_from_db()
    return draft


def sample(kind: str) -> str:
    """某种表单项的样例"""
    return {
        "number": "2",
        "date": "2026-01-05",
        "yesno": "是",
        "phone": "00005550001",
        "id_number": "11010519491231002X",
        "village": "liuwan",
    }.get(kind, "示例内容")


def first_step(application: Application) -> str:
    """正在办的头一个环节"""
    return fold_application(application, portal_now()).open_steps[0].stage.key


def file_application(world: World, code: str, *, by: User | None = None) -> Application:
    """提交了的办件"""
    draft = make_draft(world, code, by=by)
    return actions.file(application=draft, by=by or world.an, key=uuid4().hex)
