"""目录文件的读取：YAML that refuses a key written twice and keeps dates as text."""

from pathlib import Path
from typing import Any

import yaml

from services.catalogue_overlay import combine

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """安全读取"""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
        for first, pairs in _Base.yaml_implicit_resolvers.items()
    }


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    values: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in values:
            line = key_node.start_mark.line + 1
            raise ValueError(f"第 {line} 行：“{key}”写了两次，只能写一次。")
        values[key] = loader.construct_object(value_node, deep=True)
    return values


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path) -> Any:
    """读一个 YAML 文件; ValueError with a Chinese sentence if it is not readable."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # a safe loader, see above
    except OSError as error:
        raise ValueError(f"读不到文件 {path}。") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name} 不是 UTF-8 编码的文字文件。") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行附近" if mark else ""
        raise ValueError(f"{path.name} {place}不是有效的 YAML。") from error


def read_overlay(path: Path) -> dict[str, Any]:
    """读补充文件; a folder is read as one overlay, its files in order of their names."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    overlays = []
    for file in files:
        content = read_yaml(file)
        if not isinstance(content, dict):
            raise ValueError(f"{file.name} 的最外层应为一组字段。")
        overlays.append(content)
    return combine(*overlays)
