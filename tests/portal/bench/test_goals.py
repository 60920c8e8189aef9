"""量性能的算术：ratios, verdicts, the table and the exit code."""

import pytest

from portal.bench.goals import AIMED, MET, MISSED, NOTHING, Figure, Goal, exit_code, ratio, table

PAGE = Goal("进度页", 12, "×", 8)
MEMORY = Goal("内存", 130, " MB")


@pytest.mark.parametrize(
    ("value", "verdict"), [(7.9, AIMED), (8, AIMED), (8.1, MET), (12, MET), (12.01, MISSED), (None, NOTHING)]
)
def test_verdict_stands_between_aim_and_limit(value, verdict):
    assert Figure(PAGE, value).verdict == verdict


def test_where_there_is_no_aim_the_limit_is_the_aim():
    assert Figure(MEMORY, 130).verdict == AIMED
    assert Figure(MEMORY, 131).verdict == MISSED


def test_ratio_is_the_median_of_the_rounds_each_beside_its_own_empty_view():
    # the third round ran on a machine twice as slow: both sides doubled, the ratio did not
    assert ratio([4.0, 5.0, 9.0], [1.0, 1.0, 2.0]) == 4.5


def test_one_disturbed_round_does_not_move_the_ratio():
    assert ratio([4.0, 4.0, 400.0], [1.0, 1.0, 1.0]) == 4.0


def test_nothing_measured_is_no_ratio():
    assert ratio([], []) is None
    assert ratio([1.0], [0.0]) is None


def test_exit_code_is_one_as_soon_as_one_goal_is_missed_or_not_measured():
    good, bad, none = Figure(PAGE, 8), Figure(PAGE, 13), Figure(PAGE, None)
    assert exit_code([good, good]) == 0
    assert exit_code([good, bad]) == 1
    assert exit_code([good, none]) == 1


def test_table_names_figure_goal_aim_and_verdict():
    head, page, memory = table([Figure(PAGE, 9.5, "3 毫秒"), Figure(MEMORY, 96.0)])
    assert head.split() == ["项目", "数值", "上限", "期望", "结论", "说明"]
    assert page.split() == ["进度页", "9.50×", "12×", "8×", "合格", "3", "毫秒"]
    assert memory.split() == ["内存", "96", "MB", "130", "MB", "达到期望"]


def test_table_shows_a_figure_that_could_not_be_taken():
    assert table([Figure(PAGE, None, "没有这一页")])[1].split() == ["进度页", "—", "12×", "8×", "没有量到", "没有这一页"]
