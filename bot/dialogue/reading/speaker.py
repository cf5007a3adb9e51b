"""Who speaks: somebody in danger, or somebody who tells of another. The words are content/danger/vi/speaker.yml."""

from __future__ import annotations

from bot.core.text import fold
from bot.dialogue.triage.reading import read
from bot.phrases.books import book

_OF_ANOTHER = frozenset({"emergency_other_person", "missing_person", "ransom_demand", "fake_police_call"})
_OF_ONESELF = frozenset({"emergency_in_danger", "self_harm_distress"})
_BOOK = book("danger/vi/speaker")
# Whom people tell of, in the words a phone is typed with; and a cry for oneself, without "toi", which is "tới" too.
_ANOTHER, _MYSELF, _CRY = _BOOK.words("another"), _BOOK.words("myself"), _BOOK.words("cry")


def tells_of_myself(text: str, *, after_another: bool = False) -> bool:
    """Whether words say plainly that something is done to whoever writes them, and speak of nobody else.

    after_another: somebody else was told of before; then only a cry for oneself counts.
    """
    folded = fold(text)
    if after_another:
        return bool(_CRY.search(folded)) and not read(text).scan.has("KIN")
    return bool(_MYSELF.search(folded)) and not read(text).scan.has("KIN", "OTHER") and not _ANOTHER.search(folded)


def tells_of_another(text: str, intent: str = "") -> bool:
    """Whether a cry is for somebody else, so that whoever writes it has the time to tell everything.

    intent: the kind of emergency that was heard, or "". Unsure counts as oneself: then the interview stays short.
    """
    scan, folded = read(text).scan, fold(text)
    if intent in _OF_ANOTHER:
        return True
    if scan.has("SELF") and (intent in _OF_ONESELF or not scan.has("KIN", "OTHER")) and _MYSELF.search(folded):
        return False
    return scan.has("KIN", "OTHER") or bool(_ANOTHER.search(folded))
