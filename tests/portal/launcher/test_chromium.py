"""测试用浏览器."""

import pytest

from portal.launcher import chromium
from portal.launcher.errors import LauncherError


def test_browser_is_found_on_the_path(tmp_path):
    (tmp_path / "chromium").touch(mode=0o755)

    assert chromium.find(str(tmp_path)) == str(tmp_path / "chromium")
    assert chromium.find(str(tmp_path / "nowhere")) is None


def test_missing_browser_is_loud_and_in_ci_fatal(capsys):
    assert chromium.verdict("/usr/bin/chromium", {"CI": "true"}) == {"PORTAL_CHROMIUM": "/usr/bin/chromium"}
    assert chromium.verdict(None, {}) == {"PORTAL_NO_CHROMIUM": "1"}
    assert "没有 Chromium" in capsys.readouterr().err
    with pytest.raises(LauncherError, match="apt-get install chromium"):
        chromium.verdict(None, {"CI": "true"})
