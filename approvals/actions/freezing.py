"""解冻：two people release a restored system; every open case is then looked at again."""

from django.db import transaction

from approvals.models import Case
from portal import freezing
from portal.clock import portal_now
from portal.models import Freeze, User


def release(*, by: User, checked: str) -> Freeze:
    """签解冻 – the second signature releases; ends inside the freeze are then those of the first working day after it."""
    with transaction.atomic():
        signed = freezing.sign_release(by=by, checked=checked)
        if signed.released_at is not None:
            # Rows written while frozen may not know when to look again.
            Case.objects.filter(effective_at=None).update(next_look_at=portal_now())
    return signed
