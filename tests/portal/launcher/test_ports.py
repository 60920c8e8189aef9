"""端口."""

import socket

from portal.launcher import ports


def test_taken_port_is_noticed_and_passed_over():
    with socket.socket() as taken:
        taken.bind((ports.LOOPBACK, 0))
        taken.listen()
        number = taken.getsockname()[1]

        assert not ports.is_free(ports.LOOPBACK, number)
        assert ports.free_port(number) != number
        assert not ports.wait_until_free(ports.LOOPBACK, number, 0.1)

    assert ports.wait_until_free(ports.LOOPBACK, number, 1)
    assert ports.free_port(number) == number
