"""后台任务：thin; each can run twice or days late with the same result."""

from celery import shared_task

from services import actions, storage


@shared_task(name="services.tasks.drop_stale_drafts")
def drop_stale_drafts() -> None:
    """每小时：清掉三十天没动过的草稿，和没有归属的文件"""
    actions.drop_stale_drafts()
    storage.clear_loose_files()


@shared_task(name="services.tasks.count_popularity")
def count_popularity() -> None:
    """每小时：数一年里每件事有多少人办"""
    actions.count_popularity()
