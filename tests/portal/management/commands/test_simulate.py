"""推演命令：runs without a database, says every mistake of its file, and ends with 1 where a case is lost."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from portal.management.commands import simulate
from portal.management.commands.simulate import INPUT, publications
from services.catalogue_files import read_yaml


def say(*arguments: str, stderr: StringIO | None = None) -> str:
    """命令的输出; no database mark here, so a query would fail the test."""
    out = StringIO()
    call_command("simulate", *arguments, stdout=out, stderr=stderr or StringIO())
    return out.getvalue()


def test_a_month_is_told_in_chinese_and_as_json() -> None:
    text, found = say("--days", "20"), json.loads(say("--days", "20", "--json"))

    assert "推演 2025-01-01 起 20 天" in text
    assert "一年收件一万二千件" in text
    assert f"收件 {found['filed']:,} 件" in text
    assert found["yearly"] == 12_000
    assert found["unexplained"] == []
    assert sum(found["endings"].values()) == found["filed"] > 300


def a_tenth(tmp_path: Path) -> Path:
    """十分之一的收件, the same township; the second silence is longer, so that it meets enough of them."""
    content = read_yaml(INPUT)
    for code, entry in content["arrivals"].items():
        tenth = entry / 10 if not isinstance(entry, dict) else {**entry, "yearly": entry["yearly"] / 10}
        content["arrivals"][code] = tenth
    content["silences"][1]["to"] = "2025-10-31"
    file = tmp_path / "tenth.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return file


def is_a_whole_year(found: dict[str, Any], least: int) -> None:
    """一年里每件都有着落，没有声音和停机都看得见"""
    offices = {office["name"]: office["defaults"] for office in found["offices"]}

    assert found["workdays"] == 248  # of 2025, by the notice of the State Council
    assert found["unexplained"] == []
    assert found["filed"] - found["closed"] == sum(found["standing"].values()) > 0
    assert found["filed"] > least
    assert found["outage_days"] == ["2025-04-15", "2025-10-21"]
    assert offices["食品安全办公室"]["record"] > 0
    assert 0.8 < found["on_time"] < 1


def test_a_year_leaves_no_case_without_a_deadline_or_a_reason(tmp_path: Path) -> None:
    is_a_whole_year(json.loads(say(str(a_tenth(tmp_path)), "--json")), 1_000)


@pytest.mark.nightly
def test_a_whole_year_of_twelve_thousand() -> None:
    found = json.loads(say("--days", "365", "--json"))

    is_a_whole_year(found, 11_500)
    assert {office["name"]: office["defaults"] for office in found["offices"]}["村镇建设办公室"]["consent"] > 0


def test_the_same_seed_prints_the_same_and_another_day_another() -> None:
    assert say("--days", "5", "--json") == say("--days", "5", "--json")
    assert "推演 2026-03-02 起" in say("--days", "3", "--from", "2026-03-02")


def test_every_mistake_is_printed_with_its_place(tmp_path: Path) -> None:
    file, told = tmp_path / "坏的.yaml", StringIO()
    wrong = INPUT.read_text(encoding="utf-8").replace("people: 30000", "people: 三万").replace("duty: agent", "duty: agnet")
    file.write_text(wrong, encoding="utf-8")

    with pytest.raises(CommandError, match=r"坏的\.yaml 有2处错误，没有推演"):
        say(str(file), stderr=told)

    assert told.getvalue().splitlines() == [
        "people：应为 1 到 10000000 的数，现在是“三万”。",
        "posts 第4项 › duty：没有职责“agnet”。",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--days", "0"), "--days 应为 1 到 3660"),
        (("/nowhere.yaml",), "读不到文件"),
        (("--from", "1999-01-01", "--days", "2"), "没有推演|没有公布过工作日历"),
    ],
)
def test_what_cannot_be_simulated_is_said(arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        say(*arguments)


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "两次.yaml"
    file.write_text(INPUT.read_text(encoding="utf-8") + "\npeople: 5\n", encoding="utf-8")

    with pytest.raises(CommandError, match="“people”写了两次"):
        say(str(file))


def test_calendars_are_taken_up_in_the_order_of_their_publication() -> None:
    found = publications()

    assert [entry.at for entry in found] == sorted(entry.at for entry in found)
    assert found[-1].calendar.published_through.year == 2026


def test_a_lost_case_ends_with_an_error() -> None:
    with pytest.raises(CommandError, match="有2件没有办完，也没有期限和理由：S/1（办理中）、S/2（已收件）"):
        simulate.refuse_lost(["S/1（办理中）", "S/2（已收件）"])
    simulate.refuse_lost([])
