"""测试用浏览器 – Debian's Chromium and a Chinese font, installed where that may be done."""

import os
import shutil
import subprocess
from collections.abc import Mapping

from portal.launcher import console
from portal.launcher.errors import LauncherError

NAMES = ("chromium", "chromium-browser", "google-chrome")
FONT = "fonts-wqy-microhei"  # 2 MB; Noto's CJK collection is 55 MB


def find(path: str | None = None) -> str | None:
    """浏览器的位置 – None if there is none."""
    return next(filter(None, (shutil.which(name, path=path) for name in NAMES)), None)


def has_chinese_font() -> bool:
    """有中文字体 – otherwise pages show boxes."""
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True).stdout.strip())


def provide(environ: Mapping[str, str]) -> dict[str, str]:
    """备好浏览器 – its place for the tests, or a loud line; with CI=true its absence is a failure."""
    missing = [*([] if find() else ["chromium"]), *([] if has_chinese_font() else [FONT])]
    if missing and may_install():
        console.step(f"正在安装 {' '.join(missing)}")
        install(missing)
    return verdict(find(), environ)


def verdict(found: str | None, environ: Mapping[str, str]) -> dict[str, str]:
    """结论 – what the tests are told about the browser."""
    if found:
        return {"PORTAL_CHROMIUM": found}
    if environ.get("CI") == "true":
        raise LauncherError("没有 Chromium,浏览器测试无法运行:请安装 chromium(Debian:apt-get install chromium)。")
    console.warn("没有 Chromium,浏览器测试将被跳过:安装 chromium 后再运行一次才算测全。")
    return {"PORTAL_NO_CHROMIUM": "1"}


def may_install() -> bool:
    """可以安装 – root, on a system with apt."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> None:
    """安装 – quietly; a failure shows in what is still missing afterwards."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    subprocess.run([*apt, "update"], env=environ, capture_output=True)
    done = subprocess.run(
        [*apt, "install", "-y", "--no-install-recommends", *packages], env=environ, capture_output=True, text=True
    )
    if done.returncode:
        console.warn((done.stderr.strip().splitlines() or ["apt-get 失败"])[-1])
