"""The receipt code said as seven words: the same 20 random digits, counted in a list of 720 words. Pure; Python 3.10-compatible.

720^7 is more than 10^20, so seven words hold every code and lose none of its strength; the check digit is computed again. A
word is known by its letters alone, without marks, blanks and capitals, and none begins another, so that words typed one after
the other, joined or not, part in one way only. There is no check word: a wrong word of the list is a wrong code, found out by
the slow hash; a word that is not in the list is told by its place, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.text import clean, fold
from bot.core.tips import receipt

COUNT = 7  # words of a code
SIZE = 720  # words of a list: the smallest with SIZE**COUNT >= 10**receipt.RANDOM_DIGITS
FEWEST = 5  # words of the list in a try at a code; the other two may be mistyped
_LONGEST_GAP = 4  # syllables that stand for at most two mistyped words
_MORE_AROUND = 4  # syllables besides one for every word of the list, where a code was asked for
_LEFT_OUT = frozenset(
    {"ma", "la", "tu", "chu", "cua", "em", "con", "da", "a", "nha", "nhe", "day", "code", "va", "tiep"}
)


@dataclass(frozen=True)
class Tried:
    """What was read of a code in words, and where it stands in the text.

    indices: the words that are in the list, in order. wrong: the places, from 1 on, of those that are not, where that can
    be told. start, end: of the part that no one else may see.
    """

    start: int
    end: int
    indices: tuple[int, ...]
    wrong: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    index: int  # in the list; -1: a syllable of no word in it


class WordList:
    """A list of words and the codes they stand for. Raises ValueError for a list that would not part in one way only."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._index = {letters_of(word): place for place, word in enumerate(self.words)}
        known = sorted(self._index)
        begins = [pair for pair in pairwise(known) if pair[1].startswith(pair[0])]
        if len(self.words) != SIZE or len(known) != SIZE or begins or "" in known:
            raise ValueError(f"a list of receipt words has {SIZE} words, none the beginning of another: {begins[:3]}")
        self._lengths = sorted({len(word) for word in known})

    def words_of(self, code: str) -> tuple[str, ...]:
        """The seven words of a well-formed code."""
        return tuple(self.words[index] for index in indices_of(code))

    def pretty(self, code: str) -> str:
        """As it is shown: one word a line."""
        return "\n".join(self.words_of(code))

    def find(self, text: str, *, expected: bool = False, known: str = "") -> Tried | None:
        """The first thing in `text` that is a code in words, or a try at one with one or two words mistyped.

        expected: a code was just asked for. known: the code that was shown; it is seen whatever stands between its words.
        """
        tried = self._tries(text, expected, known)
        return next((one for one in tried if len(one.indices) == COUNT), tried[0] if tried else None)

    def hide(self, text: str, *, expected: bool = False, known: str = "") -> str:
        """`text` without whatever `find` takes for a code, nor two words or more of the code that was shown."""
        text = _plain(text)
        spans = [(one.start, one.end) for one in self._tries(text, expected, known)]
        if known:
            spans += [(run[0].start, run[-1].end) for run in _runs(self._pieces(text), set(indices_of(known)))]
        shown, done = "", 0
        for start, end in sorted(spans):
            if start >= done:
                shown = f"{shown}{text[done:start]}…"
            done = max(done, end)
        return shown + text[done:]

    def piece(self, text: str) -> tuple[int, ...]:
        """The words of a text that is nothing but some words of a code, sent in several messages; else ()."""
        text = _plain(text)
        pieces = self._pieces(text)
        around = [text[one.start : one.end] for one in pieces if one.index < 0]
        found = tuple(one.index for one in pieces if one.index >= 0)
        return found if len(found) <= COUNT and all(fold(word) in _LEFT_OUT for word in around) else ()

    def _tries(self, text: str, expected: bool, known: str) -> list[Tried]:
        """Everything in `text` that is taken for a code, the surest first."""
        pieces = self._pieces(text)
        if sum(one.index >= 0 for one in pieces) < FEWEST:
            return []
        found = [_shown(pieces, known), _listed(text, self), *_rows(pieces)]
        tried = [one for one in found if one is not None]
        loose = _loose(pieces) if expected and not tried else None
        return tried if loose is None else [loose]

    def index(self, word: str) -> int:
        """The place of a word in the list, or -1."""
        return self._index.get(letters_of(word), -1)

    def _pieces(self, text: str) -> list[_Piece]:
        """The words of the list in `text`, and between them the syllables that belong to none."""
        folded = fold(_plain(text))
        places = [place for place, char in enumerate(folded) if char.isascii() and char.isalpha()]
        letters = "".join(folded[place] for place in places)
        begins = [not number or places[number - 1] != place - 1 for number, place in enumerate(places)]
        begins.append(True)
        found: list[_Piece] = []
        at = 0
        while at < len(places):
            end = self._end(letters, at, begins)
            index = self._index.get(letters[at:end], -1)
            if index < 0:
                end = at + 1
                while not begins[end]:
                    end += 1
            found.append(_Piece(places[at], places[end - 1] + 1, index))
            at = end
        return found

    def _end(self, letters: str, at: int, begins: Sequence[bool]) -> int:
        """Where the word of the list that begins at `at` ends, if from there on words of the list fill their blanks; else `at`."""
        done = at
        while True:
            end = next((done + size for size in self._lengths if letters[done : done + size] in self._index), done)
            if end == done:
                return at
            if done == at:
                first = end
            if begins[end]:
                return first
            done = end


def letters_of(word: str) -> str:
    """What a word is known by: its letters without marks, blanks and capitals."""
    return "".join(char for char in fold(_plain(word)) if char.isascii() and char.isalpha())


def indices_of(code: str) -> tuple[int, ...]:
    """The places in the list of the seven words of a well-formed code."""
    number, found = int(code[: receipt.RANDOM_DIGITS]), []
    for _ in range(COUNT):
        number, index = divmod(number, SIZE)
        found.append(index)
    return tuple(reversed(found))


def code_of(indices: Iterable[int]) -> str:
    """The code of 21 digits whose words these are; "" if they are not seven, or beyond the last code."""
    found = tuple(indices)
    number = 0
    for index in found:
        number = number * SIZE + index
    if len(found) != COUNT or number >= 10**receipt.RANDOM_DIGITS:
        return ""
    digits = f"{number:0{receipt.RANDOM_DIGITS}d}"
    return digits + str(receipt.check_digit(digits))


def _plain(text: str) -> str:
    """Text in which each character folds to exactly one."""
    return text if len(fold(text)) == len(text) else clean(text)


def _runs(pieces: Sequence[_Piece], shown: set[int]) -> list[list[_Piece]]:
    """Two or more of the words that were shown, one right after the other."""
    runs: list[list[_Piece]] = [[]]
    for one in pieces:
        if one.index in shown:
            runs[-1].append(one)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _shown(pieces: Sequence[_Piece], known: str) -> Tried | None:
    """The words of `known` in their order, other words or not between them."""
    if not known:
        return None
    wanted, row = indices_of(known), list[_Piece]()
    for one in pieces:
        if len(row) < COUNT and one.index == wanted[len(row)]:
            row.append(one)
    return _tried(row) if len(row) == COUNT else None


def _tried(row: Sequence[_Piece], wrong: tuple[int, ...] = ()) -> Tried:
    return Tried(row[0].start, row[-1].end, tuple(one.index for one in row if one.index >= 0), wrong)


def _listed(text: str, words: WordList) -> Tried | None:
    """Seven things written one a line or with commas between them, five or more of them in the list."""
    text = _plain(text)
    spans: list[tuple[int, int]] = []
    start = -1
    for place, char in enumerate(f"{text}\n"):
        if char in ",;.|/\n•·" or char.isdigit():
            if start >= 0:
                spans.append((start, place))
            start = -1
        elif char.isalpha() and start < 0:
            start = place
    if len(spans) != COUNT:
        return None
    indices = [words.index(text[start:end]) for start, end in spans]
    wrong = tuple(place for place, index in enumerate(indices, 1) if index < 0)
    if len(wrong) > COUNT - FEWEST:
        return None
    return Tried(spans[0][0], spans[-1][1], tuple(index for index in indices if index >= 0), wrong)


def _rows(pieces: Sequence[_Piece]) -> Iterator[Tried]:
    """Rows of seven words of the list, and of five or six that lack no more than the mistyped ones between them; disjoint."""
    at = 0
    while at < len(pieces):
        size = COUNT if _is_whole(pieces, at) else _slip_at(pieces, at)
        later = next((place for place in range(at + 1, at + size) if _is_whole(pieces, place)), 0)
        if size and not (later and not _is_whole(pieces, at)):
            row = pieces[at : at + size]
            wrong = _gaps(row) or ()
            yield _tried(row, wrong if len(wrong) + sum(one.index >= 0 for one in row) == COUNT else ())
            at += size
        else:
            at = later or at + 1


def _is_whole(pieces: Sequence[_Piece], at: int) -> bool:
    row = pieces[at : at + COUNT]
    return len(row) == COUNT and all(one.index >= 0 for one in row)


def _slip_at(pieces: Sequence[_Piece], at: int) -> int:
    """How many pieces from `at` on are a code with a word or two mistyped inside, or six words in a row; 0 if they are none."""
    found = 0
    for size in range(FEWEST, COUNT + _LONGEST_GAP + 1):
        row = pieces[at : at + size]
        if len(row) < size or row[0].index < 0 or row[-1].index < 0:
            continue
        right, wrong = sum(one.index >= 0 for one in row), _gaps(row)
        if (
            wrong is not None
            and right >= FEWEST
            and (right + len(wrong) == COUNT or (right == COUNT - 1 and not wrong))
        ):
            found = size
    return found


def _loose(pieces: Sequence[_Piece]) -> Tried | None:
    """Where a code was asked for: five words of the list or more, unless they stand in a story. A try, and no business of others."""
    places = [number for number, one in enumerate(pieces) if one.index >= 0]
    row = pieces if len(pieces) <= 2 * COUNT else pieces[places[0] : places[-1] + 1]
    if len(places) < FEWEST or len(row) > 2 * len(places) + _MORE_AROUND:
        return None
    wrong = _gaps(row) or ()
    return _tried(row, wrong if len(places) + len(wrong) == COUNT else ())


def _gaps(row: Sequence[_Piece]) -> tuple[int, ...] | None:
    """The places of the words that are not in the list, two syllables each; None where so much stands between that it is talk."""
    wrong: list[int] = []
    place = syllables = lost = 0
    for one in row:
        if one.index < 0:
            syllables += 1
            lost += 1
            if syllables % 2:
                place += 1
                wrong.append(place)
        else:
            place, syllables = place + 1, 0
    return tuple(wrong) if lost <= _LONGEST_GAP and len(wrong) <= COUNT - FEWEST else None
