"""An urgent report in a language the bot holds no conversation in: every step of it can be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from bot.content.phrasebooks import load_phrasebooks
from bot.core.errors import ConfigError
from bot.settings import ROOT

FOLDER = ROOT / "content" / "dialogue"
BOOKS = load_phrasebooks(FOLDER)
LANGUAGES = ("hmn", "km", "lo", "my", "th", "zh")
# What an urgent report consists of: who cannot read one of these is stopped there.
NEEDED = {
    "tip_urgent_intro", "tip_urgent_kept", "tip_where", "tip_what", "tip_what_needed", "tip_summary", "tip_confirm",
    "receipt_shown", "tip_receipt", "receipt_mismatch", "receipt_saved", "receipt_unconfirmed", "file_kept",
}  # fmt: skip
SCRIPT = {"km": "ក", "lo": "ກ", "my": "က", "th": "ก", "zh": "一"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_is_in_the_language(language: str):
    own = yaml.safe_load((FOLDER / "urgent" / f"{language}.yml").read_text(encoding="utf-8"))
    assert set(own["lines"]) >= NEEDED
    assert own["reviewer"].startswith("machine-drafted"), "until a native speaker has read it"
    book = BOOKS[language]
    for name in NEEDED:
        line, base = book.lines[name], BOOKS[own["base"]].lines[name]
        assert line.text not in {BOOKS["vi"].lines[name].text, BOOKS["en"].lines[name].text}, name
        if name in {"tip_where", "tip_what", "tip_summary", "tip_receipt"}:
            # The words of a code are Vietnamese: no help to who reads another language.
            wanted = [choice.id for choice in base.choices if choice.id != "ans:words"]
            assert [choice.id for choice in line.choices] == wanted, name
        if language in SCRIPT:
            block = ord(SCRIPT[language])
            assert any(abs(ord(char) - block) < (0x6000 if language == "zh" else 0x80) for char in line.text), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_and_the_code_are_in_it(language: str):
    lines = BOOKS[language].lines
    for name in ("tip_urgent_intro", "tip_urgent_kept", "receipt_saved", "receipt_unconfirmed"):
        assert "113" in lines[name].text, name
        assert "111" in lines[name].text, name
    assert "{code}" in lines["receipt_shown"].text
    assert "{summary}" in lines["tip_summary"].text
    assert "21" in lines["tip_receipt"].text


def test_what_is_missing_comes_in_the_base():
    assert BOOKS["th"].lines["tip_evidence"] == BOOKS["en"].lines["tip_evidence"]
    assert BOOKS["hmn"].lines["tip_evidence"] == BOOKS["vi"].lines["tip_evidence"], "Hmong people here read Vietnamese"
    assert BOOKS["th"].language == "en", "tables that have two languages only are read in one of them"


@pytest.mark.parametrize(
    "body",
    [
        "base: en\nlines: {tip_nothing: {text: x}}",
        "base: en\nlines: {tip_what: {text: x, choices: [[ans:send, x]]}}",
        "base: en\nlines: {receipt_saved: {text: '{code}'}}",
        "base: fr\nlines: {}",
        "lines: [",
    ],
)
def test_a_line_that_does_not_fit_its_base_is_refused(tmp_path: Path, body: str):
    shutil.copytree(FOLDER, tmp_path / "dialogue")
    for name in ("facts.yml", "hotlines.yml"):  # what the placeholders of the lines stand for
        shutil.copy(FOLDER.parent / name, tmp_path)
    (tmp_path / "dialogue" / "urgent" / "xx.yml").write_text(body, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"urgent/xx\.yml"):
        load_phrasebooks(tmp_path / "dialogue")
