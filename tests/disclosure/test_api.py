"""接口的公开栏：the same rows as the pages, masked, in pages that never overlap, and as a CSV that no spreadsheet runs."""

import csv
import io

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from disclosure import actions
from services.models import Application
from tests.conftest import TestClock
from tests.disclosure.helpers import published, revised, settle_all
from tests.factories import at, file_application
from tests.world import World


def test_the_board_speaks_json(stall: Application, world: World, client: Client, clock: TestClock) -> None:
    clock(at("2026-11-27", "00:00:00"))
    published(world)

    body = client.get("/api/v1/board/").json()

    (row,) = body["results"]
    assert (row["number"], row["outcome"], row["deemed"]) == (stall.number, "收讫即备案", True)
    assert row["effective_at"] == "2026-11-27T00:00:00+08:00" and row["day"] == "2026-11-26"
    assert row["applicant"] == "安*例"
    assert body["month"] == {
        "closed": 1, "on_time": 0, "extended": 0, "by_default": 1,
        "overdue": 0, "overdue_closed": 0, "overdue_open": 0, "deemed": 1,
    }  # fmt: skip
    assert [notice["title"] for notice in body["notices"]] == ["灌溉用水费公示"]
    assert "安示例" not in str(body)


def test_a_notice_carries_its_revisions_and_its_withdrawal(world: World, client: Client) -> None:
    notice = revised(world, published(world), "每立方米0.18元。")
    actions.withdraw(notice=notice, by=world.bu, reason="标准由县里另行公布")

    body = client.get(f"/api/v1/board/notices/{notice.number}/").json()

    assert [revision["body"] for revision in body["revisions"]] == ["每立方米0.18元。", "每立方米0.22元。"]
    assert body["withdrawal_reason"] == "标准由县里另行公布"
    assert client.get(f"/api/v1/board/notices/{notice.number}/?township=bailu").status_code == 404


def test_results_are_reached_to_the_last_by_following_next(
    stall: Application, world: World, client: Client, clock: TestClock
) -> None:
    connection.cursor().execute("SET LOCAL transaction_timeout = 0")
    for _ in range(22):
        file_application(world, "SJ-002")
    clock(at("2026-11-27", "09:00"))
    settle_all(world)
    address, numbers, sizes = "/api/v1/results/", [], []

    while address:
        with CaptureQueriesContext(connection) as captured:
            body = client.get(address).json()
        numbers += [row["number"] for row in body["results"]]
        sizes.append(len(captured))
        address = body["next"]

    assert len(numbers) == len(set(numbers)) == 23
    assert max(sizes) - min(sizes) <= 1 and max(sizes) <= 10
    table = client.get("/api/v1/results.csv")
    rows = list(csv.reader(io.StringIO(b"".join(table).decode("utf-8-sig"))))  # type: ignore[arg-type] # streamed
    assert [row[0] for row in rows[1:]] == numbers


def test_defaults_name_post_and_instants(stall: Application, client: Client, clock: TestClock) -> None:
    clock(at("2026-11-30", "09:00"))

    (row,) = client.get("/api/v1/defaults/?village=liuwan").json()["results"]

    assert (row["mode"], row["words"], row["post"]) == ("record", "收讫即备案", "2号窗口")
    assert row["ended_at"] == "2026-11-27T00:00:00+08:00" and row["counts_from"] == "2026-11-23"
    assert client.get("/api/v1/defaults/?village=shiqiao").json()["results"] == []


def test_bad_questions_get_sentences(world: World, client: Client) -> None:
    for path, status in (
        ("/api/v1/results/?after=nonsense", 400),
        ("/api/v1/results/?village=nowhere", 404),
        ("/api/v1/board/?township=nowhere", 404),
        ("/api/v1/board/notices/ABC/", 404),
    ):
        answer = client.get(path)
        assert answer.status_code == status, path
        assert set(answer.json()) == {"code", "message", "fields"} and answer.json()["message"].endswith("。")
    assert client.post("/api/v1/results/").status_code == 405
