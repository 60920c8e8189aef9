"""目录导入：definitions → item versions; a version is made only where something changed (A1, A2)."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field

from django.db import connection, transaction

from portal.calendars import touch_revision
from portal.clock import portal_now
from portal.models import Office, Township, User
from services.catalogue import OfficeSpec, missing_disclosures
from services.definition import ItemDefinition, OnTimeout, Timeout
from services.models import ItemVersion, ServiceItem
from services.search import tokens_of

IMPORT_LOCK = 7003


@dataclass(slots=True)
class ImportResult:
    """导入的结果: codes of what was made, left as it was, or could not be published and why."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    unpublished: dict[str, list[str]] = field(default_factory=dict)
    beside: list[str] = field(default_factory=list)  # what the township has and the file lacks: it goes on as it is
    offices: list[str] = field(default_factory=list)  # keys of those whose name or level differed


def import_items(
    *, township: Township, definitions: list[ItemDefinition], offices: list[OfficeSpec], by: User | None = None
) -> ImportResult:
    """导入一批事项 – all or nothing; modes switched on before stay on in the new version."""
    result = ImportResult()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [IMPORT_LOCK, township.pk])
        known = _save_offices(township, offices, result)
        items = {item.code: item for item in ServiceItem.objects.filter(township=township).select_related("current")}
        told = {definition.code for definition in definitions}
        result.beside = sorted(code for code, item in items.items() if code not in told and item.withdrawn_at is None)
        for definition in definitions:
            _import_one(township, definition, items.get(definition.code), known, by, result)
        if result.created or result.changed or result.offices:
            touch_revision("public")
    return result


def _save_offices(township: Township, offices: list[OfficeSpec], result: ImportResult) -> dict[str, Office]:
    """站所照目录新增和改名; its telephone and functions are the township's own and stay."""
    known = {office.key: office for office in Office.objects.filter(township=township)}
    for order, spec in enumerate(offices):
        if spec.key not in known:
            known[spec.key] = Office.objects.create(
                township=township, key=spec.key, name=spec.name, level=spec.level, order=order
            )
        office = known[spec.key]
        if (office.name, office.level) != (spec.name, spec.level):
            office.name, office.level = spec.name, spec.level
            office.save(update_fields=["name", "level"])
            result.offices.append(spec.key)
    return known


def _import_one(
    township: Township,
    definition: ItemDefinition,
    item: ServiceItem | None,
    offices: dict[str, Office],
    by: User | None,
    result: ImportResult,
) -> None:
    source = digest_of(definition)
    missing = missing_disclosures(definition)
    if missing:
        result.unpublished[definition.code] = missing
    newest = item.versions.order_by("-number").first() if item else None
    if newest is not None and newest.source_digest == source:
        result.unchanged.append(definition.code)
        return
    (result.changed if item else result.created).append(definition.code)
    if item is None:
        item = ServiceItem.objects.create(
            township=township, code=definition.code, office=offices[definition.office], name=definition.name
        )
    merged = keep_switched(definition, newest.rules) if newest else definition
    version = add_version(item, merged, source_digest=source, by=by, note="目录导入")
    publish(item, version, missing)


def digest_of(definition: ItemDefinition) -> str:
    """内容散列"""
    text = json.dumps(definition.to_json(), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def keep_switched(definition: ItemDefinition, old: ItemDefinition) -> ItemDefinition:
    """已经开通的默认方式带到新版本, where the new version still proposes it."""

    def kept(new: Timeout, before: Timeout | None) -> Timeout:
        if before is None or before.mode == OnTimeout.ESCALATE or new.proposed != before.mode:
            return new
        return dataclasses.replace(new, mode=before.mode, citation=before.citation)

    before = {stage.key: stage.timeout for stage in old.stages}
    stages = tuple(dataclasses.replace(s, timeout=kept(s.timeout, before.get(s.key))) for s in definition.stages)
    return dataclasses.replace(
        definition,
        stages=stages,
        timeout=kept(definition.timeout, old.timeout),
        intake_timeout=kept(definition.intake_timeout, old.intake_timeout),
    )


def add_version(
    item: ServiceItem, definition: ItemDefinition, *, source_digest: str, by: User | None, note: str
) -> ItemVersion:
    """加一个版本; the caller decides whether to publish it."""
    number = (item.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    return ItemVersion.objects.create(
        item=item,
        number=number,
        definition=definition.to_json(),
        digest=digest_of(definition),
        source_digest=source_digest,
        created_at=portal_now(),
        created_by=by,
        note=note,
    )


def publish(item: ServiceItem, version: ItemVersion, missing: list[str]) -> None:
    """公布一个版本; an item lacking one of the six disclosures is not published, and says which."""
    rules = version.rules
    item.name, item.audience, item.item_type = rules.name, list(rules.audience), rules.item_type
    item.summary, item.online = rules.summary[:200], rules.online
    item.office = Office.objects.get(township=item.township_id, key=rules.office)
    item.promise = promise_text(rules)
    item.current = None if missing else version
    item.unpublished_reason = "缺少：" + "、".join(missing) if missing else ""
    item.save()
    tokens = " ".join(tokens_of(rules, item.office.name))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE services_serviceitem SET search = array_to_tsvector(string_to_array(%s, ' ')) WHERE id = %s",
            [tokens, item.pk],
        )


def promise_text(rules: ItemDefinition) -> str:
    """承诺时限的写法: 15个工作日, 当场办结."""
    if rules.promised.length == 0:
        return "当场办结"
    unit = {"workday": "工作日", "day": "自然日", "month": "月", "year": "年", "hour": "小时"}[rules.promised.unit]
    return f"{rules.promised.length}个{unit}"
