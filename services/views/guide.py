"""办事指南"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.clock import portal_now
from portal.http import load_or_404, township_of
from portal.models import Township
from portal.pagecache import mark_public
from portal.queries import duty_desks, rest_words
from services.definition import Limit
from services.guide import (
    UNITS,
    accepts_text,
    answer_text,
    channel_texts,
    flow_of,
    limit_cells,
    limit_text,
    material_rows,
)
from services.models import ServiceItem
from services.queries import item_for_guide, office_names, responsible_post, withdrawn_item
from services.remedies import if_no_answer, remedies_told


@require_safe
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """一个事项的指南: the six disclosures of the version in force."""
    township = township_of(request)
    closed = withdrawn_item(township, code)
    if closed is not None:
        return mark_public(render(request, "services/withdrawn.html", {"nav": "items", "item": closed}))
    item = load_or_404(item_for_guide(township, code))
    now = portal_now()
    desks = [desk for desk in duty_desks(township, now) if desk.phone]
    context = {"nav": "items", "item": item, "responsible": responsible_post(item, now), "desks": desks, "rest": rest_words(now)}
    context |= _sheet(item, township)
    return mark_public(render(request, "services/guide.html", context))


def _sheet(item: ServiceItem, township: Township) -> dict[str, Any]:
    assert item.current is not None  # published_items
    rules = item.current.rules
    return {
        "version": item.current,
        "actual": item.taken,
        "rules": rules,
        "remedies": remedies_told(rules, township),
        "no_answer": if_no_answer(rules, township),
        "stages": flow_of(rules, office_names(item.township_id)),
        "materials": material_rows(rules),
        "promised_unit": UNITS[rules.promised.unit],
        "statutory_unit": UNITS[rules.statutory.unit] if rules.statutory else "",
        "promised_text": limit_text(rules.promised),
        "statutory_text": limit_text(rules.statutory),
        "answer_text": answer_text(rules),
        "channel_texts": channel_texts(rules),
        "accepts_text": accepts_text(rules),
        "extension_text": limit_text(Limit(rules.extension.length, rules.extension.unit)),
        "limit_cells": limit_cells(rules),
        "faq": [entry.removeprefix("问：").partition("答：") for entry in rules.faq],
    }
