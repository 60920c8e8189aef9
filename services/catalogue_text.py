"""目录文字整理：the source's half-width marks become the Chinese ones that a page should show."""

import re

from services.definition import LimitUnit

UNITS = {
    "工作日": LimitUnit.WORKDAY,
    "自然日": LimitUnit.DAY,
    "月": LimitUnit.MONTH,
    "年": LimitUnit.YEAR,
    "小时": LimitUnit.HOUR,
}
_MARKS = str.maketrans({"(": "（", ")": "）"})
_PAUSES = {",": "，", ";": "；", ":": "："}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_BETWEEN = re.compile(r"(?<![0-9A-Za-z])[,;:]|[,;:](?![0-9A-Za-z])")

CATCH_ALL = re.compile(r"其他|有关|相关|等(?!级)")


def chinese(value: str) -> str:
    """中文标点：brackets, commas, semicolons and colons in Chinese text; numbers such as 9:00 stay."""
    if not _CHINESE.search(value):
        return value
    return _BETWEEN.sub(lambda match: _PAUSES[match.group()], value.translate(_MARKS))


def audience(value: str) -> tuple[str, ...]:
    """服务对象归为个人、企业、村集体; an unknown word gives nothing."""
    kinds = {
        "自然人": "个人",
        "非本集体成员自然人": "个人",
        "个体工商户": "企业",
        "法人": "企业",
        "合作社": "企业",
        "农业生产经营组织": "企业",
        "村集体": "村集体",
    }
    words = re.split(r"[、,，/]", value)
    if any(word.strip() not in kinds for word in words):
        return ()
    found = {kinds[word.strip()] for word in words}
    return tuple(kind for kind in ("个人", "企业", "村集体") if kind in found)
