"""日志一行一条：control and direction characters are escaped so that no input can forge a line."""

import logging
import unicodedata


class OneLine(logging.Formatter):
    """单行日志"""

    def format(self, record: logging.LogRecord) -> str:
        """一条记录一行; line breaks, control and bidi characters come out as \\uXXXX."""
        text = super().format(record)
        return "".join(c if c == "\t" or unicodedata.category(c) not in {"Cc", "Cf", "Zl", "Zp"} else ascii(c)[1:-1] for c in text)
