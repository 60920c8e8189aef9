"""提交和回执：the last page of the form posts here; the confirmation says number, dates and what silence means."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from approvals import access, actions
from approvals.pages.deadlines import slip_name
from approvals.pages.silence import silences
from approvals.pages.timeline import timeline
from approvals.queries.cases import fold_one, happenings, standing
from approvals.queries.papers import materials_of
from approvals.views.shared import NO_LEGAL_LIMIT, case_deadlines, still_waiting
from portal.clock import portal_now
from portal.errors import InvalidInput, WrongState
from portal.http import form_key, load_or_404, user_of
from portal.keys import keys
from portal.numbers import read_aloud
from services.lifecycle import State
from services.models import Application
from services.permissions import own_applications


@login_required
@require_POST
def file(request: HttpRequest, number: str) -> HttpResponse:
    """提交申请"""
    user = user_of(request)
    application: Application = load_or_404(own_applications(user), number=number)
    key = request.POST.get("key", "")[:64] or form_key()
    if application.state != State.DRAFT and application.filed_by_id == user.pk:
        return redirect("approvals:filed", number)
    try:
        actions.file(application=application, by=user, key=key)
    except InvalidInput as error:
        messages.error(request, error.message + "填过的都还在。")
        return redirect("services:check", number)
    except WrongState as error:  # the item has been withdrawn since
        messages.error(request, error.message)
        return redirect("services:check", number)
    return redirect("approvals:filed", number)


@login_required
@require_safe
def filed(request: HttpRequest, number: str) -> HttpResponse:
    """申请已收到"""
    application = access.find_own(user_of(request), number)
    folded = fold_one(application, portal_now())
    people = standing(folded)
    entries = timeline(application.rules, folded.state, happenings(folded), people.names)
    context = {
        "application": application,
        "state": folded.state,
        "aloud": read_aloud(number),
        "query_code": keys().open_text(bytes(application.query_code_sealed)),
        "deadlines": case_deadlines(folded),
        "no_legal_limit": NO_LEGAL_LIMIT if application.rules.statutory is None else "",
        "silences": silences(application.rules, complete=folded.state.gathered),
        "next_steps": [entry for entry in entries if not entry.done][:4],
        "materials": materials_of(folded),
        "waiting_text": still_waiting(folded),
        "slip_name": slip_name(folded.state),
        "agent": people.agent,
        "first": people.first,
        "nav": "items",
        "township": application.township,
    }
    return render(request, "approvals/filed.html", context)
