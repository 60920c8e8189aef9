"""工作台的读：the open work of a person's posts in the order in which it ends – one statement, keyset pages, no COUNT.

Rows come from projection columns; what is due among them has been settled before they are read, so that
the columns say what the fold says (engine section 1).
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from approvals.settling import settle_application
from portal import paging
from portal.clock import portal_now
from portal.errors import InvalidInput
from portal.limits import day_of
from portal.models import Duty, User
from portal.permissions import Power
from services.definition import LimitUnit

log = logging.getLogger(__name__)
PAGE = 25
CAP = 100
LIGHTS = ("超期", "临期", "正常", "中止", "暂定")
TENTH_OF_AN_HOUR = timedelta(minutes=6)
COUNTED = ("超期", "临期", "中止")  # each by a statement of its own; the others come of these and of all
INTAKE, STEP, DELIVERY = 0, 1, 2
INTAKE_KIND = "intake"
AGENTS = frozenset({Duty.AGENT, Duty.VILLAGE_AGENT})

# 临期 as the fold has it: from that day on, whatever pauses and extensions the limit has seen; hours: in their last tenth.
SOON_INTAKE = "k.intake_soon_on <= %(today)s"
SOON_STEP = "(s.soon_on <= %(today)s AND (s.unit <> 'hour' OR s.due_at - s.length * interval '6 minutes' <= %(now)s))"

DUE = (
    "SELECT application_id FROM approvals_case WHERE township_id = ANY(%(townships)s) AND next_look_at <= %(now)s"
    " ORDER BY next_look_at LIMIT %(most)s"
)
# Whether a step is the delivery itself, by the version `v` of its case: not every step after a decision is.
_HANDS_OVER = (
    "jsonb_path_exists(v.definition, '$.stages[*] ? (@.key == $key && @.hands_over == true)',"
    " jsonb_build_object('key', {step}.key))"
)
_STEP_SELECT = (
    "SELECT {source} AS source, 1 AS kind, s.id, s.due_at AS due, s.case_id, s.length, s.unit, s.soon_on,"
    " s.key, s.name, s.kind AS step_kind, k.provisional, s.post_id AS post"
    " FROM approvals_step s JOIN approvals_case k ON k.id = s.case_id"
    " WHERE s.status = 'open' AND {where}"
)
_INTAKE_SELECT = (
    "SELECT {source} AS source, 0 AS kind, k.id, k.intake_due_at AS due, k.id AS case_id, NULL::int AS length,"
    " 'workday' AS unit, k.intake_soon_on AS soon_on, 'intake' AS key, '收件审看' AS name, 'intake' AS step_kind, k.provisional,"
    " k.window_id AS post"
    " FROM approvals_case k WHERE k.accepted_at IS NULL AND k.closed_at IS NULL AND {where}"
)
# What the agent still has to bring to its applicant; a step of his own for it is listed already.
_DELIVERY_SELECT = (
    "SELECT {source} AS source, 2 AS kind, k.id, k.delivery_due_at AS due, k.id AS case_id, 0 AS length,"
    " 'workday' AS unit, NULL::date AS soon_on, 'delivery' AS key, '结果送达' AS name, 'delivery' AS step_kind, k.provisional,"
    " m.agent_id AS post"
    " FROM approvals_case k JOIN services_application m ON m.id = k.application_id"
    " JOIN services_itemversion v ON v.id = m.version_id"
    " WHERE k.delivery_due_at IS NOT NULL AND {where} AND NOT EXISTS (SELECT FROM approvals_step s"
    " WHERE s.case_id = k.id AND s.status = 'open' AND s.kind = 'deliver' AND s.post_id = m.agent_id AND HANDS_OVER)"
).replace("HANDS_OVER", _HANDS_OVER.format(step="s"))
_COLUMNS = {INTAKE: ("k.intake_due_at", "k.id"), STEP: ("s.due_at", "s.id"), DELIVERY: ("k.delivery_due_at", "k.id")}
_SOON = {INTAKE: SOON_INTAKE, STEP: SOON_STEP, DELIVERY: "FALSE"}
_INSIDE = (
    " AND EXISTS (SELECT 1 FROM services_application a JOIN services_serviceitem i ON i.id = a.item_id"
    " WHERE a.id = k.application_id AND {column} = ANY(%({values})s))"
)
_DETAILS = """
SELECT w.source, w.kind, w.id, w.due, w.unit, w.soon_on, w.key, w.name, w.step_kind,
       COALESCE(w.length, CASE WHEN w.due IS NOT DISTINCT FROM k.promised_due_at
           THEN (v.definition #>> '{promised,length}')::int ELSE (v.definition #>> '{intake,length}')::int END),
       k.provisional, k.paused, k.next_look_at, a.id, a.number, a.applicant_masked, a.state, i.name,
       p.id = %(me)s OR (p.id_hash <> '' AND p.id_hash = m.id_hash)
           OR (p.phone_hash <> '' AND p.phone_hash = m.phone_hash)
           OR (p.household_hash <> '' AND p.household_hash = m.household_hash)
           OR EXISTS (SELECT 1 FROM portal_relation r WHERE r.ended_at IS NULL AND (
                          (r.person_id = m.id AND r.relative_id = p.id) OR (r.person_id = p.id AND r.relative_id = m.id))),
       CASE WHEN w.step_kind = 'deliver' AND k.delivery_due_at IS NOT NULL THEN HANDS_OVER ELSE false END,
       w.post, i.code, CASE WHEN EARLIER THEN k.due_at END, CASE WHEN EARLIER THEN CASE
           k.due_at WHEN k.promised_due_at THEN 'promised' WHEN k.statutory_due_at THEN 'statutory' ELSE 'expiry' END ELSE '' END
FROM work w
JOIN approvals_case k ON k.id = w.case_id
JOIN services_application a ON a.id = k.application_id
JOIN services_itemversion v ON v.id = a.version_id
JOIN services_serviceitem i ON i.id = a.item_id
JOIN portal_person p ON p.id = a.applicant_id
JOIN portal_person m ON m.id = %(me)s
ORDER BY w.due NULLS LAST, w.kind, w.id
""".replace("HANDS_OVER", _HANDS_OVER.format(step="w")).replace(
    "EARLIER", f"(w.kind = {STEP} AND k.effective_at IS NULL AND k.due_at IS NOT NULL AND k.due_at < w.due)"
)


class WorkRow(NamedTuple):
    """工作台的一行，未加工: `source` is the place of its power among those asked for."""

    source: int
    kind: int
    id: int
    due: datetime | None
    unit: str
    soon_on: date | None
    key: str
    name: str
    step_kind: str
    length: int | None
    provisional: bool
    paused: bool
    next_look_at: datetime | None
    application_id: int
    number: str
    applicant: str
    state: str
    item: str
    recused: bool
    hands_over: bool = False  # the step is the delivery, which is registered with its receipt
    post: int | None = None
    code: str = ""  # of the item
    whole: datetime | None = None  # the end of the whole case where it is before the step's own (engine 4)
    whole_clock: str = ""

    def is_soon(self, at: datetime, today: date) -> bool:
        """临不临期, as `SOON_STEP` has it"""
        if self.soon_on is None or self.soon_on > today:
            return False
        return self.unit != LimitUnit.HOUR or (self.due or at) - (self.length or 0) * TENTH_OF_AN_HOUR <= at


@dataclass(frozen=True, slots=True)
class WorkPage:
    """一页, and the mark from which the next goes on."""

    rows: list[WorkRow]
    next: str


@dataclass(frozen=True, slots=True)
class _Source:
    """一个来源: a select of one kind of work for one power."""

    kind: int
    select: str


class Work:
    """某人此刻手里的活; `powers` are those whose work is asked for; `shared`: with what lies at colleagues of the same duty.

    What two of them reach – an office's queue and a post's own, one's own and a deputy's – stands there once, under the first.
    """

    def __init__(self, user: User, powers: list[Power], at: datetime, *, shared: bool = True) -> None:
        self.user, self.powers, self.at, self.shared = user, powers, at, shared
        self.values: dict[str, Any] = {"me": user.person_id, **light_values(at)}
        self.sources = self._sources()

    def _sources(self) -> list[_Source]:
        sources: list[_Source] = []
        taken: set[tuple[int, str]] = set()
        for place, power in enumerate(self.powers):
            post, inside = power.post, self._inside(place, power)
            self.values |= {f"post{place}": post.pk, f"office{place}": post.office_id, f"duty{place}": post.duty}
            if post.duty == Duty.WINDOW and power.scope.get("kinds", [INTAKE_KIND]).count(INTAKE_KIND):
                where = f"k.window_id = %(post{place})s{inside}"
                sources.append(_Source(INTAKE, _INTAKE_SELECT.format(source=place, where=where)))
            if post.duty in AGENTS and "deliver" in power.scope.get("kinds", ["deliver"]):
                self.values[f"town{place}"] = post.township_id
                where = f"k.township_id = %(town{place})s AND m.agent_id = %(post{place})s{inside}"
                sources.append(_Source(DELIVERY, _DELIVERY_SELECT.format(source=place, where=where)))
            pair = (post.office_id, post.duty)
            if self.shared and post.duty not in AGENTS and pair not in taken and not power.scope:
                taken.add(pair)
                where = f"s.office_id = %(office{place})s AND s.duty = %(duty{place})s"
                sources.append(_Source(STEP, _STEP_SELECT.format(source=place, where=where)))
            where = f"s.post_id = %(post{place})s{inside}"
            if "kinds" in power.scope:
                self.values[f"kinds{place}"] = power.scope["kinds"]
                where += f" AND s.kind = ANY(%(kinds{place})s)"
            sources.append(_Source(STEP, _STEP_SELECT.format(source=place, where=where)))
        return sources

    def _inside(self, place: int, power: Power) -> str:
        """代理只管一部分时的条件"""
        where = ""
        for name, column in (("items", "i.code"), ("cases", "a.number")):
            if name in power.scope:
                self.values[f"{name}{place}"] = power.scope[name]
                where += _INSIDE.format(column=column, values=f"{name}{place}")
        return where

    def page(self, *, light: str = "", after: str = "") -> WorkPage:
        """一页活，先到期的在前"""
        if not self.sources:
            return WorkPage([], "")
        mark = read_mark(after) if after else None
        values = dict(self.values)
        branches = [branch for source in self.sources for branch in _branches(source, light, mark, values)]
        limit = PAGE + 1
        parts = " UNION ALL ".join(f"({branch} ORDER BY due, id LIMIT {limit})" for branch in branches)
        once = f"SELECT DISTINCT ON (kind, id) * FROM ({parts}) AS u ORDER BY kind, id, source"  # noqa: S608 - no value is pasted in
        head = f"WITH work AS (SELECT * FROM ({once}) AS o ORDER BY due NULLS LAST, kind, id LIMIT {limit})"  # noqa: S608 - nor here
        with connection.cursor() as cursor:
            cursor.execute(head + _DETAILS, values)
            found = [WorkRow(*row) for row in cursor.fetchall()]
        more = len(found) > PAGE
        return WorkPage(found[:PAGE], make_mark(found[PAGE - 1]) if more else "")

    def count(self) -> tuple[dict[str, int], list[int]]:
        """各灯有几件, each counted to a hundred and no further; and the applications of these townships that are due.

        Every row is 超期, 临期, 正常 or 中止, so what is left of all is 正常; 暂定 is counted among all of them. Neither
        is known where all are a hundred or more.
        """
        if not self.sources:
            return dict.fromkeys(("", *LIGHTS), 0), []
        counts = []
        for light in ("", *COUNTED):
            branches = [branch for source in self.sources for branch in _branches(source, light, None, self.values)]
            # Along an index, though nobody looks at the order: without one the server would rather read the table.
            order = "soon_on" if light == "临期" else "due, id"
            parts = " UNION ALL ".join(f"({branch} ORDER BY {order} LIMIT {CAP})" for branch in branches)
            what = "count(*)" if light else "ARRAY[count(*), count(*) FILTER (WHERE provisional)]"
            rows = f"SELECT DISTINCT kind, id, provisional FROM ({parts}) AS u LIMIT {CAP}"  # noqa: S608 - no value is pasted in
            counts.append(f"(SELECT {what} FROM ({rows}) AS c)")  # noqa: S608 - nor here
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT ARRAY({DUE}), " + ", ".join(counts), self.values | self._due())  # noqa: S608 - texts of ours
            due, (whole, provisional), *row = cursor.fetchone()
        found = {"": whole, **dict(zip(COUNTED, row, strict=True))}
        if whole < CAP:
            found |= {"正常": whole - sum(row), "暂定": provisional}
        return found, due

    def _due(self) -> dict[str, Any]:
        return {"townships": list({power.post.township_id for power in self.powers}), "most": PAGE}


def settled_work(user: User, powers: list[Power], at: datetime) -> tuple[Work, dict[str, int]]:
    """结算过的活和各灯几件: a step which a default has just opened is there at the first look."""
    work = Work(user, powers, at)
    counts, due = work.count()
    if due:
        settle_these(due)
        work = Work(user, powers, portal_now())
        counts, _ = work.count()
    return work, counts


def _branches(source: _Source, light: str, mark: tuple[datetime | None, int, int] | None, values: dict[str, Any]) -> list[str]:
    """一个来源的查询: with the light's condition, from the mark on; two where the mark stands before the undated ones."""
    select = source.select + _light_condition(source, light)
    if mark is None:
        return [select]
    due, kind, pk = mark
    column, row_id = _COLUMNS[source.kind]
    values["mark_due"] = due
    values[f"mark_id{source.kind}"] = pk if source.kind == kind else 0 if source.kind > kind else 2**62
    own_id = f"%(mark_id{source.kind})s"
    undated = f"{select} AND {column} IS NULL"
    if due is None:
        return [f"{undated} AND {row_id} > {own_id}"]
    return [f"{select} AND ({column}, {row_id}) > (%(mark_due)s, {own_id})", undated]


def _light_condition(source: _Source, light: str) -> str:
    due, soon = _COLUMNS[source.kind][0], _SOON[source.kind]
    conditions = {
        "超期": f" AND {due} <= %(now)s",
        "临期": f" AND {due} > %(now)s AND {soon}",
        "正常": f" AND {due} > %(now)s AND ({soon}) IS NOT TRUE",
        "中止": f" AND {due} IS NULL",
        "暂定": " AND k.provisional",
    }
    return conditions.get(light, "")


def light_values(at: datetime) -> dict[str, Any]:
    """灯的条件里要填的值: now and today."""
    return {"now": at, "today": day_of(at)}


def make_mark(row: WorkRow) -> str:
    """翻页的记号: the kind of the row, then as everywhere."""
    return f"{row.kind}{paging.make_mark(row.due or paging.NO_DAY, row.id)}"


def read_mark(mark: str) -> tuple[datetime | None, int, int]:
    """读翻页的记号; InvalidInput if it is none."""
    due, pk = paging.read_mark(mark[1:])
    if mark[:1] not in {str(kind) for kind in _COLUMNS}:
        raise InvalidInput("翻页的地址不完整，请从第一页看起。")
    return (None if due == paging.NO_DAY else due), int(mark[0]), pk


def settle_due(township_id: int, at: datetime) -> None:
    """先结算本镇到了时候的, so that figures rest on what the law has made of them."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"townships": [township_id], "now": at, "most": PAGE})
        due = [row[0] for row in cursor.fetchall()]
    settle_these(due)


def settle_these(application_ids: list[int]) -> None:
    """结算这几件; one that cannot be settled is the sweep's to record, the list is still shown."""
    for application_id in application_ids:
        try:
            settle_application(application_id)
        except Exception:  # whatever it is, the clerk must still see the list
            log.exception("could not settle application %s for a list", application_id)
