"""连带读行: what select_related gives, in one statement, with some columns left."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import joined
from portal.models import Event, User
from portal.privacy import mask_name
from services.models import Application
from tests.factories import file_application, make_draft


def of(number):
    paths = ("case", "version", "applicant", "village", "agent", "agent__office")
    leave = ("form_sealed", "version__definition", "applicant__id_sealed")
    return joined.select(Application, paths, 'WHERE "t".number = %s', [number], leave)


def test_rows_hang_together_as_select_related_hangs_them(world):
    filed = file_application(world, "SJ-002")
    with CaptureQueriesContext(connection) as asked:
        (found,) = of(filed.number)
        shown = (
            found.case.application.number,
            found.version.number,
            str(found.applicant),
            found.agent.office.name,
        )
        digest = found.rules.name
    kept = Application.objects.select_related("case", "version", "applicant", "agent__office").get(
        pk=filed.pk
    )

    assert len(asked) == 1
    assert shown == (filed.number, kept.version.number, mask_name("安示例"), kept.agent.office.name)
    assert digest == kept.rules.name
    assert (found.answers, found.pages_done, found.received_on) == (
        kept.answers,
        kept.pages_done,
        kept.received_on,
    )
    assert (found.case.due_at, found.case.pk) == (kept.case.due_at, kept.case.pk)


def test_what_was_left_is_read_when_somebody_asks(world, django_assert_num_queries):
    filed = file_application(world, "SJ-002")
    (found,) = of(filed.number)

    assert found.get_deferred_fields() == {"form_sealed"}
    with django_assert_num_queries(1):
        assert bytes(found.applicant.id_sealed)


def test_what_points_nowhere_is_none(world, django_assert_num_queries):
    filed = file_application(world, "SJ-002")
    rows = joined.select(
        Event,
        ("post", "on_behalf_of", "on_behalf_of__person"),
        'WHERE "t".stream = %s',
        [f"case:{filed.number}"],
    )

    with django_assert_num_queries(0):
        assert [(row.post, row.on_behalf_of) for row in rows] == [(None, None)] * len(rows)
    assert rows[0].payload["received_on"] == filed.received_on.isoformat()


def test_a_row_without_the_one_that_points_back_says_so(world):
    (draft,) = joined.select(Application, ("case",), 'WHERE "t".id = %s', [make_draft(world, "SJ-002").pk])

    with pytest.raises(Application.case.RelatedObjectDoesNotExist):
        _ = draft.case


def test_what_is_asked_for_besides_comes_with_the_row(world):
    (found,) = joined.select(User, ("person",), 'WHERE "t".id = %s', [world.deng.pk], (), (("twice", '"t".id * 2'),))

    assert (found.twice, found.person.pk) == (2 * world.deng.pk, world.deng.person_id)


def test_nobody_is_nothing(world):
    assert joined.select(User, ("person",), 'WHERE "t".id = %s', [-1]) == []
