"""后台任务：thin; each can run twice or days late with the same result."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from portal import freezing, outbox, queries, sign_in


@shared_task
def deliver() -> None:
    """每分钟：发送待发通知"""
    freezing.watch()
    outbox.deliver_waiting()
    queries.beat("deliver")


@shared_task
def tidy() -> None:
    """每小时：清掉过期的登录计数和会话"""
    sign_in.clean_old_attempts()
    SessionStore.clear_expired()
