"""演示数据的建立：people and places first, then every day of the last weeks, one transaction a day.

What is written is written by the actions at shifted instants. A start that was cut off goes on the next
time with the same plan at the day it had reached.
"""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db import connection, transaction
from django.db.models import F

from approvals.actions import measure_taken
from approvals.sweeping import sweep
from portal.calendar_import import import_history
from portal.calendars import current_calendar, touch_revision
from portal.clock import portal_now
from portal.demo import people, places
from portal.demo.acts import hand_over, play
from portal.demo.clock import DemoClock
from portal.demo.notices import Board
from portal.demo.plan import DAYS, Story, make_plan
from portal.demo.thread import Move
from portal.errors import PortalError
from portal.limits import LEGAL_ZONE, day_of
from portal.models import Channel, Message, MessageState, Revision, Township
from services.actions import count_popularity
from services.models import Application, ServiceItem

# Three numbers kept beside the calendar's: the day the seed began, the last day it finished, and its size.
BEGUN, REACHED, SIZE = "demo-begun", "demo-reached", "demo-size"
LEAD = 5  # days before the first application, for people to take their posts and modes to be switched on
Say = Callable[[str], None]


@dataclass
class Outcome:
    """建立的结果"""

    played: int = 0
    refused: list[str] = field(default_factory=list)


def is_done() -> bool:
    """演示数据建好了没有; one query."""
    rows = dict(Revision.objects.filter(name__in=(BEGUN, REACHED)).values_list("name", "number"))
    return BEGUN in rows and rows.get(REACHED, 0) >= rows[BEGUN]


def seed(size: int, say: Say) -> Outcome:
    """建立演示数据 – idempotent; NotAllowed without the owner's address, since only the owner may shift the clock."""
    outcome = Outcome()
    if is_done():
        return outcome
    _be_patient()
    import_history()
    begun, size = _begin(size)
    with DemoClock() as clock:
        now = min(portal_now(), _at(begun, time(23, 59, 30)))
        first_day = begun - timedelta(days=DAYS + LEAD)
        clock.set(_at(first_day, time(8, 30)))
        say("正在建立演示乡镇、村、站所、岗位和事项")
        cast = prepare_places(first_day)
        _Season(clock, cast, now, size, outcome, say).run(first_day, begun)
    sweep()
    count_popularity()
    measure_taken()
    return outcome


def prepare_places(since: date) -> people.Cast:
    """乡镇、人和事项, in one transaction; what is there stays."""
    with transaction.atomic():
        first, second = places.make_townships()
        places.import_offices(first, second)
        cast = people.make_people(first, second, since)
        if not ServiceItem.objects.filter(township=first).exists():
            places.import_catalogue(first, second)
            if places.documents_in_force(since):
                places.switch_modes_on(first, cast.staff["pi"])
                places.switch_modes_on(second, cast.staff["tu"])
    return cast


class _Season:
    """那些天, one after the other."""

    def __init__(
        self, clock: DemoClock, cast: people.Cast, now: datetime, size: int, outcome: Outcome, say: Say
    ) -> None:
        self.clock, self.cast, self.now, self.outcome, self.say = clock, cast, now, outcome, say
        first = Township.objects.get(slug="qinghe")
        items = ServiceItem.objects.filter(township=first, current__isnull=False).select_related("current")
        rules = {item.code: item.current.rules for item in items if item.current is not None}
        villagers = {slug: len(users) for slug, users in cast.villagers.items()}
        self.stories = make_plan(size, now, current_calendar(), rules, villagers)
        self.known: dict[int, Application] = {}

    def run(self, first_day: date, last_day: date) -> None:
        """逐日重演"""
        reached = _number(REACHED)
        self._recall(reached)
        by_day = {day: list(moves) for day, moves in groupby(self._moves(), key=lambda pair: day_of(pair[1].at))}
        total = (last_day - first_day).days
        for shift in range(total + 1):
            day = first_day + timedelta(days=shift)
            if day.toordinal() <= reached:
                continue
            with transaction.atomic():
                self._live(day, by_day.get(day, []), shift, total)
                Revision.objects.update_or_create(name=REACHED, defaults={"number": day.toordinal()})
            if shift % 14 == 0 and shift:
                self.say(f"正在重演最近{DAYS}天的办件：{day.month}月{day.day}日，已有{len(self.known)}件")

    def _moves(self) -> list[tuple[Story, Move]]:
        pairs = [(story, move) for story in self.stories for move in story.moves]
        return sorted(pairs, key=lambda pair: (pair[1].at, pair[0].number))

    def _recall(self, reached: int) -> None:
        """认出上次已经建好的: applications were begun in the order of the plan."""
        begun = [story for story in self.stories if day_of(story.moves[0].at).toordinal() <= reached]
        for story, application in zip(begun, Application.objects.order_by("pk"), strict=False):
            self.known[story.number] = application

    def _live(self, day: date, moves: list[tuple[Story, Move]], shift: int, total: int) -> None:
        for instant in (time(0, 0, 1), time(9, 0, 1)):
            waiting = [pair for pair in moves if pair[1].at < _at(day, instant)]
            moves = moves[len(waiting) :]
            self._play(waiting)
            if _at(day, instant) < self.now:
                self.clock.set(_at(day, instant))
                sweep()
        self._play(moves)
        for begins, act in self._evening(shift, total):
            if _at(day, begins) < self.now:
                self.clock.set(_at(day, begins))
                act()
        if day < day_of(self.now):
            carry_messages()

    def _evening(self, shift: int, total: int) -> Iterator[tuple[time, Callable[[], None]]]:
        """代理和公告: a week's absence four weeks ago, its report, one in force now, and the day's notices."""
        yield time(17, 0, 30), lambda: hand_over(portal_now() - timedelta(hours=20))
        if shift == total - 28:
            yield time(17, 5), lambda: people.delegate_past(self.cast, portal_now() + timedelta(hours=15))
        elif shift == total - 19:
            yield time(17, 5), lambda: people.report_past(self.cast)
        elif shift == total - 3:
            yield time(17, 5), lambda: people.delegate_present(self.cast, portal_now() + timedelta(hours=15))
        board = Board(self.cast, lambda minutes: self.clock.set(portal_now() + timedelta(minutes=minutes)))
        if board.has_work(total - shift):
            yield time(17, 20), lambda: board.work(total - shift)

    def _play(self, moves: list[tuple[Story, Move]]) -> None:
        for story, move in moves:
            self.clock.set(move.at)
            villager = self.cast.villagers[story.township][story.villager]
            try:
                self.known[story.number] = play(story, move, self.known.get(story.number), villager)
                self.outcome.played += 1
            except PortalError as error:
                self.outcome.refused.append(f"{story.code} {story.shape} {move.verb} {move.note}：{error.message}")


def carry_messages() -> None:
    """过去的短信和邮件算已送出; nobody is to be told today of what happened weeks ago."""
    waiting = Message.objects.filter(state=MessageState.WAITING).exclude(channel=Channel.IN_SITE)
    waiting.update(state=MessageState.SENT, attempts=1, sent_at=F("created_at"))


def _begin(size: int) -> tuple[date, int]:
    """开始的那天和件数, kept from the first start."""
    if not _number(BEGUN):
        Revision.objects.update_or_create(name=SIZE, defaults={"number": size})
        Revision.objects.update_or_create(name=BEGUN, defaults={"number": day_of(portal_now()).toordinal()})
        touch_revision("public")
    return date.fromordinal(_number(BEGUN)), _number(SIZE)


def _number(name: str) -> int:
    return Revision.objects.filter(name=name).values_list("number", flat=True).first() or 0


def _be_patient() -> None:
    """一天的事放在一次提交里，可以久一点; a process this short-lived need not collect its cycles often."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    with connection.cursor() as cursor:
        cursor.execute("SET transaction_timeout = 0")
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
        cursor.execute("SET synchronous_commit = off")


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LEGAL_ZONE)
