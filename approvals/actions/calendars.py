"""工作日历与当地提早关门：imported by one person, published by a second; what moves is written down case by case (engine 2)."""

import logging
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from approvals import projection
from approvals.actions.common import require_text
from approvals.facts import Publication
from approvals.fold import fold
from approvals.loading import facts_of, load_calendars
from approvals.models import LimitMove
from approvals.moving import Move, moves_between, with_publication, without_publication
from approvals.settling import settle
from approvals.writing import Work, committed_in_time, perform
from portal import ledger
from portal.calendar_import import add_version, parse_notice
from portal.calendars import published_calendars, touch_calendar_revision
from portal.clock import Reading, read_clock
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.freezing import is_frozen
from portal.ledger import Entry
from portal.limits import LEGAL_ZONE, day_of, end_of_day
from portal.locks import lock_deployment
from portal.models import CalendarVersion, Duty, Event, LocalClosing, Township, User
from portal.permissions import Power, find_power, powers_of
from services.models import Application

SECOND = frozenset({Duty.CALENDAR, Duty.TOWN_LEADER})
BATCH = 200
logger = logging.getLogger("approvals.calendars")
CASE_CLOCKS = frozenset({"intake", "promised", "statutory", "expiry", "answer"})


def import_notice(*, text: str, by: User) -> CalendarVersion:
    """导入一份放假安排 – an unpublished version, for a second person to publish; moves nothing yet.

    InvalidInput names what is wrong with the text; NotAllowed without 日历与解冻; WrongState if it is known already.
    """
    notice = parse_notice(text)
    with transaction.atomic():
        clock = _alone()
        power = _power(by, frozenset({Duty.CALENDAR}), clock, "导入放假安排要由日历与解冻岗办理。")
        row = add_version(notice, by=by)
        _record(row, "calendar_imported", by, power, clock)
        return row


def drop_notice(*, version: CalendarVersion, by: User) -> None:
    """删掉还没公布的一版 – nothing rests on it; that it was there stays on the record."""
    with transaction.atomic():
        clock = _alone()
        power = _power(by, frozenset({Duty.CALENDAR}), clock, "删掉要由日历与解冻岗办理。")
        row = CalendarVersion.objects.select_for_update(of=("self",)).filter(pk=version.pk).first()
        if row is None:
            raise WrongState("这一版已经删掉了。")
        if row.published_at is not None:
            raise WrongState("这一版已经公布，不能删；有改动请再导入一份新的通知。")
        _record(row, "calendar_dropped", by, power, clock)
        row.delete()


def publish_notice(*, version: CalendarVersion, by: User) -> CalendarVersion:
    """公布一版 – by another person than imported it, while no act is under way; in force from this instant.

    NotAllowed for the importer, and without 日历与解冻 or 镇领导; WrongState if it has been published.
    """
    with committed_in_time():
        clock = _alone()
        power = _power(by, SECOND, clock, "公布要由另一位日历与解冻岗，或者镇领导办理。")
        row = CalendarVersion.objects.select_for_update(of=("self",)).select_related("imported_by").get(pk=version.pk)
        if row.published_at is not None:
            raise WrongState("这一版已经公布了。")
        if row.imported_by is not None and row.imported_by.person_id == by.person_id:
            raise NotAllowed("公布要由两个不同的人：您导入的，请另一位来公布。")
        row.published_by, row.published_at = by, clock.at
        row.save(update_fields=["published_by", "published_at"])
        touch_calendar_revision()
        # It must be there for every reader before the next limits end, or some would see an end that it has moved.
        _record(row, "calendar_published", by, power, clock, before=end_of_day(day_of(clock.at)))
        return row


def note_moves(*, most: int = BATCH) -> int:
    """把公布了的日历改了哪些期限写下来，告诉有关的人 – at most `most` cases; how many were looked at.

    What moved is worked out from the ledger as of the publication, so a worker that comes days late, or twice,
    writes the same rows.
    """
    waiting = CalendarVersion.objects.filter(published_at__isnull=False, noted_at=None).order_by("published_at", "number")
    looked = 0
    if is_frozen():
        return 0
    while looked < most:
        row = waiting.first()
        if row is None:
            break
        looked += _note_version(row, most - looked)
    return looked


def _note_version(row: CalendarVersion, most: int) -> int:
    filed = Application.objects.filter(filed_at__lt=row.published_at, pk__gt=row.noted_through, case__isnull=False)
    running = filed.exclude(case__closed_at__lt=row.published_at).order_by("pk")
    found = list(running.values_list("pk", flat=True)[:most])
    for pk in found:
        try:
            _note(pk, row)
        except Exception:  # a case that cannot be settled is the sweep's to report, and keeps nobody else from being told
            logger.exception("moves of application %s not written", pk)
    values: dict[str, Any] = {"noted_through": found[-1]} if len(found) == most else {"noted_at": read_clock().at}
    CalendarVersion.objects.filter(pk=row.pk).update(**values)
    return len(found)


def _note(application_id: int, row: CalendarVersion) -> None:
    def act(work: Work) -> None:
        if LimitMove.objects.filter(case=work.opened, version=row).exists():
            return
        moves = _moves(work, row)
        if not moves:
            return
        payload = {"calendar": row.number, "clocks": [[m.clock, m.round, _text(m.before), _text(m.after)] for m in moves]}
        (event,) = work.record(Entry("limits_moved", payload))
        LimitMove.objects.bulk_create(
            LimitMove(
                case=work.opened, version=row, event=event, clock=m.clock, round=m.round, label=m.label, before=m.before,
                after=m.after,
            )
            for m in moves
        )  # fmt: skip
        _tell(work, event, moves)

    perform(application_id, act, settle)


def _moves(work: Work, row: CalendarVersion) -> list[Move]:
    assert row.published_at is not None  # only published versions come here
    known, rules = load_calendars(work.application.township), work.application.rules
    calendar = next(v.calendar for v in published_calendars() if v.number == row.number)
    coming = Publication(row.published_at, calendar, row.number)
    facts = facts_of(work.events)
    before = fold(facts, rules, without_publication(known, coming), row.published_at)
    after = fold(facts, rules, with_publication(known, coming), row.published_at)
    return moves_between(before, after)


def _tell(work: Work, event: Event, moves: list[Move]) -> None:
    if any(move.clock in CASE_CLOCKS for move in moves):
        work.tell_applicant(event, "deadline_moved")
    keys = {move.step for move in moves}
    posts = [step.post for step in work.opened.steps.filter(key__in=keys, status="open").select_related("post")]
    if any(move.clock == "intake" for move in moves):
        posts.append(work.opened.window)
    work.tell(event, "work_moved", projection.answering(work, posts))


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def announce_closing(*, township: Township, day: date, closes_at: time, document: str, by: User) -> LocalClosing:
    """登记当地提早关门 – for a second person to publish; the day still counts, only its closing hour changes."""
    with transaction.atomic():
        clock = _alone()
        power = _power(by, frozenset({Duty.CALENDAR}), clock, "登记提早关门要由日历与解冻岗办理。", township=township)
        words = require_text(document, "请写明凭哪份当地通知。", least=4)
        if not township.opens_at < closes_at < township.closes_at:
            raise InvalidInput(f"要在{township.opens_at:%H:%M}到{township.closes_at:%H:%M}之间；整天放假的，用放假安排。")
        if datetime.combine(day, closes_at, LEGAL_ZONE) <= clock.at:
            raise InvalidInput("这一天的这个钟点已经过了，不能倒着改。")
        if LocalClosing.objects.filter(township=township, day=day).exists():
            raise WrongState("这一天已经登记过了。")
        row = LocalClosing.objects.create(
            township=township, day=day, closes_at=closes_at, document=words, registered_by=by, registered_at=clock.at
        )
        _record_closing(row, "closing_announced", by, power, clock)
        return row


def publish_closing(*, closing: LocalClosing, by: User) -> None:
    """公布当地提早关门 – by another person, before that hour; what came in before stands as it is."""
    with committed_in_time():
        clock = _alone()
        row = LocalClosing.objects.select_for_update(of=("self",)).select_related("township", "registered_by").get(pk=closing.pk)
        power = _power(by, SECOND, clock, "公布要由另一位日历与解冻岗，或者镇领导办理。", township=row.township)
        if row.published_at is not None:
            raise WrongState("已经公布了。")
        if row.registered_by.person_id == by.person_id:
            raise NotAllowed("公布要由两个不同的人：您登记的，请另一位来公布。")
        closing_at = datetime.combine(row.day, row.closes_at, LEGAL_ZONE)
        if closing_at <= clock.at:
            raise WrongState("这个钟点已经过了，不能倒着改。")
        row.published_by, row.published_at = by, clock.at
        row.save(update_fields=["published_by", "published_at"])
        touch_calendar_revision()
        _record_closing(row, "closing_published", by, power, clock, before=closing_at)


def _alone() -> Reading:
    """日历变更独占整个部署的锁, so that no act is under way while limits move (engine section 8)."""
    lock_deployment()
    return read_clock()


def _power(
    by: User, duties: frozenset[str], clock: Reading, refusal: str, *, township: Township | None = None
) -> Power:
    powers = powers_of(by, clock.at, lock=True)
    mine = [power for power in powers if township is None or power.post.township_id == township.pk]
    found = find_power(mine, office=None, duties=set(duties))
    if found is None:
        raise NotAllowed(refusal)
    return found


def _record(
    row: CalendarVersion, kind: str, by: User, power: Power, clock: Reading, *, before: datetime | None = None
) -> None:
    payload = {"number": row.number, "year": row.year, "document": row.document, "on": day_of(clock.at).isoformat()}
    entry = Entry(kind, payload, by, power.post, power.on_behalf_of, before)
    _append(f"calendar:{row.year}", power.post.township_id, entry, clock)


def _record_closing(
    row: LocalClosing, kind: str, by: User, power: Power, clock: Reading, *, before: datetime | None = None
) -> None:
    payload = {"day": row.day.isoformat(), "closes_at": row.closes_at.isoformat("minutes"), "document": row.document}
    entry = Entry(kind, payload, by, power.post, power.on_behalf_of, before)
    _append(f"closing:{row.township_id}", row.township_id, entry, clock)


def _append(stream: str, township: int, entry: Entry, clock: Reading) -> None:
    last = Event.objects.filter(stream=stream).order_by("-sequence").first()
    ledger.append(township=township, stream=stream, entries=[entry], after=last, clock=clock)
