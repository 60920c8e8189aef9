"""页面测试的浏览器：a client per person, the files folder of each test, the real catalogue to spoil."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portal.models import User
from services.actions import start_draft
from services.catalogue_files import read_overlay, read_yaml
from services.models import Application
from tests.services.catalogues import DATA, Values
from tests.world import World

Browse = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> Iterator[None]:
    """附件放在这个测试自己的文件夹里"""
    settings.MEDIA_ROOT = tmp_path / "files"
    yield


@pytest.fixture
def browse(world: World) -> Browse:
    """某人登录后的浏览器"""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def client(world: World, browse: Browse) -> Client:
    """安示例的浏览器"""
    return browse(world.an)


@pytest.fixture
def draft(world: World) -> Application:
    """安示例的摊贩备案草稿"""
    return start_draft(item=world.item("SJ-002"), by=world.an)


@pytest.fixture(scope="module")
def files() -> tuple[Values, Values]:
    """目录和补充文件，只读一次"""
    return read_yaml(DATA / "catalogue.yaml"), read_overlay(DATA / "overlay")


@pytest.fixture
def catalogue(files: tuple[Values, Values]) -> Values:
    """目录的一份"""
    return copy.deepcopy(files[0])


@pytest.fixture
def overlay(files: tuple[Values, Values]) -> Values:
    """补充文件的一份"""
    return copy.deepcopy(files[1])
