"""数据库检查：version, words in Chinese, a runtime role that owns nothing, a clock nobody can shift."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

OLDEST = 170000


@register(Tags.database)
def check_database(databases: object = None, **_options: object) -> list[CheckMessage]:
    """数据库是否合用; runs with `check --database default` and before every migration."""
    if not databases:
        return []
    found = [*_check_version(), *_check_words()]
    return found + _check_owner() if settings.PRODUCTION else found


def _one(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row else None


def _check_version() -> list[CheckMessage]:
    version = connection.cursor().connection.server_version
    if version >= OLDEST:
        return []
    return [Error("PostgreSQL 太旧。", hint="需要 17 或更高版本（transaction_timeout 与内建区域设置）。", id="portal.E001")]


def _check_words() -> list[CheckMessage]:
    """LC_CTYPE=C 的库里 pg_trgm 会悄悄丢掉所有汉字"""
    if not _one("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"):
        return []  # before the first migration
    if _one("SELECT show_trgm('营业执照') <> '{}'"):
        return []
    return [Error("数据库不认汉字。", hint="用 --locale-provider=builtin --builtin-locale=C.UTF-8 建库。", id="portal.E002")]


def _check_owner() -> list[CheckMessage]:
    """运行角色不许拥有任何表: whoever owns the ledger can switch its triggers off."""
    owned = _one("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relowner = to_regrole(current_user)")
    superuser = _one("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if not owned and not superuser:
        return []
    hint = "迁移用 DATABASE_OWNER_URL 的角色，运行用另一个不拥有表的角色。"
    return [Error("运行角色拥有数据表。", hint=hint, id="portal.E003")]
