"""工作台一行里重复几十次的小块：the same marks as the shared partials, built once for each look and kept."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from approvals.pages.deadlines import Cell
from portal.templatetags.portal_tags import light_class, light_icon, number_parts

register = template.Library()


@register.filter
def queue_number(number: str) -> SafeString:
    """编号，三个一组 (as partials/_number.html)"""
    groups = format_html_join(" ", "<span>{}</span>", ((part,) for part in number_parts(number)))
    return format_html('<span class="casenumber">{}</span>', groups)


@register.simple_tag
def queue_light(light: str, text: str = "") -> SafeString:
    """灯：形状加词 (as partials/_light.html)"""
    return _light(light, text or light)


@lru_cache(maxsize=64)
def _light(light: str, text: str) -> SafeString:
    icon = format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        light_icon(light),
    )
    return format_html('<span class="light {}">{}{}</span>', light_class(light), icon, text)


@register.simple_tag
def queue_cells(cells: list[Cell], size: str) -> SafeString:
    """日格 (as partials/_day_cells.html in its mini size)"""
    return _cells(tuple(cell.state for cell in cells), size)


@lru_cache(maxsize=2000)
def _cells(states: tuple[str, ...], size: str) -> SafeString:
    boxes = format_html_join("", '<li class="{}"></li>', ((state,) for state in states))
    return format_html('<ol class="cells {}" aria-hidden="true">{}</ol>', size, boxes)
