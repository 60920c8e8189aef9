"""后台任务：thin; each can run twice or days late with the same result."""

from celery import shared_task

from services import actions


@shared_task(name="services.tasks.drop_stale_drafts")
def drop_stale_drafts() -> None:
    """每小时：清掉三十天没动过的草稿"""
    actions.drop_stale_drafts()
