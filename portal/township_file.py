"""一个乡镇的文件：villages, offices, posts and who holds them, as one checked value. No database."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import yaml

from portal.errors import InvalidInput
from portal.identity import clean_identity, clean_phone
from portal.models.places import OfficeLevel
from portal.models.vocabulary import Duty

SLUG = re.compile(r"[a-z][a-z0-9-]{0,39}")
WORK_NAME = re.compile(r"[a-z][a-z0-9._-]{1,29}")
DUTIES = {**{duty.label: duty for duty in Duty}, **{duty.value: duty for duty in Duty}}
LEVELS = {**{str(level.label): level for level in OfficeLevel}, **{level.value: level for level in OfficeLevel}}
TOWNSHIP_FIELDS = frozenset({
    "slug", "name", "full_name", "host", "default", "hotline", "complaint_phone", "address", "review_organ", "court",
    "opens_at", "closes_at",
})  # fmt: skip
POST_FIELDS = frozenset({"title", "office", "duty", "village", "serves", "phone", "place", "holder", "since"})
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FileError:
    """一处错: where it stands (posts[3]), in which field, and what is wrong."""

    place: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}  {self.field}  {self.message}"


@dataclass(frozen=True, slots=True)
class PostRow:
    """一个岗位: `holder` is a work name, empty for a vacant one; `since` is the day on which he begins, or it falls vacant."""

    title: str
    office: str
    duty: Duty
    village: str
    serves: tuple[str, ...]
    phone: str
    place: str
    holder: str
    since: date


@dataclass(frozen=True, slots=True)
class TownshipFile:
    """读好、核对过的文件: rows of columns by name, ready to be stored."""

    township: dict[str, Any]
    villages: tuple[dict[str, Any], ...]
    offices: tuple[dict[str, Any], ...]
    people: tuple[dict[str, Any], ...]
    posts: tuple[PostRow, ...]


def read_township(path: Path) -> tuple[TownshipFile | None, list[FileError]]:
    """读一个乡镇的文件: the value, or None with every mistake at once. InvalidInput if it is no readable YAML."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise InvalidInput(f"读不了文件 {path.name}：请检查路径，文件要是 UTF-8 文字。") from None
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise InvalidInput(f"文件格式不对：{(str(error) or '嵌套太深').splitlines()[0]}") from None
    return check_township(data)


def check_township(data: Any) -> tuple[TownshipFile | None, list[FileError]]:
    """核对整个文件"""
    check = _Check()
    top = check.mapping(data, "文件", {"township", "villages", "offices", "people", "posts"})
    township = check.township(top.get("township"))
    villages = check.rows(top, "villages", check.village, "slug")
    offices = check.rows(top, "offices", check.office, "key")
    people = check.rows(top, "people", check.person, "work_name")
    names = {
        "village": {row["slug"] for row in villages},
        "office": {row["key"] for row in offices},
        "holder": {row["work_name"] for row in people},
    }
    posts = check.posts(top, names)
    if check.errors:
        return None, check.errors
    return TownshipFile(township, tuple(villages), tuple(offices), tuple(people), tuple(posts)), []


class _Check:
    """核对时记下的错; every method returns something usable, so that the rest is looked at too."""

    def __init__(self) -> None:
        self.errors: list[FileError] = []

    def wrong(self, place: str, field: str, message: str) -> None:
        self.errors.append(FileError(place, field, message))

    def mapping(self, data: Any, place: str, known: Iterable[str]) -> Row:
        if not isinstance(data, Mapping):
            self.wrong(place, "", "这里要写成“名称: 值”。")
            return {}
        for name in data:
            if name not in set(known):
                self.wrong(place, str(name), "没有这一项，请核对写法。")
        return data

    def text(self, row: Row, place: str, field: str, longest: int, *, needed: bool = True) -> str:
        value = row.get(field)
        if value is None or value == "":
            if needed:
                self.wrong(place, field, "没有写。")
            return ""
        if not isinstance(value, str | int):
            self.wrong(place, field, "要写成文字。")
            return ""
        text = str(value).strip()
        if len(text) > longest:
            self.wrong(place, field, f"太长了，最多{longest}个字。")
        return text

    def name(self, row: Row, place: str, field: str, shape: re.Pattern[str] = SLUG) -> str:
        text = self.text(row, place, field, 40)
        if text and not shape.fullmatch(text):
            self.wrong(place, field, "只用小写字母、数字和连字符，字母开头。")
        return text

    def hour(self, row: Row, place: str, field: str, usual: time) -> time:
        text = self.text(row, place, field, 5, needed=False)
        if not text:
            return usual
        try:
            return time.fromisoformat(text)
        except ValueError:
            self.wrong(place, field, "要写成带引号的 \"09:00\" 这样。")
            return usual

    def day(self, row: Row, place: str, field: str) -> date:
        value = row.get(field)
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.wrong(place, field, "要写成 2026-12-01 这样的日子。")
            return date.min

    def rows(self, top: Row, name: str, read: Callable[[Any, str], dict[str, Any]], key: str) -> list[dict[str, Any]]:
        found, seen = [], set[str]()
        for place, row in self.listed(top, name):
            one = read(row, place)
            if one[key] and one[key] in seen:
                self.wrong(place, key, f"“{one[key]}”写了两次。")
            seen.add(one[key])
            found.append(one)
        return found

    def listed(self, top: Row, name: str) -> list[tuple[str, Any]]:
        data = top.get(name) or []
        if not isinstance(data, list):
            self.wrong(name, "", "要写成一条一条的。")
            return []
        return [(f"{name}[{number}]", row) for number, row in enumerate(data, 1)]

    def township(self, data: Any) -> dict[str, Any]:
        place = "township"
        row = self.mapping(data, place, TOWNSHIP_FIELDS)
        opens = self.hour(row, place, "opens_at", time(9, 0))
        closes = self.hour(row, place, "closes_at", time(17, 0))
        if opens >= closes:
            self.wrong(place, "closes_at", "关门要在开门以后。")
        if not isinstance(row.get("default", False), bool):
            self.wrong(place, "default", "写 true 或 false。")
        return {
            "slug": self.name(row, place, "slug"),
            "name": self.text(row, place, "name", 40),
            "full_name": self.text(row, place, "full_name", 80),
            "host": self.text(row, place, "host", 120, needed=False).lower(),
            "is_default": row.get("default", False) is True,
            "hotline": self.text(row, place, "hotline", 40),
            "complaint_phone": self.text(row, place, "complaint_phone", 40),
            "address": self.text(row, place, "address", 120),
            "review_organ": self.text(row, place, "review_organ", 80),
            "court": self.text(row, place, "court", 80),
            "opens_at": opens,
            "closes_at": closes,
        }

    def village(self, data: Any, place: str) -> dict[str, Any]:
        row = self.mapping(data, place, ("slug", "name", "phone", "address"))
        return {
            "slug": self.name(row, place, "slug"),
            "name": self.text(row, place, "name", 40),
            "phone": self.text(row, place, "phone", 40, needed=False),
            "address": self.text(row, place, "address", 120, needed=False),
        }

    def office(self, data: Any, place: str) -> dict[str, Any]:
        row = self.mapping(data, place, ("key", "name", "level", "phone", "functions"))
        level = self.text(row, place, "level", 20, needed=False) or OfficeLevel.TOWNSHIP.value
        if level not in LEVELS:
            self.wrong(place, "level", f"没有这个层级，可写：{'、'.join(str(one.label) for one in OfficeLevel)}。")
        return {
            "key": self.name(row, place, "key"),
            "name": self.text(row, place, "name", 60),
            "level": LEVELS.get(level, OfficeLevel.TOWNSHIP).value,
            "phone": self.text(row, place, "phone", 40, needed=False),
            "functions": self.text(row, place, "functions", 1000, needed=False),
        }

    def person(self, data: Any, place: str) -> dict[str, Any]:
        row = self.mapping(data, place, ("work_name", "name", "identity", "phone"))
        identity, phone = self.text(row, place, "identity", 18, needed=False), self.text(row, place, "phone", 20, needed=False)
        if identity and not clean_identity(identity):
            self.wrong(place, "identity", "身份证号不对，请再核一遍。")
        if phone and not clean_phone(phone):
            self.wrong(place, "phone", "电话不对，请再核一遍。")
        if bool(identity) != bool(phone):
            self.wrong(place, "phone" if identity else "identity", "身份证号和电话要么都写，要么都不写。")
        return {
            "work_name": self.name(row, place, "work_name", WORK_NAME),
            "name": self.text(row, place, "name", 60),
            "identity": clean_identity(identity) if identity else "",
            "phone": clean_phone(phone) if phone else "",
        }

    def posts(self, top: Row, names: Mapping[str, set[str]]) -> list[PostRow]:
        found, seen = [], set[tuple[str, str, str]]()
        for place, data in self.listed(top, "posts"):
            row = self.mapping(data, place, POST_FIELDS)
            one = self._post(row, place, names)
            if (one.office, one.title, one.village) in seen:
                self.wrong(place, "title", f"“{one.title}”在这个站所写了两次。")
            seen.add((one.office, one.title, one.village))
            found.append(one)
        return found

    def _post(self, row: Row, place: str, names: Mapping[str, set[str]]) -> PostRow:
        duty = self.text(row, place, "duty", 20)
        if duty and duty not in DUTIES:
            self.wrong(place, "duty", f"没有这个职责，可写：{'、'.join(str(one.label) for one in Duty)}。")
        texts = {field: self.text(row, place, field, 40, needed=field == "office") for field in ("office", "village", "holder")}
        for field, text in texts.items():
            if text and text not in names[field]:
                self.wrong(place, field, f"文件里没有“{text}”。")
        known_duty = DUTIES.get(duty, Duty.WINDOW)
        if duty in DUTIES and known_duty == Duty.VILLAGE_AGENT and not texts["village"]:
            self.wrong(place, "village", "村级代办要写是哪个村。")
        return PostRow(
            title=self.text(row, place, "title", 60),
            office=texts["office"],
            duty=known_duty,
            village=texts["village"],
            serves=self._serves(row, place, names["office"]),
            phone=self.text(row, place, "phone", 40, needed=False),
            place=self.text(row, place, "place", 60, needed=False),
            holder=texts["holder"],
            since=self.day(row, place, "since"),
        )

    def _serves(self, row: Row, place: str, offices: set[str]) -> tuple[str, ...]:
        data = row.get("serves") or []
        if not isinstance(data, list):
            self.wrong(place, "serves", "要写成站所代号的列表。")
            return ()
        for key in data:
            if key not in offices:
                self.wrong(place, "serves", f"文件里没有站所“{key}”。")
        return tuple(str(key) for key in data)
