"""页面的值：sentences, cells, months and sums, without a database."""

from dataclasses import replace
from datetime import date

import pytest

from approvals.clock import Unit
from approvals.pages.deadlines import day_cells, remaining_days, remaining_words
from approvals.pages.desk import row_clock
from approvals.pages.leader import load_chart
from approvals.pages.months import Closing, explain_limit, how_counted
from approvals.queries.desk import read_mark
from approvals.wording import event_words
from portal.calendar_data import calendar_of, seed_notices
from portal.errors import InvalidInput
from portal.limits import Pause, TimeLimit, end_of_day
from portal.numbers import read_aloud
from portal.paging import NO_DAY, make_mark
from tests.approvals.folding import filed, state_at
from tests.factories import at
from tests.rules import days, definition

CALENDAR = calendar_of(list(seed_notices()))
FIFTEEN = TimeLimit(date(2026, 9, 16), 15, Unit.WORKDAY)
TWENTY = TimeLimit(date(2026, 9, 16), 20, Unit.WORKDAY)


def test_the_sum_of_the_picture() -> None:
    explained = explain_limit(FIFTEEN, CALENDAR, today=date(2026, 9, 23), legal=TWENTY)

    parts = [(part.sign, part.number, part.text) for part in explained.parts]
    assert parts[0][1] == 27
    assert parts[-1] == ("得", 15, "工作日")
    assert ("减", 7, "国庆放假") in parts
    assert ("减", 3, "中秋放假") in parts
    assert ("减", 2, "普通周末") in parts
    assert parts[0][1] - sum(number for sign, number, _ in parts if sign == "减") == 15


def test_the_months_of_the_picture() -> None:
    explained = explain_limit(FIFTEEN, CALENDAR, today=date(2026, 9, 23), legal=TWENTY)
    cells = {(m.title, c.day): c for m in explained.months for week in m.weeks for c in week if c}

    assert [month.title for month in explained.months] == ["2026年9月", "2026年10月"]
    assert cells["2026年9月", 16].state == "received"
    assert (cells["2026年9月", 20].number, cells["2026年9月", 20].label) == (3, "调休上班")
    assert cells["2026年9月", 23].today
    assert cells["2026年9月", 23].number == 6
    assert (cells["2026年9月", 25].state, cells["2026年9月", 25].label) == ("holiday", "中秋")
    assert (cells["2026年10月", 13].number, cells["2026年10月", 13].state) == (15, "promised")
    assert cells["2026年10月", 14].state == "past"
    assert (cells["2026年10月", 20].number, cells["2026年10月", 20].state) == (20, "legal")


def test_the_last_day_stays_marked_once_it_is_past() -> None:
    explained = explain_limit(FIFTEEN, CALENDAR, today=date(2026, 10, 16), received="收到申请")
    cells = {(m.title, c.day): c for m in explained.months for week in m.weeks for c in week if c}

    assert (cells["2026年10月", 13].state, cells["2026年10月", 13].label) == ("gone promised", "到期")
    assert "gone promised" in explained.key_states and "promised" not in explained.key_states
    assert cells["2026年9月", 16].label == "收件\n当天不算"


@pytest.mark.parametrize(
    ("closed", "numbered", "kinds"),
    [
        (date(2026, 10, 14), 16, {"gone", "gone promised", "past"}),  # a day after the promise, before the legal end
        (date(2026, 9, 18), 2, {"gone"}),
    ],
)
def test_nothing_is_counted_after_the_result(closed: date, numbered: int, kinds: set[str]) -> None:
    explained = explain_limit(
        FIFTEEN, CALENDAR, today=date(2026, 10, 16), legal=TWENTY, closing=Closing(closed, "办结")
    )
    cells = {(m.title, c.day): c for m in explained.months for week in m.weeks for c in week if c}

    assert max(cell.number or 0 for cell in cells.values()) == numbered
    assert cells[f"2026年{closed.month}月", closed.day].label == "办结"
    assert not any(cell.today for cell in cells.values())
    assert explained.key_states == kinds


def test_a_result_long_after_the_last_day_is_still_drawn() -> None:
    explained = explain_limit(
        FIFTEEN, CALENDAR, today=date(2026, 11, 20), closing=Closing(date(2026, 11, 10), "办结")
    )

    assert [month.title for month in explained.months] == ["2026年9月", "2026年10月", "2026年11月"]
    cells = {(m.title, c.day): c for m in explained.months for week in m.weeks for c in week if c}
    assert (cells["2026年11月", 10].label, cells["2026年11月", 10].number) == ("办结", None)


def test_the_ledger_says_why() -> None:
    reasons = explain_limit(FIFTEEN, CALENDAR, today=date(2026, 9, 23)).reasons

    told = {row.days: (row.counted, row.reason) for row in reasons}
    assert told["9月20日（星期日）"] == ("算，第3天", "调休上班")
    assert told["10月1日至10月7日"][0] == "不算"
    assert "普通周末" in told["9月19日（星期六）、10月11日（星期日）"][1]
    assert [row.days.split("（")[0] for row in reasons][:4] == ["9月16日", "9月19日", "9月20日", "9月25日至9月27日"]


def test_a_day_that_stands_still_is_told_without_the_notice_that_made_it_a_workday() -> None:
    stopped = replace(FIFTEEN, pauses=(Pause(date(2026, 9, 18), date(2026, 9, 22), "听证"),))  # over the worked Sunday

    reasons = explain_limit(stopped, CALENDAR, today=date(2026, 9, 23)).reasons

    (row,) = [row for row in reasons if row.reason.startswith("中止")]
    assert (row.days, row.counted, row.notice) == ("9月20日至9月22日", "不算", "")


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (FIFTEEN, "数到第15个"),
        (TimeLimit(date(2026, 9, 16), 0, Unit.WORKDAY), "当天就该办好"),
        (TimeLimit(date(2026, 9, 16), 2, Unit.MONTH), "满2个月"),
        (TimeLimit(date(2026, 9, 16), 15, Unit.WORKDAY, 10), "依法延长了10个"),
    ],
)
def test_how_it_is_counted(limit: TimeLimit, words: str) -> None:
    assert words in how_counted(limit, "收件")


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 9, 23), "还剩9个工作日"),
        (date(2026, 10, 13), "今天24:00到期"),
        (date(2026, 10, 15), "已超期2个工作日"),
    ],
)
def test_what_is_left(today: date, words: str) -> None:
    assert remaining_words(*remaining_days(date(2026, 10, 13), Unit.WORKDAY, CALENDAR, today)) == words


def test_a_rest_day_after_the_end_is_counted_in_plain_days() -> None:
    assert remaining_words(*remaining_days(date(2026, 10, 16), Unit.WORKDAY, CALENDAR, date(2026, 10, 17))) == "已超期1个自然日"


class Row:
    """工作台的一行"""

    due = end_of_day(date(2026, 10, 13))
    unit, length, provisional = "workday", 15, False


@pytest.mark.parametrize(
    ("day", "soon", "light", "gone"),
    [
        ("2026-09-23", False, "正常", 6),
        ("2026-10-12", True, "临期", 14),
        ("2026-10-13", True, "临期", 15),
        ("2026-10-14", True, "超期", 15),
    ],
)
def test_a_row_of_the_queue(day: str, soon: bool, light: str, gone: int) -> None:
    clock = row_clock(Row(), CALENDAR, date.fromisoformat(day), over=at(day) >= Row.due, soon=soon)

    assert clock.light == light
    assert sum(cell.state == "gone" for cell in clock.cells) == gone


@pytest.mark.parametrize(("day", "over"), [(16, 0), (17, 0), (18, 0), (19, 1), (21, 3)])
def test_a_cell_past_the_end_is_a_day_of_the_limit(day: int, over: int) -> None:
    """The limit of three working days ends on Friday the 16th; the weekend is past it and fills no cell."""
    today = date(2026, 10, day)
    row = Row()
    row.due, row.length = end_of_day(date(2026, 10, 16)), 3
    state = state_at(definition(promised=days(3)), at(today.isoformat()), filed("2026-10-13"))
    clock = state.clock("promised")
    assert clock is not None and clock.due_on == date(2026, 10, 16)

    queued = row_clock(row, CALENDAR, today, over=day > 16).cells
    shown = day_cells(clock, None, CALENDAR, at(today.isoformat()))

    assert sum("over" in cell.state for cell in queued) == sum("over" in cell.state for cell in shown) == over


def test_a_paused_row_has_no_date() -> None:
    row = Row()
    row.due = None  # type: ignore[assignment] # as a paused row comes

    assert row_clock(row, CALENDAR, date(2026, 9, 23), over=False).words == "依法停着"


def test_small_words() -> None:
    assert read_aloud("H7K4M9R62") == "H 七 K，四 M 九，R 六 二"
    assert event_words("opinion", {"step": "s", "outcome": "agree"}, {"s": "会签"}) == "填意见：会签，无意见"
    assert event_words("effect_record", {"clock": "promised"}, {}) == "到期没有答复，收讫即备案：承诺"
    assert event_words("effect_remind", {"clock": "promised"}, {}) == "提醒抓紧：承诺"  # also as a limit of one day opens
    pause = {"step": "s", "reason": "专家评审", "until": "2026-12-05"}
    assert event_words("paused", pause, {"s": "会签"}) == "中止计时：会签，专家评审，到2026年12月5日"
    filed = {"declared": True, "received_on": "2026-09-16"}
    assert event_words("filed", filed, {}) == "收件：纸件2026年9月16日就收到了，补登"
    assert load_chart([]).bars == []
    for wrong in ("", "nonsense", "9" + make_mark(at("2026-11-23"), 1), "1" + make_mark(at("2026-11-23"), 2**70)):
        with pytest.raises(InvalidInput):
            read_mark(wrong)
    assert read_mark("1" + make_mark(at("2026-11-23"), 7)) == (at("2026-11-23"), 1, 7)
    assert read_mark("2" + make_mark(NO_DAY, 7)) == (None, 2, 7)
