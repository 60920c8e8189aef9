"""补正时改填写的内容：only what the notice lists; what stood there before stays, sealed, with who changed it and when."""

from collections.abc import Mapping

from django.db import transaction

from portal import privacy
from portal.clock import portal_now
from portal.errors import InvalidInput, WrongState
from portal.keys import keys
from portal.models import User, Village
from services.actions import DROPPED, EXPIRY_FIELD, form_values, seal_form
from services.definition import FormField
from services.filling import applies
from services.lifecycle import FINAL, State
from services.models import AmendedField, Application, HowSupplied, MaterialPoint


def amendable(application: Application) -> list[FormField]:
    """补正能要求改的格: those that apply to this application.

    Not the expiry of a permit: a limit runs by it, and no limit moves by what is typed later.
    """
    known = {**form_values(application), **application.answers}
    return [field for field in application.rules.fields if field.key != EXPIRY_FIELD and applies(field, known)]


def amend(*, application: Application, values: Mapping[str, str], by: User) -> None:
    """改填写的内容 – `values` by field, clean already; what stood there is kept, sealed.

    InvalidInput for a field that cannot be changed; WrongState before filing and once the case has an outcome.
    """
    with transaction.atomic():
        locked = _lock_running(application)
        if not values.keys() <= {field.key for field in amendable(locked)}:
            raise InvalidInput("这一格不能在补正时改。")
        before, now = form_values(locked), portal_now()
        changed = [key for key, value in values.items() if before.get(key, "") != value]
        AmendedField.objects.bulk_create(
            AmendedField(application=locked, key=key, before_sealed=keys().seal_text(before.get(key, "")), by=by, at=now)
            for key in changed
        )
        locked.form_sealed, locked.updated_at = seal_form({**before, **values}), now
        if "village" in values:
            locked.village = Village.objects.filter(township=locked.township_id, slug=values["village"]).first()
        if values.get("name"):
            locked.applicant_masked = privacy.mask_name(values["name"])
        locked.save(update_fields=["form_sealed", "village", "applicant_masked", "updated_at"])
        for key in values:
            _set(locked, key, HowSupplied.TYPED, "")


def keep_as_typed(*, application: Application, key: str, statement: str) -> None:
    """写明改不了、不用改 – the applicant's own words stand in place of another value."""
    if not statement.strip():
        raise InvalidInput("请写明为什么不改。")
    with transaction.atomic():
        locked = _lock_running(application)
        if key not in {field.key for field in amendable(locked)}:
            raise InvalidInput("这一格不能在补正时改。")
        _set(locked, key, HowSupplied.CANNOT, statement.strip()[:300])


def _set(application: Application, key: str, how: HowSupplied, statement: str) -> None:
    values = {"how": how, "statement": statement, "supplied_at": portal_now()}
    MaterialPoint.objects.update_or_create(application=application, key=key, defaults=values)


def _lock_running(application: Application) -> Application:
    locked = Application.objects.select_for_update(of=["self"]).select_related("version").filter(pk=application.pk).first()
    if locked is None:
        raise WrongState(DROPPED)
    if locked.state in FINAL | {State.DRAFT}:
        raise WrongState("这件事不在办理中，填写的内容不能在补正里改。")
    return locked
