"""The turns around an emergency card: it comes first, it is not said twice, and who answers it is not lost.

The card asks "where are you, what is happening". Whoever then writes a place has answered, and the short urgent tip
begins with what they wrote; whoever writes "không gọi được" or "dạ" is stayed with instead of being shown a menu.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import bot.phrases as phrases
from bot.core.text import fold, normalise, shortened
from bot.dialogue.emergency import at_once, hindrances
from bot.dialogue.interview import hands, receipt_forms, safety
from bot.dialogue.interview.plates import vehicles
from bot.dialogue.kept import End
from bot.dialogue.reading import at_once as reading
from bot.dialogue.reading import person
from bot.dialogue.reading.questions import is_question
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState, Topic
from bot.dialogue.triage import circumstances, frames, heard, meant
from bot.dialogue.triage.reading import read
from bot.phrases.books import book

EMERGENCY_ITEMS = frozenset({
    "emergency_in_danger", "emergency_other_person", "child_in_danger", "missing_person", "ransom_demand",
    "sextortion", "fake_police_call", "self_harm_distress", "card_emergency",
})  # fmt: skip
DISTRESS, CHILD = "self_harm_distress", "child_in_danger"
PICTURES = "sextortion"
POLICE, RANSOM, LURE = "fake_police_call", "ransom_demand", "online_lover_meeting"
ENDED = frozenset({*receipt_forms.SHOWN, "tip_cancelled"})  # the interview is over
TURNS = 3  # so many turns after it, a message is read as an answer to the card
# What the bot says when it has nothing to say: out of place beside an emergency card.
EMPTY = frozenset({
    "menu", "nothing_open", "nothing_to_stop", "unsure", "unsure_again", "out_of_scope", "chitchat", "greet",
    "foreign_card",
})  # fmt: skip
# After the card, one small question at a time, and never the same words again.
_DISTRESS_STEPS = tuple(f"still_here_distress{n}" for n in ("", "_2", "_3", "_4", "_5"))
_CHILD_STEPS = tuple(f"still_here_child{n}" for n in ("", "_2", "_3", "_4"))
_STEPS = tuple(f"still_here{n}" for n in ("", "_2", "_3", "_4"))
# By what was heard: pills taken, a cut, a friend who may die; a false policeman; a ransom; each again once money has gone.
_BY_DESPAIR = {
    "taken": tuple(f"still_here_taken{n}" for n in ("", "_2", "_3")),
    "bleeding": tuple(f"still_here_bleeding{n}" for n in ("", "_2", "_3")),
    "friend": tuple(f"still_here_friend{n}" for n in ("", "_2", "_3")),
}
_BODILY = frozenset({"taken", "bleeding"})
DEATH = "death"  # a wish to die that holds an interview still; outside of one it is despair like any other
_ONCE = {"height": "still_here_height", "no_call": "still_here_no_call"}
_BY_CARD = {
    POLICE: tuple(f"still_here_police{n}" for n in ("", "_2", "_3")),
    RANSOM: tuple(f"still_here_ransom{n}" for n in ("", "_2", "_3")),
    PICTURES: tuple(f"still_here_pictures{n}" for n in ("", "_2", "_3")),
}
_PAID = {
    POLICE: "still_here_police_paid",
    RANSOM: "still_here_ransom_paid",
    PICTURES: "still_here_pictures_paid",
}
_TALK = {POLICE: heard.POLICE_TALK, RANSOM: heard.RANSOM_TALK, PICTURES: heard.PICTURES_TALK}
_HOME_FEARED, MISREAD = "still_here_pictures_family", "still_here_misread"
# What was told before a card for despair, the gravest first: what a denial returns to.
_BEFORE = (PICTURES, RANSOM, POLICE, "missing_person", "emergency_other_person", CHILD, "emergency_in_danger")
_TOLD_OF = frozenset({"missing_person", "emergency_other_person", RANSOM, CHILD})
_LURE_STEPS = tuple(f"still_with_lure{n}" for n in ("", "_2", "_3"))
_TOLD_OF_CHILD = "still_here_child_told"
OFFERED = "still_here_placed"  # the place is known: to send it is offered
_PLACED_CARDS = frozenset({"emergency_in_danger", "emergency_other_person", CHILD})
_OFFEND, _OFFEND_STEPS = (
    frozenset({"forced_to_offend", "turn_myself_in", "left_illegally"}),
    ("offend_next", "offend_next_2"),
)
DISTRESS_LINES = frozenset(
    {
        DISTRESS,
        *_DISTRESS_STEPS,
        *hindrances.DESPAIR_LINES,
        *_BY_DESPAIR["taken"],
        *_BY_DESPAIR["bleeding"],
        *_ONCE.values(),
    }
)
STAYING = frozenset({
    *_STEPS, *_DISTRESS_STEPS, *_CHILD_STEPS, *itertools.chain(*_BY_DESPAIR.values()), *_ONCE.values(), *_BY_CARD[POLICE],
    *_BY_CARD[RANSOM], *_BY_CARD[PICTURES], *_PAID.values(), "still_here_bus", _HOME_FEARED, MISREAD,
    OFFERED, f"{OFFERED}_child", f"{OFFERED}_told",
    *hindrances.LINES, *at_once.LINES,
})  # fmt: skip
# What somebody in despair who asks for it gets instead of the next small question.
_WANTED = frozenset({"ask_human", "hotline_number", "hotline_111", "erase_traces", "tip_intro", "tip_safe", "goodbye"})
# A step whose question was answered where this line was said.
_ANSWERED = {"still_here_2": "still_here_alone", "still_here": "still_here_lost"}
_SAID_SHORTLY = 14  # words
_SAME = frozenset(
    {"", "emergency_in_danger", "emergency_other_person"}
)  # dangers that are no other than the one spoken of
# Beside these no card appears: somebody may look at the screen.
_CALLS_FIRST = frozenset({"tip_urgent_intro", "tip_urgent_kept", hands.AWAY, hands.NEUTRAL}) | STAYING
_THEMSELVES = frozenset({"", person.SELF, person.CHILD})
_HELD_CARDS = frozenset({"emergency_in_danger", CHILD})
_PLACED = frozenset({"commune", "candidates", "province", "foreign"})
_CANNOT = book("interview/answers").anywhere("cannot_call")
_ADDRESS = book("danger/vi/harmed").words("address")
_JUST_SAFE = 9  # words
_LONGEST = 40  # words; a longer message is a story, and the dialogue has a way with stories
_KEPT_CHARS = 1_000
_READ_CHARS = 80


def answers_card(text: str, place: Mapping[str, Any], state: ConversationState, *, here: bool = False) -> bool:
    """Whether `text` says where, shortly after a card that asked for it. here: a position was shared, which does."""
    if not state.card.near or state.card.item == DISTRESS or not (text or here):
        return False
    if is_question(text) or len(text.split()) > _LONGEST:
        return False
    boat = state.signs.place == person.SEA and bool(vehicles(text, fold(text)))  # at sea the boat is the place
    return place.get("status") in _PLACED or boat


def sends(text: str, state: ConversationState) -> bool:
    """Whether words after a card want its cry passed on: "gửi đi", "báo công an giùm em"; a plain yes where that was offered."""
    if not state.card.near or state.card.item == DISTRESS or not state.card.cry or is_question(text):
        return False
    wants = phrases.means(text, "send", "wants_report", beside=("yes", "small_talk"))
    offered = OFFERED in state.card.shown and state.card.step <= 1  # later steps ask what "có" answers
    return wants or (offered and phrases.means(text, "yes", beside=("small_talk",)))


def placed(says: list[Say], place: str, state: ConversationState) -> list[Say]:
    """The same answers where the commune was told: nobody who said it is asked where they are, and one word sends it.

    place: its name. Of who is abroad or at sea it is their home, and where they are is still asked.
    """
    if not place or person.foreign(state.signs.place) or state.signs.place == person.SEA:
        return says
    child = "_child" if state.signs.speaker == person.CHILD else ""
    found = [_placed(say, place, child) for say in says]
    if found != says:
        state.card.shown = tuple(sorted({*state.card.shown, OFFERED}))
    return found


def _placed(say: Say, place: str, child: str) -> Say:
    name, args = say["say"], say.get("args") or {}
    if name in (_STEPS[0], _TOLD_OF_CHILD):  # who cannot call keeps their own first line
        tail = "_told" if name == _TOLD_OF_CHILD else child
        return {"say": f"{OFFERED}{tail}", "args": {**{k: v for k, v in args.items() if k != "whole"}, "place": place}}
    if name in _PLACED_CARDS and not args.get("more"):
        return {"say": name, "args": {**args, "ask": f"ask_placed{child}", "place": place}}
    return say


def keep(state: ConversationState, item: str, text: str, choice: str) -> None:
    """Remember, sealed with the rest of the state, which card was shown and the cry it answered."""
    state.card.near, state.card.item = TURNS, item
    if item == DISTRESS:
        state.card.cry = ""
    elif len(text.split()) > 1 and not choice:
        state.card.cry = f"{state.card.cry}\n{text}".strip()[-_KEPT_CHARS:]


def remember(state: ConversationState, names: set[str], text: str, choice: str) -> None:
    """What this turn said, so that the next one knows how far away the card is. Later its words are forgotten."""
    for topic, items in ((state.lure, {LURE, *_LURE_STEPS}), (state.offend, _OFFEND | set(_OFFEND_STEPS))):
        topic.near = TURNS if names & items else max(0, topic.near - 1)
    card = next(iter(sorted(names & EMERGENCY_ITEMS)), "")
    if names & ENDED:
        state.forget(End.INTERVIEW)
    if card or names & STAYING:
        state.card.shown = tuple(sorted({*state.card.shown, *names}))
    if names & STAYING:
        card = state.card.item
        state.card.step += 1
    elif card:
        state.card.step = 0
    if card:
        keep(state, card, text, choice)
        return
    state.card.near = max(0, state.card.near - 1)
    if not state.card.near:
        forget(state)


def forget(state: ConversationState) -> None:
    """No card stands any more, and the words that brought it are gone."""
    state.forget(End.CARD)


def card_first(says: list[Say], kind: str, state: ConversationState, language: str, *, in_form: bool) -> list[Say]:
    """113 and 111 before anything else: the whole card the first time, one line when it was just shown."""
    if says and says[0]["say"] in EMERGENCY_ITEMS | _CALLS_FIRST | at_once.BESIDE:
        return says
    dropped = EMERGENCY_ITEMS if in_form else EMERGENCY_ITEMS | EMPTY
    rest = [say for say in says if say["say"] not in dropped]
    if language not in {"vi", "en"}:
        return [{"say": "foreign_card", "args": {}}, *(rest if in_form else [])]
    card = "emergency_line" if state.card.near and rest else (kind or "emergency_in_danger")
    if in_form and rest:  # in an interview a card is shown whole once, then its numbers in one line
        shown = state.interview_cards
        card = "emergency_line" if card in shown else card
        state.interview_cards = tuple(sorted({*shown, card}))
    return [{"say": card, "args": {}}, *rest]


def stay(says: list[Say], text: str, state: ConversationState, danger: str = "") -> list[Say]:
    """After a card, in place of the same card or of an answer that means nothing: somebody is here, the next small step.

    danger: the kind of emergency the rules see in `text`, or "". Another danger than the one spoken of gets its own card.
    """
    if not says:
        return says
    names = {say["say"] for say in says}
    if danger != DISTRESS and (first := at_once.answer(text, state)):
        state.card.paid = state.card.paid or first == at_once.PAID
        return [{"say": first, "args": {}}]
    if not state.card.near:
        return _stay_with_topic(says, names, text, state, danger)
    if state.card.item in _HELD_CARDS and state.signs.speaker in _THEMSELVES and (line := hands.line_for(text)):
        return [{"say": line, "args": {}}]
    empty = EMPTY - {"menu", "greet"}
    wanted = bool(names & _WANTED) or any(name.startswith("tip_") for name in names)
    short = len(text.split()) <= _SAID_SHORTLY and not is_question(text) and not wanted
    said = short or names <= EMERGENCY_ITEMS | empty | {"thank"}
    card = state.card.item
    farewell = names == {"goodbye"} and danger in _SAME  # "máy sắp tắt" takes no leave
    same = danger in _SAME | {card} and not wanted
    if card == DISTRESS and danger != DISTRESS and meant.denies(text):
        return _misread(says, names, text, state)
    if card == PICTURES and danger != DISTRESS and not is_question(text) and _fears_home(text):
        return [_money_step(card, text, state)]
    if card in _TOLD_OF and danger in {"", "missing_person"} and short and meant.last_contact(text):
        return [_step(_STEPS, state, text)]  # it answers the card, which asked for it
    hindered = (
        same or farewell or (names == {"hotline_number"} and danger in _SAME)
    )  # "bấm số +84 không được" asks for no list
    if card != DISTRESS and hindered and (kept := hindrances.step(text, state, despair=False)):
        return [{"say": kept, "args": {}}]
    if card == DISTRESS:
        said = said and danger in {"", DISTRESS}
        return _despair(says, text, state, said=said, wanted=wanted, despairs=danger == DISTRESS)
    if card == CHILD and state.signs.speaker == person.CHILD:
        return [_step(_CHILD_STEPS, state, text)] if said and danger in {"", CHILD, "emergency_in_danger"} else says
    if card != DISTRESS and not (danger or wanted) and hindrances.names_a_place(text):
        child = state.signs.speaker == person.CHILD
        return [_step(_CHILD_STEPS if child and card == CHILD else _STEPS, state, text)]
    if not danger and CHILD in names and meant.own_child(text):
        return [_step(_STEPS, state, text)]  # a grown-up's child is safe at home
    held = card == RANSOM and state.signs.speaker in (person.SELF, person.CHILD)  # no advice for who is to pay
    if card in _BY_CARD and not held and not wanted and _of_the_same(card, text, names, danger):
        return [_money_step(card, text, state)]
    if short and len(text.split()) <= _JUST_SAFE and safety.read(text) == safety.SAFE and not danger:
        return [_step(_STEPS, state, text)]  # "tui an toàn" answers us; it asks nothing about safe migration
    cannot = bool(_CANNOT.match(fold(text))) and len(text.split()) <= 12 and names <= EMERGENCY_ITEMS | EMPTY
    again = not wanted and names <= set(state.card.shown)  # nothing is said twice
    if not cannot and names != {card} and not names <= empty and not again:
        return says
    return [_step(_STEPS, state, text)]


def _stay_with_topic(says: list[Say], names: set[str], text: str, state: ConversationState, danger: str) -> list[Say]:
    """After a warning that is no alarm: who still wants to meet the stranger, who asks once more what the law does."""
    if state.offend.near and "legal_penalty" in names:
        return [_next(state.offend, _OFFEND_STEPS)]
    wanted = names & _WANTED or any(name.startswith("tip_") for name in names)
    if not state.lure.near or wanted or danger or len(text.split()) > _LONGEST:
        return says
    plain = normalise(text)
    if LURE in names or names <= EMPTY | {"thank"} or heard.LURE_TALK.search(plain):
        return [_next(state.lure, _LURE_STEPS)]
    return says


def _next(topic: Topic, steps: tuple[str, ...]) -> Say:
    done, topic.step = topic.step, topic.step + 1
    return {"say": steps[done % len(steps)], "args": {}}


def _despair(
    says: list[Say], text: str, state: ConversationState, *, said: bool, wanted: bool, despairs: bool
) -> list[Say]:
    """The next step of somebody in despair: what they said just now comes before the small questions."""
    told = heard.despair_of(text, after=True)
    if told == "no_call" and of_address(text):
        told = ""
    before = state.card.despair.replace(DEATH, "")
    if told in _BY_DESPAIR and before not in _BODILY and told != before:
        state.card.despair, state.card.step = told, 0
        return [_step(_BY_DESPAIR[told], state, text)]
    if not wanted and said and before in {"", "no_call"} and (kept := hindrances.step(text, state, despair=True)):
        return [{"say": kept, "args": {}}]
    money = next((item for item in (PICTURES, RANSOM, POLICE) if item in state.card.shown), "")
    if money and not (told or before or wanted) and _TALK[money].search(normalise(text)) and not despairs:
        return [_money_step(money, text, state)]  # what is told of who threatens them has an answer of its own
    if told in _ONCE and not before and not wanted and _ONCE[told] not in state.card.shown:
        return [{"say": _ONCE[told], "args": {}}]
    if before in _BODILY and not wanted:
        return [_step(_BY_DESPAIR[before], state, text)]
    return [_step(_BY_DESPAIR.get(before, _DISTRESS_STEPS), state, text)] if said else says


def next_of_despair(state: ConversationState, text: str) -> Say:
    """The next small step for the despair that was heard; past the last they come round again, the first help with them."""
    return _step(_BY_DESPAIR.get(state.card.despair, _DISTRESS_STEPS), state, text)


def of_address(message: str) -> bool:
    """Whether "đừng gọi em là bạn" is about how somebody wants to be addressed, not about a call."""
    return _ADDRESS.search(normalise(message)) is not None


def _fears_home(text: str) -> bool:
    """Whether few words say that those at home must not know; no list of numbers answers that."""
    return len(text.split()) <= _SAID_SHORTLY and meant.home_feared(text)


def _misread(says: list[Say], names: set[str], text: str, state: ConversationState) -> list[Say]:
    """Who says that death was not meant: back to what they told, and not another word about it."""
    state.card.despair, state.card.step = "", 0
    if names & EMERGENCY_ITEMS - {DISTRESS}:
        return says
    item = next((item for item in _BEFORE if item in state.card.shown), "")
    if not item and frames.speaks_of_pictures(read(text)):
        return [{"say": PICTURES, "args": {}}]
    state.card.item = item
    if not item:
        state.card.near = 0
        return [{"say": MISREAD, "args": {}}]
    return [_money_step(item, text, state) if item in _BY_CARD else _step(_STEPS, state, text)]


def _of_the_same(card: str, text: str, names: set[str], danger: str) -> bool:
    """Whether a message goes on about the caller or the ransom the card was about."""
    if danger == DISTRESS or len(text.split()) > _LONGEST:
        return False
    talk = heard.paid(text) or _TALK[card].search(normalise(text)) is not None
    talk = talk or (card == PICTURES and meant.home_feared(text))
    return talk or names <= {card} | (EMPTY - {"menu", "greet"})


def _money_step(card: str, text: str, state: ConversationState) -> Say:
    if card == PICTURES and meant.home_feared(text) and _HOME_FEARED not in state.card.shown:
        return {"say": _HOME_FEARED, "args": {}}
    if heard.paid(text) and not state.card.paid:
        state.card.paid = True
        return {"say": _PAID[card], "args": {}}
    return _step(_BY_CARD[card], state, text)


def fitted(says: list[Say], text: str, state: ConversationState) -> list[Say]:
    """The same answers, an alarm in the words for what was heard: pills already taken, a friend, a height, a bus to the border."""
    return [_fitted(say, text, state) for say in says] if text else says


def _fitted(say: Say, text: str, state: ConversationState) -> Say:
    name = say["say"]
    if name == DISTRESS:
        told = heard.despair_of(text)
        if told in _BY_DESPAIR:
            state.card.despair, state.card.step = told, 1
            return {"say": _BY_DESPAIR[told][0], "args": {}}
        if told == "height":
            state.card.shown = tuple(sorted({*state.card.shown, _ONCE[told]}))
            return {"say": _ONCE[told], "args": {}}
    others = state.signs.speaker not in ("", person.SELF, person.CHILD)
    if name == CHILD and state.signs.speaker != person.CHILD and (others or circumstances.tells_of_child(text)):
        return {"say": _TOLD_OF_CHILD, "args": {}}
    if name == "emergency_in_danger" and heard.on_the_way_to_a_stranger(normalise(text)):
        return {"say": "still_here_bus", "args": {}}
    if name == "emergency_in_danger" and not others and state.signs.place != person.SEA and reading.is_taken(text):
        return {"say": at_once.GO[0], "args": {}}
    if name == POLICE and heard.paid(text):
        state.card.paid = True
        return {"say": _PAID[POLICE], "args": {}}
    return say


def _step(steps: tuple[str, ...], state: ConversationState, text: str) -> Say:
    """The next of `steps`, without a question that was answered; past the last round again but for the first, with the last
    sentence: it was read."""
    if state.card.step == 0 and state.signs.placed and state.signs.place == person.SEA and steps is _STEPS:
        state.card.step = 1  # "which boat": said already; a commune that was said is named instead, see `placed`
    while state.card.step < len(steps) and _ANSWERED.get(steps[state.card.step]) in state.card.shown:
        state.card.step += 1
    done = state.card.step
    if done < len(steps):
        return {"say": steps[done], "args": {}}
    return {"say": steps[1 + (done - 1) % (len(steps) - 1)], "args": {"read": shortened(text, _READ_CHARS)}}
