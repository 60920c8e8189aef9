"""翻页：keyset pages by an instant and the row's id – no COUNT, the same cost on every page."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet

from portal.errors import InvalidInput

Row = TypeVar("Row")
SIZE = 20
NO_DAY = datetime.max.replace(tzinfo=UTC)  # in the mark of a row that has no instant now


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """一页: its rows, and the mark from which the next page goes on ("" on the last)."""

    rows: list[Row]
    next: str


def slice_by_day(rows: QuerySet[Any, Row], field: str, *, after: str = "", size: int = SIZE) -> Slice[Row]:
    """按时间倒着翻, newest first, ties by id; of models or named values. InvalidInput for a mark nobody gave out."""
    if after:
        instant, pk = read_mark(after)
        earlier = Q(**{f"{field}__lt": instant}) | Q(pk__lt=pk)
        rows = rows.filter(Q(**{f"{field}__lte": instant}) & earlier)
    found = list(rows.order_by(f"-{field}", "-pk")[: size + 1])
    if len(found) <= size:
        return Slice(found, "")
    last: Any = found[size - 1]
    return Slice(found[:size], make_mark(getattr(last, field), last.pk))


def make_mark(instant: datetime, pk: int) -> str:
    """翻页的记号"""
    return base64.urlsafe_b64encode(f"{instant.isoformat()} {pk}".encode()).decode().rstrip("=")


def read_mark(mark: str) -> tuple[datetime, int]:
    """读翻页的记号; InvalidInput if it is none."""
    try:
        text = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode("ascii")
        day, pk = text.split(" ")
        instant, number = datetime.fromisoformat(day), int(pk)
    except (ValueError, binascii.Error):
        raise InvalidInput("翻页的地址不完整，请从第一页看起。") from None
    if instant.tzinfo is None or not 0 <= number < 2**63:
        raise InvalidInput("翻页的地址不完整，请从第一页看起。")
    return instant, number
