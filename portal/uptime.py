"""网站自己的心跳：beats while it can serve, and writes a gap down as a fact before it serves again.

On the real clock, never the shifted one; a demo, which people start and stop at will, keeps no gaps.
"""

import logging
import threading
import time
from datetime import date, datetime

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from portal import freezing
from portal.calendars import touch_calendar_revision
from portal.locks import lock_deployment
from portal.models import Heartbeat, LocalClosing, Outage, Township
from portal.outages import ALLOWED, covered_days

NAME = "web"
EVERY = 30.0
logger = logging.getLogger("portal.uptime")


def beat() -> None:
    """记一次心跳; first writes down the gap since the last one, if it was an outage."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
        last = Heartbeat.objects.filter(name=NAME).first()
        if last is None:
            Heartbeat.objects.get_or_create(name=NAME, defaults={"at": now})
            return
        if now - last.at <= ALLOWED:
            Heartbeat.objects.filter(pk=last.pk).update(at=now)
            return
        lock_deployment()
        locked = Heartbeat.objects.select_for_update().get(pk=last.pk)
        if now - locked.at > ALLOWED and settings.PORTAL_MODE != "demo":
            _write_gap(locked, now)
        Heartbeat.objects.filter(pk=last.pk).update(at=now)


def _write_gap(last: Heartbeat, now: datetime) -> None:
    days: dict[date, int] = {}
    for township in Township.objects.all():
        published = LocalClosing.objects.filter(township=township, published_at__isnull=False)
        early = dict(published.values_list("day", "closes_at"))
        days |= covered_days(last.at, now, township.opens_at, township.closes_at, early)
    rows = [Outage(day=day, minutes=minutes, recorded_at=now) for day, minutes in days.items()]
    Outage.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        touch_calendar_revision()
        logger.warning("outage recorded for %s", ", ".join(str(day) for day in days))


class Beater(threading.Thread):
    """心跳线程: one per web process, ends with it."""

    def __init__(self) -> None:
        super().__init__(name="web-heartbeat", daemon=True)
        self.last = time.monotonic()

    def start_beating(self) -> None:
        """先补记缺口，再开始跳; nothing is served before this returns."""
        self.beat_once()
        self.start()

    def run(self) -> None:
        """每30秒一次"""
        while True:
            time.sleep(EVERY)
            self.beat_once()

    def beat_once(self) -> None:
        """跳一次; a database that is away is a reason for a gap, not for dying."""
        try:
            freezing.watch()  # first: a restored copy's own signs of life say when it was taken
            beat()
            self.last = time.monotonic()
        except DatabaseError:
            logger.warning("heartbeat not written: database unavailable")
            connection.close()

    def is_stale(self) -> bool:
        """这个进程停过很久（被挂起又继续）: the next request must wait for the gap to be written."""
        return time.monotonic() - self.last > ALLOWED.total_seconds()


beater: Beater | None = None


def start() -> None:
    """本进程开始心跳, once."""
    global beater
    if beater is None:
        beater = Beater()
        beater.start_beating()


def catch_up() -> None:
    """挂起过的进程在回答之前补记缺口"""
    if beater is not None and beater.is_stale():
        beater.beat_once()
