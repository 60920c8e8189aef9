"""页面上的写法：dates, ends, numbers and lights as people read them."""

from datetime import UTC, date, datetime

import pytest

from portal import pagewords

DAY = date(2026, 9, 16)  # a Wednesday
MOMENT = datetime(2026, 9, 15, 18, 24, tzinfo=UTC)  # 02:24 of the 16th in Shanghai


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (pagewords.cn_date, "2026年9月16日（星期三）"),
        (pagewords.cn_short, "9月16日（星期三）"),
        (pagewords.cn_day, "2026年9月16日"),
        (pagewords.cn_weekday, "星期三"),
        (pagewords.cn_day_short, "9月16日"),
        (pagewords.cn_month, "2026年9月"),
    ],
)
def test_days_are_local_and_nothing_is_empty(written, day):
    assert written(DAY) == written(MOMENT) == day
    assert written(None) == ""


def test_moments_and_ends():
    assert pagewords.cn_datetime(MOMENT) == "2026年9月16日（星期三）02:24"
    assert pagewords.cn_end(datetime(2026, 9, 15, 16, tzinfo=UTC)) == "2026年9月15日（星期二）24:00"
    assert pagewords.cn_end(MOMENT) == pagewords.cn_datetime(MOMENT)
    assert pagewords.cn_end(None) == ""


def test_numbers_stand_in_threes():
    assert pagewords.number_groups("H7K4M9R62") == "H7K 4M9 R62"
    assert pagewords.number_parts("H7K 4M9 R6") == ["H7K", "4M9", "R6"]
    assert pagewords.number_parts(None) == []


def test_lights_tags_and_phones():
    assert (pagewords.light_class("超期"), pagewords.light_icon("超期")) == ("over", "crossed")
    assert (pagewords.light_class("别的"), pagewords.light_icon(None)) == ("", "hollow-disc")
    assert (pagewords.tag_icon("pledge"), pagewords.tag_icon("别的")) == ("pen", "")
    assert pagewords.phone_link("0000-555 0100") == "tel:00005550100"
    assert (pagewords.absolute(-3), pagewords.absolute(None)) == (3, 0)
