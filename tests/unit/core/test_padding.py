from __future__ import annotations

import json
import unicodedata
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.notices import load_notice_words
from bot.core.errors import ConfigError
from bot.core.padding import same_size
from bot.settings import ROOT

letters = "abcdeđăâêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệ XYZ0123.-"
ENCODINGS = (len, lambda t: len(t.encode()), lambda t: len(json.dumps(t)), lambda t: len(quote_plus(t)))


@given(st.dictionaries(st.sampled_from("abcdef"), st.text(letters, max_size=60), min_size=1))
def test_lines_end_up_equally_long_in_every_encoding_and_keep_their_words(lines):
    lines = {name: unicodedata.normalize("NFC", line) for name, line in lines.items()}
    padded = same_size(lines)
    for size in ENCODINGS:
        assert len({size(line) for line in padded.values()}) == 1
    for name, line in padded.items():
        assert line.startswith(lines[name])
        assert not line[len(lines[name]) :].strip()
        assert unicodedata.normalize("NFC", line) == line


@pytest.mark.parametrize("line", ["a, b", "a\nb", "giờ: 5", "🙂"])
def test_characters_of_unequal_size_are_refused(line):
    with pytest.raises(ValueError):
        same_size({"a": line})


def test_the_notices_of_the_product_are_equally_long_and_lead_to_the_console():
    words = load_notice_words(ROOT / "content" / "notices.yml", "https://console.example")
    assert len(words.texts) >= 10
    for size in ENCODINGS:
        assert len({size(text) for text in words.texts.values()}) == 1
    assert all(text.endswith("https://console.example") for text in words.texts.values())
    assert words.text("a kind of tomorrow") == words.texts["other"]
    assert "KHẨN" in words.text("urgent")


@pytest.mark.parametrize(
    "body", ["", "lines: {new: a}\nsubject: s\nfooter: f", "subject: s\nfooter: f\nlines: {other: 'a, b'}"]
)
def test_a_broken_file_is_refused(tmp_path, body):
    path = tmp_path / "notices.yml"
    path.write_text(body)
    with pytest.raises(ConfigError):
        load_notice_words(path, "x")
