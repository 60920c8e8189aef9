"""命令入口 – gives each manage.py command the servers and the environment it needs."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand

from portal.launcher import servers
from portal.launcher.errors import LauncherError
from portal.management.commands import lint, mutate, test, up

ROOT = Path(__file__).resolve().parents[2]
OWN = {"up": up.Command, "lint": lint.Command, "mutate": mutate.Command}
WITHOUT_DATABASE = {"makemigrations", "help", "version", "--version", "--help", "-h", "startapp", "diffsettings",
                    "collectstatic", "simulate", "findstatic", "compilemessages", "makemessages"}  # fmt: skip
AS_OWNER = {"migrate"}
ON_THROWAWAY = {"bench"}


def data_folder() -> Path:
    """数据文件夹 – git-ignored; PORTAL_DATA moves it."""
    return Path(os.environ.get("PORTAL_DATA") or ROOT / "data").resolve()


def run(argv: list[str]) -> None:
    """运行命令 – LauncherError is one sentence, not a trace."""
    signal.signal(signal.SIGTERM, _leave)
    name = argv[1] if len(argv) > 1 else "help"
    os.environ["PORTAL_DATA"] = str(data_folder())
    try:
        if name == "test":
            sys.exit(test.run(argv[2:]))  # pytest has options of its own (-k, -x): none of Django's parser here
        elif name in OWN:
            _without_settings(OWN[name](), argv)
        elif name in WITHOUT_DATABASE:
            os.environ.update(servers.demo_keys(data_folder(), os.environ))
            _django(argv)
        elif name in ON_THROWAWAY:
            with servers.throwaway(os.environ) as found:
                os.environ.update(found)
                _django(argv)
        else:
            with servers.embedded(data_folder(), os.environ) as found:
                os.environ.update(found)
                _django(argv)
    except LauncherError as problem:
        sys.exit(str(problem))


def _without_settings(command: BaseCommand, argv: list[str]) -> None:
    options = vars(command.create_parser(argv[0], argv[1]).parse_args(argv[2:]))
    command.execute(*options.pop("args", ()), **options)


def _django(argv: list[str]) -> None:
    if os.environ.get("DATABASE_URL"):
        os.environ.setdefault("PORTAL_MODE", "production")
    if argv[1:2] and argv[1] in AS_OWNER and os.environ.get("DATABASE_OWNER_URL"):
        os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]
        os.environ.setdefault("PORTAL_LONG_TRANSACTIONS", "1")
    ManagementUtility(argv).execute()


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)  # so that servers started for this command are stopped
