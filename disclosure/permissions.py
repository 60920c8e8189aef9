"""公开的权限：who may draft, review and publish notices (C2), and which revisions a desk sees."""

from datetime import datetime

from django.db.models import QuerySet

from disclosure.models import Notice, NoticeRevision
from portal.errors import NotAllowed
from portal.models import Duty, Township, User
from portal.permissions import Power, find_power, powers_of

DESK = frozenset({Duty.DRAFT, Duty.DISCLOSURE_REVIEW, Duty.PUBLISH})


def visible_notices(township: Township) -> QuerySet[Notice]:
    """公众看得到的公告: published once; a withdrawn one stays, with its reason."""
    return Notice.objects.filter(township=township, published_at__isnull=False)


def visible_revisions(user: User, at: datetime) -> QuerySet[NoticeRevision]:
    """办公开的人看得到的公告版次: of the townships for which one holds a publication duty on this day."""
    if not user.is_staff_member:
        return NoticeRevision.objects.none()
    townships = {power.post.township_id for power in powers_of(user, at) if power.post.duty in DESK}
    return NoticeRevision.objects.filter(notice__township_id__in=townships)


def desk_duties(user: User, township: Township, at: datetime) -> set[str]:
    """此人今天在这个乡镇有哪几项公开职责; empty for everyone else."""
    powers = powers_of(user, at) if user.is_staff_member else []
    return {p.post.duty for p in powers if p.post.township_id == township.pk and p.post.duty in DESK}


def may_review(user: User, revision: NoticeRevision, duties: set[str]) -> bool:
    """能不能审核这一版: the duty, and not one's own draft."""
    return Duty.DISCLOSURE_REVIEW in duties and revision.drafted_by_id != user.pk


def may_publish(user: User, revision: NoticeRevision, duties: set[str]) -> bool:
    """能不能发布这一版: the duty, and not one's own draft."""
    return Duty.PUBLISH in duties and revision.drafted_by_id != user.pk


def require_duty(user: User, duty: Duty, *, township_id: int, at: datetime) -> Power:
    """此人此刻的这项公开职责, its rows locked; NotAllowed with the duty's name."""
    powers = [power for power in powers_of(user, at, lock=True) if power.post.township_id == township_id]
    power = find_power(powers, office=None, duties={duty})
    if power is None:
        raise NotAllowed(f"这一步归「{duty.label}」岗，您现在没有这项职责。")
    return power
