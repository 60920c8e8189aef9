"""演示的钟：the owner of a demo database may shift `portal_now()`; nobody else can (engine section 7)."""

import os
from datetime import datetime
from typing import Any, Self

import psycopg2

from portal.errors import NotAllowed


class DemoClock:
    """可拨的钟: each setting is committed at once, and leaving the block puts the clock right again."""

    def __init__(self, url: str = "") -> None:
        self.url = url or os.environ.get("DATABASE_OWNER_URL", "")
        if not self.url:
            raise NotAllowed("没有 DATABASE_OWNER_URL，拨不了演示的钟：请用 python3 manage.py up 或 seed_demo 启动。")
        self.connection: Any = None

    def __enter__(self) -> Self:
        self.connection = psycopg2.connect(self.url)
        self.connection.autocommit = True
        return self

    def __exit__(self, *_error: object) -> None:
        self._run("UPDATE portal_clock_shift SET shift = '0'", [])
        self.connection.close()

    def set(self, instant: datetime) -> None:
        """拨到某一刻; it goes on from there."""
        self._run("UPDATE portal_clock_shift SET shift = %s - clock_timestamp()", [instant])

    def _run(self, statement: str, values: list[Any]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
