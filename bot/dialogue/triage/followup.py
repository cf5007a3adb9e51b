"""A further message in a tip that is already on an officer's desk: does it say that somebody is in danger, or soon will be?

Whoever writes here has told of trafficking before, so less is needed than for a stranger's first words: the rules' "perhaps"
counts, and so does somebody being fetched or moved tonight or tomorrow. The words are
content/danger/vi/further.yml.
"""

from __future__ import annotations

import re

from bot.core import text
from bot.dialogue.triage import Triage, assess
from bot.phrases.books import book

_BOOK = book("danger/vi/further")
MOST_READ = (1_400, 500)  # characters from the start and from the end

# All below is matched against normalised words: lower case, no marks, abbreviations written out.
_SOON = _BOOK.words("soon")
_MOVED = _BOOK.words("moved")
# Who brings, comes or moves is the writer or the police: "mai em đưa chị ra công an".
_OWN = _BOOK.words("own")
_THREAT = _BOOK.words("threat")
_CALM = _BOOK.words("calm")
_ENGLISH = _BOOK.words("english")
_ENGLISH_THREAT = _BOOK.words("english_threat")
_ENGLISH_MOVED = _BOOK.words("english_moved")

# With their marks these are other words than the ones meant here: "cho", to give, and not "chở", to drive somebody away.
_OTHER_WORDS = book("danger/vi/marks").words("other_words")
_MARKED = re.compile(r"[à-ỹđ]", re.IGNORECASE)


def _plain(words: str) -> str:
    """`words` without what only looks alike once the marks are gone; untouched where nobody wrote marks."""
    return _OTHER_WORDS.sub(" . ", words.lower()) if len(_MARKED.findall(words)) >= 3 else words


def pressing(message: str) -> bool:
    """Whether a reporter's further message speaks of danger now or soon. Never raises."""
    excerpt = text.excerpt(text.nfc(message), *MOST_READ)
    found: Triage = assess(excerpt)
    if found.level == "emergency":
        return True
    words = text.normalise(_plain(excerpt))
    calm = bool(_CALM.search(words))
    if found.level == "possible" and not calm and "question" not in found.reasons:
        return True
    if _THREAT.search(words) and not calm:
        return True
    lower = excerpt.lower()
    if _ENGLISH_THREAT.search(lower):
        return True
    if _ENGLISH.search(lower) and _ENGLISH_MOVED.search(lower):
        return True
    return bool(_SOON.search(words) and _MOVED.search(_OWN.sub(" ", words))) and not calm
