"""最小站点的演示数据 – one account on the list."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """演示数据."""

    def handle(self, *_args: Any, **_options: Any) -> None:
        accounts = [{"role": "窗口受理", "login": "chen", "password": "纯属虚构"}]
        Path(os.environ["PORTAL_DATA"], "demo-accounts.json").write_text(json.dumps(accounts))
