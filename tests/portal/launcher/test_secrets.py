"""本机密钥."""

import stat

import pytest

from portal.launcher import secrets
from portal.launcher.errors import LauncherError


def test_secrets_are_made_once_and_private(data):
    first = secrets.of_folder(data)

    assert secrets.of_folder(data) == first
    assert stat.S_IMODE((data / "secrets.json").stat().st_mode) == 0o600
    assert len(set(first.values())) == 7


def test_lost_secrets_beside_a_database_are_not_replaced(data):
    (data / "postgres").mkdir()

    with pytest.raises(LauncherError, match="备份"):
        secrets.of_folder(data)
