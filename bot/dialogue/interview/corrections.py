"""A word put right: "thứ năm chứ không phải thứ sáu", "không phải Páo mà là A Chinh", "4 đứa lận". The later word wins.

Corrections of the place are read by the gazetteer (see place_beside.corrected); here are all the others. The words are
content/interview/corrections.yml. Pure; Python 3.10-compatible; linear time.
"""

from __future__ import annotations

import re

from bot.core.text import fold
from bot.dialogue.interview import kinds, trace_righting, traces, verbatim
from bot.dialogue.interview.draft import Draft
from bot.dialogue.interview.extract import Found
from bot.phrases.books import book
from bot.phrases.numbers import BARE, COMMON, any_of

_SLOTS = ("when", "who", "behind", "evidence", "what")
_BOOK, _COMMON = book("interview/corrections"), book(COMMON)
_NOT, _OR, _IS = _BOOK.part("not"), _BOOK.part("or"), rf"(?:{_BOOK.part('being')}\s+)?"
_SAID = r"((?:[^,.;!?\n]|(?<=[\d\s])[.,](?=\d)){1,40}?)"  # a full stop inside a plate ends nothing
_ENDS = r"(?=[;!?\n]|[,.](?!\d)|$)"
_PAIRS = (
    re.compile(rf"{_SAID}\s+{_OR}\s+{_NOT}\s+{_IS}{_SAID}{_ENDS}", re.IGNORECASE),  # new, old
    re.compile(rf"{_NOT}\s+{_IS}{_SAID}\s+{_BOOK.part('rather')}\s+{_IS}{_SAID}{_ENDS}", re.IGNORECASE),  # old, new
    re.compile(  # "không phải Páo ạ, nó tên A Chinh": old, new
        rf"{_NOT}\s+{_IS}{_SAID}(?:\s+{_BOOK.part('softly')})*(?:,\s*|\s+){_BOOK.part('who')}\s+{_BOOK.part('called')}\s+"
        rf"{_SAID}{_ENDS}",
        re.IGNORECASE,
    ),
)
# "thứ 3 tuần tới, ko phải thứ 5"; "không phải 150 đâu, nó đòi 180 triệu": only where both are values of one kind.
_VALUE_PAIRS = (
    re.compile(rf"(?:^|[,.;!?\n]\s*){_SAID},?\s+{_NOT}\s+{_IS}{_SAID}{_ENDS}", re.IGNORECASE),  # new, old
    re.compile(
        rf"{_NOT}\s+{_IS}{_SAID}(?:\s+{_BOOK.part('softly')})*\s*[,.;]\s*(?:{_BOOK.part('rather')}\s+)?{_SAID}{_ENDS}",
        re.IGNORECASE,
    ),  # old, new
)
# "ngõ 24 nhé, mình gõ lộn thành 42": new, old.
_TYPED_AS = re.compile(
    rf"(?:^|[,.;!?\n]\s*){_SAID}(?:\s+{_BOOK.part('softly')})*,?\s+(?:[^\W\d]+\s+){{0,4}}{_BOOK.part('typed_as')}\s+{_SAID}{_ENDS}",
    re.IGNORECASE,
)
_LEAD = re.compile(rf"^{_BOOK.part('lead')}\s+", re.IGNORECASE)
_HEADED = re.compile(r"(?:[^\W\d]+\s+)*?([^\W\d]+)\s+\d{1,4}$")
_NUMBERED = re.compile(r"(?:(?P<head>[^\W\d]+)\s+)?(?<![\d/.,])(?P<n>\d{1,4})(?![/.,]?\d)(?:\s*(?P<unit>[^\W\d]+))?")
_MONEY = re.compile(rf"{_BOOK.part('money')}")
_TAIL = re.compile(rf"(?:\s+{_BOOK.part('tail')})+$", re.IGNORECASE)  # said after the words, no part of them
_PUTS_RIGHT = _BOOK.anywhere("puts_right")
_DENIES = re.compile(_NOT, re.IGNORECASE)
_NEW_FIRST, _LEAST = 0, 2
_MOST_WORDS = 6  # of the new words: the last of what stands before "chứ không phải"
_SIGNS = _BOOK.anywhere("signs")
_PERSONS = _COMMON.bare("persons_righted")
_PERSON = re.compile(_PERSONS)
_COUNTED = re.compile(
    "".join(rf"(?<!{words} )" for words in _BOOK.entries("not_counted"))
    + rf"(?<![/\d])\b(\d{{1,3}}|{any_of(BARE, _LEAST)})(?: {_PERSONS}\b| {_BOOK.part('after_count')}\b)"
)
_IS_NUMBER = rf"\b{_BOOK.part('is_number')}"
_TOTAL = re.compile(
    rf"{_IS_NUMBER} (\d{{1,3}}) (?:\w+ )?{_BOOK.part('all_after')}\b"
    rf"|\b{_BOOK.part('all_before')}(?: {_BOOK.part('is_or_has')})? (\d{{1,3}})\b"
    rf"|(?<!{_BOOK.part('never_is')} ){_IS_NUMBER} (\d{{1,3}})(?: {_PERSONS})?(?: {_BOOK.part('after_total')})*(?=\W*$|\s*[,.;])"
)
_ENDS_BARE = re.compile(r"(?:^|(?<=\s))(\d{1,3})$")
_NUMBER_OF = _BOOK.anywhere("number_of")
_WRITTEN = f" {_BOOK.entries('people_written')[0]}"  # "4 người"


def put_right(draft: Draft, text: str, found: Found) -> bool:
    """Replace in the answers what `text` corrects. Whether words of an answer were replaced."""
    drop_denied(draft, text, found)
    if trace_righting.part(draft, pairs(text)):
        return True
    replaced = [_replace(draft, old, new) for old, new in pairs(text)]
    for (old, new), done in zip(pairs(text), replaced, strict=True):
        if done and not found.own:  # the reporter's own number is nobody's to read beside the contact
            counted = _renumbered(old, new) if old.isdigit() else None
            unit = f" {counted[1]['unit']}" if counted else ""  # "5" instead of "6 người" is read as "5 người"
            verbatim.keep_righted(draft, f"{old}{unit}", f"{counted[1]['n']}{unit}" if counted else new)
    return any(replaced)


def pairs(text: str) -> list[tuple[str, str]]:
    """(old, new) for each "A chứ không phải B" and "không phải B mà A"."""
    told: list[tuple[str, str]] = []
    for number, pattern in enumerate(_PAIRS):
        for match in pattern.finditer(text[:1_000]):
            first, second = (_TAIL.sub("", match[part].strip()) for part in (1, 2))
            told.append((second, first) if number == _NEW_FIRST else (first, second))
    told += [
        _of_one_head(*(_TAIL.sub("", _LEAD.sub("", match[part].strip())) for part in (2, 1)))
        for match in _TYPED_AS.finditer(text[:1_000])
    ]
    if told:
        return told
    for number, pattern in enumerate(_VALUE_PAIRS):
        for match in pattern.finditer(text[:1_000]):
            first, second = (_TAIL.sub("", match[part].strip()) for part in (1, 2))
            old, new = (second, first) if number == _NEW_FIRST else (first, second)
            if _renumbered(old, new) or (kinds.is_time(old) and kinds.is_time(new)):
                told.append((old, new))
    return told


def _of_one_head(old: str, new: str) -> tuple[str, str]:
    """ "42" instead of "ngõ 24" is "ngõ 42"."""
    headed = _HEADED.match(new)
    return (f"{headed[1]} {old}", new) if headed and old.isdigit() else (old, new)


def _renumbered(old: str, new: str) -> tuple[re.Match[str], re.Match[str]] | None:
    """The number that was denied and the one given instead, where both count the same: "4h" and "3h", "thứ 5" and "thứ 3"."""
    was = _NUMBERED.fullmatch(fold(old).strip())
    if was is None:
        return None
    for now in _NUMBERED.finditer(fold(new)):
        if was["unit"] and (now["unit"] == was["unit"] or (_is_person(was["unit"]) and _is_person(now["unit"]))):
            return was, now
        if not was["unit"] and (was["head"] == now["head"] if was["head"] else now["unit"]):
            return was, now
    return None


def _is_person(word: str | None) -> bool:
    return bool(word and _PERSON.fullmatch(word))


def _renumber(words: str, old: str, new: str) -> str:
    """`words` with the number given instead of the one denied, where that counts the same; as they were where it does not stand."""
    found, folded = _renumbered(old, new), fold(words)
    if found is None or len(folded) != len(words):
        return words
    was, now = found
    unit = now["unit"] or was["unit"]
    if unit:
        after = _PERSONS if _is_person(unit) else _MONEY.pattern if _MONEY.fullmatch(unit) else re.escape(unit)
        pattern = rf"(?<![\w/.,])0*{was['n']}(?=\s*{after}(?!\w))"
    else:
        pattern = rf"(?<=\b{re.escape(was['head'])} ){was['n']}(?![\w/.,])"
    at = re.search(pattern, folded)
    return f"{words[: at.start()]}{now['n']}{words[at.end() :]}" if at else words


def _replace(draft: Draft, old: str, new: str) -> bool:
    holders = [(draft, name) for name in _SLOTS] + [(draft.get("where") or {}, "text")]
    renumbered = False
    for holder, slot in holders:
        words = str(holder.get(slot) or "")
        if words and (instead := _renumber(words, old, new)) != words:
            holder[slot], renumbered = instead, True
    if renumbered:
        return True
    wanted, new = fold(old), _from_head(old, " ".join(new.split()[-_MOST_WORDS:]))
    if len(wanted) < 2 or wanted.isdigit():
        return False
    done = False
    for holder, slot in holders:
        words = str(holder.get(slot) or "")
        folded = fold(words)
        at = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded)
        if at and len(folded) == len(words):
            kept = _same_tail(_same_head(new, words[: at.start()]), words[at.end() :])
            holder[slot] = f"{words[: at.start()]}{kept}{words[at.end() :]}"
            done = True
    return done


def puts_right(text: str) -> bool:
    """Whether words put something right that was said before; they need not answer the question just asked."""
    return bool(pairs(text)) or bool(_PUTS_RIGHT.search(fold(text)))


def _from_head(old: str, new: str) -> str:
    """`new` from the word that `old` begins with: of "họ hẹn thứ năm" instead of "thứ sáu", "thứ năm"."""
    words, head = new.split(), fold(old).split()[:1]
    at = max((number for number, word in enumerate(words) if [fold(word)] == head), default=0)
    return " ".join(words[at:])


def _same_head(new: str, before: str) -> str:
    """`new` without the words that stand before the old ones already: "dạ họ hẹn giao | thứ năm"."""
    words, said = new.split(), fold(before).split()
    for at in range(len(words) - 1, 0, -1):
        if said and fold(words[at - 1]) == said[-1]:
            return " ".join(words[at:])
    return new


def _same_tail(new: str, after: str) -> str:
    """`new` without the words that stand after the old ones already: "tối t5 tuần | tuần rồi"."""
    words, said = new.split(), fold(after).split()
    for many in range(min(len(words) - 1, len(said)), 0, -1):
        if [fold(word) for word in words[-many:]] == said[:many]:
            return " ".join(words[:-many])
    return new


def recount(draft: Draft, text: str) -> bool:
    """ "4 đứa chứ không phải 3": the number said last counts, where the words say that it is put right. Whether they give one."""
    for trace in traces.read(text):
        text = text.replace(trace.value, " ")  # the digits of a plate count nobody
    folded = fold(text)
    if not (_SIGNS.search(folded) or _DENIES.search(text)):
        return False
    before = draft.get("people")
    if number := _bare_number(text, before):
        draft["people"], draft["people_sure"] = number, True
        verbatim.keep_righted(draft, f"{before}{_WRITTEN}", f"{number}{_WRITTEN}")
        return True
    total = next(reversed(list(_TOTAL.finditer(folded))), None)  # "khi nãy tôi nói 6 người …, rứa là 5 người thôi"
    counted = _COUNTED.search(folded)
    if total:
        draft["people"] = int(next(filter(None, total.groups())))
    elif counted:
        said = counted.group(1)
        draft["people"] = BARE.get(said) or int(said)
    if total or counted:
        draft["people_sure"] = True
    if before and draft.get("people") != before:
        verbatim.keep_righted(draft, f"{before}{_WRITTEN}", f"{draft['people']}{_WRITTEN}")
    return bool(total or counted)


def _bare_number(text: str, before: int | None) -> int:
    """ "số người là 14 chứ không phải 12": the number given instead of the one known, where neither counts anything else."""
    for old, new in pairs(text):
        now = _ENDS_BARE.search(new)
        counted = fold(new[: now.start()]) if now else ""
        if now and old.isdigit() and (before == int(old) or _NUMBER_OF.search(counted)) and not kinds.is_time(text):
            return int(now[1])
    return 0


def drop_denied(draft: Draft, text: str, found: Found) -> None:
    """ "số cuối là 256 chứ không phải 265", "29H-123.54 mới đúng": the number that was wrong is no trace any more."""
    if not (_SIGNS.search(fold(text)) or _PUTS_RIGHT.search(fold(text))):
        return
    told = [values[0] for values in (found.phones, found.vehicles, found.accounts) if len(values) == 1]
    trace_righting.whole(draft, told)
