"""数据库进程的身份."""

import os

import pytest

from portal.launcher import identity
from portal.launcher.errors import LauncherError

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has these two ways")


def test_ordinary_user_needs_no_disguise(data):
    me = identity.Identity()

    assert me.place(data / "postgres") == data / "postgres"
    assert me.reaches(data, "w")


@as_root
def test_nobody_gets_a_place_it_can_reach(data):
    nobody = identity.choose({"PORTAL_AS_ROOT": "nobody"}, data / "postgres")
    placed = nobody.place(data / "postgres")

    assert placed == identity.outside(data / "postgres")
    assert nobody.run(["id", "-u"]).stdout.strip() == str(identity.NOBODY)
    assert nobody.reaches(placed.parent, "w")
    assert not nobody.reaches(data, "x")


@as_root
def test_data_made_as_nobody_stays_nobodys(data):
    nobody = identity.choose({"PORTAL_AS_ROOT": "nobody"}, data / "postgres")
    placed = nobody.place(data / "postgres")
    placed.mkdir()
    nobody.own(placed)

    assert identity.choose({}, data / "postgres") == nobody


@as_root
@pytest.mark.skipif(not identity.may_unshare(), reason="unshare is refused here")
def test_namespace_keeps_the_project_folder(data):
    apart = identity.choose({"PORTAL_AS_ROOT": "unshare"}, data / "postgres")

    assert apart.place(data / "postgres") == data / "postgres"
    assert apart.run(["id", "-u"]).stdout.strip() == str(identity.NOBODY)


@as_root
def test_unknown_way_is_refused(data):
    with pytest.raises(LauncherError, match="PORTAL_AS_ROOT"):
        identity.choose({"PORTAL_AS_ROOT": "magic"}, data)
