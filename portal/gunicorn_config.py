"""gunicorn 的钩子：each web worker beats from its first moment, before it serves anything."""

from typing import Any


def post_worker_init(worker: Any) -> None:
    """工作进程就绪"""
    worker.wsgi.start_beating()
