"""正文与版本差别"""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disclosure.differences import (
    ADDED,
    REMOVED,
    SAME,
    Piece,
    blocks,
    compare,
    compare_words,
    count_changes,
    read,
)

OLD = "今年收费共6项。\n收什么|标准|批准单位\n灌溉用水费|每立方米0.22元|示例县发改局\n困难户减半收取。"
NEW = "今年收费共6项。\n收什么|标准|批准单位\n灌溉用水费|每立方米0.18元|示例县发改局，示发改价〔2026〕示例号\n"
NEW += "低保户、特困户免收；其他困难户减半，凭村里证明，窗口当场减。"


def test_body_is_read_into_paragraphs_lists_and_tables() -> None:
    kinds = [(block.kind, len(block.lines)) for block in read("# 标题\n一段\n\n- 一\n- 二\n表头|二\n甲|乙\n末段")]

    assert kinds == [("heading", 1), ("text", 1), ("entry", 2), ("row", 2), ("text", 1)]


def test_a_changed_number_is_marked_with_its_unit() -> None:
    assert compare_words("每立方米0.22元", "每立方米0.18元") == (
        Piece(SAME, "每立方米"),
        Piece(REMOVED, "0.22元"),
        Piece(ADDED, "0.18元"),
    )


def test_two_revisions_are_compared_cell_by_cell() -> None:
    lines = compare(OLD, NEW)

    assert count_changes(lines) == 3
    assert [line.kind for line in lines] == ["text", "row", "row", "text"]
    assert lines[2].cells[2] == (Piece(SAME, "示例县发改局"), Piece(ADDED, "，示发改价〔2026〕示例号"))
    assert [piece.kind for piece in lines[3].cells[0]] == [REMOVED, ADDED]


def test_equal_texts_have_no_change() -> None:
    assert count_changes(compare(OLD, OLD)) == 0


lines = st.lists(st.text(alphabet="收费标准元0123|- ，。", max_size=12), max_size=6).map("\n".join)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(old=lines, new=lines)
def test_what_is_kept_and_added_is_the_new_text(old: str, new: str) -> None:
    def told(kinds: set[str]) -> list[str]:
        cells = [cell for line in compare(old, new) for cell in line.cells]
        return [text for cell in cells if (text := "".join(piece.text for piece in cell if piece.kind in kinds))]

    written = [text for block in read(new) for line in block.lines for cell in line.cells if (text := cell[0].text)]
    assert told({SAME, ADDED}) == written
    assert blocks(compare(old, new)) is not None
