"""办件的表单：built from the fields of an item, every one of the forty-two"""

import pytest
from django.http import QueryDict

from portal.models import Village
from services.actions import field_pages
from services.definition import FormField, Material, Required
from services.forms import MaterialForm, PartForm, QuestionsForm, ways
from services.models import HowSupplied
from tests.factories import sample
from tests.world import World, catalogue

VILLAGES = [Village(slug="liuwan", name="柳湾村")]


def field(kind: str, **more: object) -> FormField:
    """一格"""
    return FormField(**{"key": "it", "label": "它", "kind": kind, "page": "本事项", **more})  # type: ignore[arg-type] # a test's shorthand


def part(*fields: FormField, data: dict[str, str] | None = None, **facts: str) -> PartForm:
    """一部分"""
    return PartForm(data, fields=fields, facts=facts, villages=VILLAGES, initial=facts)


@pytest.mark.parametrize("code", [definition.code for definition in catalogue()[0]])
def test_every_form_takes_samples_and_refuses_emptiness(code: str) -> None:
    rules = next(definition for definition in catalogue()[0] if definition.code == code)

    for _, fields in field_pages(rules):
        typed = {f.key: f.choices[0] if f.choices else sample(f.kind) for f in fields}
        full = PartForm(typed, fields=fields, facts={}, villages=VILLAGES)
        empty = PartForm({}, fields=fields, facts={}, villages=VILLAGES)
        needed = {f.key for f in fields if f.required and not f.when}
        assert full.is_valid(), full.errors
        assert set(empty.errors) == needed


@pytest.mark.parametrize(
    ("kind", "markup"),
    [
        ("yesno", 'type="radio"'),
        ("village", "不在本镇"),
        ("textarea", "<textarea"),
        ("date", 'type="date"'),
        ("number", 'inputmode="decimal"'),
        ("phone", 'inputmode="tel"'),
    ],
)
def test_each_kind_has_its_own_control(kind: str, markup: str) -> None:
    assert markup in str(part(field(kind))["it"])


def test_long_lists_are_dropped_down() -> None:
    assert "<select" in str(part(field("choice", choices=tuple("一二三四五六七八")))["it"])


def test_own_name_may_be_filled_in_by_the_browser_and_others_not() -> None:
    name = field("text", key="name")

    own = PartForm(None, fields=[name], facts={}, villages=VILLAGES)
    for_another = PartForm(None, fields=[name], facts={}, villages=VILLAGES, own=False)

    assert 'autocomplete="name"' in str(own["name"])
    assert 'autocomplete="off"' in str(for_another["name"])


def test_field_is_hidden_until_its_question_is_answered_so() -> None:
    unit = field("text", key="unit", when={"by_unit": "是"})

    assert "unit" not in part(unit, by_unit="否").fields
    assert part(unit, by_unit="是", data={"unit": ""}).errors == {"unit": ["「它」还没填。"]}


def test_words_in_place_of_a_date_stay_words() -> None:
    day = field("date")

    assert 'type="text"' in str(part(day, data={"it": "下个月初八"})["it"])
    assert 'type="date"' in str(part(day, data={"it": "2026-01-05"})["it"])


def test_questions_are_told_by_their_words(world: World) -> None:
    rules = world.item("ZR-001").current.rules  # type: ignore[union-attr] # published

    form = QuestionsForm({"neighbours": "或许"}, rules=rules)

    assert form.errors == {
        "neighbours": ["「新房的墙、出水、采光会不会挨着邻居」请从列出的里面选一个。"],
        "rebuild": ["「是不是在自家老宅基地上改建或翻建」还没选。"],
    }


def test_ways_follow_the_marks() -> None:
    plain = Material("m", "材料", Required.ALWAYS)
    marked = Material("m", "材料", Required.ALWAYS, deferrable=True, by_sharing=True, by_commitment=True)

    assert ways(plain) == [HowSupplied.FILE, HowSupplied.WINDOW, HowSupplied.CANNOT]
    assert ways(marked)[0] == HowSupplied.SHARING and len(ways(marked)) == 6


def test_long_statement_is_told() -> None:
    data = QueryDict(mutable=True)
    data.update({"how": "cannot", "statement": "字" * 301})

    form = MaterialForm(data, material=Material("m", "材料", Required.ALWAYS), has_files=False)

    assert form.errors["statement"][0] == "说明太长了，最多300个字，现在是301个字。"
