"""The small language in which content/danger and content/topics write what is listened for.

Words and spaces stand for themselves, and besides them
  (a|b)   either              (a )?   perhaps             (a )*   any number of times
  ~3      up to three words   *       one word            cuu*    any ending of a word
  #       a number            <20>    up to 20 characters _       where a word begins or ends
  {list}  any entry of another list
  (! a)   not before " a"     (= a)   only before " a"    (<!a )  not after "a "
`^` and `$` are the begin and the end of the message; `?`, `[...]`, `.`, `{1,3}` and `\\d` mean what they mean in a regular
expression. Pure; Python 3.10-compatible.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

REFERENCE = re.compile(r"\{([a-z]\w*)\}")
_LOOK = {"(!": "(?!", "(=": "(?=", "(<!": "(?<!", "(<=": "(?<="}
_PIECE = re.compile(
    r"(?P<gap> ~(?P<after>\d+))|~(?P<first>\d+) |(?P<list>\{[a-z]\w*\})|(?P<some><(?P<many>\d+)>)|(?P<look>\((?:!|=|<!|<=))"
    r"|(?P<escape>\\.)|(?P<set>\[[^\]]*\])|(?P<star>\*)|(?P<one>.)",
    re.DOTALL,
)
_SIMPLE = {"(": "(?:", "#": r"\d+", "_": r"\b"}


def expression(entry: str, of: Callable[[str], str]) -> str:
    """The regular expression of one entry. of: the expression of a list that the entry names in braces."""
    out, before = [], ""
    for piece in _PIECE.finditer(entry):
        out.append(_translated(piece, before, of))
        before = "\\" if piece["escape"] else piece[0][-1]
    return "".join(out)


def _translated(piece: re.Match[str], before: str, of: Callable[[str], str]) -> str:
    if piece["gap"]:
        return rf"(?: \w+){{0,{piece['after']}}}?"
    if piece["first"]:
        return rf"(?:\w+ ){{0,{piece['first']}}}?"
    if piece["list"]:
        return of(piece["list"][1:-1])
    if piece["some"]:
        return f".{{0,{piece['many']}}}"
    if piece["look"]:
        return _LOOK[piece["look"]]
    if piece["star"]:  # after a word its ending, by itself a word, after a bracket "any number of times"
        return r"\w*" if before.isalnum() else r"\w+" if before in ("", " ", "(", "|") else "*"
    return _SIMPLE.get(piece[0], piece[0])


def spelled_out(entry: str, of: Callable[[str], tuple[str, ...]]) -> list[str]:
    """The phrases that an entry of plain words, `(a|b|)` and `{list}` stands for, one by one.

    Innermost brackets are taken first, so that alternatives within alternatives are spelled out too.
    """

    def named(match: re.Match[str]) -> str:
        inside = entry[: match.start()].count("(") > entry[: match.start()].count(")")
        return "|".join(of(match[1])) if inside else f"({'|'.join(of(match[1]))})"

    return _expand(REFERENCE.sub(named, entry))


_GROUP = re.compile(r"\(([^()]*)\)")


def _expand(pattern: str) -> list[str]:
    pieces = _GROUP.split(pattern)  # words, alternatives, words...
    if any("(" in words for words in pieces[::2]):
        inner = _GROUP.search(pattern)
        assert inner is not None
        choices = inner[1].split("|")
        return [
            phrase for one in choices for phrase in _expand(pattern[: inner.start()] + one + pattern[inner.end() :])
        ]
    choices_of = [piece.split("|") if index % 2 else [piece] for index, piece in enumerate(pieces)]
    return [" ".join("".join(chosen).split()) for chosen in product(*choices_of)]
