"""实际用了多久：measured from what was decided, kept with the items (D6)."""

from django.db import transaction

from approvals.queries.taken import measured
from portal.calendars import current_calendar
from portal.clock import portal_now
from portal.limits import day_of
from services.actions import keep_taken


def measure_taken() -> int:
    """算各事项最近一年实际用了多久 – safe to run twice or days late; the number of items written."""
    with transaction.atomic():
        now = portal_now()
        return keep_taken(measured(now, current_calendar()), on=day_of(now))
