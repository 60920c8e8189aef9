"""页面测试的小工具：a client signed in as somebody, and the words a page shows."""

import re
from html import unescape

from django.test import Client

from portal.models import User
from tests.world import PASSWORD

NEW_PASSWORD = "河边的柳树 2026"


def signed_in(user: User) -> Client:
    """登录了的浏览器"""
    client = Client()
    client.force_login(user)
    return client


def sign_in(client: Client, name: str, password: str = PASSWORD, **more: str):
    """在登录页登录"""
    return client.post("/sign-in/", {"name": name, "password": password, **more})


def words(response) -> str:
    """页面上的字, tags and runs of white space taken out."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", response.content.decode())))


def value_of(response, name: str) -> str:
    """页面上一个隐藏格的值"""
    (found,) = re.findall(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return unescape(found)
