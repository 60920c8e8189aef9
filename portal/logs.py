"""日志一行一条：control and direction characters are escaped so that no input can forge a line."""

import logging
import unicodedata

FORGING = frozenset({"Cc", "Cf", "Zl", "Zp"})


class OneLine(logging.Formatter):
    """单行日志"""

    def format(self, record: logging.LogRecord) -> str:
        """一条记录一行; line breaks, control and bidi characters come out as \\uXXXX."""
        text = super().format(record)
        return "".join(ascii(c)[1:-1] if unicodedata.category(c) in FORGING and c != "\t" else c for c in text)
