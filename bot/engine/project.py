"""What a model is made from, and by what name: decides whether training is needed. Standard library only."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.engine import manifest

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content"
RECIPE = "1"  # raise it when the trainer changes what a model becomes

# What a model is made from beside its data: the components of the pipeline and everything of ours they import.
COMPONENTS = ROOT / "bot" / "engine" / "components"
LOCK = ROOT / "bot" / "engine" / "requirements.lock"
TRAINING_FOLDERS = ("nlu", "rules", "stories")
_NAMES_CONTENT = re.compile(r"[a-z_]+(?:/[a-z_]+)+")
_SUFFIXES = {".yml", ".yaml", ".py", ".txt", ".json", ".lock"}


@dataclass(frozen=True)
class Project:
    """Where the inputs and the outputs are."""

    data: Path
    actions: Path
    models: Path

    @property
    def training(self) -> list[str]:
        return [str(self.data / f) for f in TRAINING_FOLDERS if (self.data / f).exists()]

    def hash(self) -> str:
        """Names model, actions and probes together: what a conversation's state was made by. 16 hexadecimal digits."""
        return _digest([*_sources([self.data, *self._components(), self.actions]), LOCK])

    def archive(self) -> str:
        """Name of the archive trained from these inputs. Actions are no part of it: they change without training."""
        files = _sources([*(self.data / folder for folder in (*TRAINING_FOLDERS, "domain")), *self._components()])
        return f"engine-{_digest([*files, self.data / 'config.yml', LOCK])}.tar.gz"

    def _components(self) -> list[Path]:
        """Our own components, if the pipeline names any."""
        config = (self.data / "config.yml").read_text(encoding="utf-8")
        return [COMPONENTS] if "bot.engine.components" in config else []


def _sources(roots: Iterable[Path]) -> list[Path]:
    """Files below `roots`, every module of ours they import and the words these read, in a stable order."""
    own = [path for root in roots for path in sorted(root.rglob("*")) if path.is_file() and path.suffix in _SUFFIXES]
    return [*own, *sorted(imported(own) - set(own))]


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256(RECIPE.encode())
    for path in files:
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(path.parent.name, path.name)
        digest.update(f"\0{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def imported(files: Iterable[Path]) -> set[Path]:
    """Our own modules that `files` import, directly or not, and the words of content/ these read; `files` included."""
    found: set[Path] = set()
    waiting = list(files)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if path.suffix == ".py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            waiting += [file for name in _imports(tree) for file in _files_of(name)]
            waiting += _content_of(tree)
    return found


def _content_of(tree: ast.AST) -> Iterator[Path]:
    """The files of content/ that a module names, as the books of `bot.phrases` are named: "danger/vi/calm"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _NAMES_CONTENT.fullmatch(node.value):
            file = CONTENT / f"{node.value}.yml"
            if file.is_file():
                yield file


def _imports(tree: ast.AST) -> Iterator[str]:
    """Dotted names a file imports; `from a import b` gives both a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _files_of(name: str) -> list[Path]:
    """The file of one of our modules; for a package its __init__ and the data beside it; nothing for other names."""
    if not name.startswith(("bot.", "actions.")):
        return []
    place = ROOT / name.replace(".", "/")
    if place.with_suffix(".py").is_file():
        return [place.with_suffix(".py")]
    data = [p for p in sorted(place.glob("*")) if p.suffix in _SUFFIXES - {".py"}]
    return [*data, place / "__init__.py"] if (place / "__init__.py").is_file() else data


def up_to_date(project: Project) -> bool:
    """Whether the model in place was made from these inputs and is whole."""
    try:
        served = manifest.read(project.models)
        manifest.verified_archive(project.models, served)
    except manifest.ManifestError:
        return False
    return served.hash == project.hash()


def in_use(project: Project, archive: str) -> bool:
    """Whether this archive is the one being served, and whole: then only actions or probes changed."""
    try:
        served = manifest.read(project.models)
        return served.model == archive and manifest.verified_archive(project.models, served).is_file()
    except manifest.ManifestError:
        return False
