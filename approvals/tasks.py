"""后台任务：thin; each can run twice or days late with the same result."""

from celery import shared_task

from approvals import sweeping
from portal import freezing


@shared_task(name="approvals.tasks.sweep")
def sweep() -> None:
    """每分钟：时限巡查"""
    freezing.watch()
    sweeping.sweep()
