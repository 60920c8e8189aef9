"""每月的受理日子和分渠道的期限：received is received, the clocks wait for the window; each channel has its own limits."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.checking import differences
from approvals.loading import fold_application, load_events
from portal.clock import portal_now
from portal.limits import explain, used
from services.definition import AcceptsDays, ChannelLimits, ItemDefinition, Limit, OnTimeout, StageLimit
from services.models import Application
from tests.approvals.folding import Row, filed, state_at
from tests.conftest import TestClock
from tests.factories import make_draft
from tests.instants import at
from tests.rules import days, definition, mode
from tests.world import World


@pytest.mark.parametrize(
    ("window", "day", "opens"),
    [
        ((1, 20), date(2026, 11, 1), date(2026, 11, 1)),
        ((1, 20), date(2026, 11, 20), date(2026, 11, 20)),
        ((1, 20), date(2026, 11, 21), date(2026, 12, 1)),
        ((1, 20), date(2026, 12, 31), date(2027, 1, 1)),
        ((5, 10), date(2026, 11, 4), date(2026, 11, 5)),
        ((5, 10), date(2026, 1, 31), date(2026, 2, 5)),
        ((28, 31), date(2027, 2, 28), date(2027, 2, 28)),
        ((28, 31), date(2027, 2, 1), date(2027, 2, 28)),
    ],
)
def test_the_window_of_the_month(window: tuple[int, int], day: date, opens: date) -> None:
    assert AcceptsDays(*window).opens_on(day) == opens
    assert definition(accepts_days=AcceptsDays(*window)).opens_on(day) == opens
    assert definition().opens_on(day) == day


RECORD: dict[str, Any] = {"timeout": mode(OnTimeout.RECORD), "positive": "recorded", "promised": days(3), "statutory": None}


def test_the_clocks_wait_and_the_day_of_receipt_stays() -> None:
    rules = definition(**RECORD, intake=days(5))
    row = filed("2026-11-23", opens_on="2026-12-01")

    before = state_at(rules, at("2026-11-30"), row)
    promised = before.clock("promised")
    assert promised is not None and (promised.due_on, promised.limit.started_on) == (date(2026, 12, 4), date(2026, 12, 1))
    assert before.calendar is not None and used(promised.limit, before.calendar, date(2026, 11, 30)) == 0
    assert promised.light == "正常"
    after = state_at(rules, at("2026-12-05", "00:00"), row)
    assert (after.outcome, after.effective_at, after.counts_from) == ("recorded", at("2026-12-05", "00:00"), date(2026, 11, 23))


def test_what_is_supplied_before_the_window_opens_counts_from_its_first_day() -> None:
    rules = definition(**RECORD)
    rows: list[Row] = [
        filed("2026-11-23", opens_on="2026-12-01"),
        ("corrected", at("2026-11-24"), {"points": ["form"]}),
        ("supplied", at("2026-11-26"), {"points": ["form"], "complete": True}),
    ]

    promised = state_at(rules, at("2026-11-30"), *rows).clock("promised")
    assert promised is not None and promised.limit.started_on == date(2026, 12, 1)


def test_a_channel_has_its_own_promise_and_steps() -> None:
    online = ChannelLimits("online", Limit(1), (StageLimit("decide", Limit(2)),))
    rules = definition(by_channel=(online,))

    assert rules.for_channel("window") is rules
    found = rules.for_channel("online")
    assert (found.promised.length, found.stage("decide").limit) == (1, Limit(2))
    assert (rules.promised.length, rules.stage("decide").limit) == (15, days(3))
    assert ItemDefinition.from_json(rules.to_json()) == rules


def file_on(world: World, code: str, clock: TestClock, day: str, channel: str = "online") -> Application:
    """那天交的"""
    clock(at(day, "10:00"))
    draft = make_draft(world, code)
    Application.objects.filter(pk=draft.pk).update(channel=channel)
    draft.refresh_from_db()
    return actions.file(application=draft, by=world.an, key=day)


@pytest.mark.parametrize(("channel", "due"), [("window", date(2026, 11, 24)), ("online", date(2026, 11, 25))])
def test_medical_insurance_is_done_at_once_at_the_counter_and_in_a_day_online(
    world: World, clock: TestClock, channel: str, due: date
) -> None:
    case = file_on(world, "YB-001", clock, "2026-11-24", channel)

    promised = fold_application(case, portal_now()).clock("promised")
    assert promised is not None and promised.due_on == due
    assert [problem for _, problems in differences() for problem in problems] == []


def test_a_pension_filed_after_the_twentieth_waits_and_is_told_so(world: World, clock: TestClock, client: Client) -> None:
    clock(at("2026-11-23", "10:00"))
    client.force_login(world.an)
    draft = make_draft(world, "RS-001")
    told = "每月1日至20日受理。2026年11月23日收到的先收下、不作废，办理的日子从2026年12月1日数起。"

    assert told in client.get(reverse("services:check", args=[draft.number])).content.decode()
    case = actions.file(application=draft, by=world.an, key="late")
    for page in ("filed", "progress"):
        assert told in client.get(reverse(f"approvals:{page}", args=[case.number])).content.decode(), page
    (filing,) = [event for event in load_events(case) if event.kind == "filed"]
    assert (filing.payload["received_on"], filing.payload["opens_on"]) == ("2026-11-23", "2026-12-01")
    state = fold_application(case, portal_now())
    for key in ("intake", "promised"):
        limit = state.clock(key)
        assert limit is not None and limit.limit.started_on == date(2026, 12, 1)
        assert state.calendar is not None and explain(limit.limit, state.calendar)
        assert client.get(reverse("approvals:why", args=[case.number, key])).status_code == 200
    assert client.get(reverse("approvals:paper_pdf", args=[case.number, "slip"])).status_code == 200

    clock(at("2026-12-01", "10:00"))
    assert told not in client.get(reverse("approvals:progress", args=[case.number])).content.decode()
    assert [problem for _, problems in differences() for problem in problems] == []


def test_a_pension_filed_in_time_does_not_wait(world: World, clock: TestClock) -> None:
    case = file_on(world, "RS-001", clock, "2026-11-20")

    (filing,) = [event for event in load_events(case) if event.kind == "filed"]
    assert "opens_on" not in filing.payload


def test_the_guide_says_both(world: World, clock: TestClock, client: Client) -> None:
    clock(at("2026-11-23", "10:00"))

    assert "每月1日至20日受理" in client.get(reverse("services:guide", args=["RS-001"])).content.decode()
    page = client.get(reverse("services:guide", args=["YB-001"])).content.decode()
    assert "网上提交的承诺1个工作日，别的承诺当场。" in page
