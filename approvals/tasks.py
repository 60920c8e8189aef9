"""后台任务：thin; each can run twice or days late with the same result."""

from celery import shared_task

from approvals import actions, sweeping
from approvals.actions import calendars, watching
from portal import freezing


@shared_task(name="approvals.tasks.sweep")
def sweep() -> None:
    """每分钟：时限巡查"""
    freezing.watch()
    sweeping.sweep()


@shared_task(name="approvals.tasks.measure_taken")
def measure_taken() -> None:
    """每六小时：算各事项最近一年实际用了多久"""
    actions.measure_taken()


@shared_task(name="approvals.tasks.note_moves")
def note_moves() -> None:
    """每分钟：公布了的日历改了哪些期限，写下来、告诉人"""
    calendars.note_moves()


@shared_task(name="approvals.tasks.watch_calendar")
def watch_calendar() -> None:
    """每小时：明年的放假安排到了没有"""
    watching.watch_calendar()
