"""强杀：a SIGKILL before every statement and around COMMIT loses nothing and doubles nothing."""

import pytest

from tests.approvals.deeds import CORE
from tests.approvals.more_deeds import REST
from tests.killing import Deed, kill_around_commit, kill_everywhere, say


@pytest.mark.parametrize("deed", CORE, ids=str)
def test_a_kill_at_any_point_loses_and_doubles_nothing(clone: str, deed: Deed, capsys: pytest.CaptureFixture[str]) -> None:
    hit = kill_everywhere(deed)

    kinds = [point.kind for point in hit]
    say(capsys, f"强杀 {deed}：{kinds.count('statement')}条语句之前，{kinds.count('commit')}次提交的前后，共{len(hit)}处")
    assert kinds.count("statement") > 10
    assert kinds.count("commit") == kinds.count("committed") >= 1


@pytest.mark.parametrize("deed", REST, ids=str)
def test_a_kill_around_commit_loses_and_doubles_nothing(clone: str, deed: Deed, capsys: pytest.CaptureFixture[str]) -> None:
    hit = kill_around_commit(deed)

    kinds = [point.kind for point in hit]
    say(capsys, f"强杀 {deed}：{kinds.count('commit')}次提交的前后，共{len(hit)}处")
    assert {"commit", "committed"} == set(kinds)
    assert kinds.count("commit") == kinds.count("committed")
