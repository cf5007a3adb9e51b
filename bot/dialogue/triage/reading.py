"""Reads a message for the triage: normal words, concepts, and who suffers what. Shared with the classifier."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.core import disguise, text
from bot.dialogue.triage import meant
from bot.dialogue.triage.scan import Lexicon, Scan
from bot.phrases.books import book

HEAD, TAIL = 1_400, 500  # characters read; who needs help says so first or last
DANGERS = ("CAPTIVE", "FORCED", "VIOLENCE", "SOLD", "RANSOM", "MISSING", "SUICIDE", "CRY", "RELEASE")
PEOPLE = ("SELF", "KIN", "OTHER", "CHILD", "CAPTORS")
_SUBJECT_REACH = 6  # words between a subject and what happens to it
_BOOK, _MARKS = book("danger/vi/concepts"), book("danger/vi/marks")
_LEXICON = Lexicon({name.upper(): _BOOK.phrases(name) for name in _BOOK.names()})
_SLOWLY = _MARKS.anywhere("slowly", any_case=True)  # which folds to the same letters as suicide
# The village of many who live near the borders, which folds to the same letters as "sold"; less, and not locked up.
_VILLAGE, _LESS = _MARKS.words("village", any_case=True), _MARKS.words("less", any_case=True)
_AILS = book("danger/vi/person").words("ails")
_FRIEND, _SELLS = _MARKS.words("friend"), _MARKS.words("sells")
_AGE = re.compile(r"\b(\d{1,2}) ?tuoi\b")


@dataclass(frozen=True)
class Reading:
    """`normal`: the normalised words in one string. `scan`: the concepts found in them. `written`: with its marks."""

    normal: str
    scan: Scan
    written: str = ""

    @property
    def minor(self) -> bool:
        """True when somebody under eighteen is mentioned, by age, class or word."""
        return self.scan.has("CHILD") or any(0 < int(age) < 18 for age in _AGE.findall(self.normal))


def read(message: str) -> Reading:
    """Read a message, however long or broken."""
    written = disguise.plain(
        text.nfc(text.excerpt(message, HEAD, TAIL))
    )  # some write so that nobody beside them reads it
    visible = _SLOWLY.sub("cham rai", written)
    visible = _LESS.sub("bớt", _VILLAGE.sub("lang", visible))
    normal = no_deed(meant.plain(text.normalise(visible)))
    words = normal.split()
    scan = _until_now(words, _LEXICON.scan(words))
    return Reading(normal, _no_friend_sold(words, scan, written.lower()), written.lower())


def no_deed(normal: str) -> str:
    """Normalised words in which "tôi bị điếc" is nothing that somebody does to them."""
    return _AILS.sub(lambda found: found[0].replace(" bi ", " "), normal)


def _until_now(words: list[str], scan: Scan) -> Scan:
    """ "hai năm nay" is no past: it goes on."""
    hits = tuple(hit for hit in scan.hits if not (hit.concept == "PAST" and words[hit.end : hit.end + 1] == ["nay"]))
    return replace(scan, hits=hits)


def _no_friend_sold(words: list[str], scan: Scan, written: str) -> Scan:
    """ "bạn tôi" is a friend; only without its mark might it be "bán tôi". "Nhật Bản tối đa" sells nobody."""
    hits = tuple(
        hit
        for hit in scan.hits
        if not (hit.concept == "SOLD" and words[hit.start - 1 : hit.start + 1] == ["nhat", "ban"])
    )
    scan = replace(scan, hits=hits)
    if not _FRIEND.search(written) or _SELLS.search(written):
        return scan
    hits = tuple(hit for hit in scan.hits if not (hit.concept == "SOLD" and words[hit.start] == "ban"))
    return replace(scan, hits=hits)


def features(reading: Reading) -> list[str]:
    """Concepts, concept pairs "who: what" and a child flag, as words for the classifier."""
    found = sorted(reading.scan.names)
    people = [hit for hit in reading.scan.hits if hit.concept in PEOPLE]
    for danger in (hit for hit in reading.scan.hits if hit.concept in DANGERS):
        before = [p for p in people if p.end <= danger.start + 1 and danger.start - p.end <= _SUBJECT_REACH]
        if before:
            nearest = max(before, key=lambda p: (p.end, p.end - p.start))
            found.append(f"{nearest.concept}:{danger.concept}")
    if reading.minor:
        found.append("MINOR")
    return found
