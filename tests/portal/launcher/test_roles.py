"""外部数据库的检查."""

import os

import pytest

from portal.launcher import roles, servers
from portal.launcher.errors import LauncherError


def test_unreachable_database_is_one_sentence():
    with pytest.raises(LauncherError, match="连不上 DATABASE_URL"):
        roles.check_given("postgresql://nobody:x@127.0.0.1:1/none")


def test_reachable_and_new_database_passes():
    with servers.throwaway(os.environ) as found:
        roles.check_given(found["DATABASE_URL"])


def test_too_old_database_is_one_sentence():
    with servers.throwaway(os.environ) as found, pytest.raises(LauncherError, match="DATABASE_URL 指的是 18"):
        roles.check_given(found["DATABASE_URL"], oldest=190000)
