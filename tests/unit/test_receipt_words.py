"""A receipt code as seven words: the arithmetic, the list, and how the words are read and hidden."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import fold, nfc
from bot.core.tips import receipt
from bot.core.tips.receipt_words import COUNT, SIZE, WordList, code_of, indices_of, letters_of
from bot.phrases.receipt_words import FILE, VERSION, WORDS

ROOT = Path(__file__).parents[2]
LAST = 10**receipt.RANDOM_DIGITS - 1
PINNED = "c3dd7d9bea3227402032be9ad46cd8e09f99de5293ab36bf3ff19c88a32a2693"
codes = st.integers(0, LAST).map(lambda n: receipt.new_code(lambda _: n))
NUMBERS = frozenset(
    re.findall(r"\w+", "không một mốt hai ba bốn tư năm lăm sáu bảy tám chín mười trăm nghìn ngàn vạn triệu tỷ")
)
# Syllables of words that frighten, hurt, shame or tell what happens to people; of the state and of parties.
UNWELCOME = frozenset(
    re.findall(
        r"\w+",
        "ma quỷ máu chết giết dao súng bom mìn đạn thuốc độc rắn rết đâm chém đánh trói nhốt bắt bán lừa trốn khóc đau sợ dâm hiếp "
        "vú mông bướm cu lồn cặc đít đảng đoàn tù tội thù ngục mồ mả tang tiền nợ vay nghèo hổ sói cướp trộm phản chiến",
    )
)


# ----- the arithmetic


def test_the_list_is_just_long_enough():
    assert SIZE**COUNT > LAST >= (SIZE - 1) ** COUNT


@given(codes)
def test_a_code_and_its_words_are_one_and_the_same(code):
    assert code_of(indices_of(code)) == code
    assert receipt.is_well_formed(code_of(indices_of(code)))


@given(st.lists(st.integers(0, SIZE - 1), min_size=COUNT, max_size=COUNT).map(tuple))
def test_seven_words_are_one_code_or_none(indices):
    code = code_of(indices)
    assert not code or indices_of(code) == indices


def test_the_first_and_the_last_code():
    assert indices_of(receipt.new_code(lambda _: 0)) == (0,) * COUNT
    assert code_of(indices_of(receipt.new_code(lambda _: LAST)))[:-1] == str(LAST)
    assert code_of((SIZE - 1,) * COUNT) == "", "beyond the last code"
    assert code_of((1,) * (COUNT - 1)) == "" == code_of((1,) * (COUNT + 1))


@given(codes, codes)
def test_different_codes_have_different_words(one, other):
    assert (WORDS.words_of(one) == WORDS.words_of(other)) == (one == other)


# ----- the list


def test_the_list_never_changes():
    """Every code that was ever given would change with it: a change needs another list beside this one, not a new figure here."""
    assert VERSION == 1
    assert hashlib.sha256("\n".join(WORDS.words).encode()).hexdigest() == PINNED


def test_the_list_was_reviewed():
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert found["reviewer"]
    assert isinstance(found["reviewed"], date)


def test_words_are_written_as_they_are_spelled():
    assert len(WORDS.words) == SIZE
    for word in WORDS.words:
        assert word == nfc(word).lower().strip()
        assert re.fullmatch(r"[^\W\d_]+ [^\W\d_]+", word), f"{word}: two syllables"
        assert len(letters_of(word)) <= 12


def test_no_word_begins_another_and_none_is_one_slip_of_the_finger_from_another():
    known = sorted(map(letters_of, WORDS.words))
    assert len(set(known)) == SIZE
    assert not [pair for pair in itertools.pairwise(known) if pair[1].startswith(pair[0])]
    taken: dict[str, str] = {}
    for word in known:
        swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)} - {word}
        assert not swapped & set(known), word
        # One letter lost, added or changed leaves the same word with a letter blanked or left out.
        for shape in {word[:i] + "?" + word[i + 1 :] for i in range(len(word))}:
            assert taken.setdefault(shape, word) == word, (taken[shape], word)
        assert not {word[:i] + word[i + 1 :] for i in range(len(word))} & set(known), word


def test_no_number_no_place_and_nothing_that_frightens():
    for word in WORDS.words:
        assert not NUMBERS & set(word.split()), word
        assert not UNWELCOME & set(word.split()), word


def test_no_word_is_the_name_of_a_place():
    tables = ROOT / "content" / "places" / "tables"
    names: set[str] = set()
    for path in tables.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            names |= {nfc(row["name"]).lower() for row in csv.DictReader(file)}
    assert len(names) > 5_000
    assert not names & set(WORDS.words)


@pytest.mark.parametrize("broken", [
    WORDS.words[:-1], (*WORDS.words[:-1], WORDS.words[0]), (*WORDS.words[:-1], fold(WORDS.words[0]).upper()),
    (*WORDS.words[:-1], WORDS.words[0] + "a"), (*WORDS.words[:-1], "…"),
])  # fmt: skip
def test_a_list_that_would_read_in_two_ways_is_refused(broken):
    with pytest.raises(ValueError, match="receipt words"):
        WordList(broken)


# ----- reading them

WAYS = (" ".join, ", ".join, "\n".join, " - ".join, "\u00a0".join, ". ".join, " / ".join, "\t".join,
        lambda words: "\n".join(f"{n}. {word}" for n, word in enumerate(words, 1)),
        lambda words: "".join(word.replace(" ", "") for word in words),
        lambda words: " ".join(word.replace(" ", "") for word in words),
        lambda words: "\n".join(word.replace(" ", "\n") for word in words))  # fmt: skip
AROUND = ("{}", "mã của em là {} ạ", "Mã: {}", "({})", '"{}"', "{}.", "bảy từ nè\n{}", "dạ {} đó cô")


@given(codes, st.sampled_from(WAYS), st.sampled_from([str, fold, str.upper, str.title]), st.sampled_from(AROUND))
def test_every_way_of_writing_them_reads(code, way, typed, sentence):
    text = sentence.format(typed(way(WORDS.words_of(code))))
    for expected in (True, False):
        tried = WORDS.find(text, expected=expected)
        assert tried is not None
        assert (code_of(tried.indices), tried.wrong) == (code, ())
        hidden = WORDS.hide(text, expected=expected)
        assert not any(word in fold(hidden).replace(" ", "") for word in map(letters_of, WORDS.words_of(code)))


@given(codes)
def test_decomposed_letters_read_too(code):
    tried = WORDS.find(unicodedata.normalize("NFD", WORDS.pretty(code)))
    assert tried is not None
    assert code_of(tried.indices) == code


@given(codes, st.sets(st.integers(0, COUNT - 1), min_size=1, max_size=2))
def test_a_mistyped_word_is_told_by_its_place_and_by_nothing_else(code, places):
    words = [("con zum" if place in places else word) for place, word in enumerate(WORDS.words_of(code))]
    for text in (", ".join(words), "\n".join(words)):
        for expected in (True, False):
            tried = WORDS.find(text, expected=expected)
            assert tried is not None
            assert tried.wrong == tuple(place + 1 for place in sorted(places))
            assert code_of(tried.indices) == ""
            assert WORDS.hide(text, expected=expected) == "…"


@given(codes, st.integers(1, COUNT - 2))
def test_a_mistyped_word_inside_is_told_without_commas_too(code, place):
    words = [*WORDS.words_of(code)]
    words[place] = "con zum"
    tried = WORDS.find(" ".join(words))
    assert tried is not None
    assert tried.wrong == (place + 1,)


@given(codes)
def test_a_word_lost_is_a_try_and_hidden(code):
    for words in (WORDS.words_of(code)[1:], WORDS.words_of(code)[:-1]):
        tried = WORDS.find(" ".join(words))
        assert tried is not None
        assert (code_of(tried.indices), tried.wrong) == ("", ())
        assert WORDS.hide(" ".join(words)) == "…"


@given(codes, st.sampled_from([" rồi ", " xong tới ", " và "]))
def test_the_code_that_was_shown_is_seen_with_words_between(code, between):
    text = f"đầu tiên {between.join(WORDS.words_of(code))} hết"
    tried = WORDS.find(text, expected=True, known=code)
    assert tried is not None
    assert code_of(tried.indices) == code
    assert WORDS.hide(text, known=code) == "đầu tiên … hết"


@given(codes, st.integers(0, COUNT - 2))
def test_two_words_of_the_code_that_was_shown_are_hidden(code, start):
    pair = WORDS.words_of(code)[start : start + 2]
    assert WORDS.hide(f"em nhớ {' '.join(pair)} thôi", known=code) == "em nhớ … thôi"


@given(codes, st.integers(1, COUNT - 1))
def test_pieces_of_a_code(code, size):
    words = WORDS.words_of(code)[:size]
    for text in (" ".join(words), ", ".join(words), f"mã là {' '.join(words)} ạ"):
        assert WORDS.piece(text) == indices_of(code)[:size]
    assert WORDS.piece(f"hôm qua em thấy {' '.join(words)}") == ()


@pytest.mark.parametrize(
    "text", ["", "mã đâu", "con mèo nhà em", "xe đạp của em bị lấy mất", "em mua bánh chưng, dưa hấu với bắp cải"]
)
def test_ordinary_words_are_no_code(text):
    assert WORDS.find(text) is None
    assert WORDS.find(text, expected=True) is None
    assert WORDS.hide(text) == text


def test_a_story_with_such_words_is_no_try_even_where_a_code_was_asked_for():
    text = ("hôm đó em ở chỗ vườn rau đang tưới cây thì nó chạy xe đạp tới, mặc áo mưa, cho em uống nước mía rồi đưa em "
            "cái hộp quà, nó nói ra cánh đồng chơi")  # fmt: skip
    assert WORDS.find(text, expected=True) is None
    assert WORDS.hide(text, expected=True) == text


def lines() -> list[str]:
    """What people write: every message that the product is measured and taught by."""
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    hands = [ROOT / "tests" / "reporters" / f"hand_{n}.jsonl" for n in (2, 4, 5)]
    for path in (*sorted((ROOT / "tests" / "eval").glob("*.jsonl")), *hands):
        for line in path.read_text(encoding="utf-8").splitlines():
            walk(json.loads(line))
    for path in sorted((ROOT / "nlu_data").rglob("*.yml")):
        walk(yaml.safe_load(path.read_text(encoding="utf-8")))
    return [line for text in found for line in (text, *text.splitlines())]


def test_nothing_people_write_is_read_as_a_code():
    read = [text for text in lines() if WORDS.find(text)]
    assert not read
