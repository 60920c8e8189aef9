#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""管理入口 – one command, `python3 manage.py up`, on nothing but Python 3.11.

This file is read by whatever Python there is, so it keeps to a syntax old ones parse too: it must be able
to say what it needs. It makes `.venv` from the hashed lock and runs itself again inside.
"""

import os
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
NEEDED = (3, 11)
TOOLS_FOR = ("test", "lint", "mutate")

# Of the PIP_* settings only those that say from where and how to fetch survive; the others change where
# packages go (target, prefix, user, root) or whether pip works at all (require_virtualenv, dry_run).
PIP_KEPT = (
    "PIP_CACHE_DIR",
    "PIP_CERT",
    "PIP_CLIENT_CERT",
    "PIP_CONFIG_FILE",
    "PIP_DEFAULT_TIMEOUT",
    "PIP_DISABLE_PIP_VERSION_CHECK",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_KEYRING_PROVIDER",
    "PIP_NO_CACHE_DIR",
    "PIP_NO_INDEX",
    "PIP_PROXY",
    "PIP_RETRIES",
    "PIP_TIMEOUT",
    "PIP_TRUSTED_HOST",
)
PYTHON_DROPPED = ("PYTHONPATH", "PYTHONHOME", "__PYVENV_LAUNCHER__")


def refuse(sentence):
    """一句话说明 – say in one sentence what to do, and stop."""
    sys.stderr.write(sentence + "\n")
    sys.exit(1)


def check_python():
    if sys.version_info[:2] < NEEDED:
        refuse(
            "需要 Python 3.11 或更高版本,现在是 %d.%d:请改用较新的 python3 运行本命令。"
            " (This needs Python 3.11 or newer.)" % sys.version_info[:2]
        )
    if sys.platform == "win32":
        refuse("本系统在 Linux 或 macOS 上运行;Windows 请在 WSL 里运行。 (Use Linux, macOS or WSL.)")


def clean_environment(environ):
    """干净的环境 – without what sends packages or imports elsewhere; index, certificate and proxy stay."""
    return {
        name: value
        for name, value in environ.items()
        if name not in PYTHON_DROPPED and (not name.startswith("PIP_") or name in PIP_KEPT)
    }


def inside_venv():
    return sys.prefix != sys.base_prefix or os.environ.get("PORTAL_NO_VENV") == "1"


def stamp_of(lock):
    """依赖指纹 – changes with the lock, the Python and the place."""
    import hashlib

    with open(os.path.join(ROOT, lock), "rb") as source:
        text = source.read()
    return hashlib.sha256(text + ("%s %s" % (sys.version, VENV)).encode()).hexdigest()


def read(path):
    try:
        with open(path) as source:
            return source.read()
    except (IOError, OSError):
        return ""


def write(path, text):
    with open(path, "w") as target:
        target.write(text)


def venv_python():
    return os.path.join(VENV, "bin", "python")


def is_usable(environ):
    """虚拟环境可用 – made by this Python version, with pip, and not left in the middle of an installation."""
    import subprocess

    if os.path.exists(os.path.join(VENV, "portal-installing")):
        return False
    probe = "import sys, pip; sys.exit(sys.version_info[:2] != %r)" % (tuple(sys.version_info[:2]),)
    try:
        return subprocess.call([venv_python(), "-c", probe], env=environ, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_venv(environ):
    import importlib.util
    import subprocess

    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        refuse(
            "这台机器的 Python 缺少 venv 模块,请先安装:sudo apt-get install python3-venv"
            " (the package python3-venv is missing)"
        )
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        refuse("建立虚拟环境失败:请检查 %s 能否写入、磁盘是否已满。 (Could not create .venv.)" % ROOT)


def why_pip_failed(text):
    """安装失败的原因 – the sentence for pip's last words."""
    if "HASHES" in text or "do not match the hashes" in text:
        return "下载的软件包与锁定文件不符,已停止安装:请检查软件源是否可信。 (Hash mismatch.)"
    if "No space left" in text:
        return "磁盘已满:请清理出约 600 MB 后重试。 (No space left on device.)"
    network = ("NewConnectionError", "Temporary failure", "Connection", "timed out", "ProxyError", "SSLError")
    if any(word in text for word in network) or "No matching distribution" in text:
        return (
            "首次启动需要联网下载软件包,但取不到:请检查网络、代理(HTTPS_PROXY)或软件源(PIP_INDEX_URL)后重试。"
            " (The first start needs the network or a package index.)"
        )
    return "".join(text.splitlines(True)[-6:]) + "安装依赖失败:请按上面 pip 的最后几行处理后重试。 (pip failed.)"


def install(lock, environ):
    """安装依赖 – pip on one hashed lock, counting aloud."""
    import subprocess

    total = read(os.path.join(ROOT, lock)).count("==")
    command = [venv_python(), "-m", "pip", "install", "--no-input", "--no-deps", "--require-hashes"]
    command += ["--disable-pip-version-check", "-r", os.path.join(ROOT, lock)]
    pip = subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
    )
    try:
        lines = follow(pip.stdout, total)
    except KeyboardInterrupt:
        pip.terminate()
        pip.wait()
        raise
    if pip.wait():
        refuse(why_pip_failed("".join(lines)))


def follow(output, total):
    """跟踪安装进度 – a line for every twenty packages; returns all that pip said."""
    lines, count = [], 0
    for line in output:
        lines.append(line)
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            count += 1
            if count % 20 == 0:
                say("  软件包 %d/%d" % (count, total))
        elif line.startswith("Installing collected"):
            say("  正在安装 …")
    return lines


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def install_if_needed(lock, environ):
    stamp, marker = os.path.join(VENV, "portal-" + lock), os.path.join(VENV, "portal-installing")
    if read(stamp) == stamp_of(lock):
        return
    say("正在安装依赖(%s),第一次约需半分钟到几分钟 …" % lock)
    write(marker, lock)
    write(stamp, "")
    install(lock, environ)
    write(stamp, stamp_of(lock))
    os.remove(marker)


def ensure_venv(environ, with_tools):
    """准备虚拟环境 – under a file lock, so that two first starts do not tread on each other."""
    import fcntl

    if not os.access(ROOT, os.W_OK):
        refuse("不能写入 %s:请换一个有写权限的用户或文件夹。 (The project folder is not writable.)" % ROOT)
    with open(os.path.join(ROOT, ".venv.lock"), "w") as lock_file:
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (IOError, OSError):
            say("另一个命令正在准备依赖,请稍候 …")
            fcntl.flock(lock_file, fcntl.LOCK_EX)
        if not is_usable(environ):
            say("正在建立虚拟环境 .venv …")
            make_venv(environ)
        install_if_needed("requirements.txt", environ)
        if with_tools:
            install_if_needed("requirements-dev.txt", environ)


def main(argv):
    check_python()
    if not inside_venv():
        environ = clean_environment(os.environ)
        try:
            ensure_venv(environ, with_tools=len(argv) > 1 and argv[1] in TOOLS_FOR)
        except KeyboardInterrupt:
            refuse("已中断;再次运行会从头准备依赖。 (Interrupted.)")
        os.execve(venv_python(), [venv_python(), os.path.join(ROOT, "manage.py")] + argv[1:], environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from portal.launcher.entry import run

    run(argv)


if __name__ == "__main__":
    main(sys.argv)
