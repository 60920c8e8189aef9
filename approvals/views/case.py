"""办件页：papers, viewer, clock and lawful acts side by side; every reading is on the record."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from approvals import reading
from approvals.facts import CaseState, StepView
from approvals.lawful import Barred, Lawful, lawful_acts
from approvals.models import Opinion, RecusalRecord, RelativeRecord, Step
from approvals.pages.deadlines import STAFF_LABELS, Cell, day_cells, headline, slip_name
from approvals.pages.validity import term
from approvals.permissions import visible_to
from approvals.queries.cases import Folded, filed_applications, fold_one, standing
from approvals.queries.handed import handed_over
from approvals.queries.links import death_of, links_of
from approvals.queries.papers import papers_of
from approvals.views.queue import act_url
from approvals.views.shared import calendar_for, case_deadlines, one_deadline, silent_steps, staff_required
from approvals.wording import event_words
from portal.clock import portal_now
from portal.http import load_or_404, user_of
from portal.models import User
from portal.permissions import Power, must_recuse, powers_of
from portal.roster import Matter, current_roster
from services.definition import StageKind
from services.files import attachment_response, live_attachments, name_of
from services.lifecycle import FINAL, State
from services.models import Application, Attachment
from services.queries import MaterialView, PartView, Sheet

# Acts that move the clock, not the case: never the one filled button.
ASIDE = frozenset({"pause", "resume", "extend", "absent", "died", "pass", "duplicate", "terminate"})
APPLICANT = "申请人"  # what staff call the one whom the public pages call 您
BESIDE = {"我们承诺": "承诺", "法律最长": "法定"}  # as one line below the step's own day
NO_REASON = "要看全名和电话，请写一句为什么，会记下来给申请人看。"


@dataclass(frozen=True, slots=True)
class Opened:
    """打开了的一件: folded, with the powers of whoever opened it."""

    folded: Folded
    user: User
    powers: list[Power]
    recused: bool


def open_case_for(request: HttpRequest, number: str) -> Opened:
    """岗位能看的那一件; Http404 otherwise."""
    user, now = user_of(request), portal_now()
    application = load_or_404(filed_applications().filter(pk__in=visible_to(user, now).values("pk")), number=number)
    powers = [p for p in powers_of(user, now) if p.post.township_id == application.township_id]
    recused = must_recuse(user, application.applicant)
    return Opened(fold_one(application, now), user, powers, recused)


@staff_required
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """一件办件"""
    opened = open_case_for(request, number)
    reading.note_opening(opened.folded.application, opened.user, opened.powers, opened.folded.at)
    return render(request, "approvals/case.html", case_context(request, opened))


@staff_required
@require_POST
def personal(request: HttpRequest, number: str) -> HttpResponse:
    """看全名、电话、证件号码: with a reason, recorded, shown this once."""
    opened = open_case_for(request, number)
    reason = request.POST.get("reason", "").strip()[:120]
    if len(reason) < 2:
        context = {**case_context(request, opened), "personal_error": NO_REASON}
        return render(request, "approvals/case.html", context, status=400)
    reading.note_personal(opened.folded.application, opened.user, opened.powers, reason)
    context = {**case_context(request, opened, covered=False), "person": opened.folded.application.applicant}
    return render(request, "approvals/case.html", context)


@staff_required
@require_safe
def attachment(request: HttpRequest, number: str, token: UUID) -> HttpResponse:
    """看一个附件"""
    opened = open_case_for(request, number)
    application = opened.folded.application
    found: Attachment = load_or_404(live_attachments(application).select_related("application__version"), token=token)
    reading.note_file(application, opened.user, opened.powers, name_of(found))
    return attachment_response(found)


def case_context(request: HttpRequest, opened: Opened, *, covered: bool = True) -> dict[str, Any]:
    """办件页的内容"""
    folded = opened.folded
    application, state, rules = folded.application, folded.state, folded.application.rules
    people = standing(folded)
    sheet = Sheet(Application.objects.select_related("version").get(pk=application.pk), in_full=not covered)
    return {
        "application": application,
        "rules": rules,
        "state": state,
        "at": folded.at,
        "ended": state.state in FINAL,
        **_words(folded),
        "clocks": _clocks(folded, opened.powers),
        "people": people,
        "parts": _parts(sheet, state, covered=covered),
        "happened": _happened(folded),
        "simulated": any(event.simulated for event in folded.events),
        "township": application.township,
        "nav": "workbench",
        **_may(opened),
        **_around(folded),
        **_viewer(request, application, sheet.materials),
        **papers_of(folded),
    }


def _parts(sheet: Sheet, state: CaseState, *, covered: bool) -> list[PartView]:
    """填写的内容，补正时改过的带上原来填的"""
    parts = sheet.with_amended() if state.corrections else sheet.parts
    return reading.masked_parts(parts) if covered else parts


def lawful_for(opened: Opened) -> tuple[list[Lawful], list[Barred]]:
    """打开的人此刻能办的和不能办的"""
    folded = opened.folded
    number, rules = folded.application.number, folded.application.rules
    mine, recused = _assigned(opened), opened.recused
    return lawful_acts(folded.state, rules, opened.powers, number=number, recused=recused, assigned=mine)


def _may(opened: Opened) -> dict[str, Any]:
    """能办的、不能办的和以谁的身份"""
    number = opened.folded.application.number
    acts, barred = lawful_for(opened)
    return {
        "acts": [{"label": act.label, "url": act_url(number, act), "aside": act.act in ASIDE} for act in acts],
        "barred_acts": barred,
        "recused": opened.recused,
        "stood_in": _stood_in(opened),
        "deputies": _deputies(opened),
    }


def _stood_in(opened: Opened) -> list[Power]:
    """代的岗位里，管得到这一件的: what was given for other cases is not told here."""
    matters = _matters(opened)
    return [p for p in opened.powers if p.delegation is not None and any(p.covers(matter) for matter in matters)]


def _deputies(opened: Opened) -> list[str]:
    """这一件在自己的岗位上，此刻由谁代着"""
    folded, roster = opened.folded, current_roster()
    handed = handed_over(opened.user.pk, opened.powers, roster, folded.at)
    if not handed.parts:
        return []
    case = folded.application.case
    posts = {StageKind.INTAKE.value: {case.window_id}} if folded.state.state == State.SUBMITTED else {}
    for kind, post in Step.objects.filter(case=case, status="open").values_list("kind", "post"):
        posts.setdefault(kind, set()).add(post)
    names = [handed.deputy_of(post, matter) for matter in _matters(opened) for post in posts.get(matter.kind, ())]
    return [*dict.fromkeys(name for name in names if name)]


def _matters(opened: Opened) -> list[Matter]:
    """现在在办的各步，代理的范围按它们比; the case itself where none is open."""
    state, application = opened.folded.state, opened.folded.application
    kinds = [StageKind.INTAKE.value] if state.state == State.SUBMITTED else [step.stage.kind for step in state.open_steps]
    return [Matter(application.rules.code, kind, application.number) for kind in kinds or [""]]


def _assigned(opened: Opened) -> frozenset[str]:
    """派到此人岗位的环节"""
    steps = Step.objects.filter(case=opened.folded.application.case, post__in=[power.post.pk for power in opened.powers])
    return frozenset(steps.values_list("key", flat=True))


def _words(folded: Folded) -> dict[str, str]:
    """给工作人员看的说法: how the case stands, until when its result holds, what the applicant is called, the slip's name."""
    state = folded.state
    shown = headline(state, calendar_for(folded), APPLICANT)
    ends = term(state, folded.application.rules)
    return {"headline": shown, "term": ends, "whom": APPLICANT, "slip_name": slip_name(state)}


def _around(folded: Folded) -> dict[str, Any]:
    """各环节的意见、连着的件、去世登记"""
    application = folded.application
    return {
        "opinions": list(_opinions(application)),
        **silent_steps(folded),
        "links": links_of(application),
        "recusals": list(RecusalRecord.objects.filter(case=application.case).select_related("user__person", "to_post")),
        "relatives": list(RelativeRecord.objects.filter(application=application).select_related("user__person")),
        "death": death_of(application) if folded.state.dead else None,
    }


def _opinions(application: Application) -> Any:
    rows = Opinion.objects.filter(step__case__application=application)
    return rows.select_related("step__office", "by__person", "post", "on_behalf_of__person").order_by("pk")


def _clocks(folded: Folded, powers: list[Power]) -> list[dict[str, Any]]:
    """这一步的钟，同时走的别的环节的，再是整件的钟"""
    state, calendar = folded.state, calendar_for(folded)
    shown: list[dict[str, Any]] = []
    intake = state.clock("intake")
    if state.state == "submitted" and intake is not None:
        shown.append(_clock("窗口答复", one_deadline(folded, intake, "intake"), day_cells(intake, None, calendar, folded.at)))
    offices = {power.post.office.key for power in powers}
    for step in sorted(state.open_steps, key=lambda s: s.stage.office not in offices):
        if step.clock is not None:
            deadline = one_deadline(folded, step.clock, step.stage.key, label=step.stage.name, sentence=_silence(step))
            other = any(not clock["other"] for clock in shown)
            shown.append(_clock(step.stage.name, deadline, day_cells(step.clock, None, calendar, folded.at), other=other))
    whole = state.shown_clock
    cells = day_cells(whole, state.clock("statutory"), calendar, folded.at) if whole else []
    for number, deadline in enumerate(case_deadlines(folded, STAFF_LABELS)):
        shown.append(_clock(BESIDE.get(deadline.label, deadline.label), deadline, cells if number == 0 else []))
    return sorted(shown, key=lambda clock: clock["title"] != STAFF_LABELS["answer"])  # the one that runs, while it is waited for


def _clock(title: str, deadline: Any, cells: list[Cell], *, other: bool = False) -> dict[str, Any]:
    return {"title": title, "deadline": deadline, "cells": cells, "other": other}


def _silence(step: StepView) -> str:
    if step.clock is not None and step.clock.mode == "consent":
        return "不答复：视为无异议，记责。"
    return "不答复：不算同意，逾期督办。"


def _viewer(request: HttpRequest, application: Application, materials: list[MaterialView]) -> dict[str, Any]:
    """材料和现在看的那一样的那一页"""
    wanted = request.GET.get("material", "")
    with_files = [view for view in materials if view.files]
    current = next((v for v in materials if v.rule.key == wanted), with_files[0] if with_files else None)
    files = current.files if current else ()
    place = request.GET.get("page", "1")
    page = min(max(int(place) if place.isdecimal() and len(place) < 4 else 1, 1), max(len(files), 1))
    shown = files[page - 1] if files else None
    return {
        "materials": materials,
        "current": current,
        "shown": shown,
        "shown_url": reverse("approvals:attachment", args=[application.number, shown.token]) if shown else "",
        "page": page,
        "pages": len(files),
        "turn": [n for n in (page - 1, page + 1) if 1 <= n <= len(files)],
    }


def _happened(folded: Folded) -> list[dict[str, Any]]:
    """经过，新的在前"""
    names = {stage.key: stage.name for stage in folded.application.rules.stages}
    rows = []
    for event in reversed(folded.events):
        rows.append(
            {
                "at": event.recorded_at,
                "actor": event.actor,
                "post": event.post,
                "on_behalf_of": event.on_behalf_of,
                "text": event_words(event.kind, event.payload, names),
                "sequence": event.sequence,
                "by_code": event.payload.get("by_code", False),
            }
        )
    return rows
