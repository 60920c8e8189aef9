"""登记自然人：a window or village agent enters a villager who has come without an account."""

from django.db import transaction

from portal.errors import InvalidInput
from portal.keys import keys
from portal.models import Person, Village


def enter_person(*, name: str, identity: str, phone: str, village: Village | None) -> Person:
    """登记或找出一个人 – by identity number; InvalidInput if that number stands under another name.

    What is known already is kept: a clerk changes nobody's phone by filing for them.
    """
    id_hash = keys().lookup("id", identity)
    with transaction.atomic():
        person, _ = Person.objects.get_or_create(
            id_hash=id_hash,
            defaults={
                "name": name,
                "id_sealed": keys().seal_text(identity),
                "phone_sealed": keys().seal_text(phone),
                "phone_hash": keys().lookup("phone", phone),
                "village": village,
            },
        )
        if person.name != name:
            raise InvalidInput("证件号码和姓名对不上，请看着证件再核一遍。", code="no_match")
    return person
