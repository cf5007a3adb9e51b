"""What only sounds like danger: the patterns of `frames` that calm, and the meanings they stand for. As in `phrases`,
the words being content/danger/vi/calm.yml.
"""

from __future__ import annotations

from bot.dialogue.triage.phrases import ABOUT
from bot.phrases.books import book

_BOOK = book("danger/vi/calm")
SURRENDER = _BOOK.words("surrender")
_DID = _BOOK.words("deed")
_PUNISHED = _BOOK.words("punished")
_ASKS = _BOOK.words("asks")


def fears_law(text: str) -> bool:
    """Somebody who was forced to do wrong, or left without papers, asks whether there is a punishment."""
    return all(pattern.search(text) for pattern in (_DID, _PUNISHED, _ASKS))


OWN_PICTURES = _BOOK.words("own_pictures")
LOAN_THREAT, BROKER_HOLDS = _BOOK.words("loan_threat"), _BOOK.words("broker_holds")
HELD_NOW = _BOOK.words("held_now")
PATIENT = _BOOK.words("patient")
BRUISES = _BOOK.words("bruises")
_FROM_NET = _BOOK.words("from_net")
_INVITED = _BOOK.words("invited")
_TO_EDGE = _BOOK.words("to_edge")
_MARRY = _BOOK.words("marry")
_MARKET = _BOOK.words("market")
_WORK = _BOOK.words("work")


def invited_by_stranger(text: str) -> bool:
    """Somebody met online, or hardly known, asks to come to the border, to a market beyond it, to a far home."""
    if _WORK.search(text) or ABOUT.search(text):
        return False
    if _MARKET.search(text):
        return True
    if _MARRY.search(text) and not _TO_EDGE.search(text):
        return False
    return bool(_FROM_NET.search(text) and _INVITED.search(text) and _TO_EDGE.search(text))


ON_THE_WAY = _BOOK.words("on_the_way")
SCARED = _BOOK.words("scared")
SOLVED = _BOOK.words("solved")
BUT_STILL = _BOOK.words("but_still")
STILL_WRITES = _BOOK.words("still_writes")
LOST = _BOOK.words("lost")
WELL = _BOOK.anywhere("well")
FRAGMENT = _BOOK.anywhere("fragment")
DANGEROUS_WORD = _BOOK.words("dangerous_word")
# Words of danger in everyday use: a class monitor, a fall, a lost dog, school punishments, roofs for laundry.
EVERYDAY = _BOOK.words("everyday")
DANGER_BESIDE = _BOOK.words("danger_beside")
