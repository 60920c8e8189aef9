"""演示账号：random passwords at the first start, on the screen and in the git-ignored data folder (engine 10)."""

import json
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from portal.demo.names import phone_number
from portal.models import User
from portal.numbers import ALPHABET
from portal.sign_in import staff_login, villager_login

# role, sign-in name (staff: work name, villagers: phone)
ACCOUNTS = [
    ("村民 安示例", phone_number(1000)),
    ("村民 鲍示例", phone_number(1001)),
    ("窗口 陈示例", "chen"),
    ("代办 周示例", "zhou"),
    ("村代办员 柳示例", "liu"),
    ("村建办审核 邓示例", "deng"),
    ("农业农村办审核 方示例", "fang"),
    ("自然资源所审核 孙示例", "sun"),
    ("社会事务办主任 史示例", "shi"),
    ("镇长 郑示例", "zheng"),
    ("督查 杜示例", "du"),
    ("公开拟稿 高示例", "gao"),
    ("公开审核 龚示例", "gong"),
    ("公开发布 卜示例", "bu"),
    ("事项审批 皮示例", "pi"),
]


def accounts_path() -> Path:
    """账号文件, readable by its owner only."""
    return Path(settings.DATA_DIR) / "demo-accounts.json"


def make_accounts() -> bool:
    """写好演示账号 – new passwords only if the file is not there; returns whether it was written."""
    path = accounts_path()
    if path.exists():
        return False
    rows = [{"role": role, "login": login, "password": new_password()} for role, login in ACCOUNTS]
    for row in rows:
        User.objects.filter(login=login_key(row["login"])).update(password=make_password(row["password"]))
    write_private(path, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    return True


def login_key(shown: str) -> str:
    """账号的登录键"""
    return villager_login(shown) if shown.isdigit() else staff_login(shown)


def new_password() -> str:
    """随机密码: twelve characters in groups of four, none easily mistaken for another."""
    letters = "".join(secrets.choice(ALPHABET.lower()) for _ in range(12))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def write_private(path: Path, text: str) -> None:
    """写只有自己能读的文件, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
