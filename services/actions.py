"""办件的写：drafts, materials, and the one writer of an application's state."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from portal import privacy
from portal.clock import portal_now
from portal.errors import InvalidInput, WrongState
from portal.keys import keys
from portal.models import Person, User, Village
from portal.numbers import new_number
from services.definition import FormField, ItemDefinition
from services.filling import check_part, open_questions
from services.lifecycle import FINAL, Act, State, next_state
from services.models import Application, HowSupplied, MaterialPoint, ServiceItem
from services.storage import release
from services.taken import Taken

TRIES = 5
RESIDENT_CARD = "居民身份证"
KEPT_DAYS = 30  # 草稿保存多少个自然日
COUNTED_DAYS = 365  # “办得最多”数最近多少个自然日
DROPPED = "这份草稿已经删掉了。要办就重新开始填写。"
EXPIRY_FIELD = "expires_on"  # 延续事项：原许可证有效期至


def advance(application: Application, acts: Iterable[Act]) -> State:
    """推进办件状态 – the one writer of the state column: each act goes through the transition table.

    The caller holds the row's lock and saves the row; WrongState for an act that is not lawful from here.
    """
    for act in acts:
        application.state = next_state(application.state, act)
    return State(application.state)


def start_draft(
    *, item: ServiceItem, by: User, applicant: Person | None = None, consent: str = "",
    previous: Application | None = None, channel: str = "online",
) -> Application:  # fmt: skip
    """开始填写: a draft under the version in force now; WrongState if the item takes no applications."""
    if item.current is None or item.withdrawn_at is not None:
        raise WrongState("这件事现在不收新申请。")
    if not item.current.rules.online:
        raise WrongState("这件事不在网上申请，请看办事指南里的办法。")
    person, now = applicant or by.person, portal_now()
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return Application.objects.create(
                    township_id=item.township_id,
                    number=new_number(),
                    query_code_sealed=keys().seal_text(new_number()),
                    item=item,
                    version=item.current,
                    applicant=person,
                    filed_by=by,
                    consent=consent,
                    applicant_masked=privacy.mask_name(person.name),
                    village=person.village,
                    previous=previous,
                    channel=channel,
                    form_sealed=seal_form(_known_values(item.current.rules, person)),
                    created_at=now,
                    updated_at=now,
                )
        except IntegrityError:
            continue  # the random number was taken; draw another
    raise IntegrityError("连续抽到重复编号")


def _known_values(rules: ItemDefinition, person: Person) -> dict[str, str]:
    """账号里已有的，不再问一遍 (redundant entry, WCAG 3.3.7)"""
    known = {"name": person.name, "phone": person.phone, "id_number": person.id_number}
    if person.id_number:
        known["id_type"] = RESIDENT_CARD  # the only paper an account is opened with
    if person.village is not None:
        known["village"] = person.village.slug
    return {
        field.key: known[field.key]
        for field in rules.fields
        if known.get(field.key) and (not field.choices or known[field.key] in field.choices)
    }


def seal_form(values: dict[str, Any]) -> bytes:
    """填写内容加密成一块"""
    return keys().seal(json.dumps(values, ensure_ascii=False).encode())


def form_values(application: Application) -> dict[str, str]:
    """打开填写内容; only for the applicant and for staff who may see the case."""
    sealed = bytes(application.form_sealed)
    return json.loads(keys().open(sealed)) if sealed else {}


def save_page(*, application: Application, page: str, values: dict[str, str], done: bool = True) -> None:
    """保存一部分填写内容, valid or not, so nothing typed is lost; WrongState once filed."""
    with transaction.atomic():
        locked = _lock_draft(application)
        merged = {**form_values(locked), **values}
        locked.form_sealed = seal_form(merged)
        pages = [name for name in locked.pages_done if name != page]
        locked.pages_done = [*pages, page] if done else pages
        if EXPIRY_FIELD in values:
            locked.expires_on = _day_or_none(values[EXPIRY_FIELD])
        if "village" in values:
            locked.village = Village.objects.filter(township=locked.township_id, slug=values["village"]).first()
        if values.get("name"):
            locked.applicant_masked = privacy.mask_name(values["name"])
        locked.updated_at = portal_now()
        locked.save(
            update_fields=["form_sealed", "pages_done", "village", "applicant_masked", "expires_on", "updated_at"]
        )


def _day_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None  # saved as typed, not yet a date; the page stays open


def save_answers(*, application: Application, answers: dict[str, str]) -> None:
    """保存情形问题的回答; a part that an answer has changed and that no longer fits is open again."""
    with transaction.atomic():
        locked = _lock_draft(application)
        locked.answers = {**locked.answers, **answers}
        done = [name for name in locked.pages_done if name != "questions"]
        if not open_questions(locked.rules, locked.answers):
            done.append("questions")
        broken = _broken_parts(locked)
        locked.pages_done = [name for name in done if name not in broken]
        locked.updated_at = portal_now()
        locked.save(update_fields=["answers", "pages_done", "updated_at"])


def _broken_parts(application: Application) -> set[str]:
    """照现在的回答，填好的部分里哪些又缺了"""
    values = form_values(application)
    slugs = list(Village.objects.filter(township=application.township_id).values_list("slug", flat=True))
    pages = field_pages(application.rules)
    return {page for page, fields in pages if check_part(fields, values, application.answers, slugs)[1]}


def follow_version(*, application: Application) -> bool:
    """草稿跟上事项的现行版本 – a draft is filed under the rules of its day; True if it had to move.

    Everything typed stays; parts that no longer fit the new version are open again.
    """
    with transaction.atomic():
        locked = _lock_draft(application)
        current = locked.item.current
        if current is None or current.pk == locked.version_id:
            return False
        locked.version = current
        broken, known = _broken_parts(locked), {page for page, _ in field_pages(current.rules)}
        kept = [name for name in locked.pages_done if name in known and name not in broken]
        if "questions" in locked.pages_done and not open_questions(current.rules, locked.answers):
            kept.append("questions")
        locked.pages_done, locked.updated_at = kept, portal_now()
        locked.save(update_fields=["version", "pages_done", "updated_at"])
    return True


def set_point(*, application: Application, material: str, how: HowSupplied, statement: str = "") -> MaterialPoint:
    """定一样材料怎样交; InvalidInput if this material cannot be supplied that way, WrongState once the case is closed."""
    rule = next((m for m in application.rules.materials if m.key == material), None)
    if rule is None:
        raise InvalidInput("没有这样材料。")
    allowed = {
        HowSupplied.FILE: True,
        HowSupplied.WINDOW: True,
        HowSupplied.CANNOT: bool(statement.strip()),
        HowSupplied.SHARING: rule.by_sharing,
        HowSupplied.COMMITMENT: rule.by_commitment,
        HowSupplied.DEFERRED: rule.deferrable,
    }
    if not allowed[how]:
        raise InvalidInput(
            "请写明为什么交不了。" if how == HowSupplied.CANNOT else f"「{rule.name}」不能{HowSupplied(how).label}。"
        )
    with transaction.atomic():
        locked = Application.objects.select_for_update().filter(pk=application.pk).first()
        if locked is None:
            raise WrongState(DROPPED)
        if locked.state in FINAL:
            raise WrongState("这件事已经办结，材料怎样交的不能再改。")
        point, _ = MaterialPoint.objects.update_or_create(
            application=application,
            key=material,
            defaults={"how": how, "statement": statement.strip()[:300], "supplied_at": portal_now()},
        )
        Application.objects.filter(pk=application.pk, state=State.DRAFT).update(updated_at=portal_now())
    return point


def clear_point(*, application: Application, material: str) -> None:
    """撤回一样材料的选择 (draft only)"""
    with transaction.atomic():
        _lock_draft(application)
        MaterialPoint.objects.filter(application=application, key=material).delete()


def drop_draft(*, application: Application) -> None:
    """删掉草稿: nothing has been filed, so nothing has to stay."""
    with transaction.atomic():
        locked = _lock_draft(application)
        tokens = list(locked.attachments.values_list("token", flat=True))
        locked.attachments.all().delete()
        locked.delete()
        release(tokens)


def drop_stale_drafts(*, most: int = 200) -> int:
    """清掉三十天没动过的草稿, each in its own transaction; the number dropped. Safe to run twice or late."""
    before = portal_now() - timedelta(days=KEPT_DAYS)
    stale = Application.objects.filter(state=State.DRAFT, updated_at__lt=before)
    dropped = 0
    for pk in list(stale.order_by("id").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            locked = stale.select_for_update(skip_locked=True).filter(pk=pk).first()
            if locked is not None:
                drop_draft(application=locked)
                dropped += 1
    return dropped


def count_popularity() -> int:
    """数一年里每件事有多少人办, for the home page; writes only what has changed, the number written."""
    since = portal_now() - timedelta(days=COUNTED_DAYS)
    filed = Application.objects.filter(item=OuterRef("pk"), filed_at__gte=since).order_by()
    counted = filed.values("item").annotate(filed=Count("pk")).values("filed")
    items = ServiceItem.objects.annotate(filed=Coalesce(Subquery(counted), 0))
    return items.exclude(popularity=F("filed")).update(popularity=Coalesce(Subquery(counted), 0))


def keep_taken(measured: Mapping[int, Taken], *, on: date) -> int:
    """记下各事项实际用了多久 – as measured by whoever knows the decisions; an item without any has none. The number written.

    Shares of fewer than ten cases are not kept. Nothing is written where nothing has changed.
    """
    changed = []
    for item in ServiceItem.objects.order_by("pk").defer("search"):
        taken = measured.get(item.pk, Taken(0, None, None, on))
        kept = taken if taken.is_known else Taken(taken.cases, None, None, on)
        if kept != item.taken:
            item.taken_cases, item.taken_on = kept.cases, kept.on
            item.taken_median, item.taken_ninetieth = kept.median, kept.ninetieth
            changed.append(item)
    ServiceItem.objects.bulk_update(changed, ["taken_cases", "taken_median", "taken_ninetieth", "taken_on"])
    return len(changed)


def _lock_draft(application: Application) -> Application:
    locked = Application.objects.select_for_update().filter(pk=application.pk).first()
    if locked is None:
        raise WrongState(DROPPED)
    if locked.state != State.DRAFT:
        raise WrongState("申请已经提交，不能再改填写的内容。要补材料请等一次性告知，或联系代办员。")
    return locked


def field_pages(rules: ItemDefinition) -> list[tuple[str, list[FormField]]]:
    """表单分成几部分, in the order of the version."""
    pages: dict[str, list[FormField]] = {}
    for field in rules.fields:
        pages.setdefault(field.page, []).append(field)
    return list(pages.items())
