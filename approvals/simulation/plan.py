"""推演的假设：what a simulated township is made of. Every number in here is an assumption, never a statistic. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from approvals.routing import Seat
from services.definition import Citation, ItemDefinition, OnTimeout


@dataclass(frozen=True, slots=True)
class Arrivals:
    """一个事项一年收多少件; `months` weighs the months against each other (1 where none is given)."""

    code: str
    yearly: float
    months: Mapping[int, float] = field(default_factory=dict)

    def weight(self, month: int) -> float:
        """这个月比平常多几倍"""
        return self.months.get(month, 1.0)


@dataclass(frozen=True, slots=True)
class Applicants:
    """申请人的习惯: shares of all filings, days in 自然日."""

    online: float = 0.0
    corrected: float = 0.0
    unanswered: float = 0.0  # of those asked to correct
    answer_days: float = 6.0
    withdrawn: float = 0.0
    rejected: float = 0.0
    refused: float = 0.0
    objected: float = 0.0  # of postings


@dataclass(frozen=True, slots=True)
class Offices:
    """站所的习惯: shares of the work handed to them; `pause_days` in 自然日."""

    forgotten: float = 0.0  # laid aside until its limit has ended
    dissent: float = 0.0  # 会签有不同意见
    paused: float = 0.0  # of cases that may be paused
    pause_days: float = 10.0
    extended: float = 0.0  # of cases that may be extended and have come near their end
    outside_typical: float = 0.7  # of its limit, what an outside stage usually takes
    outside_late: float = 0.0


@dataclass(frozen=True, slots=True)
class Minutes:
    """一项工作平均要几分钟, for one person."""

    intake: float = 12.0
    on_the_spot: float = 12.0
    review: float = 35.0
    visit: float = 120.0
    decide: float = 12.0
    deliver: float = 8.0
    register: float = 5.0
    extend: float = 10.0
    reason: float = 20.0
    finding: float = 60.0


@dataclass(frozen=True, slots=True)
class Absence:
    """一个人一年不在岗几个工作日: planned ones in blocks, sudden ones of one to three days."""

    planned: float = 0.0
    block: int = 5
    sudden: float = 0.0


@dataclass(frozen=True, slots=True)
class PostPlan:
    """一个岗位: so many people hold it, each with `share` of the day for this work; `deputy` is another post's title."""

    title: str
    office: str
    duty: str
    people: int = 1
    share: float = 1.0
    serves: tuple[str, ...] = ()
    village: int | None = None
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """一个站所从某天到某天没有声音: not absent, so nobody stands in for it."""

    office: str
    first: date
    last: date

    def covers(self, day: date) -> bool:
        """这天有没有声音"""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class WebOutage:
    """一次停机"""

    day: date
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class SwitchedOn:
    """推演里开通的默认方式; `target` is "item", "intake" or a stage key."""

    code: str
    target: str
    mode: OnTimeout
    citation: Citation


@dataclass(frozen=True, slots=True)
class Plan:
    """推演的全部假设"""

    about: str
    people: int
    first_day: date
    opens_at: time
    closes_at: time
    villages: tuple[str, ...]
    arrivals: tuple[Arrivals, ...]
    posts: tuple[PostPlan, ...]
    applicants: Applicants = Applicants()
    offices: Offices = Offices()
    minutes: Minutes = Minutes()
    absence: Absence = Absence()
    silences: tuple[Silence, ...] = ()
    outages: tuple[WebOutage, ...] = ()
    switched_on: tuple[SwitchedOn, ...] = ()

    @property
    def yearly(self) -> float:
        """一年一共多少件"""
        return sum(entry.yearly for entry in self.arrivals)

    @property
    def day_minutes(self) -> float:
        """一天开门几分钟"""
        opened, closed = self.opens_at, self.closes_at
        return (closed.hour - opened.hour) * 60 + closed.minute - opened.minute

    def seats(self) -> list[Seat]:
        """岗位, as routing chooses among them; a seat's id is its place in `posts`."""
        return [
            Seat(place, post.office, post.duty, post.serves, post.village) for place, post in enumerate(self.posts)
        ]


@dataclass(frozen=True, slots=True)
class Law:
    """推演用的规则: item versions by code, and the names of the offices."""

    items: Mapping[str, ItemDefinition]
    offices: Mapping[str, str]

    def office_name(self, key: str) -> str:
        """站所的名字"""
        return self.offices.get(key, key)
