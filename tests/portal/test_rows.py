"""成批读写行: the same rows as the ORM writes and reads, whatever stands in them."""

from datetime import UTC, date, datetime

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal import rows
from portal.models import Channel, Delegation, Event, IdempotencyKey, Message, Township

AWKWARD = '逗号,引号"撇号\'反斜线\\花括号{}空行\nNULL'
AT = datetime(2026, 11, 25, 1, 2, 3, 456789, tzinfo=UTC)


def event(world, sequence, **changed):
    """一条台账的值"""
    values = {
        "township_id": world.township.pk,
        "stream": "case:TESTTEST1",
        "sequence": sequence,
        "kind": "tried",
        "payload": {"words": AWKWARD, "list": [1, None, True]},
        "recorded_at": AT,
        "previous": b"",
        "hash": bytes(range(32)),
    }
    return {**values, **changed}


def test_rows_come_back_as_they_went_in(world):
    rows.insert(Event, [event(world, 1), event(world, 2, actor_id=world.an.pk, simulated=True)])

    first, second = Event.objects.filter(stream="case:TESTTEST1").order_by("sequence")
    assert first.payload == {"words": AWKWARD, "list": [1, None, True]}
    assert (first.recorded_at, bytes(first.hash), bytes(first.previous)) == (AT, bytes(range(32)), b"")
    assert (first.actor_id, first.valid_before, first.simulated) == (None, None, False)
    assert (second.actor, second.simulated) == (world.an, True)


def test_a_row_is_read_as_the_orm_reads_it(world):
    rows.insert(Event, [event(world, 1)])

    (found,) = rows.select(Event, "WHERE stream = ANY(%s) ORDER BY sequence", [["case:TESTTEST1"]])

    kept = Event.objects.get(stream="case:TESTTEST1")
    names = [field.attname for field in Event._meta.local_concrete_fields if field.attname not in {"hash", "previous"}]
    assert [getattr(found, name) for name in names] == [getattr(kept, name) for name in names]
    assert bytes(found.hash) == bytes(kept.hash)


def test_ids_drawn_beforehand_are_used_and_never_drawn_again(world):
    ids = rows.draw(Event, 3)
    rows.insert(Event, [event(world, place, id=key) for place, key in enumerate(ids, 1)])

    assert list(Event.objects.filter(stream="case:TESTTEST1").order_by("sequence").values_list("pk", flat=True)) == ids
    assert min(rows.draw(Event, 1)) > max(ids)


def test_many_rows_are_one_statement(world):
    with CaptureQueriesContext(connection) as seen:
        rows.insert(Event, [event(world, place) for place in range(1, 301)])
        rows.insert(Event, [])
        rows.update(Township, [], ["name"])

    assert len(seen) == 1


def test_updates_change_the_named_columns_of_their_own_rows(world):
    wanted = [
        {"id": world.township.pk, "name": AWKWARD[:30], "card_shares": [0.4, 0.8]},
        {"id": world.other.pk, "name": "别的", "card_shares": []},
    ]
    rows.update(Township, wanted, ["name", "card_shares"])

    found = {row.pk: row for row in Township.objects.all()}
    assert (found[world.township.pk].name, found[world.township.pk].card_shares) == (AWKWARD[:30], [0.4, 0.8])
    assert (found[world.other.pk].name, found[world.other.pk].full_name) == ("别的", world.other.full_name)


def test_a_unique_row_is_refused_or_left_as_asked(world):
    key = {"user_id": world.an.pk, "key": "k", "body_hash": "a", "created_at": AT}
    rows.insert(IdempotencyKey, [key])

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(IdempotencyKey, [key])
    rows.insert(IdempotencyKey, [{**key, "body_hash": "b"}], again=False)

    assert IdempotencyKey.objects.get(key="k").body_hash == "a"


def test_too_long_a_text_is_refused_not_cut(world):
    with pytest.raises(DataError), transaction.atomic():
        rows.insert(Event, [event(world, 1, kind="k" * 41)])


@pytest.mark.parametrize("model", [Event, Message, Delegation, IdempotencyKey])
def test_every_column_has_a_way_to_be_written(model):
    assert all(column.kind for column in rows.columns_of(model))
    assert {column.attribute for column in rows.columns_of(model)} == {f.attname for f in model._meta.concrete_fields}


def test_a_date_and_an_empty_list_are_written_too(world):
    rows.insert(Event, [event(world, 1)])
    (kept,) = Event.objects.filter(stream="case:TESTTEST1")
    message = {"township_id": world.township.pk, "event_id": kept.pk, "recipient_id": world.an.pk, "channel": Channel.IN_SITE}
    rows.insert(Message, [{**message, "kind": "filed", "created_at": AT, "next_attempt_at": AT}])

    (found,) = Message.objects.filter(event=kept)
    assert (found.state, found.attempts, found.read_at, found.channel) == ("waiting", 0, None, "in_site")
    assert date(2026, 11, 25) == found.created_at.date()
