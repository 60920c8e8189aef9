"""公开的读：months end at 24:00 of their last day, the hall names only whom it may, counts follow the record."""

from datetime import timedelta

import pytest
from django.test import Client

from approvals.models import Case, PublicResult
from disclosure.models import Column
from disclosure.queries import announcements, month_ledger, public_phones
from disclosure.queries.hall import hall_page
from disclosure.queries.months import month_range, office_silences
from disclosure.queries.notices import count_by_column, first_words, notices
from disclosure.queries.results import ResultRow, results, results_page
from disclosure.queries.standing import fees, leaders, offices, procedures
from portal.clock import portal_now
from services.models import Application, ServiceItem
from services.queries import SAMPLE
from tests.approvals.deeds_cases import posted, to_resume
from tests.conftest import TestClock
from tests.disclosure.helpers import draft, published, settle_all
from tests.factories import at, file_application
from tests.world import World


@pytest.mark.parametrize(
    "instant, first, last",
    [
        (at("2026-11-23"), at("2026-11-01", "00:00"), at("2026-12-01", "00:00")),
        (at("2026-12-31", "23:59"), at("2026-12-01", "00:00"), at("2027-01-01", "00:00")),
        (at("2026-02-01", "00:00"), at("2026-02-01", "00:00"), at("2026-03-01", "00:00")),
    ],
)
def test_a_month_runs_by_the_township_s_clock(instant: object, first: object, last: object) -> None:
    assert month_range(instant) == (first, last)  # type: ignore[arg-type] # a table of datetimes


def test_an_end_at_midnight_belongs_to_the_day_before(stall: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-27", "09:00"))
    settle_all(world)
    Case.objects.filter(application=stall).update(effective_at=at("2026-12-01", "00:00"))

    assert month_ledger(world.township, at("2026-12-01", "10:00")).closed == 0
    assert month_ledger(world.township, at("2026-11-30", "23:59")).closed == 0  # not yet
    clock(at("2026-12-01", "00:00"))
    assert month_ledger(world.township, at("2026-12-01", "00:00")).closed == 0


def test_withdrawn_cases_are_not_counted_as_done(stall: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-27", "09:00"))
    settle_all(world)
    before = month_ledger(world.township, portal_now())

    Case.objects.filter(application=stall).update(outcome="withdrawn", overdue=True)

    after = month_ledger(world.township, portal_now())
    assert (before.closed, after.closed, after.on_time) == (1, 0, 0)
    Case.objects.filter(application=stall).update(outcome="not_accepted")  # turned away at the window: the leader's page agrees
    assert month_ledger(world.township, portal_now()).closed == 0


def test_nothing_happened_is_a_month_of_zeros(world: World) -> None:
    ledger = month_ledger(world.township, portal_now())

    assert (ledger.closed, ledger.on_time, ledger.overdue, ledger.deemed) == (0, 0, 0, 0)
    assert office_silences(world.township, portal_now()) == []


def test_results_of_the_same_instant_keep_their_order(stall: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-27", "09:00"))
    settle_all(world)
    kept = PublicResult.objects.get()
    rows, mark = results_page(results(world.township), size=1)

    assert (len(rows), mark) == (1, "")
    assert rows[0].effective_at - kept.effective_at == timedelta(0)
    assert rows[0].used == "3个工作日，承诺3个工作日"


def published_with(world: World, clock: TestClock, columns: dict[str, object]) -> ResultRow:
    """公示了的一行，改成这几列的样子"""
    clock(at("2026-11-27", "09:00"))
    settle_all(world)
    PublicResult.objects.update(**columns)
    return results_page(results(world.township))[0][0]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"days_used": 22, "days_paused": 8, "promised": "25个工作日"}, "22个工作日（另有8个工作日中止），承诺25个工作日"),
        ({"days_used": 30, "extended_by": 10}, "30个工作日，承诺3个工作日，依法延长了10个工作日"),
        ({"days_used": 12, "unit": "day", "promised": "30个自然日"}, "12个自然日，承诺30个自然日"),
        ({"days_used": 40, "unit": "month", "promised": "2个月", "extended_by": 1}, "40个自然日，承诺2个月，依法延长了1个月"),
        ({"days_used": 0, "promised": "当场"}, "当天，承诺当场"),
        ({"days_used": 0, "days_paused": 2, "promised": ""}, "当天（另有2个工作日中止）"),
        ({"days_used": None}, ""),
    ],
)
def test_the_words_say_what_was_counted_and_what_stood_still(
    stall: Application, world: World, clock: TestClock, columns: dict[str, object], words: str
) -> None:
    assert published_with(world, clock, columns).used == words


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"days_used": 17, "days_paused": 5, "promised": "20个工作日", "late": True}, "过了法定期限"),
        ({"days_used": 21, "promised": "20个工作日", "late": True}, "逾期办结"),
        ({"days_used": 24, "promised": "20个工作日", "extended_by": 5, "late": True}, "过了法定期限"),
        ({"days_used": None, "promised": "20个工作日", "late": True}, "逾期办结"),
        ({"days_used": 3, "promised": "2个月", "unit": "month", "late": True}, "逾期办结"),
        ({"days_used": 17, "promised": "20个工作日", "late": False}, ""),
    ],
)
def test_what_was_late_is_said_where_the_promise_was_kept(
    stall: Application, world: World, clock: TestClock, columns: dict[str, object], words: str
) -> None:
    assert published_with(world, clock, columns).late_words == words
    assert (words in Client().get("/board/results/").content.decode()) or not words


def test_the_hall_shows_what_ends_next(stall: Application, world: World) -> None:
    (row,), pages = hall_page(world.township, 1, portal_now())

    assert (row.number, row.applicant, row.step, row.light, pages) == (stall.number, "安*例", "等窗口受理", "正常", 1)
    assert row.due_on == at("2026-11-26").date()


def test_samples_come_last_in_the_hall_and_in_the_standing_columns(stall: Application, world: World) -> None:
    file_application(world, "ZR-001")
    before = [row.number for row in hall_page(world.township, 1, portal_now())[0]]
    wanted = [entry.code for entry in procedures(world.township)]
    first = Application.objects.get(number=before[0]).item
    ServiceItem.objects.filter(pk=first.pk).update(name=SAMPLE + first.name)
    free = [entry.code for entry in fees(world.township) if not entry.charged]

    assert [row.number for row in hall_page(world.township, 1, portal_now())[0]] == before[::-1]
    assert [entry.code for entry in procedures(world.township)] == [code for code in wanted if code != first.code] + [first.code]
    assert free[-1] == first.code


def test_announcements_carry_title_words_and_address(world: World) -> None:
    notice = published(world, title="放假安排", body="# 国庆\n9月25日放假。" + "很长" * 60, column="announcements")

    (row,) = announcements(world.township, 3)

    assert (row.title, row.url, row.text) == ("放假安排", f"/board/notices/{notice.number}/", "国庆")
    draft_row = draft(world, body="很长" * 60)
    assert len(first_words(draft_row)) == 62


def test_columns_are_counted_by_what_is_public(world: World) -> None:
    published(world)
    draft(world)

    assert count_by_column(world.township) == {Column.FEES: 1}
    assert notices(world.township, query="!!").count() == 0


def test_public_phones_are_the_offices_own(world: World) -> None:
    phones = public_phones(world.township)

    assert {"0000-555 0100", "0000-555 0109", "0000-555 0111"} <= phones and "" not in phones


def test_the_standing_columns_come_from_posts_and_items(world: World) -> None:
    now = portal_now()

    seats = {seat.title: seat.person for office in offices(world.township, now) for seat in office.seats}
    assert seats["村建办审核岗"] == "邓示例"
    assert leaders(world.township, now)[0][1].title == "镇长"
    assert len(procedures(world.township)) == len(fees(world.township)) >= 42
    assert all(row.steps.startswith("受理") for row in procedures(world.township))


def test_only_a_case_that_stands_still_has_no_day_in_the_hall(world: World, clock: TestClock) -> None:
    machine = posted(world, clock)  # a posting stops the promise alone; the statutory limit runs on, and has its day
    to_resume(world, clock)  # a house paused by hand: nothing of it runs
    rows = {row.number: row for row in hall_page(world.township, 1, portal_now())[0]}
    house = rows.pop(next(number for number in rows if number != machine.number))

    assert rows[machine.number].due_on is not None
    assert (house.due_on, house.light) == (None, "中止")
    assert "不走表" in Client().get("/board/hall/").content.decode()
