"""靶子：the pure core, and the tests that must notice when it is wrong – none of them needs a database."""

from dataclasses import dataclass

BLOCK = "tests/approvals/test_fold_properties.py::"
LIMIT_BLOCK = "tests/portal/test_limits_properties.py::"


@dataclass(frozen=True)
class Target:
    """一个靶子: modules that are mutated one at a time; `before` is imported once, so nothing there may use them."""

    name: str
    modules: tuple[str, ...]
    before: tuple[str, ...]
    tests: tuple[str, ...]


TARGETS = (
    Target(
        "limits",
        ("portal.limits",),
        ("hypothesis.strategies", "portal.calendar_data", "tests.calendars"),
        (
            "tests/portal/test_limits.py",
            "tests/portal/test_limits_lights.py",
            "tests/portal/test_limits_explained.py",
            f"{LIMIT_BLOCK}test_random_histories_agree_with_the_naive_reading[0]",
            f"{LIMIT_BLOCK}test_used_light_and_rungs_follow_the_explanation",
        ),
    ),
    Target(
        "fold",
        ("approvals.fold", "approvals.replay", "approvals.running", "approvals.timers", "approvals.validity"),
        (
            "hypothesis.stateful",
            "portal.calendar_data",
            "tests.naive_view",
            "tests.case_histories",
            "tests.instants",
        ),
        (
            "tests/approvals/test_fold.py",
            "tests/approvals/test_fold_facts.py",
            "tests/approvals/test_fold_silence.py",
            "tests/approvals/test_fold_afterwards.py",
            "tests/approvals/test_fold_papers.py",
            "tests/approvals/test_fold_pauses.py",
            "tests/approvals/test_fold_edges.py",
            "tests/approvals/test_fold_entered_later.py",
            "tests/approvals/test_replay.py",
            "tests/approvals/test_running.py",
            "tests/approvals/test_timers.py",
            "tests/approvals/test_timers_moved.py",
            "tests/approvals/test_validity.py",
            f"{BLOCK}test_the_fold_is_the_literal_model[0]",
            f"{BLOCK}test_a_case_agrees_with_the_literal_model_at_every_step_of_its_course[0]",
        ),
    ),
    Target(
        "lifecycle",
        ("services.lifecycle",),
        ("django.db.models", "portal.errors"),
        ("tests/services/test_lifecycle.py",),
    ),
)


def find(name: str) -> list[Target]:
    """按名字找靶子: the name of a target or one of its modules, all without a name; empty when there is none."""
    if not name:
        return list(TARGETS)
    wanted = name.replace("/", ".").removesuffix(".py")
    return [
        Target(
            target.name,
            tuple(m for m in target.modules if wanted in {target.name, m}),
            target.before,
            target.tests,
        )
        for target in TARGETS
        if wanted in {target.name, *target.modules}
    ]
