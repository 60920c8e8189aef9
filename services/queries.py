"""办件的读：catalogue, who answers for an item, drafts and what is still open in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Concat
from django.db.models.lookups import GreaterThan, LessThan

from portal import privacy
from portal.keys import keys
from portal.models import Duty, Office, Post, Township, User, Village
from portal.pagecache import remembered
from portal.permissions import seated_at, whole_deputies_at
from services.actions import field_pages, form_values
from services.definition import FormField, Material
from services.filling import ELSEWHERE, applies, is_asked, open_questions
from services.lifecycle import State
from services.models import Application, Attachment, HowSupplied, MaterialPoint, ServiceItem
from services.search import query_tokens
from services.taken import Taken

AUDIENCES = ("个人", "企业", "村集体")
PAGE = 20
SAMPLE = "〔示例〕"  # how the name of an item begins that only serves to show something
_REAL, _SHOWN = "0", "1"
# Where an item stands in a list: by code, the samples after all real ones.
_PLACE = Concat(Case(When(name__startswith=SAMPLE, then=Value(_SHOWN)), default=Value(_REAL)), F("code"))
_LONGEST_INITIALS = 8
_LONGEST_QUERY = 40


def published_items(township: Township) -> QuerySet[ServiceItem]:
    """公布了的事项, by code, samples last."""
    return samples_last(ServiceItem.objects.filter(township=township, withdrawn_at=None).exclude(current=None))


def samples_last(rows: QuerySet[ServiceItem]) -> QuerySet[ServiceItem]:
    """按编码排，示例排在真的后面: a list that begins with what nobody can apply for is of no use."""
    return rows.order_by(_PLACE)


def find_items(
    township: Township, *, query: str = "", audience: str = "", office: str = "", loosely: bool = False
) -> QuerySet[ServiceItem]:
    """按词、拼音首字母、对象、站所找事项; every word must be met – `loosely`, any – or the code must begin so."""
    rows = published_items(township)
    if audience in AUDIENCES:
        rows = rows.filter(audience__contains=[audience])
    if office:
        rows = rows.filter(office__key=office)
    query = query.strip()[:_LONGEST_QUERY]
    if not query:
        return rows
    tokens = [token[:_LONGEST_INITIALS] if token.isascii() else token for token in query_tokens(query)]
    by_code = Q(code__istartswith=query)
    if not tokens:
        return rows.filter(by_code)
    words = tsquery(tokens, loosely=loosely)
    return rows.filter(by_code | Q(RawSQL("services_serviceitem.search @@ %s::tsquery", [words], BooleanField())))


def tsquery(tokens: Iterable[str], *, loosely: bool = False) -> str:
    """要命中的词 → tsquery 文字, each word quoted so that nothing in it is an operator; all of them, or `loosely` any."""
    quoted = (token.replace("\\", "\\\\").replace("'", "''") for token in tokens)
    return (" | " if loosely else " & ").join(f"'{token}'" for token in quoted)


@dataclass(frozen=True, slots=True)
class ItemPage:
    """目录的一页, with the codes before and after which the neighbours begin."""

    items: list[ServiceItem]
    before: str
    after: str


def item_page(rows: QuerySet[ServiceItem], *, after: str = "", before: str = "") -> ItemPage:
    """取一页，按事项编码往后或往前翻; one query, no count."""
    rows = rows.select_related("office").only("code", "name", "summary", "promise", "online", "item_type", "office__name")
    if before:
        found = list(rows.filter(LessThan(_PLACE, _place_of(before))).order_by(_PLACE.desc())[: PAGE + 1])
        more_before, items = len(found) > PAGE, found[:PAGE][::-1]
        return ItemPage(items, items[0].code if more_before and items else "", items[-1].code if items else "")
    found = list((rows.filter(GreaterThan(_PLACE, _place_of(after))) if after else rows)[: PAGE + 1])
    items = found[:PAGE]
    return ItemPage(items, items[0].code if after and items else "", items[-1].code if len(found) > PAGE else "")


def _place_of(code: str) -> Coalesce:
    """编码的位置, in the same statement; that of a real item where there is none of this code."""
    same = ServiceItem.objects.filter(township=OuterRef("township"), code=code)
    return Coalesce(Subquery(same.annotate(place=_PLACE).values("place")[:1]), Value(_REAL + code))


def item_offices(township: Township) -> list[Office]:
    """有事项的站所, for the filter."""
    in_charge = published_items(township).order_by().values("office")
    return list(Office.objects.filter(pk__in=in_charge).only("key", "name", "order"))


def taken_times(township_id: int) -> dict[int, Taken]:
    """本镇各事项实际用了多久, by item; kept for as long as a public page may be."""

    def read() -> dict[int, Taken]:
        rows = ServiceItem.objects.filter(township=township_id).exclude(taken_on=None)
        columns = ("pk", "taken_cases", "taken_median", "taken_ninetieth", "taken_on")
        return {pk: Taken(*values) for pk, *values in rows.values_list(*columns)}

    return remembered(("taken", township_id), read)


def office_names(township_id: int) -> dict[str, str]:
    """站所代号 → 名称"""
    return dict(Office.objects.filter(township=township_id).values_list("key", "name"))


@dataclass(frozen=True, slots=True)
class Responsible:
    """第一责任人: the window post for an item and who sits there at that instant."""

    post: Post
    person: User | None
    standing_in_for: User | None


def responsible_post(item: ServiceItem, at: datetime) -> Responsible | None:
    """事项的第一责任人: the window that serves its office, else the first window; three queries."""
    windows = list(Post.objects.filter(township=item.township_id, duty=Duty.WINDOW).select_related("office"))
    if not windows:
        return None
    key = Office.objects.filter(pk=item.office_id).values_list("key", flat=True).first()
    post = next((window for window in windows if key in window.serves), windows[0])
    holding = seated_at(at).filter(post=post).select_related("user__person").first()
    deputy = whole_deputies_at(at).filter(post=post).select_related("deputy__person").first()
    holder = holding.user if holding else None
    if deputy is not None:
        return Responsible(post, deputy.deputy, holder)
    return Responsible(post, None if holding and holding.is_out else holder, None)


def drafts_of(user: User) -> QuerySet[Application]:
    """某人没填完的申请, newest first."""
    return (
        Application.objects.filter(filed_by=user, state=State.DRAFT)
        .select_related("item")
        .defer("form_sealed", "query_code_sealed")
        .order_by("-id")
    )


def names_of(numbers: Iterable[str]) -> dict[str, str]:
    """办件编号说的是哪件事, by number; one statement, and none where there is no number."""
    asked = {number for number in numbers if number}
    if not asked:
        return {}
    return dict(Application.objects.filter(number__in=asked).values_list("number", "item__name"))


def villages_of(township_id: int) -> list[Village]:
    """本镇的村"""
    return list(Village.objects.filter(township=township_id).only("slug", "name"))


@dataclass(frozen=True, slots=True)
class Answer:
    """核对页的一行"""

    key: str
    label: str
    value: str
    before: tuple[str, ...] = ()  # 补正时改过的: what stood there, oldest first


@dataclass(frozen=True, slots=True)
class PartView:
    """申请的一部分: `done`, `begun` or neither."""

    number: int
    name: str
    fields: tuple[FormField, ...]
    answers: tuple[Answer, ...]
    done: bool

    @property
    def begun(self) -> bool:
        """填了一些没有"""
        return any(answer.value for answer in self.answers)


@dataclass(frozen=True, slots=True)
class MaterialView:
    """一样材料在这份申请里的情况"""

    rule: Material
    needed: bool
    point: MaterialPoint | None
    files: tuple[Attachment, ...]

    @property
    def label(self) -> str:
        """怎样交的, in words."""
        if self.point is None:
            return ""
        if self.point.how == HowSupplied.FILE:
            return f"上传了{len(self.files)}个文件"
        beside = f"，另外上传了{len(self.files)}个文件" if self.files else ""
        return HOW_LABELS[HowSupplied(self.point.how)] + beside


HOW_LABELS = {
    HowSupplied.FILE: "上传",
    HowSupplied.WINDOW: "到窗口交",
    HowSupplied.SHARING: "免提交",
    HowSupplied.COMMITMENT: "告知承诺",
    HowSupplied.DEFERRED: "过后再补",
    HowSupplied.CANNOT: "交不了，写了说明",
    HowSupplied.TYPED: "改了填写的内容",
}


class Gap(NamedTuple):
    """还差的一样: what to say, and the page of the application (with what it is of) where it is put right."""

    text: str
    page: str
    of: tuple[int | str, ...] = ()


class Sheet:
    """一份申请填到哪里了: parts, questions and materials, read once for one page."""

    def __init__(
        self, application: Application, villages: list[Village] | None = None, *, in_full: bool = False
    ) -> None:
        self.application, self.rules = application, application.rules
        self.values: Mapping[str, str] = form_values(application)
        self.facts: dict[str, str] = dict(application.answers)
        self._villages, self._in_full = villages, in_full

    @cached_property
    def villages(self) -> list[Village]:
        """本镇的村"""
        return self._villages if self._villages is not None else villages_of(self.application.township_id)

    @cached_property
    def parts(self) -> list[PartView]:
        """填写的各部分; fields whose condition fails are left out, and so is a part that has no others."""
        known = {**self.values, **self.facts}
        done = set(self.application.pages_done)
        views: list[PartView] = []
        for number, (name, fields) in enumerate(field_pages(self.rules), 1):
            if is_asked(fields, known):
                answers = tuple(self._answer(field) for field in fields if applies(field, known))
                views.append(PartView(number, name, tuple(fields), answers, name in done))
        return views

    def _answer(self, field: FormField) -> Answer:
        return Answer(field.key, field.label, self._worded(field, self.values.get(field.key, "")))

    def _worded(self, field: FormField, value: str) -> str:
        """给人看的写法; numbers of identity papers are covered wherever they were written, unless all is to be shown."""
        if field.kind == "id_number":
            value = privacy.mask_identity(value)
        elif field.kind == "village" and value:
            names = {village.slug: village.name for village in self.villages}
            value = "不在本镇" if value == ELSEWHERE else names.get(value, "")
        elif field.kind == "date" and value:
            value = _date_words(value)
        elif field.kind in {"text", "textarea"} and not self._in_full:
            value = privacy.mask_identities(value)
        return value

    def with_amended(self) -> list[PartView]:
        """各部分，补正时改过的带上原来填的"""
        before: dict[str, list[str]] = {}
        for row in self.application.amended.order_by("pk"):
            before.setdefault(row.key, []).append(keys().open_text(bytes(row.before_sealed)))
        fields = {field.key: field for field in self.rules.fields}

        def told(answer: Answer) -> Answer:
            return replace(answer, before=tuple(self._worded(fields[answer.key], value) for value in before.get(answer.key, ())))

        return [replace(part, answers=tuple(told(answer) for answer in part.answers)) for part in self.parts]

    @cached_property
    def questions_open(self) -> bool:
        """情形问题还没答完"""
        return bool(open_questions(self.rules, self.facts)) or (
            bool(self.rules.questions) and "questions" not in self.application.pages_done
        )

    @cached_property
    def materials(self) -> list[MaterialView]:
        """这份申请要交和可以交的材料; what its 情形 do not ask for is left out."""
        needed = {m.key for m in self.rules.needed(self.facts, by_agent=bool(self.application.consent))}
        points = {point.key: point for point in self.application.points.all()}
        files: dict[str, list[Attachment]] = {}
        for attachment in Attachment.objects.filter(application=self.application, removed_at=None).order_by("id"):
            files.setdefault(attachment.material, []).append(attachment)
        shown = [m for m in self.rules.materials if m.key in needed or m.required == "optional" or m.key in points]
        return [MaterialView(m, m.key in needed, points.get(m.key), tuple(files.get(m.key, ()))) for m in shown]

    @property
    def lacking(self) -> list[MaterialView]:
        """还没定怎么交的必要材料"""
        return [view for view in self.materials if view.needed and view.point is None]

    @property
    def missing(self) -> list[Gap]:
        """还差什么才能提交, in the applicant's words, each with the page that mends it; empty when everything is there."""
        missing = [Gap("“情况选择”还没答", "questions")] if self.questions_open else []
        missing += [Gap(f"“{part.name}”还没填好", "part", (part.number,)) for part in self.parts if not part.done]
        missing += [Gap(f"材料“{view.rule.name}”还没定怎么交", "material", (view.rule.key,)) for view in self.lacking]
        return missing


def filled_parts(application: Application) -> list[PartView]:
    """填写的内容按部分排好，给看得到这件的人看; numbers of papers are masked."""
    return Sheet(application).parts


def _date_words(text: str) -> str:
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    if not (year.isdigit() and month.isdigit() and day.isdigit()):
        return text
    return f"{year}年{int(month)}月{int(day)}日"


def withdrawn_item(township: Township, code: str) -> ServiceItem | None:
    """停办了的事项, whose guide says so; None for any other."""
    return ServiceItem.objects.filter(township=township, code=code).exclude(withdrawn_at=None).exclude(current=None).first()


def item_for_guide(township: Township, code: str) -> QuerySet[ServiceItem]:
    """指南要的一行, published or not as the public may see it."""
    return published_items(township).filter(code=code).select_related("current", "office")

