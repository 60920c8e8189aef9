"""随机的办件 – items, calendars and histories for the comparison of the fold with the naive model.

One seed makes one case. Short terms and the instants at which law turns are preferred: midnight, a
microsecond to either side of it, and the closing hour.
"""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from approvals.facts import Calendars, Fact, Publication
from portal.calendar_data import national_calendar
from portal.workdays import WorkCalendar
from services.definition import (
    Citation,
    Extension,
    ItemDefinition,
    Limit,
    LimitUnit,
    Material,
    OnTimeout,
    Required,
    Stage,
    StageKind,
    Timeout,
)
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
MATERIALS = (
    Material("form", "申请表", Required.ALWAYS, source="窗口提供/网上填报"),  # filled in here, only to be signed there
    Material("card", "身份证", Required.ALWAYS),
    Material("photo", "照片", Required.ALWAYS),
    Material("plan", "示意图", Required.OPTIONAL),
)
OUTCOMES = {"record": "recorded", "complete": "completed", "renew": "renewed"}
STEPS = ("own", "branch", "visit", "post", "again", "hand", "call")
WORKDAYS = (LimitUnit.WORKDAY,)
REJECTIONS = ("not_accepted", "not_required", "not_ours", "forwarded")
COMMON = ("accepted",) * 2 + ("corrected",) + ("supplied",) * 2 + ("opinion",) * 4 + ("decided",) * 2
RARE = (
    "paused", "paused", "resumed", "extended", "objected", "objected", "found", "withdrawn", "terminated",
    "died", "duplicate", "rejected", "corrected_again", "reason_published", "reassigned",
    "passed", "rectified", "revoked", "renounced", "receipt_confirmed", "delivered", "delivered",
)  # fmt: skip
STOPPED = (("promised",), ("promised", "statutory"), ())


def local(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def random_calendar(seed: int) -> WorkCalendar:
    rng = random.Random(seed)
    return WorkCalendar(
        days_off=frozenset(rng.sample(SPAN, rng.randrange(25))),
        shifted_workdays=frozenset(rng.sample(SPAN, rng.randrange(12))),
        published_through=rng.choice(
            (date(2026, 10, 9), date(2026, 10, 30), date(2026, 12, 24), date(2027, 12, 24))
        ),
    )


PLAIN = WorkCalendar(frozenset(), frozenset(), date(2026, 12, 24))
SHORT = WorkCalendar(frozenset(), frozenset(), date(2026, 10, 9))
# a pool: building one costs more than counting with it
CALENDARS = (PLAIN, SHORT, national_calendar(2026), *(random_calendar(seed) for seed in range(40)))


class Dice(random.Random):
    """One case's chances."""

    def one_in(self, number: int) -> bool:
        return self.randrange(number) == 0

    def limit(self, least: int, most: int, units: Sequence[LimitUnit] = WORKDAYS) -> Limit:
        return Limit(self.randint(least, most), self.choice(units))

    def step(self, most: int) -> Limit:
        """The term of a step: working days, now and then hours."""
        return Limit(self.randint(1, 60), LimitUnit.HOUR) if self.one_in(8) else self.limit(0, most)

    def perhaps(self, limit: Limit) -> Limit | None:
        return None if self.one_in(3) else limit

    def instant(self, last: int) -> datetime:
        return local(FIRST + timedelta(days=self.randrange(last)), self.choice(TIMES))

    def calendars(self) -> Calendars:
        """One to three versions of the calendar, and what happens outside a case."""
        versions = [Publication(datetime(2025, 11, 4, tzinfo=UTC), self.choice(CALENDARS))]
        later = sorted(self.instant(50) for _ in range(self.randrange(3)))
        versions += [Publication(at, self.choice(CALENDARS), number) for number, at in enumerate(later, 2)]
        outages = frozenset(self.sample(SPAN[:60], self.randrange(4))) if self.one_in(3) else frozenset()
        freezes: tuple[tuple[datetime, datetime | None], ...] = ()
        if self.one_in(5):
            begun = self.instant(40)
            freezes = ((begun, None if self.one_in(3) else begun + timedelta(hours=self.randint(1, 200))),)
        repealed = {CITED.title: self.choice(SPAN[:60])} if self.one_in(5) else {}
        return Calendars(tuple(versions), outages, freezes, repealed)

    def stages(self) -> tuple[Stage, ...]:
        """Offices in parallel, postings, a visit, the decision, the delivery; only the decision is always there."""
        silence = (
            Timeout(),
            mode(OnTimeout.CONSENT),
            Timeout(OnTimeout.CONSENT, OnTimeout.CONSENT, LOCAL_LAW),
        )
        days = (LimitUnit.DAY, LimitUnit.WORKDAY)
        found = [
            stage("own", 1, limit=self.limit(0, 4), timeout=self.choice(silence)),
            stage("branch", 1, limit=self.perhaps(self.limit(0, 5)), timeout=self.choice(silence)),
            stage("visit", 2, limit=self.limit(0, 3), timeout=self.choice(silence)),
        ]
        if self.one_in(4):
            found[-1] = stage("visit", 2, limit=self.step(3))
        for key, group in (("post", self.randint(1, 2)), ("again", 3)):
            term = self.limit(1, 7, days)
            found.append(
                stage(key, group, StageKind.POSTING, term, pauses=self.choice(STOPPED), counts=False)
            )
        found = [entry for entry in found if self.one_in(2)]
        found.append(stage("decide", 4, StageKind.DECIDE, self.perhaps(self.step(5))))
        term = self.perhaps(self.step(5))
        hand = stage(
            "hand", self.randint(4, 5), StageKind.DELIVER, term, hands_over=self.one_in(2), positive_only=self.one_in(2)
        )
        call = stage(
            "call", 6, StageKind.DELIVER, self.step(3), hands_over=self.one_in(3), positive_only=self.one_in(2)
        )
        delivery = [hand, call]
        return (*found, *(entry for entry in delivery if self.one_in(3)))

    def item(self) -> ItemDefinition:
        """An item with any of the seven ways of silence."""
        silence = self.choice(("escalate", "record", "complete", "grant", "renew"))
        cited = self.choice((CITED, CITED, LOCAL_LAW))
        timeout = (
            Timeout() if silence == "escalate" else Timeout(OnTimeout(silence), OnTimeout(silence), cited)
        )
        promised = self.limit(int(silence != "escalate"), 15)
        statutory = self.limit(1, 20, (LimitUnit.WORKDAY, LimitUnit.WORKDAY, LimitUnit.DAY))
        if self.one_in(10):
            promised, statutory = Limit(1, LimitUnit.MONTH), Limit(2, LimitUnit.MONTH)
        return definition(
            licence=self.one_in(2),
            positive=OUTCOMES.get(silence, "approved"),
            promised=promised,
            statutory=None if silence != "grant" and self.one_in(3) else statutory,
            intake=self.limit(0, 6),
            intake_timeout=Timeout()
            if self.one_in(3)
            else Timeout(OnTimeout.ACCEPT, OnTimeout.ACCEPT, cited),
            timeout=timeout,
            stages=self.stages(),
            on_no_answer=self.choice(("decide", "withdrawn")),
            no_answer_citation="" if self.one_in(5) else "示例办法（虚构）第三条",
            answer_days=self.randint(1, 15),
            delivery_days=self.choice((0, 2, 10)),
            materials=MATERIALS,
            renewal_days=self.choice((10, 30)),
            validity_months=self.choice((0, 0, 1, 1, 2, 6, 12)),
            extension=Extension(True, 10, self.choice((statutory.unit, promised.unit, LimitUnit.WORKDAY))),
        )

    def filing(self) -> Fact:
        day = FIRST + timedelta(days=self.randrange(30))
        expiry = day + timedelta(days=self.choice((-1, 0, 5, 9, 10, 29, 30, 31, 45)))
        data = {
            "received_on": (day - timedelta(days=self.randrange(1, 40) * self.one_in(5))).isoformat(),
            "confirmed": self.one_in(3),
            "complete": not self.one_in(5),
            "expires_on": expiry.isoformat(),
        }
        if self.one_in(6):  # an item accepted on some days of the month only
            wait = timedelta(days=self.randrange(1, 12))
            data["opens_on"] = (date.fromisoformat(str(data["received_on"])) + wait).isoformat()
        if self.one_in(3):
            data["to_bring"] = [material.key for material in MATERIALS if self.one_in(2)]
        return Fact("filed", local(day, self.choice(TIMES)), data, 1)

    def history(self) -> list[Fact]:
        """A filing and up to twelve facts after it, lawful or late, in the order of the ledger."""
        facts, pauses = [self.filing()], 0
        for _ in range(self.randrange(13)):
            day = facts[-1].at.astimezone(SHANGHAI).date() + timedelta(days=self.randrange(6))
            at = max(facts[-1].at + timedelta(microseconds=1), local(day, self.choice(TIMES)))
            kind = self.choice(COMMON + RARE)
            pauses += kind == "paused"
            facts.append(fact_of(kind, self.randrange(12), at, pauses, len(facts) + 1))
        return facts


def fact_of(kind: str, number: int, at: datetime, pauses: int, place: int) -> Fact:
    """A fact whose details one small number decides."""
    until = (at.astimezone(SHANGHAI).date() + timedelta(days=1 + number)).isoformat()
    stopped = (["promised"], ["promised", "statutory"], ["statutory"])[number % 3]
    pause = {
        "id": f"pause{pauses}",
        "reason": "听证",
        "clocks": stopped,
        "until": until,
        "step": STEPS[0] * (number % 2),
    }
    data: dict[str, dict[str, Any]] = {
        "rejected": {"outcome": REJECTIONS[number % 4]},
        "supplied": {"complete": number % 3 != 0, "points": [m.key for m in MATERIALS[number % 4 :]]},
        "opinion": {"step": STEPS[number % 7], "outcome": ("agree", "object", "done")[number % 3]},
        "decided": {"step": "decide", "outcome": ("approve", "refuse")[number % 2]},
        "paused": pause,
        "resumed": {"id": f"pause{pauses}"},
        "extended": {"length": 1 + number % 10},
        "objected": {"step": ("post", "again")[number % 5 == 4]},
        "found": {"step": ("post", "again")[number % 5 == 4]},
        "corrected_again": {"override": True},
        "died": {"passes": number % 4 == 3},
    }
    return Fact(kind.removesuffix("_again"), at, data.get(kind, {}), place)
