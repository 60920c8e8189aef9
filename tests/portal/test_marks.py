"""记号：what is written is read; what is missing or damaged is none."""

from pathlib import Path

import pytest

from portal.marks import Mark, read_mark, write_mark


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "data" / "record-mark.json"

    write_mark(path, Mark("a1", 7))
    write_mark(path, Mark("a1", 9))

    assert read_mark(path) == Mark("a1", 9)
    assert [child.name for child in path.parent.iterdir()] == ["record-mark.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"epoch": "a"}', '{"epoch": "a", "last_event": "x"}'])
def test_a_damaged_mark_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "record-mark.json"
    path.write_text(text)

    assert read_mark(path) is None
    assert read_mark(tmp_path / "nowhere") is None
