"""数据库角色 – the owner migrates, the site's own role owns nothing."""

from collections.abc import Mapping

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from portal.launcher.errors import LauncherError

DATABASE, OWNER, APP = "portal", "portal_owner", "portal_app"
OLDEST = 170000
GRANTS = (
    "REVOKE ALL ON DATABASE portal FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY ON DATABASE portal TO portal_app",
    "GRANT USAGE ON SCHEMA public TO portal_app",
    "ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app",
    "ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT USAGE, SELECT ON SEQUENCES TO portal_app",
    "ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT EXECUTE ON FUNCTIONS TO portal_app",
)


def _open(url: str) -> Connection:
    opened = psycopg2.connect(url, connect_timeout=10)
    opened.autocommit = True
    return opened


def ensure(superuser_url: str, portal_url: str, passwords: Mapping[str, str]) -> None:
    """建立角色与数据库 – what is there stays; safe to run at every start, also after one that was cut off."""
    opened = _open(superuser_url)
    try:
        with opened.cursor() as cursor:
            for role, name in ((OWNER, "owner_password"), (APP, "app_password")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                order = sql.SQL(verb + " ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD %s")
                cursor.execute(order.format(sql.Identifier(role)), [passwords[name]])
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0")
    finally:
        opened.close()
    _grant(portal_url)


def _grant(portal_url: str) -> None:
    opened = _open(portal_url)
    try:
        with opened.cursor() as cursor:
            for order in GRANTS:
                cursor.execute(order)
    finally:
        opened.close()


def check_given(url: str, *, oldest: int = OLDEST) -> None:
    """检查外部数据库 – reachable, and new enough."""
    try:
        opened = _open(url)
    except psycopg2.OperationalError as problem:
        reason = str(problem).strip().splitlines()[-1]
        raise LauncherError(f"连不上 DATABASE_URL 指的数据库({reason}):请检查地址、密码和数据库是否已启动。") from None
    try:
        if opened.server_version < oldest:
            found = opened.server_version // 10000
            raise LauncherError(f"需要 PostgreSQL {oldest // 10000} 或更高版本,DATABASE_URL 指的是 {found}:请升级数据库。")
    finally:
        opened.close()
