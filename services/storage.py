"""附件在磁盘上：sealed, under internal names, written whole or not at all."""

import os
from pathlib import Path
from uuid import UUID

from django.conf import settings

from portal.keys import keys


def path_of(token: UUID) -> Path:
    """内部名对应的文件"""
    return Path(settings.MEDIA_ROOT) / token.hex


def write_sealed(token: UUID, content: bytes) -> None:
    """加密写盘: a temporary file is flushed to disk and renamed, so half a file never has the name."""
    place = path_of(token)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    partial = place.with_suffix(".part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, settings.FILE_UPLOAD_PERMISSIONS)
    with os.fdopen(descriptor, "wb") as file:
        file.write(keys().seal(content))
        file.flush()
        os.fsync(file.fileno())
    partial.rename(place)


def read_sealed(token: UUID) -> bytes:
    """读出并解密; FileNotFoundError, ValueError or InvalidTag when it is not as it was written."""
    return keys().open(path_of(token).read_bytes())


def discard(tokens: list[UUID]) -> None:
    """从磁盘删去"""
    for token in tokens:
        path_of(token).unlink(missing_ok=True)
