"""演示的动作：everything the plan asks for can be done, and answers are what the forms take."""

import random

import pytest

from portal.demo import actors, forms, people
from portal.demo.acts import VERBS
from portal.demo.plan import FIRST
from portal.demo.shapes import SHAPES
from portal.demo.thread import Thread
from portal.errors import InvalidInput
from portal.models import Duty, Relation
from services.actions import form_values
from services.models import MaterialPoint
from tests.calendars import NATIONAL
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World, catalogue

BEGIN = {"draft", "file"}


def test_every_verb_of_every_shape_is_known() -> None:
    rules = next(one for one in catalogue()[0] if one.code == "ZR-002")
    verbs = set()
    for shape in SHAPES.values():
        t = Thread(at("2026-09-01").date(), NATIONAL, random.Random(1))
        shape(t, rules)
        verbs |= {move.verb for move in t.moves}

    assert verbs - BEGIN == set(VERBS)


@pytest.mark.parametrize("code", sorted({code for _, code, _, _ in FIRST if not code.startswith("DEMO")}))
def test_form_is_filled_completely(world: World, code: str) -> None:
    draft = forms.start(world.item(code), world.an, None, random.Random(2))

    forms.fill(draft, random.Random(2), soon=False)

    draft.refresh_from_db()
    needed = {material.key for material in draft.rules.needed(draft.answers)}
    assert {page for page in draft.pages_done if page != "questions"} == {field.page for field in draft.rules.fields}
    assert set(MaterialPoint.objects.filter(application=draft).values_list("key", flat=True)) == needed
    assert form_values(draft)["name"] == "安示例"


def test_a_relative_of_the_holder_hands_over(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23"))
    application = file_application(world, "SJ-002")
    Relation.objects.create(person=world.wang.person, relative=world.an.person, kind="兄弟")

    assert actors.window_of(application, at("2026-11-23")) == world.chen


def test_nobody_left_is_an_error(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23"))
    application = file_application(world, "SJ-002")
    world.post("du").holdings.all().delete()

    with pytest.raises(LookupError):
        actors.supervisor_of(application, at("2026-11-23"))


def test_people_of_another_town_are_not_in_the_cast(world: World) -> None:
    cast = people.find_cast()

    assert "chen" in cast.staff
    assert all(user.is_staff_member for user in cast.staff.values())
    assert Duty.WINDOW in {holding.post.duty for holding in cast.staff["chen"].holdings.all()}


def test_wrong_choice_is_refused(world: World) -> None:
    draft = forms.start(world.item("SJ-002"), world.an, None, random.Random(2))

    with pytest.raises(InvalidInput):
        forms.drafts.set_point(application=draft, material="nothing", how=forms.HowSupplied.WINDOW)
