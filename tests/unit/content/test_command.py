"""`lachan content check` and `lachan content table` from the command line."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from bot.commands.content import app
from tests.support.content_tree import copy_tree, item_text, write_item

RUN = CliRunner()


def test_check_fails_with_file_and_line(tmp_path: Path) -> None:
    root = copy_tree(tmp_path)
    write_item(root, item_text(colour="red"))
    result = RUN.invoke(app, ["check", "--root", str(root), "--today", "2026-11-28"])
    assert result.exit_code == 1
    assert "answers/vi/sample.md:16: unknown field 'colour'" in result.output


def test_check_passes_on_the_content_that_ships() -> None:
    result = RUN.invoke(app, ["check", "--today", "2026-11-28"])
    assert result.exit_code == 0
    assert "clean" in result.output


def test_check_knows_what_will_have_expired() -> None:
    result = RUN.invoke(app, ["check", "--today", "2028-01-01"])
    assert result.exit_code == 1
    assert "answers/vi/greet.md" in result.output
    assert "expired on" in result.output


def test_table_is_written(tmp_path: Path) -> None:
    out = tmp_path / "content.md"
    assert RUN.invoke(app, ["table", "--out", str(out)]).exit_code == 0
    assert "| `light_work_high_pay` |" in out.read_text(encoding="utf-8")
