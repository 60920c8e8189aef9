"""推演的人和工作台：who has the power on a day, and whose work comes first."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from approvals.simulation.chance import local
from approvals.simulation.desk import Desk, Task, Work
from approvals.simulation.plan import Absence, PostPlan, Silence
from approvals.simulation.staff import Cover, Roster
from portal.calendar_data import national_calendar
from tests.approvals.simulation.town import AGENT, LEADER, OTHER, REVIEWER, WINDOW, plan

HEAD = PostPlan("甲办主任", "office", "office_head")
POSTS = (replace(REVIEWER, deputy="乙办审核岗"), OTHER, HEAD, LEADER, WINDOW)
DAY = date(2025, 3, 5)
MORNING = local(DAY, datetime.min.time().replace(hour=9))


def roster(**changes: object) -> Roster:
    """五个岗位，没有人请假"""
    return Roster(plan(**{"posts": POSTS, **changes}), "甲", 60, national_calendar(2025))


def away(of: Roster, *posts: int, sudden: bool = False) -> None:
    """这些岗位的人这天不在"""
    for post in posts:
        for worker in of.holders[post]:
            worker.away[DAY] = sudden


def cover(of: Roster) -> tuple[Cover, list[int]]:
    """审核岗这天由谁办"""
    kind, workers = of.cover(0, DAY)
    return kind, [worker.post for worker in workers]


def test_power_falls_to_deputy_then_head_then_leader() -> None:
    found = roster()
    steps = [cover(found)]
    for post in (0, 1, 2, 3):
        away(found, post)
        steps.append(cover(found))

    assert steps == [(Cover.OWN, [0]), (Cover.DEPUTY, [1]), (Cover.HEAD, [2]), (Cover.LEADER, [3]), (Cover.NOBODY, [])]


def test_on_the_first_day_of_a_sudden_absence_no_deputy_is_registered_yet() -> None:
    found = roster()
    away(found, 0, sudden=True)

    assert cover(found) == (Cover.HEAD, [2])


def test_a_silent_office_is_not_absent() -> None:
    found = roster(silences=(Silence("office", DAY, DAY),))

    assert cover(found) == (Cover.SILENT, [])
    assert found.cover(0, DAY + timedelta(days=1))[0] == Cover.OWN
    assert found.leader(DAY) == 3


def test_of_several_holders_those_who_are_there_have_the_power() -> None:
    found = roster(posts=(replace(REVIEWER, people=3), *POSTS[1:]))
    found.holders[0][1].away[DAY] = False

    assert cover(found) == (Cover.OWN, [0, 0])


def test_absences_are_about_as_many_as_the_file_says() -> None:
    found = Roster(
        plan(posts=tuple(replace(OTHER, title=str(n)) for n in range(200)), absence=Absence(10, 5, 4)),
        "甲",
        365,
        national_calendar(2025),
    )
    days = [len(worker.away) for worker in found.workers]

    assert 12 < sum(days) / len(days) < 16
    assert all(day in set(found.workdays) for worker in found.workers for day in worker.away)


def test_what_ends_first_comes_first_and_colleagues_help() -> None:
    second = replace(OTHER, title="乙办审核岗二")
    found = roster(posts=(REVIEWER, OTHER, second, LEADER))
    desk = Desk(found)
    desk.assign(DAY)
    desk.open = True
    tasks = [
        Task(n, f"t{n}", Work.REVIEW, "s", post, 30, MORNING + timedelta(days=due), MORNING)
        for n, (post, due) in enumerate([(1, 9), (1, 3), (0, 1), (1, 5)])
    ]
    for task in tasks:
        desk.put(task)
    helper, holder = found.holders[2][0], found.holders[1][0]

    taken = [desk.take(worker, MORNING) for worker in (holder, helper)]

    assert [start.task.case for start in taken] == [1, 3]  # of the post of both, never the other office's
    assert desk.waiting == [1, 1, 0, 0]
    assert taken[0].ends_at == MORNING + timedelta(minutes=30 / 0.8)
    assert desk.idle(1) is None
    assert desk.idle(0) is found.holders[0][0]


def test_at_closing_what_is_in_hand_goes_back_with_what_is_left() -> None:
    found = roster()
    desk = Desk(found)
    desk.assign(DAY)
    desk.open = True
    task = Task(0, "t", Work.VISIT, "s", 0, 300, MORNING, MORNING)
    desk.put(task)
    start = desk.take(found.holders[0][0], MORNING)

    desk.put_back(MORNING + timedelta(hours=5))

    assert start is not None
    assert task.minutes == 300 - 5 * 60 * 0.8
    assert (task.worker, desk.waiting[0], desk.busy) == (None, 1, {})
    assert task.version != start.version  # the end that had been planned is void


def test_villages_keep_to_their_own() -> None:
    agents = tuple(PostPlan(f"{n}村", "village-committee", "village_agent", village=n) for n in (1, 2))
    found = roster(posts=(*agents, AGENT, LEADER))

    assert list(found.colleagues(0)) == []
