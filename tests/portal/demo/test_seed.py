"""演示数据：every state is there, the law refused nothing, and a second start does nothing."""

import json
import os
import stat
from pathlib import Path

import psycopg2
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db.models import Count

from approvals.loading import fold_application
from approvals.models import Card, Case, Decision
from approvals.projection import load_seats
from approvals.queries import shadow
from approvals.replay import DECIDED
from approvals.routing import seat_for
from approvals.shadow import count
from disclosure.models import Notice
from portal.clock import portal_now, read_clock
from portal.demo import seed
from portal.demo.accounts import ACCOUNTS, login_key, make_accounts
from portal.management.commands import prepare_demo
from portal.models import Delegation, Duty, Event, Message, Township, User
from services.definition import OnTimeout, Stage
from services.lifecycle import State
from services.models import Application, ServiceItem

Demo = tuple[seed.Outcome, Path]
NEVER = {State.TERMINATED}  # death is recorded by two people, with proof; the demo has none


def test_seed_is_refused_nothing(demo: Demo) -> None:
    assert demo[0].refused == []
    assert demo[0].played > 60


def test_every_state_is_there(demo: Demo) -> None:
    found = set(Application.objects.values_list("state", flat=True))

    assert found == set(State) - NEVER


def test_both_manners_and_every_card_are_there(demo: Demo) -> None:
    assert set(Decision.objects.values_list("manner", flat=True)) == {"signed", "deemed"}
    assert set(Card.objects.values_list("rung", flat=True)) == {"remind", "yellow", "red"}
    assert Case.objects.filter(paused=True).exists()
    assert Case.objects.filter(overdue=True, closed_at=None).exists()


def test_rows_say_what_the_fold_says(demo: Demo) -> None:
    now = portal_now()
    rows = Application.objects.exclude(state=State.DRAFT).select_related("version", "township", "case")

    assert {row.pk: row.state for row in rows} == {row.pk: fold_application(row, now).state for row in rows}


def test_every_guide_says_how_long_it_really_took(demo: Demo) -> None:
    decided = Case.objects.filter(outcome__in=DECIDED).count()

    assert sum(ServiceItem.objects.values_list("taken_cases", flat=True)) == decided > 5
    assert not ServiceItem.objects.filter(taken_on=None).exists()


def test_a_mode_left_as_a_proposal_has_something_to_tell(demo: Demo) -> None:
    item, now = ServiceItem.objects.get(township__slug="qinghe", code="ZR-001"), portal_now()
    rows = shadow.ran_out(item, "joint-agriculture", OnTimeout.CONSENT, now)

    found = count(shadow.newest(rows, "joint-agriculture", OnTimeout.CONSENT, now))

    assert found.effective >= 2
    assert found.contrary == 1


def test_clock_is_right_again(demo: Demo) -> None:
    assert read_clock().simulated is False
    assert not Event.objects.filter(simulated=False).exclude(kind__startswith="effect_").exists()


def test_payloads_hold_nobody(demo: Demo) -> None:
    texts = [json.dumps(payload, ensure_ascii=False) for payload in Event.objects.values_list("payload", flat=True)]

    cited = {"示例省", "示例县"}  # fictional documents are named after a fictional place
    assert not [text for text in texts if "示例" in text and not any(place in text for place in cited)]
    assert not [text for text in texts if "999999" in text or "0000555" in text]


def test_second_start_changes_nothing(demo: Demo) -> None:
    before = [model.objects.count() for model in (Application, Event, User, Notice, Message)]
    kept = (demo[1] / "demo-accounts.json").read_text()

    call_command(prepare_demo.Command(), verbosity=0)

    assert [model.objects.count() for model in (Application, Event, User, Notice, Message)] == before
    assert (demo[1] / "demo-accounts.json").read_text() == kept


def test_interrupted_start_goes_on_where_it_was(demo: Demo) -> None:
    before = Application.objects.count()
    seed.Revision.objects.filter(name=seed.REACHED).update(number=seed._number(seed.BEGUN) - 1)

    outcome = seed.seed(0, lambda line: None)

    assert seed.is_done()
    assert Application.objects.count() - before <= outcome.played


def test_accounts_sign_in_and_are_private(demo: Demo) -> None:
    path = demo[1] / "demo-accounts.json"
    rows = json.loads(path.read_text())

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [(row["role"], row["login"]) for row in rows] == ACCOUNTS
    assert all(authenticate(login=login_key(row["login"]), password=row["password"]) for row in rows)


def test_lost_accounts_file_is_written_anew(demo: Demo) -> None:
    path = demo[1] / "demo-accounts.json"
    old = json.loads(path.read_text())
    path.unlink()

    assert make_accounts() is True

    new = json.loads(path.read_text())
    assert {row["password"] for row in old}.isdisjoint(row["password"] for row in new)


def test_every_step_finds_a_post_that_may_do_it(demo: Demo) -> None:
    """每个事项的每个环节都有岗位: of the step's own office and duty, its head, or the agent for steps outside."""
    wrong = []
    for township in Township.objects.all():
        seats, _ = load_seats(township.pk)
        for item in ServiceItem.objects.filter(township=township, online=True).select_related("current"):
            assert item.current is not None
            for stage in item.current.rules.running_stages():
                seat = seat_for(stage, seats, office=item.current.rules.office, village=None)
                if seat is None or not _fits(stage, seat.office, seat.duty):
                    wrong.append((township.slug, item.code, stage.key, seat))

    assert wrong == []


def _fits(stage: Stage, office: str, duty: str) -> bool:
    if stage.external or stage.duty == Duty.VILLAGE_AGENT:
        return duty in {Duty.AGENT, Duty.VILLAGE_AGENT}
    if stage.duty in {Duty.WINDOW, Duty.TOWN_LEADER}:
        return duty == stage.duty
    return office == stage.office and duty in {stage.duty, Duty.OFFICE_HEAD}


def test_catalogue_is_published_in_both_townships(demo: Demo) -> None:
    counts = dict(ServiceItem.objects.exclude(current=None).values_list("township__slug").annotate(n=Count("pk")))

    assert counts == {"qinghe": 45, "bailu": 9}


def test_one_deputy_acts_now_and_one_has_reported(demo: Demo) -> None:
    now = portal_now()

    assert Delegation.objects.filter(starts_at__lte=now, ends_at__gt=now).count() == 1
    assert Delegation.objects.exclude(report="").count() == 1


def test_board_has_revisions_and_a_withdrawal(demo: Demo) -> None:
    revised = Notice.objects.annotate(n=Count("revisions")).filter(n=3)

    assert revised.count() == 1
    assert Notice.objects.exclude(withdrawn_at=None).count() == 1


def test_runtime_role_may_not_shift_the_clock(demo: Demo) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        connection.cursor().execute("UPDATE portal_clock_shift SET shift = '1 day'")
        refused = False
    except psycopg2.errors.InsufficientPrivilege:
        refused = True
    finally:
        connection.close()

    assert refused
