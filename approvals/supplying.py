"""补正页的一样样材料：what the notice lists, how each can be brought, and saving what was brought."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from approvals.models import CorrectionNotice
from portal.models import User
from services.actions import set_point
from services.files import add_files, live_attachments
from services.lifecycle import State
from services.models import Application, Attachment, HowSupplied, MaterialPoint

BRING = "交申请的时候说好带到窗口的。带来，窗口当面登记；也可以拍照传上来。没有收到以前，到期不会自动办成。"
ABSENT = "交申请的时候写明交不了的。有了随时可以补来；没有，就由办理的人看着决定，到期不会自动办成。"


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
    notice: CorrectionNotice | None,
    to_bring: Collection[str] = (),
    *,
    typed: Mapping[str, Any] | None = None,
) -> list[Point]:
    """要补的每一样和现在的情况; empty when nothing has been asked for and nothing is `to_bring` to the window."""
    wanted, since = _asked_for(application, notice, to_bring)
    if since is None:
        return []
    materials = {material.key for material in application.rules.materials}
    points = {point.key: point for point in MaterialPoint.objects.filter(application=application)}
    files: dict[str, list[Attachment]] = {}
    for attachment in live_attachments(application).filter(uploaded_at__gte=since):
        files.setdefault(attachment.material, []).append(attachment)
    return [
        _point(listed, materials, points.get(listed["key"]), tuple(files.get(listed["key"], ())), since, typed or {})
        for listed in wanted
    ]


def _asked_for(
    application: Application, notice: CorrectionNotice | None, to_bring: Collection[str]
) -> tuple[list[dict[str, str]], datetime | None]:
    """要补的是哪些、从什么时候起补的才算: the notice's points, else what filing left open (容缺后补、说明交不了、带到窗口)."""
    needed = [material.key for material in application.rules.needed({**application.answers}, by_agent=bool(application.consent))]
    absent = Q(how=HowSupplied.CANNOT, key__in=needed)
    still = MaterialPoint.objects.filter(absent | Q(how=HowSupplied.DEFERRED) | Q(key__in=to_bring), application=application)
    keys = dict(still.values_list("key", "how"))
    if notice is not None and (application.state == State.CORRECTING or not keys):
        return notice.points, notice.sent_at
    names = {material.key: material.name for material in application.rules.materials}
    why = {HowSupplied.DEFERRED.value: "交申请的时候说好先受理、过后补的。", HowSupplied.CANNOT.value: ABSENT}
    listed = [{"key": key, "name": names[key], "why": why.get(how, BRING)} for key, how in sorted(keys.items())]
    return listed, application.filed_at if keys else None


def _point(
    listed: Mapping[str, str],
    materials: set[str],
    kept: MaterialPoint | None,
    files: tuple[Attachment, ...],
    since: datetime,
    typed: Mapping[str, Any],
) -> Point:
    key = listed["key"]
    fresh = kept is not None and kept.supplied_at is not None and kept.supplied_at >= since
    how = typed.get(f"how-{key}") or (kept.how if kept is not None and fresh else "file")
    statement = typed.get(f"statement-{key}") or (kept.statement if kept is not None and fresh else "")
    return Point(key, listed["name"], listed["why"], key in materials, how, statement, files, fresh)


def save_points(
    application: Application, points: list[Point], posted: Mapping[str, Any], uploads: Any, *, by: User, own: bool
) -> list[str]:
    """存下补来的; the sentences for what could not be taken. What was taken stays, nothing typed is lost.

    Only staff may say that the original was handed in (`own` is False): a receipt is the window's to give.
    """
    wrong: list[str] = []
    for point in points:
        if point.supplied and application.state != State.CORRECTING:
            continue  # it is in, and the window is reading it: what it was stays as it was
        how = str(posted.get(f"how-{point.key}", ""))
        chosen = uploads.getlist(f"files-{point.key}")
        if chosen:
            taken, refused = add_files(application=application, material=point.key, uploads=chosen, by=by)
            wrong += refused
            if taken:
                set_point(application=application, material=point.key, how=HowSupplied.FILE)
        elif how == HowSupplied.CANNOT:
            statement = str(posted.get(f"statement-{point.key}", ""))
            if not statement.strip():
                wrong.append(f"「{point.name}」交不了的，请写一句为什么。")
                continue
            set_point(application=application, material=point.key, how=HowSupplied.CANNOT, statement=statement)
        elif how == HowSupplied.WINDOW and not own:
            set_point(application=application, material=point.key, how=HowSupplied.WINDOW)
    return wrong
