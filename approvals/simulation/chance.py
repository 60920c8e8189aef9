"""推演的机会：when cases arrive and what becomes of each, from the seed alone. Pure.

Every case draws from a stream of its own, so a township with more people meets the very same cases.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from approvals.simulation.plan import Arrivals, Plan
from portal.limits import LEGAL_ZONE
from portal.workdays import WorkCalendar

REJECTIONS = ("not_accepted", "not_required", "not_ours", "forwarded")
YEAR_DAYS = 365
LAST_PLACE = timedelta(minutes=20)  # whoever comes to the window comes before it closes


def local(day: date, clock: time) -> datetime:
    """某天某时, the law's zone; stored in UTC like every instant."""
    return datetime.combine(day, clock, LEGAL_ZONE).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Fate:
    """一件的命数: drawn once, whatever the offices do. Days are 自然日 from the event they follow."""

    village: int
    rejected: str
    corrected: bool
    answer_after: float | None
    withdrawn_after: float | None
    refused: bool
    pause_days: int
    extended: bool
    expires_after: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """一件到来"""

    name: str  # the same whatever else arrives
    code: str
    at: datetime
    fate: Fate


def luck(seed: str, *names: object) -> Random:
    """一件事的机会, the same for the same seed and names."""
    return Random(":".join(str(name) for name in (seed, *names)))


def arrivals(plan: Plan, seed: str, days: int, calendar: WorkCalendar) -> list[Arrival]:
    """全部到来的件, in order; a window filing on a rest day comes on the next working day."""
    found = [
        (at, entry.code, place)
        for entry in plan.arrivals
        for place, at in enumerate(_instants(plan, entry, seed, days, calendar))
    ]
    return [
        Arrival(f"{code}/{place}", code, at, _fate(plan, luck(seed, "case", code, place)))
        for at, code, place in sorted(found)
    ]


def _instants(plan: Plan, entry: Arrivals, seed: str, days: int, calendar: WorkCalendar) -> Iterator[datetime]:
    """一个事项的到来: a Poisson stream, thinned to the month's weight."""
    if entry.yearly <= 0:
        return
    draw = luck(seed, "arrivals", entry.code)
    weights = [entry.weight(month) for month in range(1, 13)]
    highest = max(weights)
    # the weights share the year out between the months; they do not make it longer
    rate = entry.yearly / YEAR_DAYS * highest / (sum(weights) / 12)
    passed = draw.expovariate(rate)
    while passed < days:
        day = plan.first_day + timedelta(days=int(passed))
        kept, online = draw.random() < entry.weight(day.month) / highest, draw.random() < plan.applicants.online
        at = _instant(plan, draw.random(), passed, day, calendar, online=online)
        if kept and at is not None and at < local(plan.first_day + timedelta(days=days), time()):
            yield at
        passed += draw.expovariate(rate)


def _instant(
    plan: Plan, part: float, passed: float, day: date, calendar: WorkCalendar, *, online: bool
) -> datetime | None:
    if online:
        return local(day, time()) + timedelta(days=passed - int(passed))
    if not calendar.is_workday(day):
        day = calendar.next_workday(day)
    opened, closed = local(day, plan.opens_at), local(day, plan.closes_at) - LAST_PLACE
    return opened + (closed - opened) * part


def _fate(plan: Plan, draw: Random) -> Fate:
    """每件都抽同样多次, so that changing one share leaves the other draws alone."""
    habits = plan.applicants
    village = draw.randrange(max(len(plan.villages), 1)) + 1
    rejection = draw.choice(REJECTIONS)
    chances = [draw.random() for _ in range(7)]
    waited = min(draw.expovariate(1 / habits.answer_days) if habits.answer_days else 0.1, 30.0)
    pause = max(1, round(draw.triangular(0.4, 1.6, 1.0) * plan.offices.pause_days))
    return Fate(
        village=village,
        rejected=rejection if chances[0] < habits.rejected else "",
        corrected=chances[1] < habits.corrected,
        answer_after=None if chances[2] < habits.unanswered else waited,
        withdrawn_after=draw.uniform(0.1, 10) if chances[3] < habits.withdrawn else None,
        refused=chances[4] < habits.refused,
        pause_days=pause if chances[5] < plan.offices.paused else 0,
        extended=chances[6] < plan.offices.extended,
        expires_after=draw.randint(20, 120),
    )
