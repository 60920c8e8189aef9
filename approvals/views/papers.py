"""纸：acceptance slip, one-time notice, decision, certificate – one A4 page each – and the public check of a certificate."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from approvals import access
from approvals.models import Certificate, CorrectionNotice, Decision
from approvals.pages.day_zero import day_zero
from approvals.pages.deadlines import slip_day, slip_name, state_word
from approvals.pages.deciders import elsewhere
from approvals.pages.materials import how_to_change
from approvals.pages.months import how_counted
from approvals.pages.silence import silences
from approvals.pages.validity import on_certificate, on_paper
from approvals.papers.checking import check_paper
from approvals.papers.kinds import PaperKind, slug_of
from approvals.papers.outcomes import GATHERED
from approvals.queries.cases import Folded, fold_one, standing
from approvals.queries.papers import materials_of
from approvals.views.shared import NO_LEGAL_LIMIT, case_deadlines, opened_first, qr_svg
from portal.clock import portal_now
from portal.http import township_of
from portal.keys import keys
from portal.numbers import read_aloud
from services.permissions import is_applicant


def _readable(request: HttpRequest, number: str) -> Folded:
    now = portal_now()
    return fold_one(access.find_readable(request.user, request.session, number, now), now)


def _base(folded: Folded) -> dict[str, Any]:
    application = folded.application
    return {
        "application": application,
        "rules": application.rules,
        "state": folded.state,
        "at": folded.at,
        "township": application.township,
        "aloud": read_aloud(application.number),
    }


@opened_first
@require_safe
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """受理（收件）通知单"""
    folded = _readable(request, number)
    application, people = folded.application, standing(folded)
    own = request.user.is_authenticated and is_applicant(request.user, application)
    promised = folded.state.clock("promised")
    context = {
        **_base(folded),
        "paper": slip_name(folded.state),
        "signed_on": slip_day(folded.state, application.filed_at),
        "deadlines": case_deadlines(folded)[:2],
        "no_legal_limit": NO_LEGAL_LIMIT if application.rules.statutory is None else "",
        "silences": silences(application.rules, complete=folded.state.gathered)[:5],
        "agent": people.agent,
        "first": people.first,
        "materials": materials_of(folded),
        "how": how_counted(promised.days, day_zero(folded.state, promised, "promised")) if promised else "",
        "query_code": keys().open_text(bytes(application.query_code_sealed)) if own else "",
    }
    return render(request, "approvals/slip.html", context)


@opened_first
@require_safe
def qr(request: HttpRequest, number: str) -> HttpResponse:
    """查进度的二维码: the number is filled in, and who may see it at once is led on."""
    found = access.find_readable(request.user, request.session, number, portal_now())
    return qr_svg(f"{reverse('approvals:progress_lookup')}?number={found.number}")


@require_safe
def certificate_qr(request: HttpRequest, number: str) -> HttpResponse:
    """核验页的二维码"""
    found = Certificate.objects.filter(number=number).first()
    if found is None:
        raise Http404("没有这份证明。")
    return qr_svg(reverse("approvals:verify", args=[found.number]))


@opened_first
@require_safe
def correction_notice(request: HttpRequest, number: str) -> HttpResponse:
    """一次性告知书: the newest, or the one whose place among them is asked for."""
    folded = _readable(request, number)
    sent = list(CorrectionNotice.objects.filter(case=folded.application.case).select_related("by__person").order_by("pk"))
    place = request.GET.get("which", "") or str(len(sent))
    if not place.isdecimal() or len(place) > 3 or not 1 <= int(place) <= len(sent):
        raise Http404("没有一次性告知书。")
    notice = sent[int(place) - 1]
    note = keys().open_text(bytes(notice.note_sealed))
    people = standing(folded)
    pdf = slug_of(PaperKind.CORRECTION, int(place))
    changing = how_to_change(folded.application.rules, [point["key"] for point in notice.points])
    context = {**_base(folded), "notice": notice, "note": note, "pdf": pdf, "changing": changing}
    context |= {"agent": people.agent, "first": people.first}
    return render(request, "approvals/correction_notice.html", context)


@opened_first
@require_safe
def decision_paper(request: HttpRequest, number: str) -> HttpResponse:
    """决定书或结果告知"""
    folded = _readable(request, number)
    rows = Decision.objects.filter(case=folded.application.case).select_related("by__person", "post__office")
    decision = rows.first()
    if decision is None:
        raise Http404("还没有结果。")
    word = state_word(decision.outcome, decision.manner)
    valid = on_paper(folded.application.rules, decision.outcome, folded.state.granted_until)
    context = {**_base(folded), "decision": decision, "word": word, "valid": valid}
    context["elsewhere"] = elsewhere(folded.application.rules, decision)
    return render(request, "approvals/decision_paper.html", context)


@opened_first
@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """默认证明"""
    folded = _readable(request, number)
    found = Certificate.objects.filter(case=folded.application.case).select_related("office").order_by("-pk").first()
    if found is None:
        raise Http404("没有证明。")
    return render(request, "approvals/certificate.html", {**_base(folded), **_certified(found, folded)})


def _certified(found: Certificate, folded: Folded) -> dict[str, Any]:
    state, rules = folded.state, folded.application.rules
    return {
        "certificate": found,
        "word": state_word(state.state, state.manner),
        "valid": on_certificate(state),
        "decided_elsewhere": rules.decided_elsewhere,
        "gathered": found.mode in GATHERED,
    }


@require_safe
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """核验一张纸: public, masked; what nobody issued says so."""
    checked = check_paper(number)
    town = checked.application.township if checked.application else township_of(request)
    context = {"typed": number[:30], "checked": checked, "town": town, "nav": ""}
    return render(request, "approvals/verify.html", context, status=200 if checked.application else 404)
