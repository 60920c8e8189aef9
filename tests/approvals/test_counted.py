"""镇情的数和它数的件：every figure has a list of just as many, months end at 24:00, and neither costs more with more cases."""

import base64
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import Card, Case, ExtensionNotice, ResponsibilityRecord
from approvals.pages.leader import rate_chart
from approvals.queries import counted, leader
from portal.clock import portal_now
from portal.models import Event
from portal.permissions import powers_of
from services.models import Application
from tests.approvals.test_views_desk import page, signed_in
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

NOW = at("2026-11-23", "10:00")


@pytest.fixture
def cases(world: World, clock: TestClock) -> list[Application]:
    """八件食品摊贩备案，2026-11-23 收"""
    connection.cursor().execute("SET LOCAL transaction_timeout = 0")  # a test is one transaction
    clock(NOW)
    return [file_application(world, "SJ-002") for _ in range(8)]


def ended(application: Application, when: str, time: str = "10:00", **values: Any) -> None:
    """有了结果的投影"""
    known: dict[str, Any] = {"outcome": "recorded", "manner": "signed", "effective_at": at(when, time)}
    moment = {**known, **values}
    Case.objects.filter(application=application).update(**moment, closed_at=moment["effective_at"], next_look_at=None)


def lengthened(application: Application, world: World) -> None:
    event = Event.objects.filter(stream__endswith=application.number).first() or Event.objects.latest("pk")
    ExtensionNotice.objects.create(
        case=application.case, event=event, length=5, unit="workday", reason="情况复杂", by=world.zhen, at=NOW
    )


@pytest.fixture
def mixed(cases: list[Application], world: World) -> list[Application]:
    """各样都有一件：按时、逾期、延长、默认办结，上月办结，停着，超期，暂定"""
    ended(cases[0], "2026-11-20")
    ended(cases[1], "2026-11-19", overdue=True)
    ended(cases[2], "2026-11-18")
    lengthened(cases[2], world)
    ended(cases[3], "2026-11-17", manner="deemed")
    ended(cases[4], "2026-10-20")  # more than thirty days ago
    for application, values in zip(cases[5:], ({"paused": True}, {"overdue": True}, {"provisional": True}), strict=True):
        Case.objects.filter(application=application).update(**values)
    for rung, days in (("remind", 1), ("remind", 40), ("yellow", 2), ("red", 3)):
        Card.objects.create(case=cases[6].case, key=f"{rung}{days}", rung=rung, clock="promised", at=NOW - timedelta(days=days))
    for mode, days in (("accept", 1), ("consent", 2), ("consent", 40), ("escalate", 1)):
        when = NOW - timedelta(days=days)
        ResponsibilityRecord.objects.create(
            case=cases[6].case, key=f"{mode}{days}", clock="s", mode=mode, ended_at=when, recorded_at=when
        )
    return cases


def test_each_figure_counts_what_its_list_shows(mixed: list[Application], world: World) -> None:
    found, span = leader.figures(world.township.pk, NOW), counted.last_days(NOW)
    numbers = {of: getattr(found, of) for of in counted.NAMES}
    listed = {of: len(counted.counted_page(of, world.township.pk, span).rows) for of in counted.NAMES}

    assert listed == numbers
    assert numbers == {
        "closed": 4, "kept": 1, "late": 1, "extended": 1, "deemed": 1, "open": 3, "paused": 1, "provisional": 1, "overdue": 1,
        "reminders": 1, "yellow": 1, "red": 1, "acceptances": 1, "consents": 1,
    }  # fmt: skip
    assert all(counted.counted_page(of, world.other.pk, span).rows == [] for of in counted.NAMES)


def test_a_result_of_midnight_belongs_to_the_month_that_has_just_ended(
    cases: list[Application], world: World, django_assert_num_queries: Any
) -> None:
    ended(cases[0], "2026-11-01", "00:00")  # 24:00 of 31 October
    ended(cases[1], "2026-11-01", "00:01", overdue=True)
    ended(cases[2], "2025-12-01", "00:00")  # 24:00 of 30 November: thirteen months ago
    ended(cases[3], "2025-12-01", "00:01")
    ended(cases[4], "2026-10-05", outcome="withdrawn")  # no result
    with django_assert_num_queries(1):
        months = counted.months(world.township.pk, NOW)

    assert [month.first for month in months][:: counted.MONTHS - 1] == [date(2025, 12, 1), date(2026, 11, 1)]
    assert len(months) == counted.MONTHS
    told = {month.first.month: (month.closed, month.kept, month.late) for month in months if month.closed}
    assert told == {12: (1, 1, 0), 10: (1, 1, 0), 11: (1, 0, 1)}
    assert [month.rate for month in months[-3:]] == [None, 100.0, 0.0]
    for month in months[-2:]:
        rows = counted.counted_page("closed", world.township.pk, counted.month_span(month.first, NOW)).rows
        assert len(rows) == month.closed


@pytest.mark.parametrize("of", ["closed", "open"])
def test_pages_of_a_list_meet_without_gap_or_double(cases: list[Application], world: World, monkeypatch: Any, of: str) -> None:
    if of == "closed":
        for number, application in enumerate(cases):
            ended(application, f"2026-11-{10 + number // 3}")  # three of each instant
    else:
        Case.objects.filter(application__in=cases[:4]).update(due_at=None)  # standing still: last
    monkeypatch.setattr(counted, "PAGE", 3)
    span, seen, mark = counted.last_days(NOW), [], ""
    for _ in range(3):
        found = counted.counted_page(of, world.township.pk, span, mark)
        seen += found.rows
        mark = found.next

    assert mark == ""
    assert {row.case.application_id for row in seen} == {application.pk for application in cases}
    assert len(seen) == len(cases)
    dated = [row.at for row in seen if row.at is not None]
    assert dated == sorted(dated, reverse=of == "closed")
    assert all(row.at is None for row in seen[len(dated) :])


def queries_of(client: Client, name: str, *args: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, name, *args)
    return sum('FROM "portal_township"' not in query["sql"] for query in captured.captured_queries)


def test_the_page_and_its_lists_ask_as_often_for_one_case_as_for_thirty(world: World, clock: TestClock) -> None:
    connection.cursor().execute("SET LOCAL transaction_timeout = 0")
    clock(NOW)
    client, asked = signed_in(world.zhen), []
    pages = [("leader",), ("counted", "closed"), ("counted", "open")]
    first = [file_application(world, "SJ-002") for _ in range(2)]
    ended(first[0], "2026-11-20")
    for number in (0, 29):  # one closed and one open; then thirty of each
        more = [file_application(world, "SJ-002") for _ in range(2 * number)]
        for application in more[:number]:
            ended(application, "2026-10-30")
        for place in pages:
            page(client, *place)
        asked.append([queries_of(client, *place) for place in pages])

    assert counted.months(world.township.pk, NOW)[-1].closed + counted.months(world.township.pk, NOW)[-2].closed == 30
    assert asked[0] == asked[1]


def test_the_figures_lead_to_their_lists_and_the_months_to_a_file(mixed: list[Application], world: World) -> None:
    client = signed_in(world.zhen)
    shown = page(client, "leader")
    for of in counted.NAMES:
        assert f'href="{reverse("approvals:counted", args=[of])}"' in shown
    assert f'{reverse("approvals:counted", args=["kept"])}?month=2026-10' in shown
    october = page(client, "counted", "kept", query="?month=2026-10")
    assert "2026年10月按时办结的" in october
    assert [one.number in october for one in mixed] == [False] * 4 + [True] + [False] * 3
    answer: Any = client.get(reverse("approvals:months_csv"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert lines[0] == "月份,办结,按时办结,延长后办结,逾期办结,到期默认,按时办结率（%）"
    assert lines[-2:] == ["2026-10,1,1,0,0,0,100.0", "2026-11,4,1,1,1,1,25.0"]
    assert lines[1] == "2025-12,0,0,0,0,0,"


def test_a_number_is_a_link_only_for_those_who_may_open_the_case(mixed: list[Application], world: World) -> None:
    link = reverse("approvals:case", args=[mixed[6].number])
    seen = {}
    for user in (world.zhen, world.jianhead):
        shown = page(signed_in(user), "counted", "overdue")
        seen[user] = link in shown
        assert mixed[6].number[:3] in shown
        assert "安*例" not in shown.split("<table")[1].split("</table>")[0]

    assert powers_of(world.jianhead, portal_now())
    assert seen == {world.zhen: True, world.jianhead: False}


def _mark(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?month=2026-13", "月份要写成"),
        ("?month=2019-01", "月份要写成"),
        ("?month=十月", "月份要写成"),
        ("?after=x", "翻页的地址不完整"),
        (f"?after={_mark('2026-11-23T10:00:00 5')}", "翻页的地址不完整"),  # no zone
        (f"?after={_mark(f'2026-11-23T10:00:00+00:00 {2**70}')}", "翻页的地址不完整"),  # no id of a row
    ],
)
def test_a_wrong_address_is_told_in_a_sentence(world: World, clock: TestClock, query: str, words: str) -> None:
    clock(NOW)

    assert words in page(signed_in(world.zhen), "counted", "closed", status=400, query=query)
    page(signed_in(world.zhen), "counted", "nothing", status=404)


@pytest.mark.parametrize(
    ("rates", "lines", "floor"),
    [([None, 96.0, 98.0, None, 99.0], 1, "90%"), ([None, None], 0, "90%"), ([45.0, 100.0], 1, "0%"), ([81.0], 0, "80%")],
)
def test_a_month_without_results_has_no_point_and_no_line(rates: list[float | None], lines: int, floor: str) -> None:
    chart = rate_chart([(f"{number}月", rate) for number, rate in enumerate(rates)])

    assert len(chart.lines) == lines
    assert len(chart.marks) == sum(rate is not None for rate in rates)
    assert [tick.words for tick in chart.grid][:1] == [floor]
    assert chart.grid[-1].words == "100%"
    assert all(chart.grid[-1].y <= mark.y <= chart.grid[0].y for mark in chart.marks)
