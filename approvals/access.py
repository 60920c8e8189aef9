"""谁能打开进度页：the applicant, staff whose posts handle the case, and the holder of the query code for an hour."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404
from django.utils.crypto import constant_time_compare

from approvals.permissions import visible_to
from approvals.queries.cases import find_filed
from portal.keys import keys
from portal.models import Duty, User
from portal.numbers import clean_number
from portal.permissions import find_power, holder_of, powers_of
from portal.sign_in import count_attempt, forget_attempts
from services.models import Application
from services.permissions import is_applicant

GRANTS = "progress_grants"
GRANT_LASTS = timedelta(hours=1)
MOST_GRANTS = 20
TOO_MANY = "这个编号试错太多次了。请过15分钟再试，或打便民电话，代办员帮您查。"


def open_by_code(number: str, code: str) -> Application | None:
    """凭编号和查询码打开; attempts are counted by number, and a wrong number and a wrong code look the same.

    TooManyAttempts after five wrong tries in fifteen minutes.
    """
    cleaned = clean_number(number)
    subject = f"code:{cleaned}"
    count_attempt(subject, refusal=TOO_MANY)
    application = find_filed(cleaned) if cleaned else None
    right = keys().open_text(bytes(application.query_code_sealed)) if application else "?"
    if application is None or not constant_time_compare(right, clean_number(code)):
        return None
    forget_attempts(subject)
    return application


def grant(session: SessionBase, number: str, at: datetime) -> None:
    """记住这个会话凭查询码打开过这一件"""
    kept: dict[str, Any] = dict(list(session.get(GRANTS, {}).items())[-MOST_GRANTS + 1 :])
    session[GRANTS] = {**kept, number: at.isoformat()}


def is_granted(session: SessionBase, number: str, at: datetime) -> bool:
    """这个会话能不能看这一件"""
    since = session.get(GRANTS, {}).get(number)
    return bool(since) and at - datetime.fromisoformat(since) < GRANT_LASTS


def find_readable(user: Any, session: SessionBase, number: str, at: datetime) -> Application:
    """能看的那一件; Http404 alike for what does not exist and what is not theirs to see."""
    found = find_filed(number)
    if found is None or not _may_read(user, session, found, at):
        raise Http404("没有这一件，或者您不能看。")
    return found


def _may_read(user: Any, session: SessionBase, application: Application, at: datetime) -> bool:
    """本人、经手的工作人员，或这个会话用查询码打开过; the applicant is told apart without another statement."""
    if isinstance(user, User):
        if is_applicant(user, application):
            return True
        if user.is_staff_member and visible_to(user, at).filter(pk=application.pk).exists():
            return True
    return is_granted(session, application.number, at)


def find_own(user: User, number: str) -> Application:
    """自己的那一件; Http404 otherwise."""
    found = find_filed(number)
    if found is None or not is_applicant(user, found):
        raise Http404("没有这一件，或者不是您的。")
    return found


def may_end_mandate(user: Any, session: SessionBase, application: Application, at: datetime) -> bool:
    """能不能收回委托: the applicant, signed in or with the query code."""
    if not application.consent or application.consent_ended_at is not None:
        return False
    own = isinstance(user, User) and user.person_id == application.applicant_id
    return own or is_granted(session, application.number, at)


def find_supplier(user: User, number: str, at: datetime) -> tuple[Application, bool]:
    """能来补材料的那一件, and whether it is one's own; windows and the case's agent register paper for the applicant."""
    found = find_filed(number)
    if found is not None and is_applicant(user, found):
        return found, True
    if found is not None and user.is_staff_member:
        agent = holder_of(found.agent, at) if found.agent is not None else None
        powers = [p for p in powers_of(user, at) if p.post.township_id == found.township_id]
        if (agent is not None and agent.pk == user.pk) or find_power(powers, office=None, duties={Duty.WINDOW}):
            return found, False
    raise Http404("没有这一件，或者不是您的。")
