"""开始办理：for oneself, or for a villager who has asked a clerk or village agent."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.clock import portal_now
from portal.entering import enter_person
from portal.errors import PortalError
from portal.http import load_or_404, township_of, user_of
from services.actions import field_pages, start_draft
from services.forms import OnBehalfForm
from services.models import Application, ServiceItem
from services.permissions import filing_duty
from services.queries import drafts_of, item_for_guide, villages_of
from services.tasklist import first_steps
from services.views.access import keep_typed, typed_before


@require_http_methods(["GET", "POST"])
@keep_typed
def start(request: HttpRequest, code: str) -> HttpResponse:
    """开始办理: one's unfinished draft of this item is taken up again unless another one is asked for."""
    item = load_or_404(item_for_guide(township_of(request), code))
    user = user_of(request)
    drafts = drafts_of(user).filter(item=item, consent="")
    if request.method == "POST":
        kept = None if request.POST.get("another") else drafts.first()
        draft = kept or start_draft(item=item, by=user)
        if kept is not None:
            messages.info(request, "您有一份没填完的，已经接着上次打开。")
        return redirect("services:tasks", number=draft.number)
    return _before(request, item, list(drafts[:5]))


def _before(request: HttpRequest, item: ServiceItem, drafts: list[Application]) -> HttpResponse:
    assert item.current is not None  # published_items
    rules = item.current.rules
    pages, steps = field_pages(rules), first_steps(rules)
    context = {"nav": "items", "item": item, "rules": rules, "drafts": drafts, "pages": pages, "steps": steps}
    return render(request, "services/start.html", context)


@require_http_methods(["GET", "POST"])
@keep_typed
def start_for(request: HttpRequest, code: str) -> HttpResponse:
    """替人申请: staff of this township's windows and agents only; anyone else sees no such page."""
    item, user = load_or_404(item_for_guide(township_of(request), code)), user_of(request)
    duty = filing_duty(user, item.township_id, portal_now())
    if duty is None:
        raise Http404("没有这一页，或者您不能看。")
    form = OnBehalfForm(typed_before(request), villages=villages_of(item.township_id))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("services:tasks", number=_begin(item, form, request, duty).number)
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
    return render(request, "services/start_for.html", {"item": item, "form": form, "nav": "items"}, status=status)


def _begin(item: ServiceItem, form: OnBehalfForm, request: HttpRequest, channel: str) -> Application:
    values = form.cleaned_data
    person = enter_person(
        name=values["name"], identity=values["id_number"], phone=values["phone"], village=values["village"]
    )
    kept = drafts_of(user_of(request)).filter(item=item, applicant=person, consent=values["consent"]).first()
    return kept or start_draft(
        item=item, by=user_of(request), applicant=person, consent=values["consent"], channel=channel
    )
