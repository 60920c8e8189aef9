"""站点进程 – the commands of web server, worker and beat, and the steps before them."""

import http.client
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from portal.launcher import console, ports
from portal.launcher.errors import LauncherError
from portal.launcher.processes import spawn, stop
from portal.launcher.supervise import Child, Supervisor

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
QUIET_WORKER = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


def children(host: str, port: int, workers: int, data: Path, memory: Path = Path("/dev/shm")) -> list[Child]:
    """三个进程 – web, worker, beat, in starting order; `memory`: the folder of files that need no disk, if we may use it."""
    python = [sys.executable, "-m"]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    hooks = ROOT / "portal" / "gunicorn_config.py"  # by path: `up` may be called from any folder
    web = [*python, "gunicorn", "portal.wsgi", f"--config={hooks}", f"--bind={address}"]
    web += [f"--workers={workers}", "--preload"]
    web += ["--timeout=60", "--graceful-timeout=20", "--no-control-socket", f"--chdir={ROOT}"]
    if memory.is_dir() and os.access(memory, os.W_OK | os.X_OK):
        web.append(f"--worker-tmp-dir={memory}")  # the heartbeat file must not wait for a disk
    celery = [*python, "celery", f"--workdir={ROOT}", "-A", "portal"]
    worker = [*celery, "worker", "--pool=solo", *QUIET_WORKER, "--loglevel=WARNING", "--hostname=worker@localhost"]
    beat = [*celery, "beat", f"--schedule={data / 'log' / 'beat.schedule'}", "--pidfile=", "--loglevel=WARNING"]
    return [Child("web", web, 25), Child("worker", worker, 30), Child("beat", beat, 10)]


def run_step(name: str, environ: Mapping[str, str]) -> None:
    """运行一个管理命令 – its lines are shown as they come; stopped with us if we are."""
    process = spawn([*MANAGE, *name.split()], environ)
    try:
        code = process.wait()
    except BaseException:
        stop(process, 10)
        raise
    if code:
        raise LauncherError(f"manage.py {name} 没有成功(代码 {code}):请按上面的说明处理后再启动。")


def migrate(environ: Mapping[str, str]) -> None:
    """迁移数据库 – as the owner of the tables, without the site's short time-outs."""
    owner = environ.get("DATABASE_OWNER_URL") or environ["DATABASE_URL"]
    run_step("migrate --verbosity 0", {**environ, "DATABASE_URL": owner, "PORTAL_LONG_TRANSACTIONS": "1"})


def for_the_site(environ: Mapping[str, str]) -> dict[str, str]:
    """站点的环境 – everything but the owner's address: the site's role owns nothing."""
    return {name: value for name, value in environ.items() if name != "DATABASE_OWNER_URL"}


def wait_until_served(supervisor: Supervisor, host: str, port: int, seconds: float = 60) -> None:
    """等网站应答 – any HTTP answer will do; a web server that ends instead is a failure with its last lines."""
    web = supervisor.children[0]
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if not web.is_running:
            break
        if _answers(local(host), port):
            return
        time.sleep(0.1)
    tail = supervisor.log_of(web).read_text(errors="replace").splitlines()[-8:]
    console.say("\n".join(tail))
    raise LauncherError(f"网站没有启动起来:原因见上面几行,完整日志在 {supervisor.log_of(web)}。")


def local(host: str) -> str:
    """本机访问用的地址 – for a server that listens everywhere."""
    return {"0.0.0.0": ports.LOOPBACK, "::": "::1"}.get(host, host)


def shown(host: str) -> str:
    """网址里的主机 – IPv6 in brackets."""
    return f"[{local(host)}]" if ":" in host else local(host)


def _answers(host: str, port: int) -> bool:
    wire = http.client.HTTPConnection(host, port, timeout=10)
    try:
        wire.request("GET", "/healthz")
        wire.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        wire.close()
    return True


def show_accounts(data: Path) -> None:
    """演示账号 – role, sign-in name and password, as the seed wrote them."""
    try:
        accounts = json.loads((data / "demo-accounts.json").read_text())
    except (OSError, ValueError):
        return
    console.say("演示账号:")
    for account in accounts:
        console.say(f"  {account['role']}  {account['login']}  {account['password']}")


def running_address(data: Path) -> str:
    """正在运行的那个 – for the sentence a second start says."""
    try:
        running = json.loads((data / "run.json").read_text())
        return f"{running['address']}(进程 {running['pid']})"
    except (OSError, ValueError, KeyError):
        return "另一个 up 正在启动"
