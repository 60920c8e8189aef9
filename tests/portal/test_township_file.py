"""乡镇文件的核对：every mistake at once, each by its place and field."""

from copy import deepcopy
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from portal.errors import InvalidInput
from portal.models.vocabulary import Duty
from portal.township_file import check_township, read_township

SAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "township.example.yaml"
SMALL: dict[str, Any] = {
    "township": {
        "slug": "shili", "name": "示例镇", "full_name": "示例县示例镇人民政府", "hotline": "0000-555 0100",
        "complaint_phone": "0000-555 0109", "address": "示例路1号", "review_organ": "示例县人民政府", "court": "示例县人民法院",
    },
    "villages": [{"slug": "dong", "name": "东村"}],
    "offices": [{"key": "service-centre", "name": "便民服务中心", "level": "乡镇内设"}],
    "people": [{"work_name": "jia", "name": "贾示例"}],
    "posts": [
        {"title": "1号窗口", "office": "service-centre", "duty": "窗口受理", "serves": ["service-centre"],
         "holder": "jia", "since": date(2026, 12, 1)},
        {"title": "代办员", "office": "service-centre", "duty": "village_agent", "village": "dong", "since": "2026-12-01"},
    ],
}  # fmt: skip


def test_a_file_without_mistakes_becomes_rows() -> None:
    file, errors = check_township(SMALL)

    assert errors == [] and file is not None
    assert (file.township["opens_at"], file.township["closes_at"], file.township["host"]) == (time(9), time(17), "")
    window, agent = file.posts
    assert (window.duty, window.holder, window.serves) == (Duty.WINDOW, "jia", ("service-centre",))
    assert window.since == agent.since == date(2026, 12, 1)
    assert (agent.duty, agent.village, agent.holder) == (Duty.VILLAGE_AGENT, "dong", "")


def test_the_sample_is_a_file_without_mistakes() -> None:
    file, errors = read_township(SAMPLE)

    assert errors == [] and file is not None
    assert {post.duty for post in file.posts} == set(Duty)


@pytest.mark.parametrize(
    ("section", "change", "expected"),
    [
        ("township", {"hotline": ""}, ("township", "hotline", "没有写")),
        ("township", {"closes_at": "08:00"}, ("township", "closes_at", "关门要在开门以后")),
        ("township", {"opens_at": "9点"}, ("township", "opens_at", "09:00")),
        ("township", {"default": "是"}, ("township", "default", "true 或 false")),
        ("township", {"colour": "red"}, ("township", "colour", "没有这一项")),
        ("township", {"slug": "示例"}, ("township", "slug", "只用小写字母")),
        ("villages", {"name": "村" * 41}, ("villages[1]", "name", "最多40个字")),
        ("offices", {"level": "部级"}, ("offices[1]", "level", "没有这个层级")),
        ("people", {"work_name": "Jia"}, ("people[1]", "work_name", "只用小写字母")),
        ("people", {"identity": "123", "phone": "00005550001"}, ("people[1]", "identity", "身份证号不对")),
        ("people", {"phone": "00005550001"}, ("people[1]", "identity", "要么都写")),
        ("posts", {"duty": "扫地"}, ("posts[1]", "duty", "没有这个职责")),
        ("posts", {"office": "nowhere"}, ("posts[1]", "office", "文件里没有")),
        ("posts", {"holder": "nobody"}, ("posts[1]", "holder", "文件里没有")),
        ("posts", {"serves": ["nowhere"]}, ("posts[1]", "serves", "文件里没有站所")),
        ("posts", {"since": "2026-02-30"}, ("posts[1]", "since", "这样的日子")),
        ("posts", {"duty": "村级代办"}, ("posts[1]", "village", "要写是哪个村")),
    ],
)
def test_a_mistake_is_named_by_place_and_field(section: str, change: dict[str, Any], expected: tuple[str, str, str]) -> None:
    data = deepcopy(SMALL)
    (data[section] if section == "township" else data[section][0]).update(change)

    file, errors = check_township(data)

    assert file is None
    assert any((e.place, e.field) == expected[:2] and expected[2] in e.message for e in errors), errors


def test_all_mistakes_are_told_at_once() -> None:
    data = deepcopy(SMALL)
    data["villages"].append({"slug": "dong", "name": ""})
    data["posts"].append(data["posts"][0])
    data["extra"] = []

    _, errors = check_township(data)

    assert {(e.place, e.field) for e in errors} == {
        ("文件", "extra"), ("villages[2]", "name"), ("villages[2]", "slug"), ("posts[3]", "title"),
    }  # fmt: skip


@pytest.mark.parametrize("data", [None, [], "镇", {"posts": "一个"}, {"township": 3}])
def test_what_is_no_township_is_told_and_not_raised(data: Any) -> None:
    assert check_township(data)[0] is None


def test_an_unreadable_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="读不了文件"):
        read_township(tmp_path / "none.yaml")
    (tmp_path / "broken.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(InvalidInput, match="文件格式不对"):
        read_township(tmp_path / "broken.yaml")
