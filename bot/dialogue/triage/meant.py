"""Words that sound like another danger than is meant: a denial of death, a beating feared, the last time a missing person was
heard of, a call that would be overheard, the small child at home of a grown-up who tells.

They are taken out before anything looks for despair, so that whatever else the message says keeps its weight: "không định tự tử
nhưng muốn biến mất" is still despair. The words are content/danger/vi/meant.yml, read in folded words with abbreviations
written out.
"""

from __future__ import annotations

from bot.core.text import excerpt, normalise
from bot.phrases.books import book

_BOOK = book("danger/vi/meant")
_DENIED, _NOT_THAT = _BOOK.words("denied"), _BOOK.words("not_that")
_BEATEN, _LAST_CONTACT = _BOOK.words("beaten"), _BOOK.words("last_contact")
_HOME_FEARED = _BOOK.words("home_feared")
_OVERHEARD, _OWN_CHILD = _BOOK.words("overheard"), _BOOK.words("own_child")
_READ = (1_400, 500)  # characters from the start and from the end, as in the triage
_SINCE = "mat lien lac tu"  # what the last contact says of whoever was heard then


def plain(text: str) -> str:
    """Normalised `text` without the words of danger that are about something else."""
    if "chet" in text:
        text = _BEATEN.sub(lambda found: found[0].split(" chet")[0] if found[0].count(" chet") == 1 else found[0], text)
    if "lan cuoi" in text:
        text = _LAST_CONTACT.sub(lambda found: found[0].replace("lan cuoi", _SINCE), text)
    if "goi" in text:
        text = _OVERHEARD.sub("khong goi duoc", text)
    text = _OWN_CHILD.sub("co gia dinh", text)
    text = _DENIED.sub(" ", text)
    return " ".join(text.split())


def denies(message: str) -> bool:
    """Whether somebody says that they do not mean to die, or that this was not what they meant."""
    text = normalise(excerpt(message, *_READ))
    return _DENIED.search(text) is not None or _NOT_THAT.search(text) is not None


def last_contact(message: str) -> bool:
    """Whether a message says when somebody was last heard of."""
    return _LAST_CONTACT.search(normalise(excerpt(message, *_READ))) is not None


def home_feared(message: str) -> bool:
    """Whether somebody fears that those at home learn of it, or asks not to tell them."""
    return _HOME_FEARED.search(normalise(excerpt(message, *_READ))) is not None


def without_own_child(text: str) -> str:
    """Normalised `text` without the small child at home, whose age is not the writer's."""
    return _OWN_CHILD.sub("co gia dinh", text)


def own_child(message: str) -> bool:
    """Whether a grown-up tells of a small child of theirs at home."""
    return _OWN_CHILD.search(normalise(excerpt(message, *_READ))) is not None
