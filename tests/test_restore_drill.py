"""恢复演练：a real pg_dump, lost work, a real pg_restore into a fresh database, and the site until two people release it.

The tools are those that come with the server the tests run on; the commands are the ones of deploy/README.md.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings as site
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.checking import differences
from approvals.loading import fold_application
from approvals.models import Decision
from approvals.tasks import sweep
from portal.clock import portal_now
from portal.launcher.binaries import locate
from portal.ledger import verify
from portal.marks import read_mark
from portal.models import Event, Freeze, Message, Post, PostHolding
from portal.tasks import deliver
from services.definition import OnTimeout
from services.models import Application
from tests.approvals.deeds import RECORD_RULE
from tests.conftest import CLONE, TestClock, forget_all, superuser_url
from tests.factories import at, file_application
from tests.world import World, find_world

FRESH = "portal_restored"
CHECKED = "对过26日的收件登记，缺的一件已经补录"
GRANTS = (
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
    "GRANT USAGE ON SCHEMA public TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT ON SEQUENCES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT EXECUTE ON FUNCTIONS TO {app}",
)


def address(variable: str, database: str) -> str:
    """某个角色到某个库的地址"""
    return urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{database}"))


def run(tool: str, *options: str) -> str:
    """用服务器自带的工具"""
    done = subprocess.run([locate(os.environ) / tool, *options], capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def make_empty_database() -> None:
    """空库和两个角色的权限，照 deploy/README.md 第1节"""
    owner, app = (urlsplit(os.environ[name]).username for name in ("DATABASE_OWNER_URL", "DATABASE_URL"))
    admin = psycopg2.connect(superuser_url("postgres"))
    admin.autocommit = True
    cursor = admin.cursor()
    cursor.execute(f"DROP DATABASE IF EXISTS {FRESH} WITH (FORCE)")
    cursor.execute(
        f"CREATE DATABASE {FRESH} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8'"
        " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"
    )
    admin.close()
    inside = psycopg2.connect(superuser_url(FRESH))
    inside.autocommit = True
    for grant in GRANTS:
        inside.cursor().execute(grant.format(database=FRESH, owner=owner, app=app))
    inside.close()


@contextmanager
def moved_to(database: str) -> Iterator[TestClock]:
    """网站改连这个库，像新起的进程"""
    settings = connections["default"].settings_dict
    before = settings["NAME"]
    connections.close_all()
    settings["NAME"] = database
    forget_all()
    try:
        yield TestClock(database)
    finally:
        connections.close_all()
        settings["NAME"] = before
        forget_all()
        admin = psycopg2.connect(superuser_url("postgres"))
        admin.autocommit = True
        admin.cursor().execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        admin.close()


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """真网站的数据文件夹: with its mark, and the messages that have left the house."""
    settings.PORTAL_MODE, settings.DATA_DIR = "demo", tmp_path / "data"
    return tmp_path / "data"


def live_until_the_backup(clock: TestClock) -> Application:
    """备份以前：23日交齐的食品摊贩备案，承诺到26日24:00; a second person of the calendar desk, the site running."""
    clock(at("2026-11-23", "09:00"))
    world = find_world()
    seat = world.post("li")
    other = Post.objects.create(township=world.township, office=seat.office, duty=seat.duty, title="日历岗二", serves=[])
    PostHolding.objects.create(post=other, user=world.gong, starts_on=date(2026, 1, 1))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    sweep()
    deliver()
    stall = file_application(world, "SJ-002")
    clock(at("2026-11-25", "18:00"))
    sweep()
    return stall


def go_on_after_the_backup(clock: TestClock, stall: Application) -> None:
    """备份以后、出事以前：窗口受理，食安办不予; it is in no backup."""
    clock(at("2026-11-26", "10:00"))
    world = find_world()
    actions.accept(application=stall, by=world.wang)
    refusal = {"facts": "摊位占了消防通道，不符合第二条", "legal_basis": RECORD_RULE.title + "第八条"}
    actions.decide(application=stall, by=world.shi, outcome="refuse", seen=True, **refusal)
    deliver()


def sent(folder: Path) -> list[str]:
    """出了门的短信"""
    log = folder / "sms.log"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def test_a_restored_site_sends_and_deems_nothing_until_two_people_release_it(clone: str, folder: Path, tmp_path: Path) -> None:
    clock, backup = TestClock(CLONE), tmp_path / "portal.dump"
    stall = live_until_the_backup(clock)
    run("pg_dump", "--format=custom", f"--file={backup}", address("DATABASE_OWNER_URL", CLONE))
    kept = list(Event.objects.order_by("pk").values_list("stream", "sequence", "hash"))
    go_on_after_the_backup(clock, stall)
    mark, gone_out = read_mark(folder / "record-mark.json"), sent(folder)
    assert mark is not None
    assert mark.last_event > Event.objects.order_by("pk")[len(kept) - 1].pk
    assert Decision.objects.get(case__application=stall).outcome == "refused"

    make_empty_database()
    fresh = address("DATABASE_OWNER_URL", FRESH)
    run("pg_restore", f"--role={urlsplit(fresh).username}", "--exit-on-error", f"--dbname={fresh}", str(backup))
    with moved_to(FRESH) as restored_clock:
        _the_record_is_whole(kept)
        restored_clock(at("2026-11-27", "09:00"))  # the promise has ended in the backup, and the refusal is lost
        _nothing_leaves_and_nothing_is_deemed(stall, folder, gone_out)
        _two_people_release_it(stall, folder, gone_out, restored_clock)


def _the_record_is_whole(kept: list[tuple[str, int, Any]]) -> None:
    """一条不少、一处没改，还是改不了"""
    found = list(Event.objects.order_by("pk").values_list("stream", "sequence", "hash"))
    assert [(s, n, bytes(h)) for s, n, h in found] == [(s, n, bytes(h)) for s, n, h in kept]
    for stream in {stream for stream, _, _ in kept}:
        assert verify(list(Event.objects.filter(stream=stream).order_by("sequence"))) is None
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE portal_event SET kind = 'forged'")
    environ = {**os.environ, "DATABASE_URL": address("DATABASE_URL", FRESH), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", "verify_projection"]
    done = subprocess.run(command, cwd=site.BASE_DIR, env=environ, capture_output=True, text=True, check=False, timeout=120)
    assert "没有不同" in done.stdout, done.stderr


def _nothing_leaves_and_nothing_is_deemed(stall: Application, folder: Path, gone_out: list[str]) -> None:
    """第一次巡查就自己冻结"""
    events = Event.objects.filter(stream__startswith="case:").count()
    waiting = Message.objects.filter(state="waiting").count()
    assert waiting > 0

    for _ in range(2):
        deliver()
        sweep()

    assert Freeze.objects.filter(released_at=None, lost__gt=0).count() == 1
    assert Event.objects.filter(stream__startswith="case:").count() == events
    assert Message.objects.filter(state="waiting").count() == waiting
    assert sent(folder) == gone_out
    assert not Decision.objects.exists()
    assert fold_application(Application.objects.get(pk=stall.pk), portal_now()).state == "submitted"
    assert Client().get(reverse("portal:healthz")).json()["frozen"]
    assert "系统刚从备份恢复" in Client().get("/").content.decode()


def _two_people_release_it(stall: Application, folder: Path, gone_out: list[str], clock: TestClock) -> None:
    """一个人不够，两个人才行; then the end is 24:00 of the first working day after, and what waited goes out."""
    world: World = find_world()
    actions.release(by=world.li, checked=CHECKED)
    deliver()
    sweep()
    assert (sent(folder), Decision.objects.exists()) == (gone_out, False)

    actions.release(by=world.gong, checked=CHECKED)
    deliver()
    sweep()

    assert len(sent(folder)) > len(gone_out)
    due = fold_application(Application.objects.get(pk=stall.pk), portal_now()).clock("promised")
    assert due is not None
    assert due.due_at == at("2026-12-01", "00:00")  # released on Friday the 27th: 24:00 of Monday the 30th
    clock(at("2026-12-01", "00:00:05"))
    sweep()
    assert Decision.objects.get(case__application=stall).effective_at == at("2026-12-01", "00:00")
    assert [lines for _number, lines in differences() if lines] == []
