"""本机密钥 – random keys and passwords, made once, kept in the git-ignored data folder."""

import base64
import json
import os
import secrets
from pathlib import Path

from portal.launcher.errors import LauncherError

PASSWORDS = ("postgres_password", "owner_password", "app_password", "valkey_password")
KEYS = ("secret_key", "field_key", "lookup_key")


def fresh() -> dict[str, str]:
    """一套新密钥 – passwords in hex (they stand in URLs), keys of 32 bytes in URL-safe base64."""
    made = {name: secrets.token_hex(24) for name in PASSWORDS}
    made.update({name: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode() for name in KEYS})
    return {**made, "secret_key": secrets.token_urlsafe(64)}  # Django wants more than fifty characters of this one


def of_folder(data: Path) -> dict[str, str]:
    """数据文件夹的密钥 – read, or made at the first start; only the owner may read the file."""
    path = data / "secrets.json"
    if path.exists():
        return {**fresh(), **json.loads(path.read_text())}
    if (data / "postgres").exists():
        raise LauncherError(
            f"{path} 不见了,而数据库还在:请从备份恢复这个文件;若数据可以不要,删除 {data} 后重新启动。"
        )
    made = fresh()
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
        json.dump(made, target, indent=1)
    draft.rename(path)
    return made


def as_environment(made: dict[str, str]) -> dict[str, str]:
    """密钥的环境变量 – under the names settings read."""
    return {f"PORTAL_{name.upper()}": made[name] for name in KEYS}
