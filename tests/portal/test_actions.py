"""账号的写：each act is on the record and told; the window's reset takes two people."""

import pytest

from portal import actions, ledger
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.models import Channel, Event, Message, Relation, Village
from portal.sign_in import verify, villager_login
from tests.factories import at
from tests.portal.pages import NEW_PASSWORD
from tests.world import PASSWORD

AN_IDENTITY, AN_PHONE = "11010519491231002X", "00005550001"


def stream(user) -> list[Event]:
    return list(Event.objects.filter(stream=f"account:{user.pk}").order_by("sequence"))


def channels(user, kind: str) -> set[str]:
    return set(Message.objects.filter(recipient=user, kind=kind).values_list("channel", flat=True))


def reset(world, **changes):
    given = {
        "clerk": world.chen, "second": world.head, "township": world.township, "phone": AN_PHONE,
        "identity": AN_IDENTITY, "reason": "forgotten",
    }  # fmt: skip
    return actions.reset_password(**{**given, **changes})


def test_account_stream_is_a_sound_chain(world):
    actions.record_sign_in(user=world.an, township=world.township)
    actions.change_email(user=world.an, township=world.township, email="an@example.com")
    actions.change_password(user=world.an, township=world.township, password=NEW_PASSWORD)

    events = stream(world.an)
    assert [event.kind for event in events] == ["signed_in", "email_changed", "password_changed"]
    assert ledger.verify(events) is None
    assert "example.com" not in str([event.payload for event in events])


def test_changed_password_is_the_one_that_works(world):
    actions.change_password(user=world.an, township=world.township, password=NEW_PASSWORD)

    assert verify(login=world.an.login, password=PASSWORD, address="") is None
    assert verify(login=world.an.login, password=NEW_PASSWORD, address="") == world.an
    assert channels(world.an, "password_changed") == {Channel.IN_SITE}


def test_changed_phone_is_the_new_name_and_the_old_number_is_told(world):
    actions.change_phone(user=world.an, township=world.township, phone="00005550066")

    world.an.refresh_from_db()
    world.an.person.refresh_from_db()
    assert world.an.login == villager_login("00005550066")
    assert (world.an.person.phone, world.an.person.previous_phone) == ("00005550066", AN_PHONE)
    assert channels(world.an, "phone_changed") == {Channel.IN_SITE, Channel.SMS, Channel.EMAIL}


def test_no_number_is_replaced_before_the_one_before_it_has_been_told(world):
    actions.change_phone(user=world.an, township=world.township, phone="00005550066")
    with pytest.raises(WrongState, match="还没有发出"):
        actions.change_phone(user=world.an, township=world.township, phone="00005550067")
    world.an.person.refresh_from_db()
    assert (world.an.person.phone, world.an.person.previous_phone) == ("00005550066", AN_PHONE)

    Message.objects.filter(recipient=world.an).update(state="sent")
    actions.change_phone(user=world.an, township=world.township, phone="00005550067")

    world.an.person.refresh_from_db()
    assert world.an.person.previous_phone == "00005550066"


def test_changing_to_the_same_phone_again_still_tells_the_old_number(world):
    for _ in range(2):
        actions.change_phone(user=world.an, township=world.township, phone="00005550066")

    world.an.person.refresh_from_db()
    assert world.an.person.previous_phone == AN_PHONE
    assert Message.objects.filter(recipient=world.an, kind="phone_changed", channel=Channel.SMS).count() == 1


def test_phone_of_another_account_is_refused_and_nothing_changes(world):
    with pytest.raises(InvalidInput, match="换不了"):
        actions.change_phone(user=world.an, township=world.township, phone="00005550002")

    world.an.person.refresh_from_db()
    assert world.an.person.phone == AN_PHONE
    assert stream(world.an) == []


def test_staff_have_no_phone_to_sign_in_with(world):
    with pytest.raises(NotAllowed, match="工作名"):
        actions.change_phone(user=world.chen, township=world.township, phone="00005550066")


def test_email_is_sealed_and_may_be_taken_away(world):
    actions.change_email(user=world.an, township=world.township, email="an@example.com")
    world.an.person.refresh_from_db()
    assert world.an.person.email == "an@example.com"
    assert b"example" not in bytes(world.an.person.email_sealed)

    actions.change_email(user=world.an, township=world.township, email="")
    world.an.person.refresh_from_db()
    assert world.an.person.email == ""


def test_two_people_reset_a_password_that_must_be_changed(world):
    password = reset(world)

    world.an.refresh_from_db()
    assert world.an.check_password(password)
    assert world.an.must_change_password
    (event,) = stream(world.an)
    assert (event.kind, event.actor, event.post) == ("password_reset", world.chen, world.post("chen"))
    second = {"second": world.head.pk, "second_post": world.post("head").pk}
    assert event.payload == {"reason": "forgotten", **second}
    assert channels(world.an, "password_reset") == {Channel.IN_SITE, Channel.SMS, Channel.EMAIL}


def test_changing_it_lifts_the_duty_to_change(world):
    reset(world)

    actions.change_password(user=world.an, township=world.township, password=NEW_PASSWORD)

    world.an.refresh_from_db()
    assert not world.an.must_change_password


def test_supervisor_may_be_the_second(world):
    assert reset(world, second=world.du)


def test_reset_opens_a_locked_account(world):
    for _ in range(5):
        verify(login=world.an.login, password="wrong", address="")

    password = reset(world)

    assert verify(login=world.an.login, password=password, address="") == world.an


@pytest.mark.parametrize(
    ("clerk", "second", "sentence"),
    [
        ("deng", "head", "窗口岗位"),
        ("chenb", "head", "窗口岗位"),
        ("an", "head", "窗口岗位"),
        ("chen", "wang", "第二个人"),
        ("chen", "chen", "第二个人"),
        ("chen", "bao", "第二个人"),
        ("head", "head", "窗口岗位"),
    ],
)
def test_reset_by_anyone_else_is_refused(world, clerk, second, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        reset(world, clerk=world.users[clerk], second=world.users[second])
    assert stream(world.an) == []


def test_one_person_with_two_posts_is_not_two_people(world):
    seat = world.post("head")
    seat.holdings.all().delete()
    seat.holdings.create(user=world.chen, starts_on="2026-01-01")

    with pytest.raises(NotAllowed, match="不能是您自己"):
        reset(world, second=world.chen)


def test_relative_of_either_is_barred(world):
    Relation.objects.create(person=world.head.person, relative=world.an.person, kind="父子")

    with pytest.raises(NotAllowed, match="回避"):
        reset(world)


@pytest.mark.parametrize(
    "wrong", [{"phone": "00005559999"}, {"identity": "110105195001010034"}, {"phone": "00005550002"}]
)
def test_phone_and_identity_that_do_not_belong_together_find_nobody(world, wrong):
    with pytest.raises(InvalidInput, match="对不上"):
        reset(world, **wrong)


def test_account_of_another_township_is_reset_there(world):
    world.an.person.village = Village.objects.create(township=world.other, slug="lu", name="鹭村")
    world.an.person.save(update_fields=["village"])

    with pytest.raises(InvalidInput, match="别的乡镇"):
        reset(world)


def test_power_is_read_at_the_instant(world, clock):
    clock(at("2025-12-31"))

    with pytest.raises(NotAllowed, match="窗口岗位"):
        reset(world)


def test_messages_up_to_one_are_read(world):
    actions.change_password(user=world.an, township=world.township, password=NEW_PASSWORD)
    actions.change_password(user=world.an, township=world.township, password=NEW_PASSWORD + "2")
    actions.change_password(user=world.bao, township=world.township, password=NEW_PASSWORD)
    first, second = Message.objects.filter(recipient=world.an).order_by("pk")

    assert actions.mark_read(user=world.an, through=first.pk) == 1
    assert actions.mark_read(user=world.an, through=second.pk) == 1
    assert Message.objects.get(recipient=world.bao).read_at is None
