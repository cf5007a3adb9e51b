"""Who does what to whom: whole sentences that single words cannot tell apart. Read on folded, expanded text.

A picture and a threat to show it is blackmail with pictures, not a ransom; a caller who says he is the police wants the
person on the line, so "keep talking" would be the wrong advice; "không an toàn" is danger, unless a web page is meant.
Quiet farewells have none of the words of death, and idioms ("nhớ anh chết mất") have nothing else. The model weighs
words; what is here is sure enough to overrule it, in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.triage import calm_phrases as c
from bot.dialogue.triage import heard
from bot.dialogue.triage import phrases as p
from bot.dialogue.triage import witnesses as w
from bot.dialogue.triage.reading import Reading

SEXTORTION, FAKE_POLICE = "sextortion", "fake_police_call"
SELF_HARM, RANSOM = "self_harm_distress", "ransom_demand"
# Concepts that say somebody is in danger now, whatever else the sentence is about.
_HELD = ("CAPTIVE", "FORCED", "VIOLENCE", "SOLD")


@dataclass(frozen=True)
class Frame:
    """`kind`: the emergency it surely is, or "". `calm`: why it is none, or "". `meaning`: what a calm one means, or ""."""

    kind: str = ""
    rule: str = ""
    calm: str = ""
    meaning: str = ""


NO_FRAME = Frame()


def look(reading: Reading) -> Frame:
    """The sentence this message surely is, or `NO_FRAME`."""
    text = reading.normal
    distant = p.QUESTION_END.search(text) is not None and not reading.scan.has("SELF", "KIN", "CRY")
    for find in (_quiet_farewell, _filmed, _fake_police, _pictures, _unsafe, _family, _second_hand):
        frame = find(reading, text)
        if frame.kind and not (distant and find not in (_quiet_farewell, _filmed, _unsafe)):
            return frame
    return _calm(reading, text)


def _danger(kind: str, rule: str) -> Frame:
    return Frame(kind=kind, rule=rule)


def _quiet_farewell(reading: Reading, text: str) -> Frame:
    """Means at hand, things given away, a farewell to those at home, sleep without waking."""
    if p.STORY.search(text) or p.OTHER_HOLDS_BLADE.search(text):
        return NO_FRAME
    if heard.taken(text) or heard.friend_at_risk(text) or heard.quiet_despair(text, reading.written):
        return _danger(SELF_HARM, "quiet_despair")
    pills, *others = p.FAREWELL
    if (pills.search(text) and not p.MEDICINE.search(text)) or any(pattern.search(text) for pattern in others):
        return _danger(SELF_HARM, "quiet_farewell")
    return NO_FRAME


def _filmed(reading: Reading, text: str) -> Frame:
    """A relative beaten before a camera, and money asked for: neither blackmail with pictures nor a false policeman."""
    del reading
    return _danger(RANSOM, "filmed_ransom") if heard.filmed_ransom(text) and not p.ABOUT.search(text) else NO_FRAME


def _pictures(reading: Reading, text: str) -> Frame:
    if p.ABOUT.search(text) or _only_debt(text) or p.WAITS_OUTSIDE.search(text) or p.SELLS_BODY.search(text):
        return NO_FRAME
    if reading.scan.has("SUICIDE") or p.LONG_AGO.search(text):
        return NO_FRAME
    pressed = p.THREAT.search(text) or p.PRICE.search(text)
    spread, to_whom = p.SPREAD_PICTURE.search(text), p.TO_WHOM.search(text)
    if p.PRIVATE_PICTURE.search(text):
        sure = bool(pressed or spread or to_whom)
    elif reading.scan.has("CAPTIVE", "RANSOM") or p.HELD_PERSON.search(text):
        sure = False  # a picture of somebody tied up is a ransom note
    else:
        sure = bool(pressed and (spread or p.HOLDS_PICTURE.search(text) or (to_whom and p.ON_CAMERA.search(text))))
    return _danger(SEXTORTION, "pictures_as_threat") if sure else NO_FRAME


def _fake_police(reading: Reading, text: str) -> Frame:
    if p.ABOUT.search(text):
        return NO_FRAME
    if p.KIDNAPPED_ONLINE.search(text) or heard.on_the_line(text):
        return _danger(FAKE_POLICE, "kidnapped_online")
    if not p.AUTHORITY.search(text) or (p.HELD_PERSON.search(text) and reading.scan.has("CAPTIVE", "RANSOM")):
        return NO_FRAME
    remote, order = p.REMOTE.search(text), p.ORDER.search(text)
    if (p.PRETENDS.search(text) and (remote or order)) or (
        remote
        and order
        and p.AUTHORITY_ACTS.search(text)
        and not (p.WANTS_POLICE.search(text) or p.IN_PERSON.search(text))
    ):
        return _danger(FAKE_POLICE, "fake_police")
    return NO_FRAME


def _unsafe(reading: Reading, text: str) -> Frame:
    """ "không an toàn" about the person or the place, not about a trip, a web page or a question."""
    if p.NOT_SAFE.search(text) and p.NOT_SAFE_WITH_MYSELF.search(text):
        return _danger(SELF_HARM, "not_safe_with_myself")
    if not p.NOT_SAFE.search(text) or p.SAFETY_TOPIC.search(text) or p.SAFETY_QUESTION.search(text):
        return NO_FRAME
    return _danger("child_in_danger" if reading.minor else "emergency_in_danger", "not_safe")


def _family(reading: Reading, text: str) -> Frame:
    """Told by a child, a teacher, a neighbour, a mother: who is meant decides whose card it is."""
    if p.STORY.search(text) or p.ABOUT.search(text) or p.PENALTY.search(text) or reading.scan.has("PAST"):
        return NO_FRAME
    if w.SUPPOSED.search(text) or w.ASKS_IF.search(text):
        return NO_FRAME
    if w.SOLD_MYSELF.search(text) and not w.SOLD_ANOTHER.search(text):
        return _danger("child_in_danger" if reading.minor else "emergency_in_danger", "sold_by_family")
    if (w.CHILD_HURT.search(text) and not w.ADULT_AGE.search(text)) or w.STEPFATHER.search(text):
        return _danger("child_in_danger", "child_told_of")
    if w.HOLDS_PEOPLE.search(text):
        return _danger("emergency_other_person", "holds_people")
    if (
        heard.on_the_way_to_a_stranger(text)
        or w.UNEASY.search(text)
        or (w.IN_COMPOUND.search(text) and not reading.scan.has("KIN"))
    ):
        return _danger("child_in_danger" if reading.minor else "emergency_in_danger", "alone_with_it")
    return NO_FRAME


def _second_hand(reading: Reading, text: str) -> Frame:
    """Told by a witness, a sister, a teacher; or by a crew that may not come ashore."""
    if p.STORY.search(text) or p.ABOUT.search(text) or p.PENALTY.search(text):
        return NO_FRAME
    if p.SELLS_KIN.search(text) and not w.OUTING.search(text):
        return _danger("child_in_danger" if reading.minor else "emergency_other_person", "family_sells")
    if p.PUPIL_GONE.search(text) and p.LURED.search(text) and not p.PLANS.search(text):
        return _danger("child_in_danger", "pupil_lured")
    if (
        (p.WITNESS.search(text) or p.CRIES_HEARD.search(text))
        and not reading.scan.has("PAST", "STORY", "IF")
        and not (c.SOLVED.search(text) or p.HOW_TO.search(text))
    ):
        kind = "emergency_in_danger" if p.CAPTIVE_ME.search(text) else "emergency_other_person"
        return _danger("child_in_danger" if reading.minor else kind, "witness")
    if p.STUCK.search(text) and not reading.scan.has("PAST", "IF"):
        # "lên bờ nó đánh" is the shore, not "bố nó"
        kin = reading.scan.has("KIN") and not w.SHORE_HE.search(text)
        kind = "emergency_other_person" if kin else "emergency_in_danger"
        return _danger("child_in_danger" if reading.minor else kind, "cannot_leave")
    return NO_FRAME


def _calm(reading: Reading, text: str) -> Frame:
    """What only sounds like danger."""
    if c.EVERYDAY.search(text) and not c.DANGER_BESIDE.search(text) and not reading.scan.has("CRY", "RANSOM"):
        return Frame(calm="everyday")
    held = reading.scan.has(*_HELD, "RANSOM")
    cries = reading.scan.has("CRY") and not c.SOLVED.search(text)
    bound = reading.scan.has("CAPTIVE", "FORCED", "VIOLENCE")
    if c.SURRENDER.search(text) and not (cries or c.HELD_NOW.search(text) or c.LOST.search(text)):
        return Frame(calm="surrender", meaning="ask_turn_myself_in")
    if c.fears_law(text) and not (cries or c.HELD_NOW.search(text)):
        return Frame(calm="fears_law", meaning="ask_forced_to_offend")
    if p.LOAN.search(text) and c.LOAN_THREAT.search(text) and not _more_than_debt(reading, text):
        return Frame(calm="loan", meaning="ask_online_collaborator_scam")
    if c.BROKER_HOLDS.search(text) and not (_more_than_debt(reading, text) or reading.scan.has("VIOLENCE", "SOLD")):
        return Frame(calm="papers", meaning="ask_job_abroad_check")
    if c.PATIENT.search(text) and c.BRUISES.search(text) and not (cries or c.HELD_NOW.search(text)):
        return Frame(calm="patient", meaning="ask_signs_of_trafficking")
    if c.invited_by_stranger(text) and not (bound or cries or c.ON_THE_WAY.search(text) or c.SCARED.search(text)):
        return Frame(calm="invitation", meaning="ask_online_lover_meeting")
    if c.SOLVED.search(text) and not c.BUT_STILL.search(text):
        return Frame(calm="solved")
    if c.STILL_WRITES.search(text) and not (bound or cries or c.LOST.search(text)):
        return Frame(calm="still_in_touch")
    if c.WELL.search(text) and not (held or cries or p.NOT_SAFE.search(text)):
        return Frame(calm="well")
    if not held and not cries and _nothing_said(reading, text):
        return Frame(calm="fragment")
    return NO_FRAME


def _only_debt(text: str) -> bool:
    """Whether a lender threatens, and no picture of a private kind is spoken of."""
    return p.LOAN.search(text) is not None and not c.OWN_PICTURES.search(text)


def _more_than_debt(reading: Reading, text: str) -> bool:
    """Whether beside money and papers somebody is held, despairs, cries for help or is blackmailed with pictures of their own."""
    if reading.scan.has("CRY", "SUICIDE", "RANSOM", "FORCED", "SOLD"):
        return True
    found = (c.OWN_PICTURES, p.PRIVATE_PICTURE, p.HELD_PERSON, p.CAPTIVE_ME, c.HELD_NOW, c.ON_THE_WAY)
    return any(pattern.search(text) for pattern in found)


def says_to_be_held(reading: Reading) -> bool:
    """Whether somebody says of themself, without another beside, that they are locked up: a topic named with it hides nothing."""
    return p.CAPTIVE_ME.search(reading.normal) is not None and not reading.scan.has(
        "KIN", "OTHER", "PAST", "IF", "STORY", "ASK"
    )


def _nothing_said(reading: Reading, text: str) -> bool:
    """A few words without any of danger: where somebody lives, "tôi thấy", "nó ở đó đó"."""
    if reading.scan.words > 9 or reading.scan.words == 0:
        return False
    return bool(c.FRAGMENT.match(text)) and not c.DANGEROUS_WORD.search(text)


def is_idiom(reading: Reading) -> bool:
    """Whether every "chết" of the message is said of love, hunger, cold or lessons."""
    return p.IDIOM.search(reading.normal) is not None and not p.DEATH.search(p.IDIOM.sub(" ", reading.normal))


def sign_of_despair(reading: Reading) -> bool:
    """Whether anything in the message speaks of death, means, despair or great weariness."""
    return p.DESPAIR.search(p.IDIOM.sub(" ", reading.normal)) is not None


def somebody_held(reading: Reading) -> bool:
    """Whether money is asked for a person: somebody named or meant is held, and is to be let go."""
    if not (p.MONEY.search(reading.normal) or reading.scan.has("RANSOM")):
        return False
    return reading.scan.has("RANSOM", "RELEASE", "CAPTIVE", "SOLD") or p.HELD_PERSON.search(reading.normal) is not None


def speaks_of_pictures(reading: Reading) -> bool:
    """Whether anything that shows somebody is spoken of: a picture, a film, a screen."""
    return p.SHOWN.search(reading.normal) is not None


def speaks_of_somebody_gone(reading: Reading) -> bool:
    """Whether anything says that nobody knows where a person is."""
    return reading.scan.has("MISSING") or p.GONE.search(reading.normal) is not None
