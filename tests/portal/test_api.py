"""接口的底子：townships, pages, safe tables, a schema without a warning and documents that work off line."""

import pytest
from django.core.management import call_command
from django.test import Client

from portal.api import safe_cell
from portal.errors import InvalidInput
from portal.paging import make_mark, read_mark
from tests.factories import at
from tests.world import World


def test_townships_are_listed(world: World, client: Client) -> None:
    body = client.get("/api/v1/townships/").json()

    assert [(row["slug"], row["is_default"]) for row in body] == [("qinghe", True), ("bailu", False)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "\r=1"])
def test_a_cell_that_would_run_is_text(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "收费", "2026-11-23", "安*例"])
def test_a_harmless_cell_stays(text: str) -> None:
    assert safe_cell(text) == text


def test_a_mark_comes_back_as_it_went() -> None:
    assert read_mark(make_mark(at("2026-11-23"), 7)) == (at("2026-11-23"), 7)


@pytest.mark.parametrize("mark", ["x", "===", "MjAyNg", make_mark(at("2026-11-23"), 7)[:-6], "é", "AAAA\x00"])
def test_a_mark_nobody_gave_out_is_refused(mark: str) -> None:
    with pytest.raises(InvalidInput, match="第一页"):
        read_mark(mark)


def test_the_schema_has_no_warning(db: None) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")


def test_the_documents_work_off_line(world: World, client: Client) -> None:
    answer = client.get("/api/docs/")

    assert answer.status_code == 200
    assert 'src="http' not in answer.content.decode() and 'href="http' not in answer.content.decode()
    assert "'unsafe-inline'" in answer.headers["Content-Security-Policy"]
    assert client.get("/api/schema/").status_code == 200
