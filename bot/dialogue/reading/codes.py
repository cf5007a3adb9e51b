"""The receipt code in what a person writes: in digits, said in words of numbers, or as the seven words; whole or in pieces.

Whatever it is read as, it is hidden from everybody behind the gateway. Pure; Python 3.10-compatible.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.tips import receipt, receipt_words
from bot.phrases.receipt_words import WORDS

SHORTEST_PIECE = 3  # digits; the code is shown in groups of three
LIKE_A_CODE = 9  # digits said in words, where a code is expected
UNREADABLE = "?"  # stands for a try at the words that is no code: never well-formed
_WORDS_MARK = "w"  # before the places in the list, in the part of a code that came so far


@dataclass(frozen=True)
class Said:
    """What of a code is in a message. code: whole, or a try at one; part: what came of it so far, in several messages.

    shown: the message as others may see it. as_words: the seven words were used. wrong: the places of those that are in no list.
    """

    shown: str
    code: str = ""
    part: str = ""
    as_words: bool = False
    wrong: tuple[int, ...] = ()

    @property
    def goes_on(self) -> bool:
        """Whether the rest of a code is to come: three digits alone are as often something else."""
        return (self.as_words and bool(self.part)) or len(self.part) > SHORTEST_PIECE


NOTHING = Said("")


def read(text: str, before: str, pending: str, *, expected: bool) -> Said:
    """The code in `text`. before: its part from earlier messages; pending: the code that was shown; expected: it was asked for."""
    digits_before = "" if before.startswith(_WORDS_MARK) else before
    code, part, spelled = _digits(text, digits_before, pending, expected=expected)
    if code or part:
        shown = "…" if spelled or receipt.piece(text) else hide(text, expected=expected, known=pending)
        return Said(shown, code, part)
    tried = WORDS.find(text, expected=expected, known=pending)
    whole = tried is not None and len(tried.indices) == receipt_words.COUNT
    code, part = _words(text, before, pending) if expected and not whole else ("", "")
    if code or part:
        return Said("…", code, part, as_words=True)
    if tried is not None:
        shown = hide(text, expected=expected, known=pending)
        return Said(shown, receipt_words.code_of(tried.indices) or UNREADABLE, as_words=True, wrong=tried.wrong)
    return Said(WORDS.hide(text, known=pending) if pending else text)


def hide(text: str, *, expected: bool = False, known: str = "") -> str:
    """`text` without what may be a code, in digits or in words, for parts that must not see it."""
    return WORDS.hide(receipt.hide(text, expected=expected, known=known), expected=expected, known=known)


def find(text: str) -> str | None:
    """The code that `text` holds, in digits or in words, or a try at one, where nothing but a code is expected."""
    return receipt.find(text) or read(text, "", "", expected=True).code or None


def _words(text: str, before: str, pending: str) -> tuple[str, str]:
    """(the code that some of its words complete, its part so far)."""
    piece = WORDS.piece(text)
    if not piece:
        return "", ""
    places = before[1:].split(",") if before.startswith(_WORDS_MARK) else []
    earlier = tuple(int(place) for place in places if place.isdecimal())  # a broken state holds no part of a code
    wholes = [earlier + piece, piece] if earlier else [piece]  # the second: begun anew
    if pending:
        shown = receipt_words.indices_of(pending)
        wholes = [whole for whole in wholes if shown[: len(whole)] == whole]
    wholes = [whole for whole in wholes if len(whole) <= receipt_words.COUNT]
    if not wholes:
        return "", ""
    if len(wholes[0]) == receipt_words.COUNT:
        return receipt_words.code_of(wholes[0]) or UNREADABLE, ""
    return "", _WORDS_MARK + ",".join(map(str, wholes[0]))


def _digits(text: str, before: str, pending: str, *, expected: bool) -> tuple[str, str, bool]:
    """As `_digits_in`, and whether the digits were said in words; so many of them are a try, right or wrong."""
    code, part = _digits_in(text, before, pending, expected=expected)
    digits = "" if code or part or not expected else receipt.spelled(text)
    if not digits:
        return code, part, False
    code, part = _digits_in(digits, before, pending, expected=True)
    if not (code or part) and len(digits) >= LIKE_A_CODE:
        code = digits
    return code, part, bool(code or part)


def _digits_in(text: str, before: str, pending: str, *, expected: bool) -> tuple[str, str]:
    """(the code a message completes or holds, the digits of it so far). `before`: those of the messages just before."""
    code = receipt.find(text, expected=expected, known=pending) or ""
    digits = receipt.piece(text) if expected else ""
    if not SHORTEST_PIECE <= len(digits) < receipt.LENGTH:
        return code, ""
    wholes = [before + digits, digits] if before else [digits]  # the second: begun anew
    if pending:
        wholes = [whole for whole in wholes if pending.startswith(whole)]
    elif code:
        wholes = wholes[: bool(before)]  # nearly all of a code in one message: a slip, unless something came before
    if not wholes:
        return code, ""
    return (wholes[0], "") if len(wholes[0]) >= receipt.LENGTH else ("", wholes[0])
