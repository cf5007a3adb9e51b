"""Dependencies point inward. The imports of every module are read, and the rule is checked for each."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STDLIB = set(sys.stdlib_module_names) | {"__future__"}

# package -> the parts of the product it may import (ADR 6)
ALLOWED: dict[str, set[str]] = {
    "bot.core": {"bot.core"},
    "bot.phrases": {"bot.core", "bot.phrases"},
    "bot.dialogue": {"bot.core", "bot.phrases", "bot.dialogue"},
    "bot.storage": {"bot.core", "bot.settings", "bot.storage"},
    "bot.services": {"bot.core", "bot.phrases", "bot.dialogue", "bot.settings", "bot.storage", "bot.services"},
    "bot.channels": {"bot.core", "bot.settings", "bot.storage", "bot.services", "bot.channels"},
    "actions": {"actions", "bot.core", "bot.phrases", "bot.dialogue"},
    "bot.engine": {"bot.core", "bot.phrases", "bot.dialogue", "bot.engine", "actions"},
}
FORBIDDEN_FROM_ADAPTERS = {
    "bot.gateway": {"bot.console", "bot.jobs"},
    "bot.console": {"bot.gateway", "bot.jobs"},
    "bot.jobs": {"bot.console"},
}
# Written for both Pythons: what the engine imports too.
SHARED = (
    "bot/core/text.py",
    "bot/core/disguise.py",
    "bot/core/lookalikes.py",
    "bot/core/offers/request.py",
    "bot/core/language.py",
    "bot/core/word_patterns.py",
    "bot/core/tips",
    "bot/dialogue",
    "bot/phrases",
    "bot/engine/protocol.py",
    "actions",
)


def modules() -> list[Path]:
    found = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")]
    return [path for path in found if ".venv" not in path.parts and "migrations" not in path.parts]


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
    return names


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def under(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_imports_point_inward(path):
    module, used = dotted(path), imports(path)
    ours = {name for name in used if under(name, {"bot", "actions"})}
    for package, allowed in ALLOWED.items():
        if under(module, {package}):
            assert [name for name in ours if not under(name, allowed)] == []
    for package, forbidden in FORBIDDEN_FROM_ADAPTERS.items():
        if under(module, {package}):
            assert [name for name in ours if under(name, forbidden)] == []
    foreign = {name.split(".")[0] for name in used - ours} - STDLIB
    if under(module, {"bot.core", "bot.phrases", "bot.dialogue"}):
        libraries = {"bot.core.places": {"rapidfuzz"}, "bot.phrases": {"yaml"}}
        assert foreign <= set().union(*(names for room, names in libraries.items() if under(module, {room})))
    if not under(module, {"bot.engine"}):
        assert "rasa" not in foreign
        assert under(module, {"actions"}) or "rasa_sdk" not in foreign


def test_only_settings_reads_the_environment():
    readers = [
        dotted(path)
        for path in modules()
        if "os.environ" in path.read_text(encoding="utf-8")
        and not under(dotted(path), {"bot.engine", "bot.gateway.engine_worker"})
    ]
    assert readers == ["bot.settings"]


def test_nothing_connects_or_loads_rasa_when_the_product_is_imported():
    code = (
        "import sys, socket; socket.socket.connect = None\n"
        "import bot.app, bot.gateway.asgi, bot.services.messaging.commands\n"
        "bad = {'rasa', 'rasa_sdk', 'tensorflow', 'sanic'} & set(sys.modules); assert not bad, bad\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


@pytest.mark.parametrize(
    ("rooms", "without"),
    [
        ("bot.core.messages, bot.core.word_patterns, bot.core.content.library", {"yaml"}),
        ("bot.dialogue.triage.followup, bot.dialogue.triage.circumstances", set()),
    ],
)
def test_core_alone_needs_no_library_and_the_triage_only_yaml(rooms, without):
    bad = {"sqlalchemy", "nacl", "starlette", "pydantic"} | without
    code = f"import sys, {rooms}\nbad = {bad!r} & set(sys.modules); assert not bad, bad\n"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_what_both_pythons_share_compiles_on_the_older_one():
    for name in SHARED:
        target = ROOT / name
        for path in [target] if target.is_file() else target.rglob("*.py"):
            ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 10))
