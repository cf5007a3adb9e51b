"""YAML that remembers where each value stood, so that a mistake can be named by file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import yaml

from bot.content.yaml_text import LOADER


class _Loader(LOADER):
    """SafeLoader without dates (the schema checks them as text) and without yes/no as truth values."""


_SURPRISES = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in _SURPRISES]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])


class YamlProblem(Exception):
    """The text is not the YAML we accept. `line` counts from 1 within the text."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class YamlDocument:
    """A parsed document: `.data` as plain Python values, `.line(path)` for any path into it."""

    def __init__(self, text: str) -> None:
        """Raises YamlProblem on broken YAML and on a key written twice."""
        loader = _Loader(text)
        try:
            self._root = loader.get_single_node()
            _refuse_double_keys(self._root)
            self.data: Any = loader.construct_document(self._root) if self._root is not None else None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise YamlProblem(mark.line + 1 if mark else 1, error.problem or "broken YAML") from None
        except yaml.YAMLError as error:
            raise YamlProblem(1, str(error).splitlines()[0]) from None
        finally:
            loader.dispose()

    def line(self, path: Iterable[str | int]) -> int:
        """The line (from 1) of the deepest part of `path` that exists."""
        node, line = self._root, 1
        for step in path:
            if isinstance(node, yaml.MappingNode):
                found = next(((k, v) for k, v in node.value if k.value == step), None)
                if found is None:
                    break
                line, node = found[0].start_mark.line + 1, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                break
        return line


def _refuse_double_keys(root: yaml.Node | None) -> None:
    nodes = [root] if root is not None else []
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.SequenceNode):
            nodes.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    raise YamlProblem(key.start_mark.line + 1, f"key {key.value!r} is written twice")
                seen.add(key.value)
                nodes.append(value)
