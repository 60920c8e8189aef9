"""启动器测试的公共件 – clean environments, temporary folders, and a tiny site for whole runs of `up`."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.launcher import identity

ROOT = Path(__file__).resolve().parents[3]
TINY = Path(__file__).with_name("tiny_site")
OURS = ("PORTAL_", "DATABASE_", "REDIS_URL", "DJANGO_")


@pytest.fixture
def clean() -> dict[str, str]:
    """没有本系统设置的环境 – as a newcomer has it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)}


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """临时数据文件夹 – with whatever was put outside for `nobody` removed afterwards."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    yield folder
    shutil.rmtree(identity.outside(folder / "postgres").parent, ignore_errors=True)


@pytest.fixture
def tiny_site(tmp_path: Path) -> Path:
    """最小站点 – the launcher as it is, around a site of one page."""
    site = tmp_path / "site"
    shutil.copytree(TINY, site)
    shutil.copy(ROOT / "manage.py", site)
    shutil.copytree(ROOT / "portal" / "launcher", site / "portal" / "launcher")
    shutil.copytree(ROOT / "portal" / "mutation", site / "portal" / "mutation")
    for name in ("up", "test", "lint", "mutate"):
        shutil.copy(
            ROOT / "portal" / "management" / "commands" / f"{name}.py", site / "portal" / "management" / "commands"
        )
    return site
