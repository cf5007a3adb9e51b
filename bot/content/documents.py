"""How a mistake in a content file is named, and the reading and schema checking every content loader shares."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from bot.content.placeholders import FACTS, HOTLINES, book_of, language_of
from bot.content.yaml_lines import YamlDocument, YamlProblem
from bot.core.content.facts import PLACEHOLDER
from bot.core.text import nfc

CONTENT_ROOT = Path(__file__).resolve().parents[2] / "content"
MAX_FILE_BYTES = 128 * 1024


@dataclass(frozen=True)
class Problem:
    """A mistake in a content file. file: relative to the content root, with slashes. line: from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


def validator(name: str) -> Draft202012Validator:
    """The schema content/schema/<name>.schema.json of the product, whatever directory is being read."""
    schema = CONTENT_ROOT / "schema" / f"{name}.schema.json"
    return Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))


def raw_text(path: Path) -> str:
    """The text of a file as it was written, in NFC, its placeholders as they stand; "" where it cannot be read."""
    try:
        return nfc(path.read_bytes().decode("utf-8").replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError):
        return ""


def read_text(path: Path, file: str, problems: list[Problem]) -> str | None:
    """The text of a file in NFC with its placeholders filled, or None with the reason added to `problems`.

    file: the path from the content root. A placeholder that cannot be filled is a reason too: nobody is shown one.
    """
    raw = b""
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_FILE_BYTES:
            problems.append(Problem(file, 1, f"file over {MAX_FILE_BYTES} bytes"))
            return None
        text = nfc(raw.decode("utf-8").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        problems.append(Problem(file, raw.count(b"\n", 0, error.start) + 1, "not UTF-8"))
        return None
    except OSError:
        problems.append(Problem(file, 1, "cannot be read"))
        return None
    if file in (FACTS, HOTLINES) or not PLACEHOLDER.search(text):
        return text
    book = book_of(path.parents[file.count("/")])
    wrong = [Problem(file, row, why) for row, line in enumerate(text.split("\n"), 1) for why in book.unfilled(line)]
    problems.extend(wrong)
    return None if wrong else book.fill(text, language_of(file))


def read_yaml(path: Path, file: str, check: Draft202012Validator, problems: list[Problem]) -> YamlDocument | None:
    """A whole YAML file that keeps to its schema, or None with the reasons added to `problems`."""
    text = read_text(path, file, problems)
    if text is None:
        return None
    try:
        document = YamlDocument(text)
    except YamlProblem as error:
        problems.append(Problem(file, error.line, f"broken YAML: {error.message}"))
        return None
    wrong = schema_problems(file, document, check)
    problems.extend(wrong)
    return None if wrong else document


def schema_problems(file: str, document: YamlDocument, check: Draft202012Validator, offset: int = 0) -> list[Problem]:
    """Every breach of the schema with its line. offset: lines of the file above the YAML text."""
    found = []
    for error in check.iter_errors(document.data):
        path: list[Any] = list(error.absolute_path)
        if error.validator == "additionalProperties" and isinstance(error.instance, dict):
            path += [next((key for key in error.instance if not _known(key, error.schema)), "")]
            message = f"unknown field {path[-1]!r}"
        else:
            where = ".".join(map(str, path)) or "file"
            message = f"{where}: {_short(error.message)}"
        found.append(Problem(file, document.line(path) + offset, message))
    return sorted(found, key=lambda problem: problem.line)


def _known(key: str, schema: Mapping[str, Any]) -> bool:
    patterns = schema.get("patternProperties", {})
    return key in schema.get("properties", {}) or any(re.search(pattern, key) for pattern in patterns)


def _short(message: str) -> str:
    return message if len(message) <= 160 else f"{message[:60]} ... {message[-90:]}"
