"""数据库进程的身份 – PostgreSQL refuses root; here is who it runs as and where that someone may write."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.launcher.errors import LauncherError

NOBODY = 65534
UNSHARE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
OUTSIDE = Path("/var/lib/quanchengban")


@dataclass(frozen=True)
class Identity:
    """运行身份 – a prefix that leaves root inside a user namespace, or a plain change of user, or neither."""

    prefix: tuple[str, ...] = ()
    user: int | None = None

    def run(self, command: Sequence[str | Path], **options: object) -> subprocess.CompletedProcess[str]:
        """以此身份运行 – waits; output as text."""
        who: dict[str, object] = {}
        if self.user is not None:
            who = {"user": self.user, "group": self.user, "extra_groups": []}
        options = {"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, "cwd": "/", **options, **who}
        return subprocess.run([*self.prefix, *map(str, command)], **options)  # type: ignore[call-overload,no-any-return]  # options are subprocess.run's own

    def reaches(self, path: Path, how: str) -> bool:
        """够得着 – may this identity read (r), write (w) or enter (x) here?"""
        if not self.prefix and self.user is None:
            return os.access(path, {"r": os.R_OK, "w": os.W_OK, "x": os.X_OK}[how])
        try:
            return self.run(["test", f"-{how}", path]).returncode == 0
        except OSError:
            return False

    def own(self, path: Path) -> None:
        """交给此身份 – only needed where the user really changes."""
        if self.user is not None:
            os.chown(path, self.user, self.user)

    def place(self, wanted: Path) -> Path:
        """放数据的地方 – the wanted folder, or one outside that this identity can reach."""
        wanted.parent.mkdir(parents=True, exist_ok=True)
        if self.user is None and self.reaches(wanted.parent, "w"):
            return wanted
        elsewhere = outside(wanted)
        OUTSIDE.mkdir(mode=0o711, parents=True, exist_ok=True)
        elsewhere.parent.mkdir(mode=0o700, exist_ok=True)
        self.own(elsewhere.parent)
        return elsewhere


def outside(wanted: Path) -> Path:
    """外部数据文件夹 – where the data lies when the project's own folder cannot be reached."""
    return OUTSIDE / hashlib.sha256(str(wanted).encode()).hexdigest()[:12] / wanted.name


def choose(environ: Mapping[str, str], wanted: Path) -> Identity:
    """选择身份 – plain unless root; PORTAL_AS_ROOT=unshare|nobody forces one of root's two ways."""
    if os.geteuid() != 0:
        return Identity()
    wish = environ.get("PORTAL_AS_ROOT", "auto")
    if wish not in {"auto", "unshare", "nobody"}:
        raise LauncherError("PORTAL_AS_ROOT 只能是 auto、unshare 或 nobody。")
    if wish == "auto" and outside(wanted).exists() and outside(wanted).stat().st_uid == NOBODY:
        return Identity(user=NOBODY)  # data made as nobody stays nobody's
    if wish in {"auto", "unshare"} and may_unshare():
        return Identity(prefix=UNSHARE)
    if wish == "unshare":
        raise LauncherError("这台机器不允许 unshare:请去掉 PORTAL_AS_ROOT=unshare,或改用普通用户运行。")
    if may_change_user():
        return Identity(user=NOBODY)
    raise LauncherError("数据库不能以 root 运行,而这里也换不了用户:请改用普通用户运行本命令。")


def may_unshare() -> bool:
    """能否用用户命名空间 – refused in some containers."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0


def may_change_user() -> bool:
    """能否换成 nobody – refused where root has no such capability."""
    try:
        return Identity(user=NOBODY).run(["true"]).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
