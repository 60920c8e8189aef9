"""事项版本的读取：versions never change, so each is read once a process, its content built once a digest."""

from collections.abc import Iterable

from services.models import ItemVersion

KEPT = 2000
_kept: dict[int, ItemVersion] = {}


def kept_versions(ids: Iterable[int]) -> dict[int, ItemVersion]:
    """这些版本, by id; one query for those this process has not seen."""
    wanted = set(ids)
    missing = wanted - _kept.keys()
    if missing:
        if len(_kept) >= KEPT:
            _kept.clear()
        for version in ItemVersion.objects.filter(pk__in=wanted - _kept.keys()).defer("definition"):
            _kept[version.pk] = version
    return {key: _kept[key] for key in wanted}


def forget_versions() -> None:
    """丢掉进程里的版本"""
    _kept.clear()
