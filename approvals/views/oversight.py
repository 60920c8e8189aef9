"""督查：open cards and overdue reasons still owed, who bears them, by office."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.queries import oversight as found
from approvals.queries.desk import settle_due
from approvals.views.shared import staff_required
from approvals.wording import CLOCKS
from portal.clock import portal_now
from portal.http import user_of
from portal.models import Duty, User
from portal.permissions import Power, powers_of

MAY_SEE = frozenset({Duty.SUPERVISE, Duty.TOWN_LEADER})


def watched_township(user: User, at: datetime) -> int:
    """督查哪个乡镇; Http404 for whoever oversees none."""
    for power in powers_of(user, at):
        if power.post.duty in MAY_SEE:
            return power.post.township_id
    raise Http404("没有这一页。")


def is_leader(powers: list[Power], township_id: int) -> bool:
    """是不是本镇的领导: he may write every office's reason."""
    return any(power.post.duty == Duty.TOWN_LEADER and power.post.township_id == township_id for power in powers)


@staff_required
@require_safe
def oversight(request: HttpRequest) -> HttpResponse:
    """督查"""
    user, now = user_of(request), portal_now()
    township = watched_township(user, now)
    settle_due(township, now)
    now = portal_now()
    cards = found.open_cards(township)
    context = {
        "offices": found.by_office(township, now),
        "cards": [(card, card.step or CLOCKS.get(card.clock, card.clock)) for card in cards],
        "owed": found.owed_reasons(township, now),
        "leads": is_leader(powers_of(user, now), township),
        "most": found.MOST,
        "now": now,
        "nav": "oversight",
    }
    return render(request, "approvals/oversight.html", context)
