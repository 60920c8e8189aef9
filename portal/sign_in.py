"""登录：staff by work name, villagers by phone; failed attempts are counted in the database."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.http import HttpRequest

from portal.clock import portal_now
from portal.errors import TooManyAttempts
from portal.keys import keys
from portal.models import SignInAttempt, User

LIMIT = 5
WINDOW = timedelta(minutes=15)


def villager_login(phone: str) -> str:
    """村民的登录键: a keyed hash of the phone number."""
    return "v:" + keys().lookup("phone", phone)


def staff_login(work_name: str) -> str:
    """工作人员的登录键"""
    return "s:" + work_name.strip().lower()


def count_attempt(subject: str) -> None:
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
                failures = CASE WHEN a.window_start < portal_now() - %s THEN 1 ELSE a.failures + 1 END,
                window_start = CASE WHEN a.window_start < portal_now() - %s THEN portal_now() ELSE a.window_start END
            RETURNING failures
            """,
            [subject_hash, WINDOW, WINDOW],
        )
        (failures,) = cursor.fetchone()
    if failures > LIMIT:
        raise TooManyAttempts("密码错了太多次。请过15分钟再试，或到窗口由两位工作人员核实身份后重设。")


def forget_attempts(subject: str) -> None:
    """登录成功后清零"""
    SignInAttempt.objects.filter(subject_hash=keys().lookup("sign-in", subject)).delete()


def clean_old_attempts() -> int:
    """清掉过了期的计数"""
    return SignInAttempt.objects.filter(window_start__lt=portal_now() - WINDOW).delete()[0]


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
        """按编号取账号, with its person, since every page shows the name."""
        return User.objects.select_related("person").filter(pk=user_id, is_active=True).first()
