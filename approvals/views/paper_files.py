"""下载PDF：the paper of a case as a file, for those who may see its page, and for nobody's cache."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from approvals import access
from approvals.papers import press
from approvals.papers.kinds import read_slug
from approvals.papers.making import Surroundings, make_sheet
from approvals.papers.sheet import Sheet, values
from approvals.queries.cases import Folded, fold_one
from approvals.views.shared import NO_LEGAL_LIMIT, case_deadlines, opened_first, public_url, qr_markup
from portal.clock import portal_now
from portal.http import user_of
from portal.keys import keys
from services.permissions import is_applicant


@opened_first
@require_safe
def paper_pdf(request: HttpRequest, number: str, paper: str) -> HttpResponse:
    """一张纸的 PDF"""
    now = portal_now()
    application = access.find_readable(request.user, request.session, number, now)
    own = request.user.is_authenticated and is_applicant(user_of(request), application)
    key, folded = read_slug(application.number, paper), fold_one(application, now)
    sheet = make_sheet(folded, key, paper_surroundings(folded, own)) if key else None
    if sheet is None:
        raise Http404("没有这张纸。")
    return _file(sheet, application.number)


def paper_surroundings(folded: Folded, own: bool) -> Surroundings:
    """页面知道、纸上要写的"""
    application = folded.application
    return Surroundings(
        deadlines=case_deadlines(folded)[:2],
        no_legal_limit=NO_LEGAL_LIMIT if application.rules.statutory is None else "",
        address_of=lambda paper: public_url(reverse("approvals:verify", args=[paper])),
        query_code=keys().open_text(bytes(application.query_code_sealed)) if own else "",
    )


def _file(sheet: Sheet, number: str) -> HttpResponse:
    response = HttpResponse(
        press.to_pdf(values(sheet), qr_markup(sheet.address)), content_type="application/pdf"
    )
    response["Content-Disposition"] = content_disposition_header(True, f"{sheet.heading}-{number}.pdf")
    response["Cache-Control"] = "private, no-store"
    return response
