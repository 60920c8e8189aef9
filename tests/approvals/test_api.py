"""接口的进度：the legal fields at this instant, to whoever has number and code, and to nobody else."""

from datetime import date

import pytest
from django.test import Client

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.models import Decision
from portal.keys import keys
from services import actions as drafts
from services.definition import Citation, OnTimeout
from services.models import Application, HowSupplied
from tests.conftest import TestClock
from tests.factories import at, file_application, first_step, make_draft
from tests.world import World

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """食品摊贩备案，2026-11-23（周一）10:00 交齐，承诺3个工作日"""
    clock(at("2026-11-23", "09:00"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    clock(at("2026-11-23", "10:00"))
    return file_application(world, "SJ-002")


def address(application: Application, code: str | None = None, township: str = "") -> str:
    told = keys().open_text(bytes(application.query_code_sealed)) if code is None else code
    return f"/api/v1/progress/{application.number}/?code={told}" + (f"&township={township}" if township else "")


def test_a_default_is_told_at_its_second_with_no_worker(stall: Application, client: Client, clock: TestClock) -> None:
    clock(at("2026-11-26", "23:59:50"))
    before = client.get(address(stall)).json()
    clock(at("2026-11-27", "00:00:00"))

    after = client.get(address(stall)).json()

    assert (before["state"], before["outcome"], before["ends"]["promised"]["due_on"]) == ("submitted", "", "2026-11-26")
    assert (after["state"], after["outcome"], after["manner"]) == ("recorded", "recorded", "deemed")
    assert after["effective_at"] == "2026-11-27T00:00:00+08:00"
    assert after["counts_from"] == "2026-11-23"
    assert after["rule"] == {"mode": "record", "citation": "示例省食品摊贩备案办法（虚构）第八条"}
    assert after["certificate_number"] == f"{stall.number}-1"
    assert [(row["mode"], row["post"]) for row in after["responsible"]] == [("record", "2号窗口")]
    assert after["recorded_at"] is not None


def test_a_late_reader_gets_the_same_legal_fields(stall: Application, client: Client, clock: TestClock) -> None:
    clock(at("2026-11-27", "00:00:00"))
    first = client.get(address(stall)).json()
    clock(at("2026-11-30", "12:00:00"))

    second = client.get(address(stall)).json()

    assert {**second, "at": first["at"]} == first
    assert Decision.objects.filter(case__application=stall).count() == 1


def test_steps_and_ends_of_a_running_case(world: World, client: Client, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    application = file_application(world, "ZR-001")

    body = client.get(address(application)).json()

    assert body["ends"]["intake"]["due_on"] == "2026-11-30"
    assert body["rule"] is None and body["certificate_number"] == ""
    assert body["item_version"] == application.version.number


def test_a_limit_that_waits_for_material_has_no_end_until_it_comes(world: World, client: Client, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    house = file_application(world, "ZR-001")
    key = house.rules.needed(house.answers)[0].key
    clock(at("2026-11-04"))
    actions.correct(application=house, by=world.chen, points=[(key, "照片看不清，请重拍")])

    waiting = client.get(address(house)).json()

    assert waiting["state"] == "correcting"
    for end in (waiting["ends"][name] for name in ("intake", "promised", "statutory")):
        assert (end["due_on"], end["due_at"], end["latest"], end["provisional"]) == (None, None, None, False)
        assert (end["waits_for"], end["ended_at"][:19]) == ("supply", "2026-11-04T10:00:00")
    assert waiting["ends"]["answer"]["due_at"] == "2026-11-20T00:00:00+08:00"  # fifteen calendar days

    clock(at("2026-11-09"))
    drafts.set_point(application=house, material=key, how=HowSupplied.WINDOW)
    actions.supply(application=house, by=world.an)
    ends = client.get(address(house)).json()["ends"]

    assert [ends[name]["due_on"] for name in ("intake", "promised")] == ["2026-11-16", "2026-11-30"]
    assert {end["waits_for"] for end in ends.values() if end} == {""}


def test_the_expiry_of_a_permit_and_the_applicants_term_are_ends_as_well(world: World, client: Client, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    draft = make_draft(world, "ZR-001")
    draft.expires_on = date(2026, 12, 26)  # a Saturday: a fixed date never rolls
    draft.save(update_fields=["expires_on"])
    house = actions.file(application=draft, by=world.an, key="k")
    first = client.get(address(house)).json()["ends"]
    key = house.rules.needed(house.answers)[0].key
    actions.correct(application=house, by=world.chen, points=[(key, "照片看不清，请重拍")])

    ends = client.get(address(house)).json()["ends"]

    assert (first["expiry"]["due_on"], first["answer"]) == ("2026-12-26", None)
    assert (ends["expiry"]["due_on"], ends["expiry"]["waits_for"]) == ("2026-12-26", "")
    assert (ends["answer"]["due_on"], ends["answer"]["due_at"]) == ("2026-11-17", "2026-11-18T00:00:00+08:00")


def test_a_paused_limit_says_that_it_waits_to_be_resumed(world: World, client: Client, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    house = file_application(world, "ZR-001")
    actions.accept(application=house, by=world.chen)
    words = {"reason": house.rules.pause_reasons[0].key, "until": date(2026, 11, 10), "notice": "需要听证，约七天"}
    actions.pause(application=house, by=world.fang, step=first_step(house), **words)

    ends = client.get(address(house)).json()["ends"]
    promised, intake = ends["promised"], ends["intake"]

    assert (promised["due_on"], promised["waits_for"], promised["latest"]) == (None, "resume", "2026-11-10")
    assert (intake["waits_for"], intake["due_on"]) == ("", "2026-11-09")  # it was met


def test_a_wrong_code_and_a_wrong_number_are_the_same_404(stall: Application, client: Client) -> None:
    answers = [
        client.get(address(stall, "23456789A")),
        client.get(address(stall, "")),
        client.get("/api/v1/progress/23456789A/?code=23456789A"),
        client.get("/api/v1/progress/nonsense/?code="),
        client.get(address(stall, township="bailu")),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_guessing_a_code_is_stopped(stall: Application, client: Client) -> None:
    for _ in range(5):
        assert client.get(address(stall, "23456789A")).status_code == 404

    stopped = client.get(address(stall))

    assert stopped.status_code == 429
    assert stopped.json()["message"].startswith("查询码错了太多次")


def test_the_right_code_may_be_used_again_and_again(stall: Application, client: Client) -> None:
    for _ in range(8):
        assert client.get(address(stall)).status_code == 200
    assert client.get(address(stall)).headers["Cache-Control"] == "private, no-store"


def test_a_draft_is_not_there(world: World, client: Client) -> None:
    assert client.get(address(make_draft(world, "SJ-002"))).status_code == 404
