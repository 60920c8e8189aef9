"""页面用的日期、编号、灯的写法。"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.forms import BaseForm, BoundField

TOWN_ZONE = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
GROUP = 3

# light in words → (style class, shape in the icon sprite)
LIGHTS: dict[str, tuple[str, str]] = {
    "正常": ("fine", "disc"),
    "临期": ("due", "triangle"),
    "超期": ("over", "crossed"),
    "中止": ("pause", "bars"),
    "暂定": ("hold", "ring"),
    "已办结": ("done", "tick"),
}

# kind of tag → shape in the icon sprite
TAG_ICONS: dict[str, str] = {
    "free": "tick",
    "filled": "tick",
    "lack": "hollow-triangle",
    "pledge": "pen",
    "part": "half",
    "no": "hollow-disc",
}

Moment = dt.date | dt.datetime


def _local(value: Moment) -> Moment:
    """换成本地时间；没有时区的按本地算。"""
    if isinstance(value, dt.datetime):
        return value.astimezone(TOWN_ZONE) if value.tzinfo else value.replace(tzinfo=TOWN_ZONE)
    return value


def _weekday(value: Moment) -> str:
    return f"（星期{WEEKDAYS[value.weekday()]}）"


def cn_date(value: Moment | None) -> str:
    """2026年11月23日（星期一）。"""
    if not isinstance(value, dt.date):
        return ""
    day = _local(value)
    return f"{day.year}年{day.month}月{day.day}日{_weekday(day)}"


def cn_short(value: Moment | None) -> str:
    """9月29日（星期二）；只在写过全日期的页面上用。"""
    if not isinstance(value, dt.date):
        return ""
    day = _local(value)
    return f"{day.month}月{day.day}日{_weekday(day)}"


def cn_day(value: Moment | None) -> str:
    """2026年9月29日；星期另写一处时用。"""
    return f"{cn_month(value)}{_local(value).day}日" if isinstance(value, dt.date) else ""


def cn_weekday(value: Moment | None) -> str:
    """星期二。"""
    return f"星期{WEEKDAYS[_local(value).weekday()]}" if isinstance(value, dt.date) else ""


def cn_day_short(value: Moment | None) -> str:
    """9月29日；年份和星期页面上另有时用。"""
    if not isinstance(value, dt.date):
        return ""
    day = _local(value)
    return f"{day.month}月{day.day}日"


def cn_datetime(value: dt.datetime | None) -> str:
    """2026年9月16日（星期三）10:24。"""
    if not isinstance(value, dt.datetime):
        return cn_date(value)
    return f"{cn_date(value)}{_local(value):%H:%M}"


def cn_end(value: dt.datetime | None) -> str:
    """期限的末尾：零点写成前一天的24:00。"""
    if not isinstance(value, dt.datetime):
        return cn_date(value)
    local = value.astimezone(TOWN_ZONE)
    if local.time() == dt.time(0):
        return f"{cn_date(local - dt.timedelta(days=1))}24:00"
    return cn_datetime(value)


def cn_month(value: Moment | None) -> str:
    """2026年9月。"""
    if not isinstance(value, dt.date):
        return ""
    day = _local(value)
    return f"{day.year}年{day.month}月"


def number_groups(value: str | None) -> str:
    """编号三个一组：H7K 4M9 R62。"""
    return " ".join(number_parts(value))


def number_parts(value: str | None) -> list[str]:
    """编号拆成三个一组，页面可以在组之间换行。"""
    plain = "".join((value or "").split())
    return [plain[start : start + GROUP] for start in range(0, len(plain), GROUP)]


def light_class(value: str | None) -> str:
    """灯的样式名。"""
    return LIGHTS.get(value or "", ("", ""))[0]


def light_icon(value: str | None) -> str:
    """灯的形状名。"""
    return LIGHTS.get(value or "", ("", "hollow-disc"))[1]


def tag_icon(value: str | None) -> str:
    """标记的形状名；没有形状的是空的。"""
    return TAG_ICONS.get(value or "", "")


def phone_link(value: str | None) -> str:
    """电话链接只留数字和加号。"""
    return "tel:" + "".join(sign for sign in (value or "") if sign.isdigit() or sign == "+")


def absolute(value: int | None) -> int:
    """剩余天数的大小，不带正负号。"""
    return abs(value or 0)


def error_count(form: BaseForm) -> int:
    """一共几处要改。"""
    return sum(len(errors) for errors in form.errors.values())


def described_by(field: BoundField) -> str:
    """一组选项的说明和错误的编号，给读屏软件用。"""
    parts = []
    if field.help_text:
        parts.append(f"{field.auto_id}_helptext")
    if field.errors:
        parts.append(f"{field.auto_id}_error")
    return " ".join(parts)


def focus_id(field: BoundField) -> str:
    """错误单的链接落到哪个控件上。"""
    if field.use_fieldset:
        for choice in field.subwidgets:
            if choice.id_for_label:
                return choice.id_for_label
    return field.id_for_label or field.auto_id
