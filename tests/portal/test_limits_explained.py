"""期限的逐日说明：every day from the start to the end, and why it counts or does not."""

from datetime import date

from portal.limits import (
    DayLine,
    Pause,
    TimeLimit,
    Unit,
    explain,
)
from tests.calendars import NATIONAL
from tests.portal.spans import d, limit


def test_explain_names_every_day_over_national_day():
    lines = explain(limit("09-17", 6, Unit.WORKDAY, ("09-22", "09-23")), NATIONAL)

    notice = "国办发明电〔2025〕7号"
    assert lines == [
        DayLine(d("09-17"), False, "起算日不计"),  # Thursday
        DayLine(d("09-18"), True, "第 1 个工作日", 1),
        DayLine(d("09-19"), False, "周末"),
        DayLine(d("09-20"), True, "第 2 个工作日(调休上班)", 2, notice),
        DayLine(d("09-21"), True, "第 3 个工作日", 3),
        DayLine(d("09-22"), True, "第 4 个工作日", 4),
        DayLine(d("09-23"), False, "中止(听证)"),
        DayLine(d("09-24"), True, "第 5 个工作日", 5),
        DayLine(d("09-25"), False, "中秋节", None, notice),
        DayLine(d("09-26"), False, "中秋节", None, notice),
        DayLine(d("09-27"), False, "中秋节", None, notice),
        DayLine(d("09-28"), True, "第 6 个工作日", 6),
    ]


def test_explain_shows_the_roll():
    reasons = [line.reason for line in explain(limit("09-30", 3, Unit.DAY), NATIONAL)]

    assert reasons == [
        "起算日不计",  # Wednesday 30 September
        "第 1 个自然日",
        "第 2 个自然日",
        "第 3 个自然日,逢国庆节",
        *["国庆节,顺延"] * 4,
        "顺延至工作日",  # Thursday 8 October
    ]


def test_explain_shows_a_worked_day_at_the_end_of_a_roll():
    lines = explain(limit("09-10", 9, Unit.DAY), NATIONAL)  # ends Saturday 19 September

    assert [line.reason for line in lines[-2:]] == ["第 9 个自然日,逢周末", "顺延至工作日(调休上班)"]
    assert lines[-1].notice == "国办发明电〔2025〕7号"
    assert not lines[-1].counted


def test_explain_shows_months_pauses_and_open_ends():
    month = explain(limit("07-01", 1, Unit.MONTH), NATIONAL)
    opened = explain(limit("07-01", 5, Unit.WORKDAY, ("07-03", None)), NATIONAL)
    held = explain(limit("07-01", 2, Unit.WORKDAY, ("07-03", "07-03"), ("07-03", "07-06")), NATIONAL)
    spot = explain(limit("07-01", 0), NATIONAL)

    assert month[1].reason == "第 1 日"
    assert [line.reason for line in month[-3:]] == ["第 31 日,逢周末", "周末,顺延", "顺延至工作日"]
    assert [line.reason for line in opened[2:]] == ["第 2 个工作日", "周末"]
    assert [line.reason for line in held[2:]] == [
        "中止(听证),最后一日不计", "周末", "周末", "中止(听证)", "第 2 个工作日",
    ]  # fmt: skip
    assert [line.reason for line in spot] == ["起算日不计,当场办结"]


def test_explain_says_when_a_pause_is_open_or_nameless():
    opened = TimeLimit(d("07-01"), 5, Unit.WORKDAY, 0, (Pause(d("07-01"), None, ""),))

    assert [line.reason for line in explain(opened, NATIONAL)] == ["起算日不计", "中止,尚未恢复"]


def test_explain_marks_provisional_days():
    workdays = explain(limit("12-22", 9), NATIONAL)
    natural = explain(limit("12-22", 12, Unit.DAY), NATIONAL)  # ends Sunday 3 January 2027

    assert [line.day for line in workdays if line.provisional][0] == d("12-25")
    assert workdays[-1].provisional
    assert [line.day for line in natural if line.provisional] == [date(2027, 1, 3), date(2027, 1, 4)]
    new_year = next(line for line in workdays if line.day == date(2027, 1, 1))
    assert (new_year.reason, new_year.notice) == ("元旦", "全国年节及纪念日放假办法(当年放假安排未公布)")


def test_each_paused_day_names_its_own_pause():
    pauses = (Pause(d("07-02"), d("07-03"), "听证"), Pause(d("07-06"), d("07-07"), "检验"), Pause(d("07-09"), d("07-10"), "公示"))
    lines = explain(TimeLimit(d("07-01"), 5, Unit.WORKDAY, 0, pauses), NATIONAL)
    reasons = {line.day: line.reason for line in lines}

    assert [reasons[d(day)] for day in ("07-03", "07-07", "07-10")] == ["中止(听证)", "中止(检验)", "中止(公示)"]
    held = explain(TimeLimit(d("07-01"), 4, Unit.WORKDAY, 0, pauses), NATIONAL)[8]
    assert (held.day, held.reason) == (d("07-09"), "中止(公示),最后一日不计")


def test_day_zero_is_never_provisional():
    lines = explain(limit("12-28", 2), NATIONAL)

    assert [line.provisional for line in lines[:2]] == [False, True]
