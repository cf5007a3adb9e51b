"""What is said besides the kind of danger: pills already taken, a height, a friend, a caller still on the line, money paid.

The patterns decide both what `frames` takes for danger and which words the answer begins with. They read folded text with
abbreviations written out; `written` is the same message with its marks, for words that only look alike without them.
Their words are content/danger/vi/heard.yml; gaps are bounded, so that reading stays linear.
"""

from __future__ import annotations

from bot.core.text import excerpt, normalise
from bot.dialogue.triage import meant
from bot.dialogue.triage.phrases import IDIOM
from bot.phrases.books import book

_BOOK, _MARKS = book("danger/vi/heard"), book("danger/vi/marks")
HEAD, TAIL = 1_400, 500  # characters read, as in the triage

# --- quiet signs of a wish to die
_EVERYDAY = _BOOK.words("everyday")
HEIGHT = _BOOK.words("height")
_CHASED = _BOOK.words("chased")
_ROPE = _BOOK.words("rope")
_OTHER_DAY = _MARKS.words("other_day")
_COAL = _BOOK.words("coal")
_QUIET = _BOOK.words("quiet")
_STABLE = _BOOK.words("stable")

# --- pills or poison already taken
_DOSE = _BOOK.words("dose")
_DONE = _BOOK.words("done")
_NOT_DONE = _BOOK.words("not_done")
_BODY = _BOOK.words("body")
_TOOK = _BOOK.words("took")

# --- somebody else who may die
_FEAR_FOR = _BOOK.words("fear_for")
# Between them and what they mean to do no "em", "tôi" may stand: then it is the speaker who means it.
_THEIR_DEATH = _BOOK.words("their_death")
# Off a boat, by somebody else; or in a game, where whoever dies comes back. Everything else is meant as it is said.
_NO_DEATH = _BOOK.words("no_death")
_LOSS = _BOOK.words("loss")

# --- a false policeman on the line
_CALLERS = _BOOK.words("callers")
_HELD_ON_LINE = _BOOK.words("held_on_line")
_REAL_POLICE = _BOOK.words("real_police")

# --- a relative hurt on a film, and money
_HURT = _BOOK.words("hurt")
_SENT = _BOOK.words("sent")
_MONEY = _BOOK.words("money")
_THEIRS = _BOOK.words("theirs")
_STAGED = _BOOK.words("staged")
_MYSELF = _BOOK.words("myself")


def _words(message: str) -> str:
    return meant.plain(normalise(excerpt(message, HEAD, TAIL)))


def quiet_despair(text: str, written: str = "") -> bool:
    """Means at hand, a height, a life wished away: in folded `text`; `written`: the same with its marks."""
    if _QUIET.search(text) and not _STABLE.search(text):
        return True  # a life wished away is meant beside a day's washing, too
    if _EVERYDAY.search(text):
        return False
    rope = _ROPE.search(text) and ("dây" in written or not _OTHER_DAY.search(written))
    high = HEIGHT.search(text) and not _CHASED.search(text)
    return bool(rope or _COAL.search(text) or high)


def taken(text: str) -> bool:
    """Whether pills or poison have already been swallowed, by whomever."""
    return bool(_DOSE.search(text) and _DONE.search(text) and not _NOT_DONE.search(text))


def friend_at_risk(text: str) -> bool:
    """Whether somebody else may take their life."""
    text = IDIOM.sub(" ", text)
    if _FEAR_FOR.search(text):
        return True
    return bool(_THEIR_DEATH.search(text)) and not (_LOSS.search(text) or _NO_DEATH.search(text))


def no_death(text: str) -> bool:
    """Whether a leap is off a boat, by somebody else, or a death in a game from which one comes back."""
    return bool(_NO_DEATH.search(text))


def on_the_line(text: str) -> bool:
    """Whether a "policeman" keeps somebody on the telephone or in a hotel room."""
    return bool(_CALLERS.search(text) and _HELD_ON_LINE.search(text)) and not _REAL_POLICE.search(text)


def filmed_ransom(text: str) -> bool:
    """Whether a film of a relative being hurt came with a demand for money."""
    if _STAGED.search(text) or _MYSELF.search(text):
        return False
    return all(pattern.search(text) for pattern in (_HURT, _SENT, _MONEY, _THEIRS))


def despair_of(message: str, *, after: bool = False) -> str:
    """What kind of despair a message tells of: "taken", "friend", "height", "no_call", or "".

    after: it follows a distress card, where "em buồn ngủ quá" or "uống rồi" says enough.
    """
    text = _words(message)
    if taken(text) or (after and (_BODY.search(text) or (_TOOK.search(text) and not _NOT_DONE.search(text)))):
        return "taken"
    if friend_at_risk(text):
        return "friend"
    if HEIGHT.search(text) and not _EVERYDAY.search(text):
        return "height"
    return "no_call" if _NO_CALL.search(text) else ""


_NO_CALL = _BOOK.words("no_call")
_PAID = _BOOK.words("paid")
_NOT_PAID = _BOOK.words("not_paid")


def paid(message: str) -> bool:
    """Whether money has gone already, or is asked back."""
    text = _words(message)
    return bool(_PAID.search(text)) and not _NOT_PAID.search(text)


POLICE_TALK = _BOOK.words("police_talk")
RANSOM_TALK = _BOOK.words("ransom_talk")
PICTURES_TALK = _BOOK.words("pictures_talk")
LURE_TALK = _BOOK.words("lure_talk")
_ON_BUS = _BOOK.words("on_bus")
_NET = _BOOK.words("net")


def on_the_way_to_a_stranger(text: str) -> bool:
    """Whether somebody sits in a bus to the border, to meet who is known from the net only."""
    return bool(_ON_BUS.search(text) and _NET.search(text))
