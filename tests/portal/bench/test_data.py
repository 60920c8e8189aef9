"""大量数据：a copy says of itself what its original says, and the fold agrees with its rows."""

from urllib.parse import urlsplit

import psycopg2
import pytest

from approvals.loading import fold_application
from approvals.models import Case, PublicResult, Step
from approvals.projection import case_values
from approvals.settling import settle_application
from portal.bench.data import copy_cases
from portal.clock import portal_now
from portal.models import Event
from portal.numbers import clean_number
from services.models import Application
from tests.conftest import CLONE, TestClock, superuser_url
from tests.factories import at, file_application
from tests.world import find_world

pytestmark = pytest.mark.process


@pytest.fixture
def superuser(clone, django_db_blocker):
    """拷贝库的超级用户, past triggers and foreign keys."""
    assert urlsplit(clone).path == f"/{CLONE}"
    with django_db_blocker.unblock():
        connection = psycopg2.connect(superuser_url(CLONE))
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        connection.close()


def test_copies_stand_as_their_originals_stand(superuser):
    clock, world = TestClock(CLONE), find_world()
    clock(at("2026-11-02"))
    originals = [file_application(world, code) for code in ("ZR-001", "SJ-002")]
    clock(at("2026-11-23"))
    for original in originals:
        settle_application(original.pk)  # both have been accepted by silence; one has a step open, one may have ended

    copied = copy_cases(superuser, [original.pk for original in originals], 5)

    assert len(set(copied.numbers)) == 5
    assert all(clean_number(number) == number for number in copied.numbers)
    for place, number in enumerate(copied.numbers):
        original = Application.objects.get(pk=originals[place % 2].pk)
        copy = Application.objects.select_related("version", "township").get(number=number)
        case, kept = Case.objects.get(application=copy), Case.objects.get(application=original)
        state = fold_application(copy, portal_now())
        values = case_values(state)
        assert state.state == copy.state == original.state
        assert values == {name: getattr(case, name) for name in values}
        assert values == {name: getattr(kept, name) for name in values}
        assert Step.objects.filter(case=case).count() == Step.objects.filter(case=kept).count()
        assert Event.objects.filter(stream=f"case:{number}").count() == len(
            Event.objects.filter(stream=f"case:{original.number}")
        )
    assert set(PublicResult.objects.values_list("number", flat=True)) <= {
        *copied.numbers,
        *(original.number for original in originals),
    }


def test_new_rows_go_on_after_the_copies(superuser):
    world = find_world()
    first = file_application(world, "SJ-002")
    copied = copy_cases(superuser, [first.pk], 3)
    later = file_application(world, "SJ-002")
    assert later.pk > Application.objects.get(number=copied.numbers[-1]).pk
