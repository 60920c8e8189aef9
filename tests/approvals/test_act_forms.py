"""动作的表单：every form says what it does, and what is missing is a whole sentence beside its field."""

import pytest
from django.test import Client

from approvals import actions
from approvals.act_forms import FORMS
from approvals.act_forms.running import DecideForm, OpinionForm
from approvals.queries import cases
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.templating import draw
from services.models import Application
from tests.approvals.deeds import accepted_house
from tests.conftest import TestClock
from tests.factories import at, file_application, first_step
from tests.world import World


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """食品摊贩备案，2026-09-16 交齐"""
    clock(at("2026-09-16", "10:00"))
    return file_application(world, "SJ-002")


@pytest.mark.parametrize("act", sorted(FORMS))
def test_an_empty_form_answers_in_sentences(act: str, stall: Application) -> None:
    folded = cases.fold_one(cases.filed_applications().get(pk=stall.pk), portal_now())
    form = FORMS[act]({}, folded=folded, step=folded.application.rules.running_stages()[0].key)

    form.is_valid()

    said = [str(error) for errors in form.errors.values() for error in errors]
    assert form.title
    assert form.submit
    assert all(sentence.endswith("。") for sentence in said), said


# act, field, choice -> whether the field may stay empty
MAY_STAY_EMPTY = [
    ("opinion", "text", "agree", "选“无意见”的，可以空着", True),
    ("opinion", "text", "done", "选“有意见”“已办”的，必须写清", False),
    ("opinion", "text", "object", "选“有意见”“已办”的，必须写清", False),
    ("decide", "facts", "approve", "的，可以空着", True),
    ("decide", "facts", "refuse", "选“不予”的，必须写清", False),
    ("decide", "legal_basis", "approve", "的，可以空着", True),
    ("decide", "legal_basis", "refuse", "选“不予”的，必须写，写到第几条", False),
]


@pytest.mark.parametrize(("act", "field", "choice", "words", "empty"), MAY_STAY_EMPTY)
def test_what_a_form_says_of_a_field_is_true_of_each_choice(
    stall: Application, act: str, field: str, choice: str, words: str, empty: bool
) -> None:
    folded = cases.fold_one(cases.filed_applications().get(pk=stall.pk), portal_now())
    rest = {"facts": "压占了水渠，不符合规划", "legal_basis": "土地管理法第六十二条", "text": "看过了，情况属实"}
    form = FORMS[act]({**rest, field: "", "outcome": choice}, folded=folded)

    form.is_valid()

    assert words in form.fields[field].help_text
    assert (field not in form.errors) == empty
    shown = draw("partials/_field.html", field=form[field])
    assert words in shown
    assert "可不填" not in shown


def test_an_opinion_not_looked_at_is_told_together_with_what_else_is_missing(
    stall: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DecideForm, "_unusual", lambda form: True)
    folded = cases.fold_one(cases.filed_applications().get(pk=stall.pk), portal_now())
    form = DecideForm({"outcome": "refuse"}, folded=folded)

    shown = draw("partials/_error_summary.html", form=form)

    assert set(form.errors) == {"seen", "facts", "legal_basis"}
    assert '<a href="#id_seen">请看过不同意见、迟到的和没有答复的' in shown
    assert DecideForm({"outcome": "approve", "seen": "on"}, folded=folded).is_valid()


def test_a_step_that_passed_by_silence_stands_beside_the_opinions(world: World, clock: TestClock) -> None:
    house = accepted_house(world, clock)
    visited = {"step": first_step(house), "outcome": "done", "text": "到现场量过", "second_signer": "孙示例"}
    actions.give_opinion(application=house, by=world.fang, **visited)
    clock(at("2026-11-30", "10:00"))
    settle_application(house.pk)
    folded = cases.fold_one(cases.filed_applications().get(pk=house.pk), portal_now())
    (silent,) = [step for step in folded.state.steps if step.status == "deemed"]
    client = Client()
    client.force_login(world.zhen)

    case = client.get(f"/desk/{house.number}/").content.decode()
    form = OpinionForm(folded=folded, step=silent.stage.key)

    row = case[case.index('id="opinions"') :].split("</section>")[0]
    assert silent.stage.name in row and "<b>没有答复</b>，到期视为无异议" in row and "没有人看过。" in row
    assert world.post("deng").office.name in row
    assert "seen" in DecideForm(folded=folded).fields
    assert (form.title, "不会让这件停下来" in form.hint) == ("补填迟到的意见", True)
