"""终端输出 – the one place of the launcher that speaks to the person at the terminal."""

import sys


def say(text: str = "") -> None:
    """说一行 – shown at once, also when the output is a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def step(text: str) -> None:
    """进度 – one line for each thing that takes time."""
    say(f"· {text} …")


def warn(text: str) -> None:
    """提醒 – a line nobody should overlook."""
    sys.stderr.write(f"!! {text}\n")
    sys.stderr.flush()
