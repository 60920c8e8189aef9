"""WSGI 入口：the application, and the heartbeat that goes with it."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
_django = get_wsgi_application()

from portal import uptime  # noqa: E402 - needs the application set up first


class Application:
    """门户的 WSGI 应用"""

    start_beating = staticmethod(uptime.start)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """回答一个请求; a process that had been suspended first writes down the gap."""
        uptime.catch_up()
        return _django(environ, start_response)


application = Application()
