"""What says danger: the patterns of `frames`, in folded Vietnamese with abbreviations written out.

The words are content/danger/vi/sentences.yml. Gaps between words are bounded, so that reading stays linear in the text.
"""

from __future__ import annotations

from bot.phrases.books import book

_BOOK = book("danger/vi/sentences")

# --- not about oneself, not now
STORY = _BOOK.words("story")
ABOUT = _BOOK.words("about")
PENALTY = _BOOK.words("penalty")

# A question about the matter: nobody of one's own is in it.
QUESTION_END = _BOOK.words("question_end")
CAPTIVE_ME = _BOOK.words("captive_me")

# --- blackmail with pictures
PRIVATE_PICTURE = _BOOK.words("private_picture")
# A call with a picture is how blackmailers get theirs, and how kidnappers show whom they hold.
ON_CAMERA = _BOOK.words("on_camera")
HOLDS_PICTURE = _BOOK.words("holds_picture")
SPREAD_PICTURE = _BOOK.words("spread_picture")
TO_WHOM = _BOOK.words("to_whom")
THREAT = _BOOK.words("threat")
PRICE = _BOOK.words("price")
LONG_AGO = _BOOK.words("long_ago")
WAITS_OUTSIDE = _BOOK.words("waits_outside")
SELLS_BODY = _BOOK.words("sells_body")
LOAN = _BOOK.words("loan")

# --- a caller who says he is the police
AUTHORITY = _BOOK.words("authority")
PRETENDS = _BOOK.words("pretends")
REMOTE = _BOOK.words("remote")
ORDER = _BOOK.words("order")
# Real policemen work at their office. One who calls, on a screen, with orders about money, rooms or silence, is none.
AUTHORITY_ACTS = _BOOK.words("authority_acts")
IN_PERSON = _BOOK.words("in_person")
# Who asks for the police is no victim of a false one.
WANTS_POLICE = _BOOK.words("wants_police")

KIDNAPPED_ONLINE = _BOOK.words("kidnapped_online")

# --- "an toàn", denied
NOT_SAFE = _BOOK.words("not_safe")
NOT_SAFE_WITH_MYSELF = _BOOK.words("not_safe_with_myself")
SAFETY_TOPIC = _BOOK.words("safety_topic")
SAFETY_QUESTION = _BOOK.words("safety_question")

# --- told by somebody else, or from a boat
SELLS_KIN = _BOOK.words("sells_kin")
PUPIL_GONE = _BOOK.words("pupil_gone")
PLANS = _BOOK.words("plans")
CRIES_HEARD = _BOOK.words("cries_heard")
LURED = _BOOK.words("lured")
WITNESS = _BOOK.words("witness")
HOW_TO = _BOOK.words("how_to")
STUCK = _BOOK.words("stuck")

# --- a wish to die, said quietly
OTHER_HOLDS_BLADE = _BOOK.words("other_holds_blade")
MEDICINE = _BOOK.words("medicine")
FAREWELL = (
    _BOOK.words("farewell_pills"),
    _BOOK.words("farewell_words"),
    _BOOK.words("farewell_blade"),
    _BOOK.words("farewell_goodbye"),
    _BOOK.words("farewell_gives_away"),
    _BOOK.words("farewell_sleep"),
)
IDIOM = _BOOK.anywhere("idiom")
DEATH = _BOOK.words("death")
DESPAIR = _BOOK.words("despair")

# --- money for a person
HELD_PERSON = _BOOK.words("held_person")

# --- without these, an alarm of that kind is about something else
# Words that fold to "đó", "cũ", "vâng", "tí" count only after a number.
MONEY = _BOOK.anywhere("money")
SHOWN = _BOOK.words("shown")
GONE = _BOOK.words("gone")
