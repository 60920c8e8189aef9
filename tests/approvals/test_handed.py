"""自己的岗位谁在管：said while it is so and no longer, on the workbench, on its rows and on the case page."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from approvals import actions
from approvals.models import Case, Step
from approvals.queries.cases import filed_applications, fold_one, standing
from approvals.queries.desk import Work
from approvals.queries.handed import handed_over
from portal.clock import portal_now
from portal.models import Absence, User
from portal.permissions import powers_of
from portal.roster import current_roster
from services.models import Application
from tests.approvals.test_views_desk import page, signed_in
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

OUT, STOOD, KEPT = "您登记了不在岗", "您的岗位有人代着", "代着</span>"


@pytest.fixture
def pair(world: World, clock: TestClock) -> tuple[Application, Application]:
    """两件食品摊贩备案，2026-11-02 在王示例的窗口"""
    clock(at("2026-11-02", "10:00"))
    return file_application(world, "SJ-002"), file_application(world, "SJ-002")


def away(world: World, **more: object) -> Absence:
    """王示例三天不在"""
    until = portal_now() + timedelta(days=3)
    return actions.register_absence(user=world.wang, by=world.wang, ends_at=until, reason="外出开会", **more)


def bench(user: User) -> str:
    return page(signed_in(user), "workbench")


def test_the_one_who_is_away_reads_where_the_work_goes_until_he_is_back(
    pair: tuple[Application, Application], world: World, clock: TestClock
) -> None:
    assert OUT not in bench(world.wang)
    absence = away(world)
    shown = bench(world.wang)
    assert OUT in shown
    assert "：没有登记谁代，归" in shown
    assert OUT not in bench(world.chen)

    actions.end_absence(absence=absence, by=world.wang)
    clock(portal_now() + timedelta(minutes=1))

    assert OUT not in bench(world.wang)


def test_an_absence_to_come_says_nothing_yet_and_one_that_ran_out_nothing_more(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "10:00"))
    start = at("2026-11-03", "08:00")
    actions.register_absence(
        user=world.wang, by=world.wang, starts_at=start, ends_at=at("2026-11-05", "08:00"), reason="外出开会", deputy=world.chen
    )
    seen = []
    for moment in (start - timedelta(seconds=1), start, at("2026-11-05", "08:00")):
        found = handed_over(world.wang.pk, powers_of(world.wang, moment), current_roster(), moment)
        seen.append((found.out_until is not None, [one.person for one in found.posts]))

    assert seen == [(False, []), (True, [world.chen.display_name]), (False, [])]


def test_a_whole_post_given_away_without_an_absence_is_told_and_marked(
    pair: tuple[Application, Application], world: World, clock: TestClock
) -> None:
    now = portal_now()
    span = {"starts_at": now + timedelta(seconds=5), "ends_at": now + timedelta(days=2)}
    actions.delegate(post=world.post("wang"), deputy=world.chen, by=world.wang, reason="开会", **span)
    clock(now + timedelta(minutes=1))
    shown = bench(world.wang)
    assert STOOD in shown
    assert OUT not in shown
    assert shown.count(f"{world.chen.display_name}代着</span>") == 2

    clock(now + timedelta(days=2))

    shown = bench(world.wang)
    assert STOOD not in shown
    assert KEPT not in shown


def test_a_single_case_given_away_is_marked_alone_and_the_case_page_names_who_has_it(
    pair: tuple[Application, Application], world: World
) -> None:
    given, kept = pair
    until = portal_now() + timedelta(days=2)
    actions.delegate_cases(numbers=[given.number], deputy=world.chen, by=world.wang, ends_at=until, reason="开会", handover="")
    shown, told = bench(world.wang), f"现在由{world.chen.display_name}代着"

    assert shown.count(KEPT) == 1
    assert shown.index(given.number) < shown.index(KEPT) or kept.number > given.number
    assert STOOD not in shown
    assert told in page(signed_in(world.wang), "case", given.number)
    assert told not in page(signed_in(world.wang), "case", kept.number)
    assert "只代办件" in bench(world.chen)
    note = f"您现在也是：代 {world.wang.display_name}"
    assert note in page(signed_in(world.chen), "case", given.number)
    assert note not in page(signed_in(world.chen), "case", kept.number)


def test_a_page_names_the_deputy_only_for_the_cases_he_was_given(pair: tuple[Application, Application], world: World) -> None:
    given, _kept = pair
    until = portal_now() + timedelta(days=2)
    actions.delegate_cases(numbers=[given.number], deputy=world.chen, by=world.wang, ends_at=until, reason="开会", handover="")
    windows = []
    for application in pair:
        found = standing(fold_one(filed_applications().get(pk=application.pk), portal_now())).window
        assert found is not None
        windows.append((found.person, found.standing_in_for))

    assert windows == [(world.chen.display_name, world.wang.display_name), (world.wang.display_name, "")]


def test_after_an_act_the_next_case_of_the_workbench_is_one_press_away(
    pair: tuple[Application, Application], world: World
) -> None:
    cases = (*pair, file_application(world, "SJ-002"))
    client, links = signed_in(world.wang), []
    for application in (cases[1], cases[2], cases[0]):  # what follows it; at the end what is left before it; nothing
        address = reverse("approvals:act", args=[application.number, "accept"])
        message = client.post(address, follow=True).content.decode().split('class="messages"')[1].split("</ul>")[0]
        offered = {one.number: f'<a href="{reverse("approvals:case", args=[one.number])}">下一件' for one in cases}
        links.append([number for number, link in offered.items() if link in message])

    assert links == [[cases[2].number], [cases[0].number], []]


def test_a_step_shows_the_end_of_the_whole_case_where_that_comes_first(
    pair: tuple[Application, Application], world: World, django_assert_num_queries: Any
) -> None:
    for application in pair:
        actions.accept(application=application, by=world.wang)
    step = Step.objects.filter(case__application=pair[0], status="open").get()
    assert step.due_at is not None
    holder, early = step.post.holdings.get().user, step.due_at - timedelta(days=1)
    Case.objects.filter(application__in=pair).update(promised_due_at=early, due_at=early)
    Case.objects.filter(application=pair[1]).update(due_at=step.due_at)  # no earlier than the step
    work = Work(holder, powers_of(holder, portal_now()), portal_now())
    with django_assert_num_queries(1):
        rows = {row.number: row for row in work.page().rows}

    first, second = (rows[application.number] for application in pair)
    assert (first.whole, first.whole_clock) == (early, "promised")
    assert (second.whole, second.whole_clock) == (None, "")
    assert bench(holder).count("整件先到期：") == 1
