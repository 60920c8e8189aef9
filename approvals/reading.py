"""看村民的信息：every reading by staff is recorded, with post and reason, so that the applicant can see it (D3)."""

import dataclasses
from datetime import datetime, timedelta

from portal import privacy
from portal.models import Post, User
from portal.permissions import Power
from services.definition import FormField
from services.files import record_reading
from services.models import AccessRecord, Application
from services.queries import Answer, PartView

OPENED = "打开办件"
ONCE_IN = timedelta(hours=1)


def post_for(powers: list[Power], application: Application) -> Post | None:
    """以哪个岗位看的: the first of the township's posts."""
    return next((power.post for power in powers if power.post.township_id == application.township_id), None)


def note_opening(application: Application, user: User, powers: list[Power], at: datetime) -> None:
    """打开办件，一小时记一次"""
    seen = AccessRecord.objects.filter(application=application, user=user, what=OPENED, at__gt=at - ONCE_IN)
    if not seen.exists():
        post = post_for(powers, application)
        record_reading(application=application, by=user, post=post, what=OPENED, reason="办理、查看这一件")


def note_personal(application: Application, user: User, powers: list[Power], reason: str) -> None:
    """看全名、电话、证件号码"""
    post = post_for(powers, application)
    record_reading(application=application, by=user, post=post, what="全名、电话、证件号码", reason=reason)


def note_file(application: Application, user: User, powers: list[Power], material: str) -> None:
    """看一样材料"""
    post = post_for(powers, application)
    record_reading(application=application, by=user, post=post, what=f"材料：{material}"[:40], reason="办理、查看这一件")


def masked_parts(parts: list[PartView]) -> list[PartView]:
    """填写的内容，没有记下理由以前: names, phones and what the law calls sensitive are covered."""
    return [dataclasses.replace(part, answers=tuple(_masked(part, answer) for answer in part.answers)) for part in parts]


def _masked(part: PartView, answer: Answer) -> Answer:
    field = next((f for f in part.fields if f.key == answer.key), None)
    if field is None or field.kind == "id_number":
        return answer
    before = tuple(_covered(field, value) for value in answer.before)
    return dataclasses.replace(answer, value=_covered(field, answer.value), before=before)


def _covered(field: FormField, value: str) -> str:
    if not value:
        return value
    if field.kind == "phone":
        return privacy.mask_phone(value)
    if field.key == "name" or field.key.endswith("_name"):
        return privacy.mask_name(value)
    return "（遮住了）" if field.sensitive else value
