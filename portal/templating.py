"""页面模板：Jinja2, since a page of fifty lines costs it a fifth of what Django's own templates cost.

Every page may use the filters and the small marks listed here without importing them. A missing name is
empty, as villagers' pages are put together from parts that may be absent; a function that was not called is an error wherever
tests run.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template import defaultfilters
from django.template.backends.jinja2 import Jinja2, Template
from django.template.backends.utils import csrf_input
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localtime
from jinja2 import ChainableUndefined, Environment
from markupsafe import Markup

from portal import pagewords

URLS_KEPT = 4096
MARKS_KEPT = 1024
MARKS = ("show_icon", "show_light", "show_number", "show_phone", "show_cells")
OWN_FILTERS = (
    "cn_date", "cn_short", "cn_day", "cn_weekday", "cn_day_short", "cn_datetime", "cn_end", "cn_month", "number_groups",
    "number_parts", "light_class", "light_icon", "tag_icon", "phone_link", "absolute", "error_count", "described_by",
    "focus_id",
)  # fmt: skip
DJANGO_FILTERS = (
    "add",
    "cut",
    "filesizeformat",
    "linebreaksbr",
    "stringformat",
    "truncatechars",
    "urlencode",
)


class Pages(Jinja2):
    """模板后端: Django's own, but what a view says of its page stands over what every page has."""

    def get_template(self, template_name: str) -> "Page":
        """取一个模板"""
        return Page(super().get_template(template_name).template, self)

    def from_string(self, template_code: str) -> "Page":
        """一段文字作模板"""
        return Page(self.env.from_string(template_code), self)


class Page(Template):
    """一个模板"""

    backend: Pages

    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> Any:
        """写成网页"""
        shared: dict[str, Any] = {}
        if request is not None:
            shared = {"request": request, "csrf_input": SimpleLazyObject(lambda: csrf_input(request))}
            for processor in self.backend.template_context_processors:
                shared.update(processor(request))
        return super().render({**shared, **(context or {})})


def environment(**options: Any) -> Environment:
    """一套模板的环境 – named in settings."""
    checks = {"finalize": _finished} if settings.PORTAL_MODE == "test" else {}  # on each of a page's thousand values
    made = Environment(**{**options, "undefined": ChainableUndefined, **checks})
    made.filters |= {name: getattr(pagewords, name) for name in OWN_FILTERS}
    made.filters |= {name: getattr(defaultfilters, name) for name in DJANGO_FILTERS}
    made.filters |= {"default": _otherwise, "date": _date}
    made.globals |= {"static": lru_cache(maxsize=256)(static), "url": url}
    marks = made.get_template("partials/marks.html").module
    made.globals |= {name: _kept(getattr(marks, name)) for name in MARKS}
    return made


def draw(template: str, **values: Any) -> Markup:
    """画一小块: a part of a page that rests on nothing but these values, with no request behind it."""
    return Markup(render_to_string(template, values))  # noqa: S704 # a template of ours, escaped as it is drawn


def _kept(mark: Any) -> Any:
    """同样的记号只画一次: a list shows the same few dozens of them again and again."""
    drawn = lru_cache(maxsize=MARKS_KEPT)(mark)

    def shown(*arguments: Any) -> Any:
        return drawn(*[tuple(value) if isinstance(value, list) else value for value in arguments])

    return shown


def _finished(value: Any) -> Any:
    """写到页面上的值: a method that nobody called would show its address."""
    if callable(value) and not hasattr(value, "__html__"):
        raise TypeError(f"模板里的 {value!r} 没有调用")
    return value


def _otherwise(value: Any, other: Any = "") -> Any:
    """空的就用另一个"""
    return value or other


def _date(value: Any, form: str) -> str:
    """按格式写日期，本地时间"""
    return str(defaultfilters.date(localtime(value) if isinstance(value, datetime) else value, form))


def url(name: str, *args: Any) -> str:
    """网址: a page names the same addresses at every rendering, and working them out anew is a tenth of its cost."""
    return kept_url(name, tuple(map(str, args)), get_script_prefix())


@lru_cache(maxsize=URLS_KEPT)
def kept_url(name: str, args: tuple[str, ...], _prefix: str) -> str:
    """算一次的网址; by script prefix, since a township may stand under /t/<slug>/."""
    return reverse(name, args=args)
