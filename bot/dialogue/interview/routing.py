"""Every clause of an answer goes to the question it answers, whatever was asked. Pure; Python 3.10-compatible.

People do not answer like a form: asked when, they say where; one message tells three things, three messages tell one. What
each clause tells is the fact tagger's guess (`Message.clauses`); the question just asked makes its own kind likelier. What
no question takes goes into the story, so nothing told is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import bot.phrases as phrases
from bot.core.text import CAPITAL, fold
from bot.dialogue.interview import corrections, counting, kinds, landmarks, own_contact, roles, safety
from bot.dialogue.interview.draft import MAX_FIELD_CHARS, Draft, Message, absorb, mark, place_text, take_place
from bot.dialogue.interview.extract import extract
from bot.phrases.books import book

SLOTS = ("what", "where", "when", "who", "behind", "evidence")
FOR_ASKED = 4.0  # so many times likelier is a clause of the kind that was asked for
_NAMED = 8.0  # and so many more if words give the name that was asked for
_CALLED = book("interview/answers").anywhere("called")
_BARE_NAME = re.compile(rf"{CAPITAL}[^\W\d_]*(?: {CAPITAL}[^\W\d_]*){{0,3}}")
_SURE = 0.5  # from here a clause counts as told under another question than the one asked
_VERY_SURE = 0.95  # from here the tagger counts more than a cue for who somebody is
_PEOPLE = ("who", "behind")
_ALSO = 0.15  # from here a clause stands under a second question as well
_RANK = {"commune": 3, "candidates": 2, "province": 1, "foreign": 1}
_ENOUGH = 8  # words of a story that stands as the answer to "what happened?"
_WORTH = 4  # words from which a remark beside the facts is kept
_ASKS = "?"
_SHORT = 8  # words of a message that only points back, or of a clause that says little beside its time


def each(message: Message, asked: str) -> list[tuple[str, str]]:
    """(kind, words) of each clause, in the order they were written."""
    given = asked
    if message.is_question or corrections.puts_right(message.text):
        asked = ""  # "gửi clip vô đây có ai leak ko" answers nothing; "à nhầm, thứ hai" answers what was asked before
    placed = message.place.get("whole")  # "xã An Lão, Hải Phòng" names nobody, whatever was asked
    listed = asked == "who" and len(message.clauses) > 1 and not (message.text.isupper() or placed)
    return [  # of "Hạnh, Thúy với Mai" the first is a clause of its own
        (
            "who" if listed and _BARE_NAME.fullmatch(text) else _kind(text, ranked, asked or _site_asked(given, text)),
            text,
        )
        for text, ranked in message.clauses
    ]


def _site_asked(asked: str, text: str) -> str:
    """Of "chi biet quan ten Dem Mau Hong", which sounds like a question: a landmark with its name answers "where?" all the same."""
    return asked if asked == "where" and _ASKS not in text and landmarks.named_in(text) else ""


def sorted_out(message: Message, asked: str) -> list[tuple[str, str]]:
    """(kind, words) of each run of clauses of one kind, in the order they were written."""
    runs: list[tuple[str, str]] = []
    for kind, text in each(message, asked):
        if runs and runs[-1][0] == kind:
            runs[-1] = (kind, f"{runs[-1][1]}, {text}")
        else:
            runs.append((kind, text))
    return runs


def _besides(message: Message, asked: str) -> list[tuple[str, str]]:
    """(kind, words) of what clauses tell besides their own kind: an answer stands under the question it was given to,
    whatever else it sounds like (but for a piece of the story), and a clause that may be of another kind stands there too.
    Nobody stands on the side they plainly are not on, and a time or a place names nobody.
    """
    answers = asked if not (message.is_question or corrections.puts_right(message.text)) else ""
    found: list[tuple[str, str]] = []
    for (kind, text), (_, ranked) in zip(each(message, asked), message.clauses, strict=False):
        if own_contact.find(text):
            continue  # the reporter's own number answers nothing of the deed
        scores, cue = dict(ranked), roles.of(text)
        for other in ("where", "who", "behind", "when", "evidence") if kind in SLOTS else ():
            if other == "where" and kind == "when" and not phrases.contains(text, "landmark"):
                continue  # asked where, "tuần trước" is no place
            if other == kind or (other == "when" and not kinds.is_time(text, asked=answers == other)):
                continue
            if other in _PEOPLE and not (
                cue in ("", other) and (kind not in {"when", "where"} or roles.describes(text))
            ):
                continue
            if other == cue and roles.describes(text):
                found.append((other, text))  # "thằng Hùng dẫn nó đi" is a piece of the story, and somebody is named
            elif (other == answers and (kind != "what" or _answers_beside(other, text))) or (
                other != "where" and scores.get(other, 0.0) >= _ALSO
            ):
                found.append((other, text))
    return found


def _answers_beside(asked: str, text: str) -> bool:
    """Whether a piece of the story answers what was asked as well: "nó đi hồi nghỉ hè", "có thư nó viết nhờ người mang về"."""
    if asked == "when":
        return len(text.split()) <= _SHORT + 2
    if asked == "who":
        return counting.is_sure(text)  # "tôi thấy năm em trẻ lắm vẫn ở trên đấy chứ có được đi đâu"
    return asked == "evidence" and phrases.begins(text, "evidence_kept")


def _kind(text: str, ranked: Iterable[tuple[str, float]], asked: str) -> str:
    """The kind of a clause; of somebody who is named, a plain cue says on which side they are."""
    kind = _likeliest(text, ranked, asked)
    if asked == "who" and kind not in SLOTS and counting.is_sure(text):
        return asked
    if kind not in _PEOPLE or not (cue := roles.of(text)) or dict(ranked).get(kind, 0.0) >= _VERY_SURE:
        return kind
    return "what" if cue == roles.SPEAKER else cue


def _likeliest(text: str, ranked: Iterable[tuple[str, float]], asked: str) -> str:
    if asked == "when" and kinds.begins_as_time(text):
        return asked  # "hôm chợ phiên", "bữa nhà có đám": whatever place or people are named in it
    scores = dict(ranked)
    if not kinds.is_time(text, asked=asked == "when"):
        scores.pop("when", None)  # whatever it sounds like: a time is named, or it is none
        asked = "" if asked == "when" else asked
    if asked == "where" and _names_asked(text, asked):
        return asked  # a landmark and no deed: there is nothing else it could answer
    if not scores:
        return "what"
    sure = dict(scores)
    if asked in scores:
        scores[asked] *= FOR_ASKED * (_NAMED if _names_asked(text, asked) else 1.0)
    best = max(scores, key=lambda name: scores[name])
    if best != asked and sure[best] < _SURE and asked in SLOTS:
        return asked if asked in scores else "what"
    return best


def _names_asked(text: str, asked: str) -> bool:
    """Whether words name somebody or a landmark, and so answer who or where was asked: "chồng tôi tên Sang", "quán Luxury 68"."""
    if asked == "where":
        return phrases.contains(text, "landmark") and not kinds.tells_event(text)
    named = bool(_CALLED.search(fold(text)))
    return named and (asked == "behind" or (asked == "who" and not phrases.contains(text, "suspect_words")))


def only_points_back(message: Message, asked: str) -> bool:
    """Whether a short message says nothing but "như trên", "nói rồi mà"."""
    kinds_told = {kind for kind, _ in sorted_out(message, asked)}
    return kinds_told == {"again"} and len(message.text.split()) <= _SHORT


def take(draft: Draft, asked: str, message: Message) -> bool | None:
    """Put each clause where it belongs. Whether `asked` got its answer; None when there is nothing to sort."""
    runs = sorted_out(message, asked)
    told = [(kind, words) for kind, words in runs if kind in SLOTS]
    if not told:
        return None
    found = extract(message.text)
    besides = _besides(message, asked)
    _place(draft, message, [words for kind, words in (*told, *besides) if kind == "where"], asked)
    whole = asked == "what" and (len(message.text.split()) >= _ENOUGH or kinds.tells_event(message.text))
    if whole:
        add(draft, "what", message.text)  # a story stays one; its facts stand in their sections besides
    for kind, words in told:
        if kind != "where" and not (whole and kind == "what"):
            add(draft, kind, words)
    for kind, words in each(message, asked) if not whole else ():
        if _tells_besides(kind, words, asked):
            add(draft, "what", words)  # "hôm qua nó còn đánh 1 đứa" is a time and a part of the story
    for kind, words in runs:
        if kind not in SLOTS and _worth_keeping(kind, words):
            add(draft, "what", words)
    for kind, words in besides:
        if kind != "where":
            add(draft, kind, words)
    _count(draft, runs, asked)
    _count_one(draft, runs, besides)
    absorb(draft, replace(found, people=None))
    corrections.drop_denied(draft, message.text, found)
    answered = {kind for kind, words in told if closes(kind, words, message, asked)} | ({"what"} if whole else set())
    answered |= {
        kind
        for kind, words in besides
        if kind == asked
        and (
            kind in {"when", "evidence"}
            or (kind == "who" and counting.is_sure(words))
            or (kind == roles.of(words) and roles.describes(words))
        )
    }
    for kind in answered:
        mark(draft, kind)
    return asked in answered or (asked == "where" and "where" in draft["done"])


def _tells_besides(kind: str, words: str, asked: str) -> bool:
    """Whether words under another section are a piece of the story too: somebody does something, or does it often."""
    if kind == "when" and asked != "when" and kinds.tells_event(words):
        return True
    if kind in {"when", "where"}:
        return roles.acts(words) and not landmarks.named_in(words)
    return kind in _PEOPLE and roles.is_habit(words)


def take_besides(draft: Draft, message: Message) -> str:
    """What an answer to "which commune?" says of the place, on one line; what else it tells goes where it belongs."""
    runs = sorted_out(message, "where")
    for kind, words in runs:
        if kind in SLOTS and kind != "where":
            add(draft, kind, words)
    _count(draft, runs)
    said = ", ".join(words for kind, words in runs if kind == "where") or message.text
    return own_contact.split(" ".join(said.split()))[0]


def _count_one(draft: Draft, runs: list[tuple[str, str]], besides: Iterable[tuple[str, str]]) -> None:
    """Somebody alone of whom only the story tells: "nó bị nhốt". More are counted where they are spoken of by themselves."""
    story = "; ".join(words for kind, words in runs if kind in {"what", "when"})
    told = "; ".join(words for kind, words in besides if kind == "who" and words in story)
    if told and not draft.get("people") and counting.count(told) == 1 and not counting.of_a_father(told):
        draft["people"] = 1


def _count(draft: Draft, runs: Iterable[tuple[str, str]], asked: str = "") -> None:
    """How many are in danger: what is said of them counts, and later words before earlier; who is behind it is not counted.

    To "who?" all of an answer but the people behind it is about them. A number that was said stays until another is.
    """
    runs = list(runs)
    known, sure = draft.get("people"), bool(draft.get("people_sure"))
    told = "; ".join(
        words
        for kind, words in runs
        if (kind not in {"behind", "evidence"} if asked == "who" else kind == "who")
        and roles.of(words) != roles.SPEAKER
    )
    named = counting.is_sure(told)
    before = known if sure or not named else None  # a guess does not weigh against a number
    if known and counting.speaks_of_the_rest(told):
        before = max(
            known, counting.count(told) or 0
        )  # "hai đứa tên…, mấy đứa kia thì không biết": some of those told before
    again = not (named or counting.tells_besides(told) or counting.speaks_of_the_rest(told))
    if asked == "who" and known and not sure and again:
        known, before = (
            max(known, counting.count(told) or 0),
            None,
        )  # the same people, named now: a guess is not added to
    people = counting.count(told, before) if told and (named or not sure or counting.adds(told)) else None
    if not (people or known):
        story = "; ".join(words for kind, words in runs if kind == "what")
        people = extract(story).people
        named = named or bool(people and people > 1)
    if people and draft.get("people_righted") and people <= (known or 0):
        return  # put right before: an earlier number, said once more, does not come back
    if people:
        draft["people"], draft["people_sure"] = people, named or sure


def spread(draft: Draft, message: Message) -> None:
    """The facts in a story that was told before its questions: each to its section, and a question they answer is closed."""
    runs = sorted_out(message, "")
    for kind, words in runs:
        if kind in SLOTS and kind not in {"what", "where"}:
            add(draft, kind, words)
            if closes(kind, words, message, ""):
                mark(draft, kind)
    besides = _besides(message, "")
    for kind, words in besides:
        add(draft, kind, words)
    for words, _ in message.clauses if "when" not in draft["done"] else ():
        if len(words.split()) <= _SHORT and kinds.is_time(words):
            add(draft, "when", words)  # "Chuyện xảy ra tối qua": the tagger hears a deed, the words name a time
            mark(draft, "when")
    _count(draft, runs)
    _count_one(draft, runs, besides)


def add(draft: Draft, kind: str, words: str) -> None:
    """Add words to an answer, once."""
    said = own_contact.split(words[:MAX_FIELD_CHARS])[0].strip(" ,")
    known = str(draft.get(kind) or "")
    if not said or said in known:
        return
    if re.fullmatch(r"\w+:\w+", known):  # a button was tapped before: the words say more
        known = ""
    draft[kind] = f"{known}{'; ' if kind != 'what' else chr(10)}{said}" if known else said


def closes(kind: str, words: str, message: Message, asked: str) -> bool:
    """Whether words are enough of an answer that the question need not be put (again)."""
    if kind == "what":
        return kinds.tells_event(words) or len(words.split()) >= _ENOUGH
    if kind == asked:
        return True
    if kind == "when":
        return kinds.is_time(words) and not roles.is_often(words)
    if kind == "who":
        found = extract(words)
        return bool(found.people and len(words.split()) >= _WORTH)
    if kind == "behind":
        return bool(extract(words).traces) and len(words.split()) >= _WORTH
    return kind == "evidence" and kinds.holds_evidence(words)


def _place(draft: Draft, message: Message, told: list[str], asked: str) -> None:
    """The gazetteer's reading of the message, and the words of its place clauses."""
    where = draft.get("where") or {}
    new, old = _RANK.get(str(message.place.get("status")), 0), _RANK.get(str(where.get("status")), 0)
    words = own_contact.split(", ".join(told))[0]
    if not told and message.place.get("status") == "foreign" and "where" not in draft["done"]:
        take_place(draft, message, story=True)  # where they are from is asked next
        return
    if not told and not (new == 3 and old < 3):
        return
    if new and (new > old or not where):
        before = place_text(where, str(draft.get("what", "")))
        take_place(draft, Message(text=words, place=message.place), story=not words)
        place = draft["where"]
        if before and before not in place["text"]:
            place["text"] = f"{before}; {place['text']}".strip("; ")
        place["country"] = place.get("country") or where.get("country", "")
        return
    if words and words not in str(where.get("text", "")):
        country = str(message.place.get("country") or "")
        where = where or dict(draft.get("province_told") or {})
        draft["where"] = {"status": "none", **where, "text": f"{where.get('text', '')}; {words}".strip("; ")}
        if country and not draft["where"].get("country"):
            draft["where"]["country"] = country
    if told and (asked == "where" or new):
        mark(draft, "where")


def _worth_keeping(kind: str, words: str) -> bool:
    """What is no fact and still belongs to the tip: a fear of the local police, how the reporter is, a correction."""
    if kind in {"talk", "confirm", "again", "ask"}:
        return kinds.tells_event(words)
    if kind == "safe" and safety.read(words) == safety.SAFE and not safety.beside(words):
        return False
    return len(words.split()) >= _WORTH or bool(extract(words).traces)
