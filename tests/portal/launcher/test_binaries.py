"""数据库程序 – each branch of the search, forced."""

import pytest

from portal.launcher import binaries
from portal.launcher.errors import LauncherError


def install(home, major):
    programs = home / str(major) / "bin"
    programs.mkdir(parents=True)
    program = programs / "postgres"
    program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {major}.1 (Debian)'\n")
    program.chmod(0o755)
    return programs


def test_wheel_comes_first(clean):
    assert binaries.locate(clean) == binaries.WHEEL / "pginstall" / "bin"
    assert binaries.locate({**clean, "PORTAL_POSTGRES": "wheel"}) == binaries.locate(clean)


def test_system_branch_takes_the_newest(clean, tmp_path):
    install(tmp_path, 15)
    newest = install(tmp_path, 17)

    assert binaries.locate({**clean, "PORTAL_POSTGRES": "system", "PORTAL_POSTGRES_HOME": str(tmp_path)}) == newest


@pytest.mark.parametrize(("majors", "sentence"), [([15, 16], "找到的是 16"), ([], "没有 PostgreSQL")])
def test_old_or_missing_system_postgres_is_one_sentence(clean, tmp_path, majors, sentence):
    for major in majors:
        install(tmp_path, major)

    with pytest.raises(LauncherError, match=sentence):
        binaries.locate({**clean, "PORTAL_POSTGRES": "system", "PORTAL_POSTGRES_HOME": str(tmp_path)})


def test_unknown_choice_names_the_choices(clean):
    with pytest.raises(LauncherError, match="auto、wheel、system"):
        binaries.locate({**clean, "PORTAL_POSTGRES": "sqlite"})


def test_valkey_of_the_system_is_found_on_the_path(clean, tmp_path):
    (tmp_path / "redis-server").touch(mode=0o755)
    forced = {**clean, "PORTAL_VALKEY": "system", "PATH": str(tmp_path)}

    assert binaries.locate_valkey(forced) == tmp_path / "redis-server"
    assert binaries.locate_valkey(clean).name == "valkey-server"
    with pytest.raises(LauncherError, match="REDIS_URL"):
        binaries.locate_valkey({**forced, "PATH": str(tmp_path / "nowhere")})
