"""Commands are read once, where the engine's answer arrives: typed, or one error that quotes nobody."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

import actions
from actions.turn import command
from bot.core.errors import BadCommand
from bot.dialogue.commands import KINDS, AddReporterMessage, CheckOffer, CreateTip, LookUpTip, parse
from bot.services.messaging.commands import _RUN

TIP = {"draft": {"what": "bí mật"}, "category": "labour", "urgent": False}


def test_what_the_engine_says_becomes_typed() -> None:
    assert parse("CreateTip", TIP) == CreateTip({"what": "bí mật"}, "labour", False)
    assert parse("AddReporterMessage", {"text": "a", "files": ["f"]}) == AddReporterMessage("a", ("f",))
    assert (parse("CheckOffer", {"text": "a"}), parse("LookUpTip", {})) == (CheckOffer("a", ""), LookUpTip())


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("bí mật", {}), ("", TIP), ("CreateTip", {}), ("CreateTip", {**TIP, "urgent": "bí mật"}), ("LookUpTip", {"bí mật": 1}),
        ("CreateTip", {**TIP, "draft": ["bí mật"]}), ("CreateTip", {**TIP, "category": None}), ("CheckOffer", {"text": 5}),
        ("AddToSentTip", {"files": "bí mật"}), ("AddReporterMessage", {"files": [{"bí mật": 1}]}),
    ],
)  # fmt: skip
def test_anything_else_is_one_error_without_words(name: str, args: dict[str, Any]) -> None:
    with pytest.raises(BadCommand) as told:
        parse(name, args)
    assert "bí mật" not in str(told.value)
    assert told.value.__cause__ is None


def test_every_command_is_carried_out_and_every_action_names_one_that_exists() -> None:
    assert set(_RUN) == set(KINDS.values())
    named = {
        node.func.id
        for path in Path(actions.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert set(KINDS) <= named


def test_a_command_is_said_as_it_is_read() -> None:
    for wanted in (CreateTip({"what": "…"}, "sexual", urgent=True), AddReporterMessage("…", ("a", "b")), LookUpTip()):
        spoken = command(wanted)
        assert json.loads(json.dumps(spoken)) == spoken
        assert parse(spoken["command"], spoken["args"]) == wanted
