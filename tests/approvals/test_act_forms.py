"""动作的表单：every form says what it does, and what is missing is a whole sentence beside its field."""

import pytest

from approvals.act_forms import FORMS
from approvals.queries import cases
from portal.clock import portal_now
from services.models import Application
from tests.conftest import TestClock
from tests.factories import at, file_application
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
