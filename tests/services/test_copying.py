"""接着办的办件：what goes with the copy, and that a file which cannot be read stops it."""

import pytest

from portal.errors import WrongState
from services.copying import copy_to, start_again
from services.models import Application, Attachment, ServiceItem
from services.storage import discard, path_of
from tests.factories import make_draft
from tests.permission_stage import _file
from tests.world import World


def there(world: World) -> ServiceItem:
    """另一个乡镇也在网上办的一件事"""
    items = ServiceItem.objects.filter(township=world.other).select_related("current").order_by("code")
    return next(item for item in items if item.current is not None and item.current.rules.online)


def test_form_papers_and_query_code_go_along(world: World) -> None:
    item = there(world)
    original = make_draft(world, item.code)
    _file(original, world.an)

    copy = copy_to(item, original)

    copy.refresh_from_db()
    assert (copy.township, copy.state, copy.previous, copy.village) == (world.other, "draft", original, None)
    assert copy.number != original.number
    assert bytes(copy.query_code_sealed) == bytes(original.query_code_sealed)
    assert bytes(copy.form_sealed) == bytes(original.form_sealed)
    assert copy.points.count() == original.points.count()
    first, second = original.attachments.get(), copy.attachments.get()
    assert (first.digest, first.material) == (second.digest, second.material)
    assert path_of(first.token).exists()
    assert path_of(second.token).exists()


def test_a_file_that_cannot_be_read_stops_it(world: World) -> None:
    item = there(world)
    original = make_draft(world, item.code)
    _file(original, world.an)
    discard([original.attachments.get().token])

    with pytest.raises(WrongState, match="附件现在打不开"):
        copy_to(item, original)

    assert Attachment.objects.count() == 1


def test_a_draft_for_oneself_needs_no_mandate_any_more(world: World) -> None:
    original = make_draft(world, "SJ-002", by=world.zhou)
    Application.objects.filter(pk=original.pk).update(applicant=world.an.person, consent="口头委托，念给本人听过")
    original.refresh_from_db()

    own, agents = (start_again(previous=original, by=by) for by in (world.an, world.zhou))

    assert (own.consent, own.channel) == ("", "online")
    assert (agents.consent, agents.applicant) == ("口头委托，念给本人听过", world.an.person)
