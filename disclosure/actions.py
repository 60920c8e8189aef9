"""公告的动作：draft, review for secrecy and privacy, publish, revise, withdraw – three duties, one ledger (C2).

What has been published is never changed: a correction is a new revision with its reason, a
withdrawal leaves the page and says why. Every act is an event of the stream `notice:<number>`.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from disclosure.masking import find_numbers
from disclosure.models import COMPUTED, Column, Notice, NoticeRevision, NoticeState
from disclosure.permissions import require_duty
from disclosure.queries.phones import public_phones
from portal import ledger
from portal.calendars import touch_revision
from portal.clock import Reading, read_clock
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.ledger import Entry
from portal.limits import day_of
from portal.locks import share_township
from portal.models import Duty, Event, IdempotencyKey, Office, Township, User, Village
from portal.numbers import new_number
from portal.permissions import Power
from services.search import bigrams

OPEN = (NoticeState.DRAFT, NoticeState.REVIEW, NoticeState.APPROVED)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WORDS_READ = 20_000


@dataclass(frozen=True, slots=True)
class Text:
    """一版要写的: title, plain body, the office that publishes, the last day of the posting, why it changed."""

    title: str
    body: str
    office: Office | None = None
    ends_on: date | None = None
    change_note: str = ""


def draft_notice(
    *, township: Township, by: User, key: str, column: str, text: Text, village: Village | None = None
) -> NoticeRevision:
    """拟稿 – a new notice with its first draft; the same key again gives the same draft, with other words it is refused.

    InvalidInput for a column that draws itself from the record, or another township's village.
    """
    if column not in Column.values or column in COMPUTED:
        raise InvalidInput("请选一个栏目。这个栏目的内容由系统按记录列出，不用写公告。")
    if village is not None and village.township_id != township.pk:
        raise InvalidInput("这个村不在本乡镇。")
    with transaction.atomic():
        clock = share_township(township.pk)
        kept = IdempotencyKey.objects.filter(user=by, key=key).first()
        if kept is not None:
            return _same_draft(kept, column, text)
        power = require_duty(by, Duty.DRAFT, township_id=township.pk, at=clock.at)
        notice = Notice.objects.create(township=township, village=village, column=column, number=new_number())
        revision = _add_revision(notice, 1, text, by, clock)
        _record(notice, "notice_drafted", by, power, clock, ordinal=1, column=column)
        IdempotencyKey.objects.create(
            user=by, key=key, body_hash=content_digest(notice, revision), answer={"revision": revision.pk}, created_at=clock.at
        )
    return revision


def _same_draft(kept: IdempotencyKey, column: str, text: Text) -> NoticeRevision:
    """这个键存过的草稿; WrongState if it was used for anything else."""
    revision = NoticeRevision.objects.select_related("notice").filter(pk=kept.answer.get("revision")).first()
    if revision is not None and revision.notice.column == column:
        asked = NoticeRevision(notice=revision.notice, ordinal=1)
        _write_text(asked, text)
        if content_digest(revision.notice, asked) == kept.body_hash:
            return revision
    raise WrongState("这个页面已经存过别的内容，请重新打开再拟。")


def revise(*, notice: Notice, by: User, text: Text) -> NoticeRevision:
    """修订 – a new draft beside the published revision; the reason is published with it.

    WrongState if the notice is not on the board, or another revision is still open.
    """
    with transaction.atomic():
        notice, clock = _lock_notice(notice.pk)
        power = require_duty(by, Duty.DRAFT, township_id=notice.township_id, at=clock.at)
        if notice.current is None or notice.withdrawn_at is not None:
            raise WrongState("没有发布的、已经撤下的公告不能修订。")
        if notice.revisions.filter(state__in=OPEN).exists():
            raise WrongState("这个公告已有一版修订稿在办，先办完那一版。")
        if len(text.change_note.strip()) < 2:
            raise _missing("change_note", "请写为什么改，会和新的一版一起公开。")
        ordinal = notice.revisions.count() + 1
        revision = _add_revision(notice, ordinal, text, by, clock)
        _record(notice, "notice_drafted", by, power, clock, ordinal=ordinal)
    return revision


def save_draft(*, revision: NoticeRevision, by: User, text: Text) -> NoticeRevision:
    """改草稿 – only while it is a draft; WrongState once it has been submitted."""
    with transaction.atomic():
        revision, clock = _lock_revision(revision.pk)
        require_duty(by, Duty.DRAFT, township_id=revision.notice.township_id, at=clock.at)
        _require(revision, NoticeState.DRAFT, "修改")
        _write_text(revision, text)
        revision.drafted_by, revision.drafted_at = by, clock.at
        revision.save()
    return revision


def submit(*, revision: NoticeRevision, by: User) -> None:
    """送审"""
    with transaction.atomic():
        revision, clock = _lock_revision(revision.pk)
        power = require_duty(by, Duty.DRAFT, township_id=revision.notice.township_id, at=clock.at)
        _require(revision, NoticeState.DRAFT, "送审")
        revision.state = NoticeState.REVIEW
        revision.digest = content_digest(revision.notice, revision)
        revision.save()
        _record(revision.notice, "notice_submitted", by, power, clock, ordinal=revision.ordinal, digest=revision.digest)


@dataclass(frozen=True, slots=True)
class Verdict:
    """审核结论: both reviews passed, or returned with a note; `numbers_ok` lets found numbers stand, with a reason."""

    approve: bool
    secrecy_ok: bool = False
    privacy_ok: bool = False
    numbers_ok: bool = False
    note: str = ""


def review(*, revision: NoticeRevision, by: User, verdict: Verdict) -> None:
    """审核 – secrecy AND privacy, by someone else than the drafter.

    A number the scanner has found blocks the approval unless this second person lets it stand and says why. What
    has been approved and not yet published may still be returned: its day may have passed meanwhile.
    """
    with transaction.atomic():
        revision, clock = _lock_revision(revision.pk)
        power = require_duty(by, Duty.DISCLOSURE_REVIEW, township_id=revision.notice.township_id, at=clock.at)
        if verdict.approve or revision.state != NoticeState.APPROVED:
            _require(revision, NoticeState.REVIEW, "审核")
        if revision.drafted_by_id == by.pk:
            raise NotAllowed("自己拟的稿不能自己审核，请另一位审核人来审。")
        found = len(scan(revision)) if verdict.approve else 0
        _check_verdict(revision, verdict)
        revision.state = NoticeState.APPROVED if verdict.approve else NoticeState.DRAFT
        revision.secrecy_ok, revision.privacy_ok = verdict.approve, verdict.approve
        revision.numbers_ok = bool(found) and verdict.numbers_ok
        revision.reviewed_by, revision.reviewed_at, revision.review_note = by, clock.at, verdict.note.strip()
        revision.save()
        kind = "notice_approved" if verdict.approve else "notice_returned"
        _record(revision.notice, kind, by, power, clock, ordinal=revision.ordinal, numbers=found)


def _check_verdict(revision: NoticeRevision, verdict: Verdict) -> None:
    written = len(verdict.note.strip()) >= 4
    if not verdict.approve:
        if not written:
            raise _missing("note", "退回要写清楚改什么。")
        return
    ticks = {"secrecy_ok": "请做完保密审查，再打勾。", "privacy_ok": "请做完个人信息审查，再打勾。"}
    if unticked := {name: [words] for name, words in ticks.items() if not getattr(verdict, name)}:
        raise InvalidInput("保密审查、个人信息审查都通过了才能送发布，两项都要打勾。", fields=unticked)
    found = scan(revision)
    if found and not verdict.numbers_ok:
        told = "".join(found) + "确实应当公开的，请勾选“这些号码可以公开”并写明理由。"
        raise InvalidInput(told, code="numbers_found", fields={"numbers_ok": [told]})
    if found and not written:
        raise _missing("note", "请在审核意见里写明这些号码为什么可以公开。")


def publish(*, revision: NoticeRevision, by: User) -> Notice:
    """发布 – by someone else than the drafter; from now on this revision is what the board shows."""
    with transaction.atomic():
        revision, clock = _lock_revision(revision.pk)
        notice = revision.notice
        power = require_duty(by, Duty.PUBLISH, township_id=notice.township_id, at=clock.at)
        _require(revision, NoticeState.APPROVED, "发布")
        if revision.drafted_by_id == by.pk:
            raise NotAllowed("自己拟的稿不能自己发布，请另一位发布人来发。")
        if notice.withdrawn_at is not None:
            raise WrongState("这个公告已经撤下，不能再发布修订。")
        _require_open_posting(revision, clock)
        found = [] if revision.numbers_ok else scan(revision)
        if found:
            raise WrongState("".join(found) + "这一版不能发布。")
        revision.state, revision.published_by, revision.published_at = NoticeState.PUBLISHED, by, clock.at
        revision.digest = content_digest(notice, revision)
        revision.save()
        notice.current, notice.shown_at = revision, clock.at
        notice.published_at = notice.published_at or clock.at
        notice.save()
        _index(notice, revision)
        _record(notice, "notice_published", by, power, clock, ordinal=revision.ordinal, digest=revision.digest)
        touch_revision("board")
    return notice


def _require_open_posting(revision: NoticeRevision, clock: Reading) -> None:
    """公示期没有过完: a draft may have lain too long; a correction keeps the day that stands on the board already."""
    ends_on, current = revision.ends_on, revision.notice.current
    stands = current is not None and current.ends_on == ends_on
    if ends_on is not None and ends_on < day_of(clock.at) and not stands:
        day = f"{ends_on.year}年{ends_on.month}月{ends_on.day}日"
        raise WrongState(f"公示到{day}，这一天已经过去了，不能发布。请审核人退回，拟稿人改成以后的一天再送审。")


def withdraw(*, notice: Notice, by: User, reason: str) -> None:
    """撤下 – the page stays and says why; open drafts of it end. InvalidInput without a reason."""
    reason = _clean(reason)
    if len(reason) < 4:
        raise _missing("reason", "请写明为什么撤下，理由会留在公告页上。")
    with transaction.atomic():
        notice, clock = _lock_notice(notice.pk)
        power = require_duty(by, Duty.PUBLISH, township_id=notice.township_id, at=clock.at)
        if notice.published_at is None or notice.withdrawn_at is not None:
            raise WrongState("这个公告没有在公开栏上，不用撤。")
        if find_numbers(reason, allowed=public_phones(notice.township)):
            raise InvalidInput("撤下的理由要公开，请去掉里面的证件号码、电话和卡号。")
        notice.withdrawn_at, notice.withdrawn_by, notice.withdrawal_reason = clock.at, by, reason[:300]
        notice.save()
        notice.revisions.filter(state__in=OPEN).update(state=NoticeState.WITHDRAWN)
        digest = hashlib.sha256(reason.encode()).hexdigest()
        _record(notice, "notice_withdrawn", by, power, clock, digest=digest)
        touch_revision("board")


def scan(revision: NoticeRevision) -> list[str]:
    """扫描一版: a sentence for every number that must not be published; the body's lines count from 1."""
    return [where + advice for where, advice in found_numbers(revision)]


def found_numbers(revision: NoticeRevision) -> list[tuple[str, str]]:
    """扫出的号码: where each stands, and what to do about it – which is over once the reviewer lets it stand."""
    allowed = public_phones(revision.notice.township)
    head = find_numbers(f"{revision.title}\n{revision.change_note}", allowed=allowed)
    body = find_numbers(revision.body, allowed=allowed)
    found = [(f"标题或修订理由里{f.place.partition('行')[2]}", f.advice) for f in head]
    return found + [(f"正文{f.place}", f.advice) for f in body]


def content_digest(notice: Notice, revision: NoticeRevision) -> str:
    """内容散列: SHA-256 of the canonical JSON of what the public reads."""
    shown: dict[str, Any] = {
        "number": notice.number,
        "column": notice.column,
        "ordinal": revision.ordinal,
        "title": revision.title,
        "body": revision.body,
        "change_note": revision.change_note,
        "ends_on": revision.ends_on.isoformat() if revision.ends_on else None,
    }
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _lock_notice(notice_id: int) -> tuple[Notice, Reading]:
    """锁住公告那一行; the clock is read after the lock is held."""
    township_id = Notice.objects.values_list("township_id", flat=True).get(pk=notice_id)
    share_township(township_id)
    rows = Notice.objects.select_for_update(of=("self",)).select_related("township", "current")
    return rows.get(pk=notice_id), read_clock()


def _lock_revision(revision_id: int) -> tuple[NoticeRevision, Reading]:
    notice_id = NoticeRevision.objects.values_list("notice_id", flat=True).get(pk=revision_id)
    notice, clock = _lock_notice(notice_id)
    revision = NoticeRevision.objects.get(pk=revision_id)
    revision.notice = notice
    return revision, clock


def _missing(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={field: [sentence]})


def _require(revision: NoticeRevision, state: NoticeState, what: str) -> None:
    if revision.state != state:
        raise WrongState(f"这一版现在是「{NoticeState(revision.state).label}」，不能{what}。请刷新看最新的情况。")


def _add_revision(notice: Notice, ordinal: int, text: Text, by: User, clock: Reading) -> NoticeRevision:
    revision = NoticeRevision(notice=notice, ordinal=ordinal, drafted_by=by, drafted_at=clock.at)
    _write_text(revision, text)
    revision.save()
    return revision


def _write_text(revision: NoticeRevision, text: Text) -> None:
    title, body = _clean(text.title), _clean(text.body)
    if not title or not body:
        raise InvalidInput("标题和正文都要写。")
    office = text.office
    if office is not None and office.township_id != revision.notice.township_id:
        raise InvalidInput("这个站所不在本乡镇。")
    revision.title, revision.body, revision.change_note = title[:120], body, _clean(text.change_note)[:200]
    revision.office, revision.ends_on = office, text.ends_on


def _clean(text: str) -> str:
    """去掉看不见的控制符: nothing that could hide or turn round what the reader sees."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).strip()


def _record(notice: Notice, kind: str, by: User, power: Power, clock: Reading, **payload: Any) -> None:
    stream = f"notice:{notice.number}"
    after = Event.objects.filter(stream=stream).order_by("-sequence").first()
    entry = Entry(kind, payload, actor=by, post=power.post, on_behalf_of=power.on_behalf_of)
    ledger.append(township=notice.township_id, stream=stream, entries=[entry], after=after, clock=clock)


def _index(notice: Notice, revision: NoticeRevision) -> None:
    """检索词: bigrams of title and text, so that two characters find it."""
    text = f"{revision.title} {revision.body[:_WORDS_READ]}"
    tokens = sorted(bigrams(text) | set(re.findall(r"[0-9a-z]+", text.lower())))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE disclosure_notice SET search = array_to_tsvector(%s::text[]) WHERE id = %s",
            [[token[:60] for token in tokens], notice.pk],
        )
