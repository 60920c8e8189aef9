"""数语句：how many SQL statements one request sends, counted where Django hands them to the driver."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client

from portal.bench.measure import Request, WrongAnswer


class Statements:
    """经过的语句, in order; transaction control that Django sends past its cursor is not among them."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """记下一条，照样执行"""
        self.seen.append(sql)
        return execute(sql, params, many, context)


def statements_of(request: Request) -> list[str]:
    """一个请求的全部语句 – sent through the whole stack, middleware and session included."""
    client = Client(headers={"cookie": request.cookies, "host": "127.0.0.1"})
    client.cookies.load(request.cookies)
    counted = Statements()
    with connection.execute_wrapper(counted):
        if request.body is None:
            answer = client.get(request.path)
        else:
            answer = client.post(request.path, request.body, content_type="application/x-www-form-urlencoded")
    if answer.status_code != request.status:
        raise WrongAnswer(f"{request.path} 回答了{answer.status_code}")
    return counted.seen
