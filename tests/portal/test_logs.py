"""日志一行一条"""

import logging

import pytest

from portal.logs import OneLine


def written(text: str) -> str:
    record = logging.LogRecord("portal", logging.INFO, "", 0, "said %s", (text,), None)
    return OneLine("%(message)s").format(record)


@pytest.mark.parametrize(
    ("typed", "logged"),
    [
        ("张\n2026 INFO forged", "said 张\\n2026 INFO forged"),
        ("a\r\x1b[31m", "said a\\r\\x1b[31m"),
        ("\u202eevil", "said \\u202eevil"),
        ("\u2028", "said \\u2028"),
        ("安示例\t好", "said 安示例\t好"),
    ],
)
def test_no_input_can_forge_a_line(typed, logged):
    assert written(typed) == logged
