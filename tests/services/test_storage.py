"""附件在磁盘上"""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.models import LooseFile
from services.storage import (
    claim,
    clear,
    clear_loose_files,
    discard,
    expect,
    path_of,
    read_sealed,
    write_sealed,
)
from tests.conftest import TestClock
from tests.factories import at


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


def test_what_an_interrupted_upload_left_goes_after_an_hour(clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    written, half, never = uuid4(), uuid4(), uuid4()
    for token in (written, half, never):
        expect(token)
    write_sealed(written, b"canary")
    path_of(half).with_suffix(".part").write_bytes(b"can")
    clock(at("2026-11-23", "10:59"))
    assert clear_loose_files() == 0

    clock(at("2026-11-23", "11:00:01"))

    assert [clear_loose_files(), clear_loose_files()] == [3, 0]
    assert list(path_of(written).parent.iterdir()) == []


@pytest.mark.django_db
def test_what_an_attachment_speaks_for_stays() -> None:
    token = uuid4()
    expect(token)
    write_sealed(token, b"canary")

    assert [claim(token), claim(token)] == [True, False]
    clear([token])
    assert clear_loose_files(after=timedelta(0)) == 0

    assert read_sealed(token) == b"canary"
    assert not LooseFile.objects.exists()
