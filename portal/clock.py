"""数据库的钟：the one source of time for every act (engine section 7)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from portal import revisions

CLOCK = "SELECT portal_now(), portal_clock_is_shifted()"
CLOCK_AND_REVISIONS = f"{CLOCK}, ARRAY(SELECT name || ' ' || number FROM ({revisions.KEPT}) AS r)"  # noqa: S608 # texts of ours


@dataclass(frozen=True, slots=True)
class Reading:
    """一次读钟: the instant (UTC), and whether a demo or test database had shifted it."""

    at: datetime
    simulated: bool


def read_clock() -> Reading:
    """读钟: its own statement, so it is never older than the lock taken before it."""
    with connection.cursor() as cursor:
        if revisions.is_first_look():  # a page is about to ask for these too
            cursor.execute(CLOCK_AND_REVISIONS)
            at, simulated, numbers = cursor.fetchone()
            revisions.keep_look(numbers)
        else:
            cursor.execute(CLOCK)
            at, simulated = cursor.fetchone()
    return Reading(at, simulated)


def portal_now() -> datetime:
    """现在（数据库的钟）, UTC"""
    return read_clock().at
