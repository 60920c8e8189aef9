"""各页共用的读：what stands beside every column of the board, worked out once for as long as a page is kept."""

from dataclasses import dataclass
from datetime import datetime

from disclosure.queries.months import MonthLedger, month_ledger
from disclosure.queries.notices import count_by_column
from portal.models import Township, Village
from portal.pagecache import remembered
from portal.queries import townships


@dataclass(frozen=True, slots=True)
class Wall:
    """公开栏的边上: the month, how many notices each column has, the villages, the other townships."""

    month: MonthLedger
    counts: dict[str, int]
    villages: list[Village]
    others: list[Township]


def wall(township: Township, now: datetime, until: datetime | None) -> Wall:
    """边上的内容; counting a month among a hundred thousand cases is not the work of every page."""

    def read() -> Wall:
        return Wall(
            month=month_ledger(township, now),
            counts=count_by_column(township),
            villages=list(Village.objects.filter(township=township)),
            others=[other for other in townships() if other.pk != township.pk],
        )

    return remembered(("wall", township.pk), read, until=until, now=now)
