"""结论：shares, reasons, exit code, and what is printed."""

import tomllib

import pytest

from portal.mutation import report, run
from portal.mutation.mutants import Mutant
from portal.mutation.report import Result
from portal.mutation.trial import Verdict

LOST = Mutant("a.b", 7, "f", "比较", "return a < b", "return a <= b")
ACCEPTED = '[[survivor]]\nmodule = "a.b"\nwhere = "f"\nbefore = "return a < b"\nafter = "return a <= b"\n'


def results(killed: int, survived: int, timeout: int = 0) -> list[Result]:
    verdicts = [Verdict.KILLED] * killed + [Verdict.TIMEOUT] * timeout + [Verdict.SURVIVED] * survived
    return [Result(LOST, verdict) for verdict in verdicts]


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        ([results(17, 3)], 0),
        ([results(16, 3, timeout=1)], 0),  # what never ends is noticed
        ([results(84, 16)], 1),
        ([results(100, 0), results(84, 16)], 1),  # one target does not make up for another
        ([results(100, 0), [Result(LOST, Verdict.UNUSED)]], 1),
        ([[]], 1),  # nothing tried is nothing shown
    ],
)
def test_exit_code_is_one_under_85_percent_in_any_target(groups: list[list[Result]], code: int) -> None:
    explained = {LOST.key: "两种写法结果一样，见某处"}

    assert report.exit_code({str(place): group for place, group in enumerate(groups)}, explained) == code


def test_one_survivor_without_a_reason_fails_whatever_the_share() -> None:
    group = {"": results(99, 1)}

    assert report.exit_code(group, {LOST.key: "两种写法结果一样，见某处"}) == 0
    assert report.exit_code(group, {}) == 1


def test_an_explained_survivor_is_still_a_survivor() -> None:
    accepted = report.read_accepted(ACCEPTED + 'reason = "两种写法结果一样，见某处"\n')
    group = {"名字": results(16, 4)}

    printed = "\n".join(report.lines(group, accepted))

    assert report.exit_code(group, accepted) == 1
    assert "a.b:7 f　比较：没人发现\n  - return a < b\n  + return a <= b\n  理由：两种写法结果一样，见某处" in printed
    assert printed.endswith("名字：20个变异，发现16个（其中0个超时），80.0%，低于85%；没发现4个，写明理由的4个。")
    assert "理由：没有写明" in "\n".join(report.lines(group, {}))


@pytest.mark.parametrize("reason", ["", 'reason = "  "\n', 'reason = "等价"\n'])
def test_a_survivor_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(ValueError, match="没有写明理由"):
        report.read_accepted(ACCEPTED + reason)


def test_a_reason_for_what_a_test_kills_is_unneeded() -> None:
    accepted = report.read_accepted(ACCEPTED + 'reason = "两种写法结果一样，见某处"\n')

    assert report.unneeded({"": results(1, 0)}, accepted) == [LOST.key]
    assert report.unneeded({"": results(1, 1)}, accepted) == []
    assert report.unneeded({"": []}, accepted) == []  # its module was not tried


def test_the_list_that_is_checked_in_can_be_read() -> None:
    text = run.ACCEPTED.read_text(encoding="utf-8")

    assert len(report.read_accepted(text)) == len(tomllib.loads(text).get("survivor", []))
