"""Celery：beat only wakes work that the database already lists (engine section 9)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 3600},
    timezone="Asia/Shanghai",
    beat_max_loop_interval=60,
    worker_hijack_root_logger=False,
    beat_schedule={
        "sweep": {"task": "approvals.tasks.sweep", "schedule": 60.0, "options": {"expires": 55}},
        "moves": {"task": "approvals.tasks.note_moves", "schedule": 60.0, "options": {"expires": 55}},
        "calendar": {"task": "approvals.tasks.watch_calendar", "schedule": 3600.0, "options": {"expires": 3500}},
        "deliver": {"task": "portal.tasks.deliver", "schedule": 60.0, "options": {"expires": 55}},
        "tidy": {"task": "portal.tasks.tidy", "schedule": 3600.0, "options": {"expires": 3500}},
        "taken": {"task": "approvals.tasks.measure_taken", "schedule": 21600.0, "options": {"expires": 21000}},
        "drafts": {"task": "services.tasks.drop_stale_drafts", "schedule": 3600.0, "options": {"expires": 3500}},
        "popularity": {"task": "services.tasks.count_popularity", "schedule": 3600.0, "options": {"expires": 3500}},
    },
)
app.autodiscover_tasks(["portal", "services", "approvals"])
