"""随机的办件 – items, calendars and histories for the comparison of the fold with the naive model."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from approvals.facts import Calendars, Fact, Publication
from portal.workdays import WorkCalendar
from services.definition import Citation, Extension, ItemDefinition, Limit, LimitUnit, OnTimeout, Stage, StageKind, Timeout
from tests.naive_limits import SHANGHAI
from tests.rules import CITED, definition, mode, stage

FIRST = date(2026, 9, 14)  # a Monday; the autumn holidays are near, the unpublished year is not far
SPAN = [FIRST + timedelta(days=n) for n in range(150)]
LOCAL_LAW = Citation("示例地方规则（虚构）", "第二条", "2026-01-05", "2026-10-15")
TIMES = (
    time(0, 0),
    time(0, 0, 0, 1),
    time(8, 30),
    time(10, 0),
    time(16, 59, 59),
    time(17, 0),
    time(23, 59, 59, 999_999),
)
OUTCOMES = {"record": "recorded", "complete": "completed", "renew": "renewed"}
KEYS = ("own", "branch", "visit", "post", "again")
chance = st.integers(0, 9)


def local(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def instants(first: date = FIRST, last: int = 110) -> st.SearchStrategy[datetime]:
    """Any instant of the span, most often one of the ones at which law turns."""
    days = st.integers(0, last).map(lambda n: first + timedelta(days=n))
    return st.builds(local, days, st.sampled_from(TIMES))


def limits(most: int, *, least: int = 0, units: tuple[LimitUnit, ...] = (LimitUnit.WORKDAY,)) -> st.SearchStrategy[Limit]:
    return st.builds(Limit, st.integers(least, most), st.sampled_from(units))


@st.composite
def calendars(draw: st.DrawFn) -> Calendars:
    """One to three versions of the calendar, and what happens outside a case."""
    versions = []
    published = datetime(2025, 11, 4, tzinfo=UTC)
    for number in range(1, draw(st.integers(1, 3)) + 1):
        calendar = WorkCalendar(
            days_off=draw(st.frozensets(st.sampled_from(SPAN), max_size=8)),
            shifted_workdays=draw(st.frozensets(st.sampled_from(SPAN), max_size=3)),
            published_through=draw(st.sampled_from((date(2026, 12, 24), date(2026, 10, 9), date(2027, 12, 24)))),
        )
        versions.append(Publication(published, calendar, number))
        published = max(published + timedelta(hours=1), draw(instants(last=40)))
    outages = draw(st.frozensets(st.sampled_from(SPAN[:60]), max_size=3)) if draw(chance) > 6 else frozenset()
    freezes: tuple[tuple[datetime, datetime | None], ...] = ()
    if draw(chance) > 7:
        begun = draw(instants(last=40))
        ended = draw(st.one_of(st.none(), st.integers(1, 200).map(lambda n: begun + timedelta(hours=n))))
        freezes = ((begun, ended),)
    repealed = {CITED.title: draw(st.sampled_from(SPAN[:60]))} if draw(chance) > 7 else {}
    return Calendars(tuple(versions), outages, freezes, repealed)


@st.composite
def stages(draw: st.DrawFn) -> tuple[Stage, ...]:
    """Offices in parallel, a posting, a visit, the decision, the delivery; each may be missing but the decision."""
    found: list[Stage] = []
    silent = st.sampled_from((Timeout(), mode(OnTimeout.CONSENT), Timeout(OnTimeout.CONSENT, OnTimeout.CONSENT, LOCAL_LAW)))
    some = st.one_of(st.none(), limits(5))
    if draw(chance) > 3:
        found.append(stage("own", 1, limit=draw(limits(4)), timeout=draw(silent)))
    if draw(chance) > 5:
        found.append(stage("branch", 1, limit=draw(some), timeout=draw(silent)))
    stopping = st.sampled_from((("promised",), ("promised", "statutory"), ()))
    term = limits(7, least=1, units=(LimitUnit.DAY, LimitUnit.WORKDAY))
    if draw(chance) > 5:
        group = draw(st.integers(1, 2))
        found.append(stage("post", group, StageKind.POSTING, draw(term), pauses=draw(stopping), counts=False))
    if draw(chance) > 6:
        found.append(stage("visit", 2, limit=draw(limits(3)), timeout=draw(silent)))
    if draw(chance) > 8:
        found.append(stage("again", 3, StageKind.POSTING, draw(term), pauses=draw(stopping), counts=False))
    found.append(stage("decide", 4, StageKind.DECIDE, draw(some)))
    if draw(chance) > 6:
        found.append(stage("hand", 5, StageKind.DELIVER, draw(some)))
    if draw(chance) > 7:
        found.append(stage("call", 6, StageKind.DELIVER, draw(limits(3))))
    return tuple(found)


@st.composite
def items(draw: st.DrawFn) -> ItemDefinition:
    """An item with any of the seven ways of silence."""
    silence = draw(st.sampled_from(("escalate", "record", "complete", "grant", "renew")))
    cited = draw(st.sampled_from((CITED, CITED, LOCAL_LAW)))
    timeout = Timeout() if silence == "escalate" else Timeout(OnTimeout(silence), OnTimeout(silence), cited)
    kinds = (LimitUnit.WORKDAY, LimitUnit.WORKDAY, LimitUnit.DAY, LimitUnit.MONTH)
    statutory = draw(limits(20, least=1, units=kinds[:3]))
    promised = draw(limits(15, least=int(silence != "escalate")))
    if draw(chance) == 9:
        promised, statutory = Limit(1, LimitUnit.MONTH), Limit(2, LimitUnit.MONTH)
    return definition(
        licence=draw(st.booleans()),
        positive=OUTCOMES.get(silence, "approved"),
        promised=promised,
        statutory=None if silence != "grant" and draw(chance) > 5 else statutory,
        intake=draw(limits(6)),
        intake_timeout=draw(st.sampled_from((mode(OnTimeout.ACCEPT), mode(OnTimeout.ACCEPT), Timeout()))),
        timeout=timeout,
        stages=draw(stages()),
        on_no_answer=draw(st.sampled_from(("decide", "withdrawn"))),
        no_answer_citation="示例办法（虚构）第三条",
        answer_days=draw(st.integers(1, 15)),
        renewal_days=draw(st.sampled_from((10, 30))),
        extension=Extension(True, 10),
    )


def _step_of(number: int) -> str:
    return (*KEYS, "hand", "call")[number % 7]


def data_of(kind: str, number: int, instant: datetime, ordinal: int) -> dict[str, Any]:
    """What the fact carries; one small number decides."""
    if kind == "rejected":
        return {"outcome": ("not_accepted", "not_required", "not_ours", "forwarded")[number % 4]}
    if kind == "supplied":
        return {"complete": number % 3 != 0}
    if kind == "opinion":
        return {"step": _step_of(number), "outcome": ("agree", "object", "done")[number % 3]}
    if kind == "decided":
        return {"step": "decide", "outcome": ("approve", "refuse")[number % 2]}
    if kind == "paused":
        until = instant.astimezone(SHANGHAI).date() + timedelta(days=1 + number)
        clocks = (["promised"], ["promised", "statutory"], ["statutory"])[number % 3]
        return {"id": f"pause{ordinal}", "reason": "听证", "clocks": clocks, "until": until.isoformat(), "step": ("", "own")[number % 2]}
    if kind == "extended":
        return {"length": 1 + number % 10}
    if kind in ("objected", "found"):
        return {"step": ("post", "again")[number % 5 == 4]}
    if kind == "corrected_again":
        return {"override": True}
    return {}


COMMON = ("accepted", "accepted", "corrected", "supplied", "supplied", "opinion", "opinion", "opinion", "opinion", "decided", "decided")
RARE = (
    "paused", "paused", "resumed", "extended", "objected", "objected", "found", "withdrawn", "terminated",
    "died", "duplicate", "rejected", "corrected_again", "reason_published", "reassigned",
)  # fmt: skip


def filing(day: date, clock: time, *, complete: bool, left: int) -> Fact:
    expiry = day + timedelta(days=left)
    data = {"received_on": day.isoformat(), "complete": complete, "expires_on": expiry.isoformat()}
    return Fact("filed", local(day, clock), data, 1)


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """A filing and up to twelve facts after it, lawful or late, in the order of the ledger."""
    filed = filing(
        FIRST + timedelta(days=draw(st.integers(0, 30))),
        draw(st.sampled_from(TIMES)),
        complete=draw(chance) < 8,
        left=draw(st.sampled_from((0, 5, 9, 10, 29, 30, 31, 45))),
    )
    rows = [filed]
    instant, pauses = filed.at, 0
    row = st.tuples(st.integers(0, 5), st.sampled_from(TIMES), st.sampled_from(COMMON + RARE), st.integers(0, 11))
    for gap, clock, kind, number in draw(st.lists(row, max_size=12)):
        day = instant.astimezone(SHANGHAI).date() + timedelta(days=gap)
        instant = max(instant + timedelta(microseconds=1), local(day, clock))
        pauses += kind == "paused"
        data = data_of(kind, number, instant, pauses)
        if kind == "resumed":
            data = {"id": f"pause{pauses}"}
        rows.append(Fact("corrected" if kind == "corrected_again" else kind, instant, data, len(rows) + 1))
    return rows
