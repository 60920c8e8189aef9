"""接口的事项：every published item is reached by following `next`, with its whole definition."""

import csv
import io

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from services.models import ServiceItem
from tests.world import World


def test_all_items_are_reached_by_following_next(world: World, client: Client) -> None:
    address, codes, statements = "/api/v1/items/", [], set()

    client.get(address)
    while address:
        with CaptureQueriesContext(connection) as captured:
            body = client.get(address).json()
        codes += [item["code"] for item in body["results"]]
        statements.add(len(captured))
        address = body["next"]

    expected = ServiceItem.objects.filter(township=world.township, current__isnull=False).order_by("code")
    assert codes == list(expected.values_list("code", flat=True))
    assert len(codes) >= 42
    assert len(statements) == 1 and max(statements) <= 4


def test_every_item_tells_the_six_disclosures(world: World, client: Client) -> None:
    for code in ServiceItem.objects.filter(township=world.township).values_list("code", flat=True):
        body = client.get(f"/api/v1/items/{code}/").json()

        assert set(body["disclosures"]) == {"content", "procedure", "materials", "limits", "fee", "result"}
        assert body["version"] >= 1 and len(body["digest"]) == 64


def test_a_stage_tells_what_silence_means(world: World, client: Client) -> None:
    body = client.get("/api/v1/items/ZR-001/").json()

    proposed = {stage["office"]: stage["timeout"]["proposed"] for stage in body["disclosures"]["procedure"]["stages"]}
    assert proposed["village-construction"] == "consent"
    assert proposed["natural-resources"] == "escalate"
    assert body["disclosures"]["limits"]["promised"]["unit"] == "workday"


def test_a_township_has_its_own_items(world: World, client: Client) -> None:
    body = client.get("/api/v1/items/?township=bailu").json()

    assert len(body["results"]) == 3 and body["next"] is None
    assert client.get("/api/v1/items/ZR-001/?township=bailu").status_code in {200, 404}
    missing = client.get("/api/v1/items/XX-999/")
    assert (missing.status_code, missing.json()["message"]) == (404, "没有这个事项。")


def test_items_come_as_a_table(world: World, client: Client) -> None:
    answer = client.get("/api/v1/items.csv")

    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))  # type: ignore[arg-type] # streamed
    assert rows[0][0] == "事项编码" and len(rows) >= 43


def test_limits_by_channel_days_of_acceptance_situations_and_validity_are_told(world: World, client: Client) -> None:
    told = {code: client.get(f"/api/v1/items/{code}/").json()["disclosures"] for code in ("YB-001", "RS-001", "SJ-001", "SJ-002")}

    (online,) = told["YB-001"]["limits"]["by_channel"]
    assert (online["channel"], online["promised"]["length"]) == ("online", 1)
    assert told["RS-001"]["limits"]["accepts_days"] == {"first": 1, "last": 20}
    (report,) = [stage for stage in told["SJ-001"]["procedure"]["stages"] if stage["when"]]
    assert (report["when"], report["limit"]["length"], report["limit"]["unit"]) == ({"crowd": "是"}, 4, "hour")
    assert (told["SJ-002"]["result"]["validity_months"], told["SJ-001"]["result"]["validity_months"]) == (12, 0)
    assert (told["SJ-001"]["limits"]["by_channel"], told["SJ-001"]["limits"]["accepts_days"]) == ([], None)
