"""Who is meant: oneself sold by the family, a pupil, a child next door, people held in a workshop. As in `phrases`,
the words being content/danger/vi/witnesses.yml.
"""

from __future__ import annotations

from bot.phrases.books import book

_BOOK = book("danger/vi/witnesses")
SOLD_MYSELF = _BOOK.words("sold_myself")
SOLD_ANOTHER = _BOOK.words("sold_another")
CHILD_HURT = _BOOK.words("child_hurt")
STEPFATHER = _BOOK.words("stepfather")
HOLDS_PEOPLE = _BOOK.words("holds_people")
UNEASY = _BOOK.words("uneasy")
IN_COMPOUND = _BOOK.words("in_compound")
SHORE_HE = _BOOK.words("shore_he")
SUPPOSED = _BOOK.words("supposed")
ADULT_AGE = _BOOK.words("adult_age")
ASKS_IF = _BOOK.words("asks_if")
OUTING = _BOOK.words("outing")
