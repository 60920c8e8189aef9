"""跑一遍的各部分：sites with the same options, the families of processes, what stands for a visitor."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from portal.bench import run, sites, statements, targets
from portal.bench.goals import Goal
from portal.bench.measure import Request, Target, WrongAnswer
from portal.launcher.supervise import Child

ORDINARY = Goal("页", 10, "×")


def test_bench_refuses_any_database_but_a_throw_away_one(monkeypatch):
    monkeypatch.delenv("PORTAL_TEST_SUPERUSER_URL")
    with pytest.raises(SystemExit, match="manage.py bench"):
        call_command("bench")


def test_a_page_without_a_route_is_a_miss():
    from_nowhere = Target(ORDINARY, lambda: Request(targets.reverse("portal:nowhere")), 1)
    assert not run._exists(from_nowhere)
    assert run._exists(Target(ORDINARY, lambda: Request(targets.reverse("portal:home")), 1))


@pytest.mark.django_db
def test_statements_of_a_request_are_counted_through_the_whole_stack(world):
    cookies = targets.sign_in(world.an)
    seen = statements.statements_of(Request(targets.reverse("portal:account"), cookies=cookies))
    assert any("django_session" in sql for sql in seen)
    assert any("portal_user" in sql for sql in seen)
    with pytest.raises(WrongAnswer, match="302"):
        statements.statements_of(Request(targets.reverse("portal:account")))


@pytest.mark.django_db
def test_the_last_page_of_a_form_as_a_browser_would_send_it(world):
    request = targets.filing("ABC", targets.sign_in(world.an))
    assert request.status == 302
    assert f"csrfmiddlewaretoken={targets.CSRF}" in (request.body or "")
    assert f"csrftoken={targets.CSRF}" in request.cookies


def test_the_whole_is_measured_by_the_families_of_its_roots(monkeypatch):
    monkeypatch.setattr(sites.processes, "family", lambda pid: [pid, pid + 1, pid + 2])
    monkeypatch.setattr(sites.processes, "children", lambda pid: [pid + 1] if pid == 11 else [])
    monkeypatch.setattr(sites, "_is_gunicorn", lambda pid: pid in {11, 12})
    monkeypatch.setattr(sites.processes, "resident", {12: 99.0}.__getitem__)
    monkeypatch.setattr(sites.processes, "proportional", len)
    assert sites.memory([10, 20]) == (99.0, 6)


def test_idling_is_a_share_of_one_core(monkeypatch):
    used = iter([1.0, 1.5])
    clock = iter([100.0, 150.0])
    monkeypatch.setattr(sites.processes, "family", lambda pid: [pid])
    monkeypatch.setattr(sites.processes, "seconds_with_dead", lambda pids: next(used))
    monkeypatch.setattr(sites, "time", SimpleNamespace(monotonic=lambda: next(clock), sleep=lambda seconds: None))
    assert sites.idle([1], 50) == pytest.approx(1.0)


def test_the_empty_site_runs_with_the_options_of_ours(monkeypatch):
    begun = []

    class Nobody:
        def __init__(self, children, environ, logs):
            self.children = children

        def start(self):
            begun.append(self.children[0])
            self.children[0].process = SimpleNamespace(pid=os.getpid(), poll=lambda: None)

        def stop(self):
            begun.append("stopped")

    monkeypatch.setattr(sites, "Supervisor", Nobody)
    monkeypatch.setattr(sites.site, "wait_until_served", lambda *_: None)
    with sites.two_sites() as (ours, empty):
        assert ours.port != empty.port
    web, bare = (child for child in begun if isinstance(child, Child))
    assert [word for word in bare.command if word in web.command and "--bind" not in word]
    assert "portal.bench.empty:application" in bare.command
    assert "--workers=1" in bare.command and "--workers=1" in web.command
    assert begun[-2:] == ["stopped", "stopped"]


def test_the_empty_view_has_no_middleware():
    code = "from portal.bench.empty import empty, settings; print(settings.MIDDLEWARE, empty(None).content)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=sites.site.ROOT,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
    )  # fmt: skip
    assert done.stdout == "[] b'ok'\n"
