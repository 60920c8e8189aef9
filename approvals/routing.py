"""派到哪个岗位：which post answers for a step, a window or an application. Pure choice over given posts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.models.vocabulary import Duty
from services.definition import Stage


@dataclass(frozen=True, slots=True)
class Seat:
    """一个可选的岗位"""

    id: int
    office: str
    duty: str
    serves: tuple[str, ...] = ()
    village: int | None = None


def window_for(seats: Iterable[Seat], office: str) -> Seat | None:
    """受理窗口: the one that serves the item's office, else the first."""
    windows = [seat for seat in seats if seat.duty == Duty.WINDOW]
    return next((seat for seat in windows if office in seat.serves), windows[0] if windows else None)


def agent_for(seats: Iterable[Seat], village: int | None) -> Seat | None:
    """代办员: the village's own, else the centre's."""
    seats = list(seats)
    own = [s for s in seats if s.duty == Duty.VILLAGE_AGENT and village is not None and s.village == village]
    centre = [seat for seat in seats if seat.duty == Duty.AGENT]
    return next(iter(own + centre), None)


def seat_for(stage: Stage, seats: Sequence[Seat], *, office: str, village: int | None) -> Seat | None:
    """环节归哪个岗位: office and duty of the stage; outside stages and unmanned offices fall to the agent."""
    if stage.external:
        return agent_for(seats, village)
    if stage.duty == Duty.WINDOW:
        return window_for(seats, office)
    if stage.duty == Duty.VILLAGE_AGENT:
        return agent_for(seats, village)
    fitting = [seat for seat in seats if seat.office == stage.office and seat.duty == stage.duty]
    if stage.duty == Duty.TOWN_LEADER and not fitting:
        fitting = [seat for seat in seats if seat.duty == Duty.TOWN_LEADER]
    heads = [seat for seat in seats if seat.office == stage.office and seat.duty == Duty.OFFICE_HEAD]
    leaders = [seat for seat in seats if seat.duty == Duty.TOWN_LEADER]
    return next(iter(fitting + heads + leaders), None)
