"""Every command the command line names can be had, and asked for help."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_exists_and_is_named_where_people_look(name):
    assert find_spec(COMMANDS[name]) is not None


def test_an_unknown_command_says_so():
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "nothing"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no command" in done.stderr


def test_the_readme_names_only_commands_that_exist():
    named = set(re.findall(r"`lachan ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named
    assert named <= set(COMMANDS)
