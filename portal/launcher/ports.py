"""端口 – finding free ones and noticing taken ones."""

import socket
import time

LOOPBACK = "127.0.0.1"


def free_port(preferred: int | None = None) -> int:
    """空闲端口 – the preferred one if it is free, else any the system gives."""
    if preferred and is_free(LOOPBACK, preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    """端口空闲 – could a server listen here now?"""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def wait_until_free(host: str, port: int, seconds: float) -> bool:
    """等端口空出 – a web server that was killed a moment ago may still be closing."""
    end = time.monotonic() + seconds
    while not is_free(host, port):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
