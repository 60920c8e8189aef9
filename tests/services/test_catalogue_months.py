"""按月按年的期限：they come from the catalogue, and are compared with a path and with the law on the safe side."""

from datetime import date, timedelta

import pytest

from portal.limits import TimeLimit, Unit, counted_length
from services.catalogue import load
from services.catalogue_rules import shortest
from services.definition import Limit, LimitUnit
from tests.services.catalogues import Values, item, narrowed, only, places, step


@pytest.mark.parametrize("unit", [LimitUnit.MONTH, LimitUnit.YEAR])
@pytest.mark.parametrize("length", [0, 1, 2, 3, 6, 11, 12, 13, 14, 25])
def test_shortest_never_gives_a_limit_more_days_than_it_may_have(length: int, unit: LimitUnit) -> None:
    starts = [date(2026, 1, 1) + timedelta(days=n) for n in range(1462)]
    least = min(counted_length(TimeLimit(start, length, Unit(unit.value))) for start in starts)

    assert least * 97 // 100 <= shortest(Limit(length, unit)).length <= least
    assert shortest(Limit(length)) == Limit(length)


def test_months_and_years_come_from_the_catalogue(catalogue: Values, overlay: Values) -> None:
    source = item(catalogue, "ZR-001")
    source["promised_limit"].update(value=1, unit="月")
    source["statutory_limit"].update(value=1, unit="年")
    source["extension"].update(max=2, unit="年")
    step(overlay, "ZR-001", "site-visit").update(limit=3, unit="自然日")

    (rules,), errors = load(only(catalogue, "ZR-001"), narrowed(overlay, "ZR-001"))

    assert errors == []
    assert (rules.promised.length, rules.promised.unit) == (1, LimitUnit.MONTH)
    assert rules.statutory is not None
    assert (rules.statutory.length, rules.statutory.unit) == (1, LimitUnit.YEAR)
    assert (rules.extension.length, rules.extension.unit) == (2, LimitUnit.YEAR)


@pytest.mark.parametrize(
    ("promised", "statutory", "fits"),
    [
        ((2, "月"), (2, "月"), True),
        ((2, "月"), (1, "月"), False),
        ((12, "月"), (1, "年"), True),
        ((13, "月"), (1, "年"), False),
        ((1, "月"), (31, "自然日"), True),
        ((1, "月"), (30, "自然日"), False),  # may have 31 days
        ((20, "工作日"), (1, "月"), True),  # 28 days, the least a month has
        ((21, "工作日"), (1, "月"), False),
    ],
)
def test_a_promise_in_months_may_not_pass_the_law(
    promised: tuple[int, str], statutory: tuple[int, str], fits: bool, catalogue: Values, overlay: Values
) -> None:
    source = item(catalogue, "ZR-001")
    source["promised_limit"].update(value=promised[0], unit=promised[1])
    source["statutory_limit"].update(value=statutory[0], unit=statutory[1])
    source["extension"].update(unit=statutory[1])

    found = places(only(catalogue, "ZR-001"), overlay)

    assert found == ([] if fits else [("ZR-001", "promised_limit.value")])


def test_a_path_longer_than_the_shortest_month_is_refused(catalogue: Values, overlay: Values) -> None:
    source = item(catalogue, "ZR-001")
    source["promised_limit"].update(value=1, unit="月")
    source["statutory_limit"].update(value=2, unit="月")
    source["extension"].update(unit="月")
    step(overlay, "ZR-001", "site-visit").update(limit=20, unit="自然日")

    _, errors = load(only(catalogue, "ZR-001"), narrowed(overlay, "ZR-001"))

    assert [error.field for error in errors] == ["promised_limit.value"]
    assert "超过承诺的 1 个月（最少 28 日）" in errors[0].message
