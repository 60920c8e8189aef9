"""谁能看、谁能动一件办件: predicates, each with its list twin."""

from datetime import datetime

from django.db.models import Q, QuerySet

from portal.models import Duty, User
from portal.permissions import powers_of
from services.lifecycle import State
from services.models import Application

# Duties whose holders see every filed case of their township, because they guard the whole.
OVERSIGHT = frozenset({Duty.SUPERVISE, Duty.TOWN_LEADER})


def is_applicant(user: User, application: Application) -> bool:
    """是不是申请人本人或提交账号, the latter only while the applicant has not taken the mandate back (T04)"""
    filed = user.pk == application.filed_by_id and application.consent_ended_at is None
    return filed or user.person_id == application.applicant_id


def own_applications(user: User) -> QuerySet[Application]:
    """我的事: filed by this account, unless the mandate was taken back, or for this person."""
    return Application.objects.filter(Q(filed_by=user, consent_ended_at=None) | Q(applicant=user.person_id))


def applications_about(user: User) -> QuerySet[Application]:
    """写着我的信息的申请: where this person is the applicant – not those an agent or clerk has filed for others."""
    return Application.objects.filter(applicant=user.person_id)


def may_edit_draft(user: User, application: Application) -> bool:
    """能不能改草稿"""
    return application.state == State.DRAFT and user.pk == application.filed_by_id


def sees_whole_township(user: User, at: datetime) -> bool:
    """能不能看全镇的办件"""
    return any(power.post.duty in OVERSIGHT for power in powers_of(user, at))


def filing_duty(user: User, township_id: int, at: datetime) -> str | None:
    """能不能替村民申请: the channel such an application came by, None for anyone but windows and agents of here."""
    channels = {Duty.WINDOW: "window", Duty.AGENT: "agent", Duty.VILLAGE_AGENT: "village"}
    for power in powers_of(user, at) if user.is_staff_member else []:
        if power.post.township_id == township_id and power.post.duty in channels:
            return channels[Duty(power.post.duty)]
    return None
