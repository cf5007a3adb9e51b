"""The engine never repeats a citizen's words: marked text goes through every failing path, then everything is searched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.canary import files_in
from tests.support.engine_worker import Worker

MARK = "DAUVET7391"
NFD_MARK = "DẤUVẾT7391"

TEXTS = [
    f"xin chào {MARK}",
    f"/{MARK}",
    f'/greet{{"x": "{MARK}"}}',
    f'/greet{{"{MARK}"',
    f"/greet@{MARK}",
    f"/restart {MARK}",
    f" /{MARK}",
    f"\x00/{MARK}\x00",
    f"{MARK} " * 400,
    f"{NFD_MARK} zzzz",
    f"{MARK}\ud83d",
    f"%s %d {{0}} {MARK} \x1b[31m",
]
MISBEHAVIOUR = ["test_raise", "test_silent", "test_plain", "test_stuck", "test_draft", "test_noise", "no_rule"]


@pytest.fixture
def marked(models: Path, tmp_path: Path) -> Iterator[Worker]:
    running = Worker(tmp_path, models)
    try:
        running.connect()
        yield running
    finally:
        running.end()


def everything_written(folder: Path) -> str:
    return "\n".join(data.decode(errors="replace") for _, data in files_in(folder))


def test_marked_text_is_found_nowhere(marked: Worker) -> None:
    errors = []
    _, opened = marked.talk("tôi muốn báo tin")
    for text in TEXTS:
        for state in (None, opened["state"]):
            assert marked.turn(text, state=state)["ok"]
        errors += [marked.turn(text, intent=intent, choice=text) for intent in MISBEHAVIOUR]
        errors.append(marked.turn(f"nổ {text}", state=opened["state"]))  # raises inside form validation
        errors.append(marked.turn(text, state={"v": 1, "events": [{"event": MARK}], "model": MARK, "draft": {}}))
        errors.append(marked.turn(text, state={"v": 1, "events": [[MARK]], "model": MARK}))
        errors.append(marked.ask(op=MARK))
        errors.append(marked.ask(op="turn", text=[text]))
        marked.ask(op="parse", texts=[text])
    marked.send(f'{{"text": "{MARK}\n'.encode())
    errors.append(marked.receive())

    failed = [e for e in errors if not e["ok"]]
    assert {e["error"] for e in failed} == {
        "action_failed",
        "no_reply",
        "bad_reply",
        "not_listening",
        "bad_request",
        "engine_error",
    }, "every failing path was taken"
    assert MARK not in json.dumps(failed)
    assert all(set(e) == {"id", "ok", "error"} for e in failed)

    marked.end()
    written = everything_written(marked.folder)
    assert {"stdout", "stderr"} <= {p.name for p in marked.folder.iterdir()}
    assert MARK not in written
    assert "7391" not in written
    assert marked.printed() == "", "a worker prints nothing at all"


def test_the_search_can_find_something(tmp_path: Path) -> None:
    """A search that finds nothing proves something only if it can find."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "leak").write_text(f"x {MARK} y")
    assert MARK in everything_written(tmp_path)
