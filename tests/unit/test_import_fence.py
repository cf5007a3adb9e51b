"""What the contracts in pyproject.toml cannot say: libraries of the pure rooms, both Pythons, the environment, the start."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STDLIB = set(sys.stdlib_module_names) | {"__future__"}

# room -> the libraries it may use beside the standard one; who may import whom of our own is in pyproject.toml
LIBRARIES: dict[str, set[str]] = {
    "bot.core": set(),
    "bot.core.places": {"rapidfuzz"},
    "bot.dialogue": set(),
    "bot.phrases": {"yaml"},
}
OUTSIDE = {"pathlib", "os", "sqlite3", "socket", "subprocess", "shutil", "tempfile"}  # files, processes, the network

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
def test_pure_rooms_need_the_standard_library_alone(path):
    foreign = {name.split(".")[0] for name in imports(path)} - STDLIB - {"bot", "actions"}
    rooms = [room for room in LIBRARIES if under(dotted(path), {room})]
    if rooms:
        assert foreign <= LIBRARIES[max(rooms, key=len)]


def test_core_and_the_conversation_open_nothing():
    pure = [path for path in modules() if under(dotted(path), {"bot.core", "bot.dialogue"})]
    assert {dotted(path): found for path in pure if (found := imports(path) & OUTSIDE)} == {}


def test_only_settings_reads_the_environment():
    readers = [
        dotted(path)
        for path in modules()
        if "os.environ" in path.read_text(encoding="utf-8")
        and not under(dotted(path), {"bot.engine", "bot.engine_client.worker"})
    ]
    assert readers == ["bot.settings"]


def test_nothing_connects_or_loads_rasa_when_the_product_is_imported():
    code = (
        "import sys, socket; socket.socket.connect = None\n"
        "import bot.app, bot.gateway.asgi, bot.services.messaging.commands\n"
        "bad = {'rasa', 'rasa_sdk', 'tensorflow', 'sanic'} & set(sys.modules); assert not bad, bad\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=250)


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
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=250)


def test_what_both_pythons_share_compiles_on_the_older_one():
    for name in SHARED:
        target = ROOT / name
        for path in [target] if target.is_file() else target.rglob("*.py"):
            ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 10))
