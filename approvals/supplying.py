"""补正页的一样样材料：what the notice lists, how each can be brought, and saving what was brought."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from approvals.models import Case, CorrectionNotice
from portal.models import User
from services.actions import form_values, set_point
from services.amending import amend, keep_as_typed
from services.files import add_files, live_attachments
from services.forms import PartForm
from services.lifecycle import State
from services.models import Application, Attachment, HowSupplied, MaterialPoint
from services.queries import villages_of

BRING = "交申请的时候说好带到窗口的。带来，窗口当面登记；也可以拍照传上来。没有收到以前，到期不会自动办成。"
ABSENT = "交申请的时候写明交不了的。有了随时可以补来；没有，就由办理的人看着决定，到期不会自动办成。"


@dataclass(frozen=True, slots=True)
class Asked:
    """要补的一样: why, and since when what comes in counts."""

    key: str
    name: str
    why: str
    since: datetime


def notices_of(case: Case) -> list[CorrectionNotice]:
    """发过的告知书: the one of the law first, then what a supervisor has let follow it (督查特批)."""
    return list(CorrectionNotice.objects.filter(case=case).order_by("sent_at"))


def told_points(notices: Sequence[CorrectionNotice], *, correcting: bool) -> dict[str, Asked]:
    """告知书上现在要补的, by key: while a case waits only what it waits for, afterwards what any notice lists."""
    asking = notices[:1] if correcting else notices
    return {p["key"]: Asked(p["key"], p["name"], p["why"], notice.sent_at) for notice in asking for p in notice.points}


class Fault(NamedTuple):
    """没收下的一样: which one (none: all of it), and the sentence."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """告知书上的一样: how it was brought since, or what was just typed."""

    key: str
    name: str
    why: str
    is_material: bool
    how: str
    statement: str
    files: tuple[Attachment, ...]
    supplied: bool


def wanted_points(
    application: Application,
    notices: Sequence[CorrectionNotice],
    to_bring: Collection[str] = (),
    *,
    typed: Mapping[str, Any] | None = None,
) -> list[Point]:
    """要补的每一样和现在的情况; empty when nothing has been asked for and nothing is `to_bring` to the window.

    What has come in is shown while the case waits, and when nothing else is asked for any more.
    """
    correcting = application.state == State.CORRECTING
    asked = told_points(notices, correcting=correcting)
    if not correcting:
        asked = {**_left_open(application, to_bring), **asked}
    materials = {material.key for material in application.rules.materials}
    points = {point.key: point for point in MaterialPoint.objects.filter(application=application)}
    files = list(live_attachments(application)) if asked else []
    found = [_point(one, materials, points.get(one.key), files, typed or {}) for one in asked.values()]
    waiting = [point for point in found if not point.supplied]
    return found if correcting or not waiting else waiting


def _left_open(application: Application, to_bring: Collection[str]) -> dict[str, Asked]:
    """交申请时没有交的: 容缺后补、说明交不了、说好带到窗口."""
    if application.filed_at is None:
        return {}
    needed = [material.key for material in application.rules.needed({**application.answers}, by_agent=bool(application.consent))]
    absent = Q(how=HowSupplied.CANNOT, key__in=needed)
    still = MaterialPoint.objects.filter(absent | Q(how=HowSupplied.DEFERRED) | Q(key__in=to_bring), application=application)
    names = {material.key: material.name for material in application.rules.materials}
    why = {HowSupplied.DEFERRED.value: "交申请的时候说好先受理、过后补的。", HowSupplied.CANNOT.value: ABSENT}
    rows = sorted(still.values_list("key", "how"))
    return {key: Asked(key, names[key], why.get(how, BRING), application.filed_at) for key, how in rows}


def _point(
    asked: Asked, materials: set[str], kept: MaterialPoint | None, attached: list[Attachment], typed: Mapping[str, Any]
) -> Point:
    key = asked.key
    files = tuple(one for one in attached if one.material == key and one.uploaded_at >= asked.since)
    fresh = kept is not None and kept.supplied_at is not None and kept.supplied_at >= asked.since
    usual = HowSupplied.FILE if key in materials else HowSupplied.TYPED
    how = typed.get(f"how-{key}") or (kept.how if kept is not None and fresh else usual.value)
    statement = typed.get(f"statement-{key}") or (kept.statement if kept is not None and fresh else "")
    return Point(key, asked.name, asked.why, key in materials, how, statement, files, fresh)


def amend_form(
    application: Application, points: Sequence[Point], *, own: bool, posted: Mapping[str, Any] | None = None
) -> PartForm:
    """告知书上要改的那几格, as on the pages of the application. What was filled in is shown to the applicant alone.

    Only what is to be changed is judged; a field for which a reason is written instead is left as it is.
    """
    values = form_values(application)
    listed = {point.key for point in points if not point.is_material}
    form = PartForm(
        posted,
        fields=[field for field in application.rules.fields if field.key in listed],
        facts={**values, **application.answers},
        villages=villages_of(application.township_id),
        own=own,
        initial=values if own else {},
    )
    for key in [key for key in form.errors if posted is not None and posted.get(f"how-{key}") != HowSupplied.TYPED]:
        del form.errors[key]
    return form


def save_fields(
    application: Application, points: Sequence[Point], posted: Mapping[str, Any], form: PartForm, *, by: User
) -> list[Fault]:
    """存下改了的格; the sentences for what could not be taken."""
    wrong, before, values = list[Fault](), form_values(application), dict[str, str]()
    for point in (point for point in points if not point.is_material):
        how, key = posted.get(f"how-{point.key}", ""), point.key
        if point.supplied and application.state != State.CORRECTING:
            continue
        if how == HowSupplied.CANNOT:
            statement = str(posted.get(f"statement-{key}", ""))
            if statement.strip():
                keep_as_typed(application=application, key=key, statement=statement)
            else:
                wrong.append(Fault(key, f"「{point.name}」不改的，请写一句为什么。"))
        elif how == HowSupplied.TYPED and key in form.errors:
            wrong += [Fault(key, str(sentence)) for sentence in form.errors[key]]
        elif how == HowSupplied.TYPED and key in form.cleaned_data:
            if form.cleaned_data[key] == before.get(key, "") and not point.supplied:
                wrong.append(Fault(key, f"「{point.name}」和原来填的一样。不用改的，请选“不改”，写一句为什么。"))
            else:
                values[key] = form.cleaned_data[key]
    if values:
        amend(application=application, values=values, by=by)
    return wrong


def save_points(
    application: Application, points: list[Point], posted: Mapping[str, Any], uploads: Any, *, by: User, own: bool
) -> list[Fault]:
    """存下补来的; the sentences for what could not be taken. What was taken stays, nothing typed is lost.

    Only staff may say that the original was handed in (`own` is False): a receipt is the window's to give.
    """
    wrong: list[Fault] = []
    for point in (point for point in points if point.is_material):
        if point.supplied and application.state != State.CORRECTING:
            continue  # it is in, and the window is reading it: what it was stays as it was
        how = str(posted.get(f"how-{point.key}", ""))
        chosen = uploads.getlist(f"files-{point.key}")
        if chosen:
            taken, refused = add_files(application=application, material=point.key, uploads=chosen, by=by)
            wrong += [Fault(point.key, sentence) for sentence in refused]
            if taken:
                set_point(application=application, material=point.key, how=HowSupplied.FILE)
        elif how == HowSupplied.CANNOT:
            statement = str(posted.get(f"statement-{point.key}", ""))
            if not statement.strip():
                wrong.append(Fault(point.key, f"「{point.name}」交不了的，请写一句为什么。"))
                continue
            set_point(application=application, material=point.key, how=HowSupplied.CANNOT, statement=statement)
        elif how == HowSupplied.WINDOW and not own:
            set_point(application=application, material=point.key, how=HowSupplied.WINDOW)
    return wrong


def unchosen(points: Sequence[Point], uploads: Any) -> list[Fault]:
    """说要上传、还没有选文件的: no fault of its own, for half may come now; told beside what was wrong or where nothing came."""
    waiting = [point for point in points if point.is_material and not point.supplied and not point.files]
    files = [point for point in waiting if point.how == HowSupplied.FILE and not uploads.getlist(f"files-{point.key}")]
    return [Fault(point.key, f"「{point.name}」还没有选文件。") for point in files]


def still_missing(points: Sequence[Point]) -> list[Point]:
    """还差的: what was said to be beyond reach at filing may come, but is not waited for."""
    return [point for point in points if not point.supplied and point.why != ABSENT]
