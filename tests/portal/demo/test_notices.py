"""演示的公告：fixed columns, in order, nothing personal."""

from disclosure.masking import find_numbers
from disclosure.models import COMPUTED, Column
from portal.demo.notices import NOTICES
from portal.demo.plan import DAYS


def test_every_written_column_has_a_notice() -> None:
    assert {planned.column for planned in NOTICES} == set(Column) - COMPUTED


def test_revisions_follow_the_first_publication() -> None:
    for planned in NOTICES:
        days = [planned.ago, *(when for when, _, _ in planned.later), *(planned.withdrawn or ())[:1]]
        assert days == sorted(days, reverse=True)
        assert DAYS >= days[0] >= days[-1] >= 0


def test_only_public_phones_are_named() -> None:
    texts = [planned.body + body for planned in NOTICES for _, body, _ in (*planned.later, (0, "", ""))]

    assert [text for text in texts if find_numbers(text.replace("0000-555 01", ""))] == []
