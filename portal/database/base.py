"""数据库连接：a kept connection is asked only when the wire has news or has been silent for long.

Django asks the server `SELECT 1` before the first statement of every request. A server that has ended a connection
has said so at this end of the wire, where the kernel tells it for nothing; only a wire that may have been cut in
between, unnoticed, needs the question.
"""

import select
import time
from typing import Any

from django.db.backends.postgresql import base

SILENT = 30.0  # seconds without a question


def has_news(connection: Any) -> bool:
    """线上有没有没读的: a server that closes sends its reason and the end of the stream."""
    wire = select.poll()
    wire.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(wire.poll(0))


class DatabaseWrapper(base.DatabaseWrapper):
    """连接"""

    asked_at = 0.0

    def is_usable(self) -> bool:
        """还能不能用"""
        now = time.monotonic()
        if self.connection is None:
            return False
        if now - self.asked_at < SILENT and not self.connection.closed and not has_news(self.connection):
            return True
        self.asked_at = now
        return bool(super().is_usable())
