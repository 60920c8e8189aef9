"""看自己交的文件"""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.http import load_or_404, user_of
from services.files import attachment_response
from services.models import Attachment
from services.permissions import own_applications


@require_safe
@login_required
def file(request: HttpRequest, token: UUID) -> HttpResponse:
    """一个附件: the applicant's own; for staff see approvals, where each reading is recorded."""
    own = Attachment.objects.filter(removed_at=None, application__in=own_applications(user_of(request)))
    attachment = load_or_404(own.select_related("application__version"), token=token)
    return attachment_response(attachment)
