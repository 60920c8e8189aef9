"""接着办的办件：a new application that follows an earlier one – asked again, or sent on to another township."""

from uuid import uuid5

from django.db import transaction

from portal.errors import WrongState
from portal.models import User
from services.actions import field_pages, form_values, seal_form, start_draft
from services.lifecycle import State
from services.models import Application, Attachment, MaterialPoint, ServiceItem
from services.storage import discard, read_sealed, write_sealed


def start_again(*, previous: Application, by: User) -> Application:
    """重新申请 – a draft linked to the earlier one, with what was typed and answered; every part is looked at once more.

    One's unfinished draft of the same kind is taken up again. WrongState if the item takes no applications.
    """
    kept = Application.objects.filter(previous=previous, state=State.DRAFT, filed_by=by).first()
    if kept is not None:
        return kept
    own = by.person_id == previous.applicant_id
    item = ServiceItem.objects.select_related("current").get(pk=previous.item_id)
    draft = start_draft(
        item=item,
        by=by,
        applicant=previous.applicant,
        consent="" if own else previous.consent,
        previous=previous,
        channel="online" if own else previous.channel,
    )
    keys = {field.key for _, fields in field_pages(draft.rules) for field in fields}
    typed = {key: value for key, value in form_values(previous).items() if key in keys}
    draft.form_sealed = seal_form({**form_values(draft), **typed})
    draft.answers, draft.village, draft.expires_on = previous.answers, previous.village, previous.expires_on
    draft.save(update_fields=["form_sealed", "answers", "village", "expires_on"])
    return draft


def copy_to(item: ServiceItem, original: Application) -> Application:
    """转到另一个乡镇的同一件事 – a draft there with form, answers, papers and query code of the original, linked to it.

    Its files are copied, so that each township keeps its own record. WrongState if that item takes no applications.
    """
    draft = start_draft(
        item=item,
        by=original.filed_by,
        applicant=original.applicant,
        consent=original.consent,
        previous=original,
        channel=original.channel,
    )
    draft.query_code_sealed, draft.form_sealed = original.query_code_sealed, original.form_sealed
    draft.answers, draft.pages_done = original.answers, original.pages_done
    draft.expires_on, draft.consent_ended_at = original.expires_on, original.consent_ended_at
    draft.applicant_masked, draft.village = original.applicant_masked, None  # its villages are not theirs
    draft.save()
    for point in MaterialPoint.objects.filter(application=original).order_by("pk"):
        point.pk, point.application = None, draft
        point.save(force_insert=True)
    for attachment in Attachment.objects.filter(application=original, removed_at=None).order_by("pk"):
        _copy_file(attachment, draft)
    return draft


def _copy_file(attachment: Attachment, draft: Application) -> None:
    # Named after the original, so that sending on again what was interrupted writes the same file once more.
    token = uuid5(attachment.token, f"township {draft.township_id}")
    try:
        content = read_sealed(attachment.token)
    except OSError:
        raise WrongState("有一个附件现在打不开，转送不了。请打便民电话，我们马上查。") from None
    write_sealed(token, content)
    attachment.pk, attachment.application, attachment.token = None, draft, token
    try:
        with transaction.atomic():
            attachment.save(force_insert=True)
    except Exception:
        discard([token])
        raise
