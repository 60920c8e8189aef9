"""核对：the projection says what the fold says, and a changed row is found."""

from approvals.checking import compare, differences
from approvals.models import Case, Step
from approvals.settling import settle_application
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World


def test_a_settled_case_has_no_difference(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02"))
    application = file_application(world, "ZR-001")
    clock(at("2026-11-20"))

    before = compare(Case.objects.get(application=application))
    settle_application(application.pk)

    assert before == []  # due but unwritten: readers refold
    assert dict(differences())[application.number] == []


def test_a_changed_row_is_named(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02"))
    application = file_application(world, "ZR-001")
    clock(at("2026-11-20"))
    settle_application(application.pk)
    case = Case.objects.get(application=application)
    Step.objects.filter(case=case).update(status="done")
    Case.objects.filter(pk=case.pk).update(outcome="approved")

    found = compare(Case.objects.get(pk=case.pk))

    assert any(line.startswith("outcome") for line in found)
    assert any("status" in line for line in found)
