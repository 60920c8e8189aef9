"""办件的动作：each act has its own page; what is refused comes back in the same form with the sentence.

Whoever cannot do the act now reads why, and gets no form that would be refused after the typing.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from approvals.act_forms import FORMS, ActForm
from approvals.facts import StepView
from approvals.lawful import Barred
from approvals.models import Opinion
from approvals.pages.deadlines import STAFF_LABELS, Deadline
from approvals.queries.cases import Folded
from approvals.queries.desk import Work
from approvals.queries.links import links_of
from approvals.views.case import Opened, lawful_for, open_case_for
from approvals.views.shared import one_deadline, silent_steps, staff_required
from portal.errors import PortalError
from portal.http import address_of
from portal.numbers import grouped
from portal.templating import url
from services.lifecycle import State

ELSEWHERE = "这个动作不在您的岗位职责里，或者这件事现在没有走到这一步。"


@staff_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """一个动作"""
    if act not in FORMS:
        raise Http404("没有这个动作。")
    opened = open_case_for(request, number)
    form = _form(request, opened, act)
    if act == "opinion" and request.method == "GET" and _is_delivery(opened, form.step):
        return redirect("approvals:act", number, "deliver")
    if request.method == "GET" and (barred := _barred(opened, form, act)) is not None:
        context = {"application": opened.folded.application, "barred": barred, "nav": "workbench"}
        return render(request, "approvals/barred.html", context)
    status = 200
    if request.method == "POST":
        following = _following(opened) if form.is_valid() else ""
        status = _run(form, opened)
        if status == 0:
            messages.success(request, _done(form, following))
            return redirect("approvals:case", number)
    template = "approvals/correct.html" if act == "correct" else "approvals/act.html"
    return render(request, template, _context(opened, form, act), status=status)


def _following(opened: Opened) -> str:
    """工作台上接在这一件后面、现在有事可办的一件, looked for before the act takes this one from its place; "" for none."""
    work, number = Work(opened.user, opened.powers, opened.folded.at), opened.folded.application.number
    page = work.page()
    place = max((place for place, row in enumerate(page.rows) if row.number == number), default=-1)
    after = page.rows[place + 1 :] or (work.page(after=page.next).rows if page.next else [])
    waiting = (row.number for row in [*after, *page.rows] if row.number != number and row.due is not None and not row.recused)
    return next(waiting, "")


def _done(form: ActForm, following: str) -> str:
    """办好了的回话，带着下一件"""
    if not following:
        return form.done
    return format_html('{} <a href="{}">下一件 {}</a>', form.done, url("approvals:case", following), grouped(following))


def _barred(opened: Opened, form: ActForm, act: str) -> Barred | None:
    """这个人现在不能办这个动作的原因; None where the form will be heard."""
    acts, barred = lawful_for(opened)
    step = form.step  # none named: the form asks for it
    if any(one.act == act and (not step or one.step in {"", step}) for one in acts):
        return None
    told = next((one for one in barred if one.act == act and (not step or one.step in {"", step})), None)
    return told or Barred(form.title, ELSEWHERE, act)


def _form(request: HttpRequest, opened: Opened, act: str) -> ActForm:
    given = request.POST if request.method == "POST" else request.GET
    offered = _offered(opened, act)
    step = given.get("step", "")[:40] or (offered[0] if len(offered) == 1 else _step_of(opened, act))
    about: dict[str, Any] = {"folded": opened.folded, "step": step, "offered": offered, "address": address_of(request)}
    if request.method != "POST":  # nothing has been filled in yet, so nothing is wrong
        return FORMS[act](**about)
    files: Any = {name: request.FILES.getlist(name) for name in request.FILES}
    return FORMS[act](request.POST, files, **about)


def _offered(opened: Opened, act: str) -> tuple[str, ...]:
    """哪几个环节此人能停、能恢复; not asked for the other acts, which have one step or none."""
    if act not in {"pause", "resume"}:
        return ()
    return tuple(one.step for one in lawful_for(opened)[0] if one.act == act)


def _step_of(opened: Opened, act: str) -> str:
    """没写明环节的，就是正在办的头一个; which of several to pause or resume is for the form to ask."""
    open_steps = opened.folded.state.open_steps
    return open_steps[0].stage.key if open_steps and act in {"opinion", "object", "find", "absent"} else ""


def _is_delivery(opened: Opened, step: str) -> bool:
    """这一步就是送达：it has one page only, that of its receipt."""
    handing_over = opened.folded.state.handing_over
    return handing_over is not None and handing_over.stage.key == step


def _run(form: ActForm, opened: Opened) -> int:
    """0 when done, else the status of the page that shows the form again."""
    if not form.is_valid():
        return 400
    try:
        form.run(opened.user)
    except PortalError as error:
        form.add_error(None, error.message)
        return error.status
    return 0


def _deadline(folded: Folded, step: StepView | None, act: str) -> Deadline | None:
    """这个动作赶的期限: the step's own, else the window's, the delivery's, or that of the whole case."""
    if step is not None and step.clock is not None:
        return one_deadline(folded, step.clock, step.stage.key, label=step.stage.name)
    state = folded.state
    clock = state.clock("intake") if state.state == State.SUBMITTED else state.shown_clock
    clock = state.clock("delivery") or clock if act == "deliver" else clock
    return one_deadline(folded, clock, clock.key, label=STAFF_LABELS.get(clock.key, "")) if clock is not None else None


def _context(opened: Opened, form: ActForm, act: str) -> dict[str, Any]:
    folded = opened.folded
    step = folded.state.step(form.step) if form.step else None
    given = Opinion.objects.filter(step__case__application=folded.application)
    opinions = given if act in {"decide", "find"} else given.none()
    return {
        "application": folded.application,
        "rules": folded.application.rules,
        "form": form,
        "act": act,
        "step": step,
        "deadline": _deadline(folded, step, act),
        "links": links_of(folded.application) if act == "decide" else [],
        "opinions": opinions.select_related("step__office", "by__person", "post", "on_behalf_of__person").order_by("pk"),
        **(silent_steps(folded) if act in {"decide", "find"} else {}),
        "acting_for": [p for p in opened.powers if p.delegation is not None],
        "township": folded.application.township,
        "nav": "workbench",
    }
