"""附件在磁盘上"""

from uuid import uuid4

import pytest

from services.storage import discard, path_of, read_sealed, write_sealed


def test_what_is_written_is_sealed_and_read_back() -> None:
    token = uuid4()

    write_sealed(token, b"canary")

    assert read_sealed(token) == b"canary"
    assert b"canary" not in path_of(token).read_bytes()
    assert [file.name for file in path_of(token).parent.iterdir()] == [token.hex]


def test_nobody_else_on_the_machine_reads_it() -> None:
    token = uuid4()

    write_sealed(token, b"canary")

    assert path_of(token).stat().st_mode & 0o007 == 0


def test_discarding_twice_is_harmless() -> None:
    token = uuid4()
    write_sealed(token, b"canary")

    discard([token, token])

    with pytest.raises(FileNotFoundError):
        read_sealed(token)
