"""附件在磁盘上：sealed, under internal names, written whole or not at all.

Disk and table cannot be changed in one step. So whatever no attachment speaks for stands in a table of its own –
before it is written, and from the moment its attachment goes – and is cleared away from there, by whoever put it
there or, if that process was killed, by the hourly task.
"""

import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from portal.clock import portal_now
from portal.keys import keys
from services.models import LooseFile

WRITING = timedelta(hours=1)  # nobody takes longer to put a file on disk and its attachment into the table


def path_of(token: UUID) -> Path:
    """内部名对应的文件"""
    return Path(settings.MEDIA_ROOT) / token.hex


def write_sealed(token: UUID, content: bytes) -> None:
    """加密写盘: a temporary file is flushed to disk and renamed, so half a file never has the name."""
    place = path_of(token)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    partial = place.with_suffix(".part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, settings.FILE_UPLOAD_PERMISSIONS)
    with os.fdopen(descriptor, "wb") as file:
        file.write(keys().seal(content))
        file.flush()
        os.fsync(file.fileno())
    partial.rename(place)


def read_sealed(token: UUID) -> bytes:
    """读出并解密; FileNotFoundError, ValueError or InvalidTag when it is not as it was written."""
    return keys().open(path_of(token).read_bytes())


def discard(tokens: Iterable[UUID]) -> None:
    """从磁盘删去, whole or half written"""
    for token in tokens:
        path_of(token).unlink(missing_ok=True)
        path_of(token).with_suffix(".part").unlink(missing_ok=True)


def expect(token: UUID) -> None:
    """就要写盘了: until `claim`, no attachment speaks for this file."""
    LooseFile.objects.create(token=token, since=portal_now())


def claim(token: UUID) -> bool:
    """有归属了, in the transaction that makes its attachment; False if it has been cleared away meanwhile."""
    return LooseFile.objects.filter(token=token).delete()[0] > 0


def release(tokens: Iterable[UUID]) -> None:
    """没有归属了, in the transaction that deletes their attachments; gone from disk once that has committed."""
    released = list(tokens)
    now = portal_now()
    LooseFile.objects.bulk_create(LooseFile(token=token, since=now) for token in released)
    transaction.on_commit(lambda: clear(released))


def clear(tokens: Iterable[UUID]) -> None:
    """清掉其中没有归属的: under their lock, so that none is claimed meanwhile; a row stands until its file is gone."""
    with transaction.atomic():
        loose = LooseFile.objects.select_for_update().filter(token__in=list(tokens))
        discard(loose.values_list("token", flat=True))
        loose.delete()


def clear_loose_files(*, after: timedelta = WRITING) -> int:
    """清掉被中断的进程留下的文件 – those without an attachment for longer than `after`; the number. Safe to run twice or late."""
    left = list(LooseFile.objects.filter(since__lte=portal_now() - after).values_list("token", flat=True))
    clear(left)
    return len(left)
