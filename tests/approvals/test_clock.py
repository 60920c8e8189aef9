from approvals import clock
from portal import limits


def test_clock_is_the_same_code_as_limits():
    assert all(getattr(clock, name) is getattr(limits, name) for name in clock.__all__)


def test_clock_offers_the_whole_contract():
    contract = {
        "DayLine", "HourLimit", "Light", "Pause", "TimeLimit", "Unit",
        "due_at", "due_on", "explain", "light", "remaining", "used",
        "counted_length", "day_ended", "day_of", "end_of_day", "hour_light", "is_provisional", "rung_on",
    }  # fmt: skip

    assert contract <= set(clock.__all__)
