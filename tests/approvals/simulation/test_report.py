"""推演的账和表：what counts as on time, how posts are loaded, columns that stand under one another."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from approvals.simulation.cases import Standing, standing
from approvals.simulation.plan import Minutes, Offices, Silence
from approvals.simulation.report import Ending, make_report, on_time, share_of
from approvals.simulation.tables import lines_of, table, width
from services.lifecycle import State
from tests.approvals.simulation.town import FIRST, filing, joint, law, plan, run, slow
from tests.rules import definition


def test_only_a_kept_promise_is_on_time() -> None:
    counted = Counter({Ending.KEPT: 6, Ending.EXTENDED: 1, Ending.LATE: 1, Ending.DEEMED: 1, Ending.OPEN_LATE: 1})

    assert on_time(counted) == 0.6
    assert on_time(counted + Counter({Ending.WITHDRAWN: 5, Ending.REJECTED: 5, Ending.OPEN: 5})) == 0.6
    assert on_time(Counter()) is None


def test_what_silence_gave_is_not_on_time() -> None:
    silent = tuple(Silence(office, FIRST, date(2025, 12, 31)) for office in ("office", "service-centre"))
    _, report = run(plan(("R", 300), silences=silent), law(filing()))

    assert report.endings["deemed"] == report.defaults["record"] > 0
    assert report.endings["kept"] == 0
    assert report.on_time == 0


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [([], 0.5, None), ([7], 0.9, 7), ([1, 2, 3, 4], 0.5, 2), ([1, 2, 3], 0.5, 2), (list(range(1, 11)), 0.9, 9)],
)
def test_shares_of_what_was_taken(values: list[int], share: float, found: int | None) -> None:
    assert share_of(values, share) == found


def test_load_is_work_that_came_in_against_the_time_there_is() -> None:
    past, report = run(plan(("S", 3000), minutes=Minutes(decide=30)), law(slow()), 28)
    reviewer = report.posts[1]

    assert len(past.workdays) == 20
    assert reviewer.mean == pytest.approx(reviewer.hours * 60 / (20 * 480 * 0.8), rel=0.01)
    assert reviewer.peak >= reviewer.mean
    assert date.fromisoformat(reviewer.peak_week).weekday() == 0
    assert reviewer.queue_most >= reviewer.queue_mean > 0
    assert report.posts[2].hours == 0


def test_a_case_stands_on_a_deadline_a_pause_or_a_reason() -> None:
    silent = (Silence("office", FIRST, date(2025, 12, 31)), Silence("government", FIRST, date(2025, 12, 31)))
    past, report = run(plan(("S", 300), silences=silent), law(slow()), 40)
    paused, _ = run(plan(("P", 300), offices=Offices(paused=1, pause_days=60)), law(definition(code="P", **VISITED)), 30)
    held = [standing(c, paused.plan, paused.law, date(2025, 4, 2)) for c in paused.cases if c.is_open and c.state.pauses]

    assert report.standing["overdue"] > 0
    assert "没有期限在走，在镇长等着办（镇政府没有声音）" in report.reasons
    assert any(found[0] == Standing.PAUSED and "最迟" in found[1] for found in held)


def test_a_case_without_anything_stands_on_nothing() -> None:
    past, _ = run(plan(("S", 300), silences=(Silence("office", FIRST, date(2025, 12, 31)),)), law(slow()), 3)
    case = next(c for c in past.cases if c.is_open)
    case.state, case.tasks = replace(case.state, next_look_at=None), {}

    assert standing(case, past.plan, past.law, FIRST) is None
    assert make_report(past).unexplained == [f"{case.arrival.name}（{State(case.state.state).label}）"]


def test_lines_say_that_it_is_an_assumption_and_name_every_part() -> None:
    past, report = run(plan(("J", 200), ("R", 200)), law(joint(), filing()))
    lines = lines_of(past, report)
    text = "\n".join(lines)

    assert "这是推演，不是统计" in lines[1]
    assert "全是输入文件里的假设" in lines[1]
    parts = ("按时办结率", "超时默认（按种类）", "逾期和默认（按站所）", "岗位负荷", "会签的事", "没有期限也没有理由的：0 件")
    assert [part for part in parts if part not in text] == []


def test_columns_stand_under_one_another() -> None:
    lines = list(table(("岗位", "人"), [("窗口", "3"), ("社会事务办审核岗", "12")]))

    assert lines == ["  岗位              人", "  窗口               3", "  社会事务办审核岗  12"]
    assert len({width(line) for line in lines}) == 1


VISITED = {
    "promised": definition().promised,
    "stages": (
        replace(definition().stages[0], key="visit", kind=joint().stages[0].kind, group=1, signers=2),
        replace(definition().stages[0], group=2),
    ),
}
