"""督查看的：cards whose clock still runs and overdue reasons still owed, with who bears them, by office.

A card is open while its clock is: the step is not done, or the case has no outcome; of each clock the highest
rung counts. What a correction notice has stopped is over. Rows come from projection columns, settled before.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from approvals.models import Case
from portal.limits import day_of
from portal.models import Duty, Post, User
from portal.roster import current_roster

MOST = 50
DAYS = 30
NOBODY = "没有站所"

_OPEN = """
WITH latest AS (
    SELECT DISTINCT ON (c.case_id, c.clock) c.id, c.case_id, c.clock, c.rung, c.at, c.user_id, c.post_id
    FROM approvals_case k JOIN approvals_card c ON c.case_id = k.id
    WHERE k.township_id = %(township)s AND k.closed_at IS NULL AND CASE
        WHEN c.clock = 'intake' THEN k.accepted_at IS NULL AND k.effective_at IS NULL AND NOT EXISTS (
            SELECT FROM approvals_correctionnotice n WHERE n.case_id = k.id AND n.override IS NULL AND n.sent_at >= c.at)
        WHEN c.clock IN ('promised', 'statutory', 'expiry') THEN k.effective_at IS NULL AND NOT EXISTS (
            SELECT FROM approvals_correctionnotice n WHERE n.case_id = k.id AND n.override IS NULL AND n.sent_at >= c.at)
        ELSE EXISTS (SELECT FROM approvals_step s WHERE s.case_id = k.id AND s.key = c.clock AND s.status = 'open'
                     AND c.at >= s.opened_at) END
    ORDER BY c.case_id, c.clock, c.at DESC, c.id DESC
), open_cards AS (SELECT * FROM latest WHERE rung <> 'remind')
"""
_BY_OFFICE = """
SELECT o.id, o.name, count(*) FILTER (WHERE rung = 'yellow'), count(*) FILTER (WHERE rung = 'red')
FROM open_cards c LEFT JOIN portal_post p ON p.id = c.post_id LEFT JOIN portal_office o ON o.id = p.office_id
GROUP BY o.id, o.name
"""
_CARDS = """
SELECT c.rung, c.at, c.clock, a.number, i.name, s.name, p.title, o.name, e.name, k.paused
FROM open_cards c JOIN approvals_case k ON k.id = c.case_id JOIN services_application a ON a.id = k.application_id
JOIN services_serviceitem i ON i.id = a.item_id
LEFT JOIN LATERAL (SELECT name FROM approvals_step s WHERE s.case_id = k.id AND s.key = c.clock LIMIT 1) s ON true
LEFT JOIN portal_post p ON p.id = c.post_id LEFT JOIN portal_office o ON o.id = p.office_id
LEFT JOIN portal_user u ON u.id = c.user_id LEFT JOIN portal_person e ON e.id = u.person_id
ORDER BY c.rung = 'red' DESC, c.at, c.id LIMIT %(most)s
"""
_RECENT = """
SELECT o.id, o.name, count(*) FROM approvals_card c JOIN approvals_case k ON k.id = c.case_id
LEFT JOIN portal_post p ON p.id = c.post_id LEFT JOIN portal_office o ON o.id = p.office_id
WHERE k.township_id = %(township)s AND c.rung = 'red' AND c.at > %(since)s AND c.at <= %(now)s GROUP BY o.id, o.name
"""


@dataclass(frozen=True, slots=True)
class OpenCard:
    """一张没有了结的牌, and on whom it fell; nobody in the township is in: no person."""

    rung: str
    at: datetime
    clock: str
    number: str
    item: str
    step: str | None
    post: str | None
    office: str | None
    person: str | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """一件该公开逾期理由的, and the head who owes it: by title and name, and his account's id."""

    case: Case
    office: str
    head: str
    bearer: int | None
    due_on: date
    late: bool


@dataclass(slots=True)
class OfficeRow:
    """一个站所的几个数"""

    name: str
    yellow: int = 0
    red: int = 0
    owed: int = 0
    late: int = 0
    recent: int = 0


def open_cards(township_id: int) -> list[OpenCard]:
    """没有了结的黄牌、红牌，红的、早的在前, at most fifty."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN + _CARDS, {"township": township_id, "most": MOST})
        return [OpenCard(*row) for row in cursor.fetchall()]


def owed_rows(township_id: int) -> QuerySet[Case]:
    """该公开还没公开逾期理由的件: a decision that came late does not take the reason away."""
    return Case.objects.filter(township=township_id, reason_due_on__isnull=False, reason_published=False)


def count_owed(township_id: int, at: datetime) -> tuple[int, int]:
    """还有几件理由没公开，其中几件晚了"""
    counted = owed_rows(township_id).aggregate(owed=Count("pk"), late=Count("pk", filter=Q(reason_due_on__lt=day_of(at))))
    return counted["owed"], counted["late"]


def owed_reasons(township_id: int, at: datetime) -> list[Owed]:
    """还没公开的逾期理由，先到期的在前; the head, or whoever has his power now, owes it. At most fifty."""
    return _owed(owed_rows(township_id), township_id, at)


def owed_by(user: User, township_id: int, at: datetime) -> list[Owed]:
    """该由这个人公开的, as head of the item's office or because that head's power is with him now. At most fifty."""
    offices = {office.pk for office in current_roster().offices.values() if office.township_id == township_id}
    mine = [office for office, (_post, bearer) in _bearers(offices, township_id, at).items() if bearer == user.pk]
    return _owed(owed_rows(township_id).filter(application__item__office__in=mine), township_id, at) if mine else []


def _owed(rows: QuerySet[Case], township_id: int, at: datetime) -> list[Owed]:
    cases = list(rows.select_related("application__item__office").order_by("reason_due_on", "pk")[:MOST])
    bearers = _bearers({case.application.item.office_id for case in cases}, township_id, at)
    users = User.objects.select_related("person").in_bulk({user for _post, user in bearers.values() if user})
    today, found = day_of(at), []
    for case in cases:
        office, due = case.application.item.office, case.reason_due_on
        post, bearer = bearers[office.pk]
        head = f"{post.title} {users[bearer].display_name}" if post and bearer else ""
        assert due is not None  # filtered above
        found.append(Owed(case, office.name, head, bearer, due, due < today))
    return found


def _bearers(offices: set[int], township_id: int, at: datetime) -> dict[int, tuple[Post | None, int | None]]:
    """各站所的理由该谁写: its head, or who has the power while he is out; no statement but the roster's."""
    roster = current_roster()
    heads = {office: roster.with_duty(township_id, Duty.OFFICE_HEAD, office_id=office)[:1] for office in offices}
    return {office: roster.responsible(seat[0] if seat else None, at, township_id) for office, seat in heads.items()}


def by_office(township_id: int, at: datetime) -> list[OfficeRow]:
    """各站所的牌和理由, the heaviest first; four statements whatever their number."""
    offices: dict[int | None, OfficeRow] = {}
    values: dict[str, Any] = {"township": township_id, "since": at - timedelta(days=DAYS), "now": at}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN + _BY_OFFICE, values)
        for office, name, yellow, red in cursor.fetchall():
            offices[office] = OfficeRow(name or NOBODY, yellow, red)
        cursor.execute(_RECENT, values)
        for office, name, recent in cursor.fetchall():
            offices.setdefault(office, OfficeRow(name or NOBODY)).recent = recent
    today = day_of(at)
    counted = owed_rows(township_id).values_list("application__item__office_id", "application__item__office__name").annotate(
        owed=Count("pk"), late=Count("pk", filter=Q(reason_due_on__lt=today))
    )
    for office, name, owed, late in counted:
        row = offices.setdefault(office, OfficeRow(name))
        row.owed, row.late = owed, late
    return sorted(offices.values(), key=lambda row: (-row.red, -row.late, -row.yellow, -row.owed, row.name))
