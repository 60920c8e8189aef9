"""跑一遍：on a planted module – a plain mistake is found, a planted survivor is shown, an endless one is stopped."""

from pathlib import Path

import pytest

from portal.launcher import site
from portal.mutation import run, targets
from portal.mutation.targets import TARGETS, Target

MODULE = """LEAST = 18


def grown(age):
    return age >= LEAST


def emptied(number):
    while number > 0:
        number -= 5
    return number
"""
TESTS = """from planted import emptied, grown


def test_the_grown_are_grown_up():
    assert grown(19) is True
    assert grown(17) is False


def test_emptied():
    assert [emptied(number) for number in (5, 6)] == [0, -4]
"""


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """一个没人测过十八岁的模块"""
    (tmp_path / "planted.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "test_planted.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    target = Target("planted", ("planted",), (), ("test_planted.py",))
    monkeypatch.setattr(targets, "TARGETS", (target,))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_planted_survivor_is_shown_and_a_plain_mistake_is_found(planted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run.mutate("", 0, 2)

    printed = capsys.readouterr().out
    assert code == 1
    assert "planted:5 grown　比较：没人发现\n  - return age >= LEAST\n  + return age > LEAST\n  理由：没有写明" in printed
    assert "planted:1 模块　常量：没人发现\n  - LEAST = 18\n  + LEAST = 19" in printed
    assert "+ return age <= LEAST" not in printed  # the plain one
    assert "number += 5" not in printed  # the endless one
    assert "planted：12个变异，发现10个（其中1个超时），83.3%，低于85%；没发现2个，写明理由的0个。" in printed


BETTER = "\n\ndef test_eighteen():\n    assert grown(18) is True\n    assert grown(17.5) is False\n"
REASON = """[[survivor]]
module = "planted"
where = "grown"
before = "return age >= LEAST"
after = "return age > LEAST"
reason = "满十八岁那天算不算，无所谓"
"""


def test_a_better_test_kills_them_and_leaves_a_reason_without_a_survivor(
    planted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with (planted / "test_planted.py").open("a", encoding="utf-8") as tests:
        tests.write(BETTER)
    (planted / "accepted.toml").write_text(REASON, encoding="utf-8")

    assert run.mutate("planted", 0, 2) == 0
    monkeypatch.setattr(run, "ACCEPTED", planted / "accepted.toml")
    assert run.mutate("planted", 0, 2) == 1
    assert "多余的说明：planted grown：return age >= LEAST → return age > LEAST" in capsys.readouterr().out


def test_tests_that_fail_without_any_mistake_prove_nothing(planted: Path) -> None:
    (planted / "test_planted.py").write_text("def test_no():\n    assert False\n", encoding="utf-8")

    with pytest.raises(run.Unsound, match="没有改动"):
        run.mutate("planted", 1, 1)


def test_tests_that_never_use_the_module_prove_nothing(planted: Path) -> None:
    (planted / "test_planted.py").write_text("def test_yes():\n    assert True\n", encoding="utf-8")

    with pytest.raises(run.Unsound, match="没有用到"):
        run.mutate("planted", 1, 1)


def test_a_name_that_is_none_lists_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.mutate("nowhere", 0, 1) == 2
    assert "fold、approvals.fold、approvals.replay" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "modules"),
    [
        ("", [target.modules for target in TARGETS]),
        ("fold", [TARGETS[1].modules]),
        ("approvals.timers", [("approvals.timers",)]),
        ("portal/limits.py", [("portal.limits",)]),
        ("nowhere", []),
    ],
)
def test_a_target_is_found_by_its_name_or_a_module(name: str, modules: list[tuple[str, ...]]) -> None:
    assert [target.modules for target in targets.find(name)] == modules


def test_a_sample_is_always_the_same_and_nothing_runs_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.ROOT)
    first, second = (run.trials(TARGETS[2], 9) for _ in range(2))

    assert first == second
    assert len({mutant for mutant, _ in first}) == 9


def test_every_test_that_is_named_exists() -> None:
    for target in TARGETS:
        for test in target.tests:
            file, _, name = test.partition("::")
            assert f"def {name.partition('[')[0]}" in (site.ROOT / file).read_text(encoding="utf-8")
