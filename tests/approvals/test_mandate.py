"""委托：both sides are told, and the applicant takes it back – with effect in the same transaction (T03, T04)."""

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.loading import load_events
from portal.errors import NotAllowed, WrongState
from portal.keys import keys
from portal.ledger import verify
from portal.models import Channel, Message
from services.models import Application
from services.permissions import own_applications
from tests.factories import file_application, make_draft
from tests.portal.pages import signed_in
from tests.world import World


@pytest.fixture
def mandated(world: World) -> Application:
    """周代办员替安示例提交的"""
    draft = make_draft(world, "SJ-002", by=world.zhou)
    Application.objects.filter(pk=draft.pk).update(applicant=world.an.person, consent="口头委托，念给本人听过")
    draft.refresh_from_db()
    return actions.file(application=draft, by=world.zhou, key="k")


def told(application: Application, kind: str) -> set[str]:
    """站内告诉了谁"""
    rows = Message.objects.filter(subject_number=application.number, kind=kind, channel=Channel.IN_SITE)
    return {row.recipient.person.name for row in rows}


def test_both_sides_of_a_mandate_are_told(mandated: Application) -> None:
    assert told(mandated, "filed") == {"周示例", "安示例"}


def test_who_filed_loses_sight_and_say_with_the_mandate(mandated: Application, world: World) -> None:
    client, url = signed_in(world.an), reverse("approvals:end_mandate", args=[mandated.number])
    shown = client.get(reverse("approvals:progress", args=[mandated.number])).content.decode()
    assert "这件事托周示例办" in shown
    assert "收回委托" in shown
    assert own_applications(world.zhou).contains(mandated)

    assert client.post(url).status_code == 302

    assert own_applications(world.an).contains(mandated)
    assert not own_applications(world.zhou).contains(mandated)
    with pytest.raises(NotAllowed):
        actions.withdraw(application=mandated, by=world.zhou, reason="不办了")
    assert signed_in(world.zhou).get(reverse("approvals:filed", args=[mandated.number])).status_code == 404
    assert told(mandated, "mandate_ended") == {"周示例", "安示例"}


def test_the_case_goes_on_without_the_mandate(mandated: Application, world: World) -> None:
    client, url = signed_in(world.an), reverse("approvals:end_mandate", args=[mandated.number])
    client.post(url)

    actions.accept(application=mandated, by=world.wang)

    assert told(mandated, "accepted") == {"安示例"}
    assert "委托已经收回" in client.post(url, follow=True).content.decode()
    assert verify(load_events(mandated)) is None


def test_a_mandate_is_the_applicants_to_end(mandated: Application, world: World) -> None:
    for other in (world.zhou, world.bao, None):
        with pytest.raises(NotAllowed):
            actions.end_mandate(application=mandated, by=other)
    with pytest.raises(WrongState, match="本人提交"):
        actions.end_mandate(application=file_application(world, "SJ-002"), by=world.an)


def test_the_query_code_ends_a_mandate_without_an_account(mandated: Application, world: World) -> None:
    client, url = Client(), reverse("approvals:end_mandate", args=[mandated.number])
    assert client.post(url).status_code == 404
    code = keys().open_text(bytes(mandated.query_code_sealed))
    opened = client.post(reverse("approvals:progress_lookup"), {"number": mandated.number, "code": code}, follow=True)
    assert "收回委托" in opened.content.decode()

    assert "马上生效" in client.post(url, follow=True).content.decode()

    last = load_events(mandated)[-1]
    assert (last.kind, last.actor, last.payload) == ("mandate_ended", None, {"by_code": True})
    case = signed_in(world.wang).get(reverse("approvals:case", args=[mandated.number])).content.decode()
    assert "凭查询码" in case
