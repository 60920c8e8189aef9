"""页面用的日期、编号、灯的写法。"""

import datetime as dt
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BaseForm, BoundField
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.urls import get_script_prefix, reverse
from django.utils.html import conditional_escape

register = template.Library()

URLS_KEPT = 4096
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


@register.filter
def cn_date(value: Moment | None) -> str:
    """2026年11月23日（星期一）。"""
    if not isinstance(value, dt.date):
        return ""
    day = _local(value)
    return f"{day.year}年{day.month}月{day.day}日{_weekday(day)}"


@register.filter
def cn_short(value: Moment | None) -> str:
    """9月29日（星期二）；只在写过全日期的页面上用。"""
    if not isinstance(value, dt.date):
        return ""
    day = _local(value)
    return f"{day.month}月{day.day}日{_weekday(day)}"


@register.filter
def cn_day(value: Moment | None) -> str:
    """2026年9月29日；星期另写一处时用。"""
    return f"{cn_month(value)}{_local(value).day}日" if isinstance(value, dt.date) else ""


@register.filter
def cn_weekday(value: Moment | None) -> str:
    """星期二。"""
    return f"星期{WEEKDAYS[_local(value).weekday()]}" if isinstance(value, dt.date) else ""


@register.filter
def cn_day_short(value: Moment | None) -> str:
    """9月29日；年份和星期页面上另有时用。"""
    if not isinstance(value, dt.date):
        return ""
    day = _local(value)
    return f"{day.month}月{day.day}日"


@register.filter
def cn_datetime(value: dt.datetime | None) -> str:
    """2026年9月16日（星期三）10:24。"""
    if not isinstance(value, dt.datetime):
        return cn_date(value)
    return f"{cn_date(value)}{_local(value):%H:%M}"


@register.filter
def cn_end(value: dt.datetime | None) -> str:
    """期限的末尾：零点写成前一天的24:00。"""
    if not isinstance(value, dt.datetime):
        return cn_date(value)
    local = value.astimezone(TOWN_ZONE)
    if local.time() == dt.time(0):
        return f"{cn_date(local - dt.timedelta(days=1))}24:00"
    return cn_datetime(value)


@register.filter
def cn_month(value: Moment | None) -> str:
    """2026年9月。"""
    if not isinstance(value, dt.date):
        return ""
    day = _local(value)
    return f"{day.year}年{day.month}月"


@register.filter
def number_groups(value: str | None) -> str:
    """编号三个一组：H7K 4M9 R62。"""
    return " ".join(number_parts(value))


@register.filter
def number_parts(value: str | None) -> list[str]:
    """编号拆成三个一组，页面可以在组之间换行。"""
    plain = "".join((value or "").split())
    return [plain[start : start + GROUP] for start in range(0, len(plain), GROUP)]


@register.filter
def light_class(value: str | None) -> str:
    """灯的样式名。"""
    return LIGHTS.get(value or "", ("", ""))[0]


@register.filter
def light_icon(value: str | None) -> str:
    """灯的形状名。"""
    return LIGHTS.get(value or "", ("", "hollow-disc"))[1]


@register.filter
def tag_icon(value: str | None) -> str:
    """标记的形状名；没有形状的是空的。"""
    return TAG_ICONS.get(value or "", "")


@register.filter
def phone_link(value: str | None) -> str:
    """电话链接只留数字和加号。"""
    return "tel:" + "".join(sign for sign in (value or "") if sign.isdigit() or sign == "+")


@register.filter
def absolute(value: int | None) -> int:
    """剩余天数的大小，不带正负号。"""
    return abs(value or 0)


@register.filter
def error_count(form: BaseForm) -> int:
    """一共几处要改。"""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def described_by(field: BoundField) -> str:
    """一组选项的说明和错误的编号，给读屏软件用。"""
    parts = []
    if field.help_text:
        parts.append(f"{field.auto_id}_helptext")
    if field.errors:
        parts.append(f"{field.auto_id}_error")
    return " ".join(parts)


@register.filter
def focus_id(field: BoundField) -> str:
    """错误单的链接落到哪个控件上。"""
    if field.use_fieldset:
        for choice in field.subwidgets:
            if choice.id_for_label:
                return choice.id_for_label
    return field.id_for_label or field.auto_id


class KeptURLNode(URLNode):
    """网址标签: a page names the same addresses at every rendering, and working them out anew is a tenth of its cost."""

    def render(self, context: Context) -> str:
        """取网址; by script prefix, since a township may stand under /t/<slug>/."""
        if self.asvar or self.kwargs:
            return str(super().render(context))
        args = tuple(str(arg.resolve(context)) for arg in self.args)
        url = kept_url(self.view_name.resolve(context), args, get_script_prefix())
        return str(conditional_escape(url)) if context.autoescape else url


@lru_cache(maxsize=URLS_KEPT)
def kept_url(name: str, args: tuple[str, ...], _prefix: str) -> str:
    """算一次的网址"""
    return reverse(name, args=args)


@register.tag("url")
def url(parser: Parser, token: Token) -> Any:
    """和 Django 的 {% url %} 一样写"""
    node = parse_url(parser, token)
    return KeptURLNode(node.view_name, node.args, node.kwargs, node.asvar)
