"""登录：staff by work name, villagers by phone; failed attempts are counted in the database."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import F
from django.http import HttpRequest

from portal import joined
from portal.clock import portal_now
from portal.errors import TooManyAttempts
from portal.identity import clean_phone
from portal.keys import keys
from portal.models import SignInAttempt, User

LIMIT = 5
# One hall or one village may share an address, so it is let go further than one account.
ADDRESS_LIMIT = 30
WINDOW = timedelta(minutes=15)
LOCKED = "密码错了太多次。请过15分钟再试，或到窗口由两位工作人员核实身份后重设。"


def villager_login(phone: str) -> str:
    """村民的登录键: a keyed hash of the phone number."""
    return "v:" + keys().lookup("phone", phone)


def staff_login(work_name: str) -> str:
    """工作人员的登录键"""
    return "s:" + work_name.strip().lower()


def login_of(name: str) -> str:
    """登录时写的名字 → 登录键: only digits is a villager's phone, anything else a work name."""
    return villager_login(clean_phone(name)) if clean_phone(name) else staff_login(name)


def count_attempt(subject: str, *, limit: int = LIMIT, refusal: str = LOCKED) -> None:
    """记一次尝试, before the password is looked at, in one statement; the sixth in 15 minutes is refused.

    A parallel burst is counted one by one by the row lock, so no request slips past the limit.
    """
    subject_hash = keys().lookup("sign-in", subject)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO portal_signinattempt AS a (subject_hash, failures, window_start)
            VALUES (%s, 1, portal_now())
            ON CONFLICT (subject_hash) DO UPDATE SET
                failures = CASE WHEN a.window_start < portal_now() - %s::interval THEN 1 ELSE a.failures + 1 END,
                window_start = CASE WHEN a.window_start < portal_now() - %s::interval THEN portal_now() ELSE a.window_start END
            RETURNING failures
            """,
            [subject_hash, str(WINDOW), str(WINDOW)],
        )
        (failures,) = cursor.fetchone()
    if failures > limit:
        raise TooManyAttempts(refusal)


def return_attempt(subject: str) -> None:
    """退回一次: what turned out right does not count against a shared address."""
    subject_hash = keys().lookup("sign-in", subject)
    SignInAttempt.objects.filter(subject_hash=subject_hash, failures__gt=0).update(failures=F("failures") - 1)


def verify(*, login: str, password: str, address: str) -> User | None:
    """核对登录键和密码, counted per account and per address before the password is looked at.

    TooManyAttempts in the same words whether or not there is such an account.
    """
    place = f"address {address}"
    count_attempt(login)
    count_attempt(place, limit=ADDRESS_LIMIT)
    user = PortalBackend().authenticate(None, login=login, password=password)
    if user is not None:
        forget_attempts(login)
        return_attempt(place)
    return user


def forget_attempts(subject: str) -> None:
    """登录成功后清零"""
    SignInAttempt.objects.filter(subject_hash=keys().lookup("sign-in", subject)).delete()


def clean_old_attempts() -> int:
    """清掉过了期的计数"""
    return SignInAttempt.objects.filter(window_start__lt=portal_now() - WINDOW).delete()[0]


# What a page shows of a person is the name; the rest stays sealed and unread.
SEALED = ("person__id_sealed", "person__phone_sealed", "person__previous_phone_sealed", "person__email_sealed")


# Every page of theirs says how many messages wait; capped, so that the count stays cheap.
UNREAD = """
    (SELECT count(*) FROM (
        SELECT FROM portal_message
        WHERE recipient_id = "t".id AND channel = 'in_site' AND read_at IS NULL AND next_attempt_at <= portal_now() LIMIT 100
    ) AS m)
"""


class PortalBackend(BaseBackend):
    """登录核验"""

    def authenticate(
        self, request: HttpRequest | None, login: str = "", password: str = "", **_credentials: Any
    ) -> User | None:
        """核对登录键和密码; the same work is done when there is no such account."""
        user = User.objects.filter(login=login, is_active=True).first()
        if user is None:
            make_password(password)
            return None
        return user if user.check_password(password) else None

    def get_user(self, user_id: int) -> User | None:
        """按编号取账号, with its person and `unread`, since every page shows the name and what is new."""
        where = 'WHERE "t".id = %s AND "t".is_active'
        found = joined.select(User, ("person",), where, [user_id], SEALED, (("unread", UNREAD),))
        return found[0] if found else None
