"""读之前先结算：the board shows a default from the second its limit ends, with every worker dead (engine section 1).

Cases of the township whose next look has passed are settled first, those whose limit has ended
before those that only await a card, at most fifty and for at most two seconds a page; the rest
follow on the next reading, and a page on which something is still behind is not kept in the cache.
"""

import logging
import time
from datetime import datetime

from django.db import connection
from django.db.models import Case as Choose
from django.db.models import IntegerField, QuerySet, Value, When

from approvals.models import Case
from approvals.settling import settle_application
from portal.freezing import is_frozen
from portal.models import Township

AT_MOST = 50
SECONDS = 2.0
_log = logging.getLogger(__name__)


def settle_due(township: Township, now: datetime) -> datetime | None:
    """结算到期的件; the instant until which what a page shows stays true (None: nothing is waiting)."""
    next_look = _earliest(township)
    if next_look is None or next_look > now or is_frozen():
        return next_look
    first = Choose(When(due_at__lte=now, then=Value(0)), default=Value(1), output_field=IntegerField())
    due = _waiting(township).filter(next_look_at__lte=now).order_by(first, "next_look_at")
    started = time.monotonic()
    for application_id in list(due.values_list("application_id", flat=True)[:AT_MOST]):
        if time.monotonic() - started > SECONDS:
            break
        _settle(application_id)
    return _earliest(township)


def _earliest(township: Township) -> datetime | None:
    """最早要看的时刻; in plain SQL, for every public page asks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(next_look_at) FROM approvals_case WHERE township_id = %s AND next_look_at IS NOT NULL", [township.pk]
        )
        found: datetime | None = cursor.fetchone()[0]
    return found


def _waiting(township: Township) -> QuerySet[Case]:
    return Case.objects.filter(township=township, next_look_at__isnull=False)


def _settle(application_id: int) -> None:
    """结算一件; one that fails must not take the board down – the sweep records it and alarms."""
    try:
        settle_application(application_id)
    except Exception:
        _log.exception("case of application %s could not be settled", application_id)
