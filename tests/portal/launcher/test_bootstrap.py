"""manage.py 的标准库部分 – what happens before there is a virtual environment."""

import ast
import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NEWER = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.Match, ast.Nonlocal, ast.YieldFrom)


@pytest.fixture
def manage():
    """manage.py 作为模块 – imported, not run."""
    spec = importlib.util.spec_from_file_location("manage_under_test", ROOT / "manage.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_old_pythons_can_read_it():
    for node in ast.walk(ast.parse((ROOT / "manage.py").read_text())):
        assert not isinstance(node, NEWER), f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            assert node.returns is None
            assert not [arg for arg in node.args.args if arg.annotation]
            assert not (node.args.kwonlyargs or node.args.posonlyargs)


@pytest.mark.parametrize("name", ["python2.7", "python3.6", "python3.8"])
def test_old_python_says_what_it_needs(name):
    if not shutil.which(name):
        pytest.skip(f"no {name} here")
    done = subprocess.run([name, ROOT / "manage.py", "up"], capture_output=True)
    if b"command not found" in done.stderr:
        pytest.skip(f"{name} is only a shim here")

    assert done.returncode == 1
    assert done.stderr.decode().startswith("需要 Python 3.11")
    assert len(done.stderr.splitlines()) == 1


def test_environment_keeps_where_from_and_drops_where_to(manage):
    given = {
        "PATH": "/bin",
        "HTTPS_PROXY": "http://proxy.example:3128",
        "PIP_INDEX_URL": "https://index.example/simple",
        "PIP_CERT": "/ca.pem",
        "PYTHONPATH": "/x",
        "PYTHONHOME": "/x",
        "PIP_TARGET": "/x",
        "PIP_PREFIX": "/x",
        "PIP_USER": "1",
        "PIP_ROOT": "/x",
        "PIP_REQUIRE_VIRTUALENV": "1",
        "PIP_DRY_RUN": "1",
    }

    assert set(manage.clean_environment(given)) == {"PATH", "HTTPS_PROXY", "PIP_INDEX_URL", "PIP_CERT"}


@pytest.mark.parametrize(
    ("last_words", "sentence"),
    [
        ("NewConnectionError: Temporary failure in name resolution", "需要联网"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "软件源是否可信"),
        ("OSError: [Errno 28] No space left on device", "磁盘已满"),
        ("error: something else", "最后几行"),
    ],
)
def test_failed_installation_is_one_sentence(manage, last_words, sentence):
    assert sentence in manage.why_pip_failed(last_words)


def test_missing_venv_module_names_the_package(manage, monkeypatch, capsys):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else found(name))

    with pytest.raises(SystemExit):
        manage.make_venv({})
    assert "apt-get install python3-venv" in capsys.readouterr().err


def test_stamp_follows_the_lock(manage, tmp_path, monkeypatch):
    monkeypatch.setattr(manage, "ROOT", str(tmp_path))
    (tmp_path / "requirements.txt").write_text("a==1\n")
    before = manage.stamp_of("requirements.txt")
    (tmp_path / "requirements.txt").write_text("a==2\n")

    assert manage.stamp_of("requirements.txt") != before


def test_half_installed_venv_is_not_usable(manage, tmp_path, monkeypatch):
    monkeypatch.setattr(manage, "VENV", str(tmp_path))

    assert not manage.is_usable({})
    (tmp_path / "portal-installing").touch()
    assert not manage.is_usable({})


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_locks_are_pinned_hashed_and_name_no_host(lock):
    lines = (ROOT / lock).read_text().splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")]

    assert heads and all("==" in head for head in heads)
    assert sum("--hash=sha256:" in line for line in lines) >= len(heads)
    assert not [line for line in lines if "://" in line or "index" in line or "find-links" in line]
