"""gunicorn 的钩子：what is shared before the fork, and the heartbeat before the first answer."""

import gc
from types import SimpleNamespace

import pytest

from portal import gunicorn_config


@pytest.fixture
def untouched():
    """收集器的样子放回去"""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_loaded_before_the_fork_is_set_aside(untouched):
    gunicorn_config.when_ready(SimpleNamespace(cfg=SimpleNamespace(preload_app=True)))
    assert gc.get_freeze_count() > 1000


def test_without_preload_there_is_nothing_to_share(untouched):
    gc.unfreeze()
    before = gc.get_freeze_count()
    gunicorn_config.when_ready(SimpleNamespace(cfg=SimpleNamespace(preload_app=False)))
    assert gc.get_freeze_count() == before


def test_a_worker_beats_before_it_serves(untouched):
    begun = []
    gunicorn_config.post_worker_init(SimpleNamespace(wsgi=SimpleNamespace(start_beating=lambda: begun.append(1))))
    assert begun == [1]
    assert gc.get_threshold() == gunicorn_config.COLLECT_AFTER
