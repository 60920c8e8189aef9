"""咨询锁：the two locks every write takes, the deployment's and its township's, shared by acts (engine section 8).

What moves the ends of limits – a calendar, an outage, a freeze – has the deployment's alone; what moves a power or
what is accepted has the township's alone. Both are held to the end of the transaction; the clock is read after them.
"""

from django.db import connection

from portal.clock import Reading, read_clock

DEPLOYMENT_LOCK, TOWNSHIP_LOCK = 7001, 7002


def lock_deployment() -> None:
    """独占整个部署: no act runs meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [DEPLOYMENT_LOCK])


def lock_township(township_id: int) -> Reading:
    """独占一个乡镇，再读钟: no act under way uses what is being taken back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, 0)", [DEPLOYMENT_LOCK])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TOWNSHIP_LOCK, township_id])
    return read_clock()


def share_township(township_id: int) -> Reading:
    """和别的动作一起用一个乡镇，再读钟"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, 0), pg_advisory_xact_lock_shared(%s, %s)",
            [DEPLOYMENT_LOCK, TOWNSHIP_LOCK, township_id],
        )
    return read_clock()
