"""数据文件夹里的记号：how far the record had come – kept beside the database, never inside its backup."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Mark:
    """记号: the epoch this database was last seen in, and the last event it held."""

    epoch: str
    last_event: int


def read_mark(path: Path) -> Mark | None:
    """读记号; None if there is none, or none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Mark(str(found["epoch"]), int(found["last_event"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_mark(path: Path, mark: Mark) -> None:
    """写记号: whole or not at all, whoever else writes it at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(asdict(mark)), encoding="utf-8")
    os.replace(draft, path)
