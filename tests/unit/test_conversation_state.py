"""What is known of a conversation between two messages: typed, bounded, carried over, read by whom it names, and forgotten."""

from __future__ import annotations

import json
import math
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.dialogue import carried_over
from bot.dialogue import state as parts
from bot.dialogue.kept import End, about
from bot.dialogue.state import (
    VERSION,
    Card,
    Clock,
    ConversationState,
    Files,
    Offered,
    Receipt,
    Repeat,
    Sent,
    Signs,
    SignUp,
    Told,
    Topic,
    Unclean,
    View,
)  # fmt: skip

BOT = Path(bot.__file__).parent
KINDS = [one for one in vars(parts).values() if is_dataclass(one)]
FIELDS = [pytest.param(kind, one, id=f"{kind.__name__}.{one.name}") for kind in KINDS for one in fields(kind)]
PLACE = {"status": "commune", "code": "10645", "codes": ["10645"], "province": "31", "name": "Xã An Phú, Hải Phòng"}
ENGINE = {
    "v": 1, "model": "0d781f9a62af8aef", "draft": {"done": ["safe"], "what": "quán giữ giấy tờ của mấy bạn", "files": []},
    "events": [
        {"event": "user", "timestamp": 1764400000.5, "intent": "report_tip"},
        {"event": "active_loop", "timestamp": 1764400000.5, "name": "tip_form"},
        {"event": "slot", "timestamp": 1764400000.6, "name": "requested_slot", "value": "tip_where"},
    ],
}  # fmt: skip
CLAUSE = {"text": "nó bị giữ ở An Phú", "kinds": [["where", 0.8]]}
# As version 1 stored it, with every key it knew.
OLD: dict[str, Any] = {
    "language": "vi", "engine": ENGINE, "unsure": 1, "asked_about": -1, "carded": 2, "card": "emergency_other_person",
    "cry": "cứu con em với", "step": 1, "despair": "friend", "paid": True, "shown": ["emergency_other_person", "still_here"],
    "cards": ["emergency_in_danger"], "abroad": True, "mute": True, "young": True, "lure": 3, "lure_step": 1, "offend": 2,
    "offend_step": 2, "sent_at": 1764399000.25, "code": "289695123456789012341", "code_part": "289695",
    "before": [
        {"at": 1764399990.0, "text": "", "place": {}, "files": ["a" * 300], "tells": False, "asked": True},
        {"at": 1764399991.0, "text": "nó bị giữ ở An Phú", "place": PLACE, "files": [], "tells": True, "clauses": [CLAUSE]},
    ],
    "receipt_row": "in7:1", "clock": {"urgent": True, "hours": 2}, "view": {"tip": "f" * 32, "key": "a2tra2s="},
    "originals_until": 1764400900.0, "traces_told": ["file_clean"], "unclean": ["0" * 32],
    "offered": ["do:report_tip", "do:menu"], "offered_at": 1764400001.0,
    "signup": {"guided": True, "ask": "place", "topics": ["scam"], "missed": True, "place": PLACE, "picks": 1},
    "repeats": {"0123456789ab": [3, 1764399999.0], "ba9876543210": [1, 1764400000.0]}, "cried": 1764398000.0,
}  # fmt: skip
TODAY = ConversationState(
    language="vi", engine=ENGINE, unsure=1, asked_about=-1,
    card=Card(2, "emergency_other_person", "cứu con em với", 1, "friend", True, ("emergency_other_person", "still_here")),
    interview_cards=("emergency_in_danger",), signs=Signs(speaker="child", place="abroad", mute=True), lure=Topic(3, 1), offend=Topic(2, 2),
    before=(
        Told(1764399990.0, files=("a" * 300,), asked=True),
        Told(1764399991.0, "nó bị giữ ở An Phú", PLACE, tells=True, clauses=(CLAUSE,)),
    ),
    sent_at=1764399000.25, receipt=Receipt("289695123456789012341", "289695", "in7:1"), clock=Clock(True, 2),
    view=View("f" * 32, b"kkkkk"), files=Files(1764400900.0, ("file_clean",), (Unclean("0" * 32),)),
    offered=Offered(("do:report_tip", "do:menu"), 1764400001.0),
    signup=SignUp("place", True, ("scam",), True, PLACE, 1),
    repeats=(Repeat("0123456789ab", 3, 1764399999.0), Repeat("ba9876543210", 1, 1764400000.0)), cried_at=1764398000.0,
)  # fmt: skip


def stored(state: ConversationState) -> Any:
    """As it comes back from the database."""
    return json.loads(json.dumps(state.to_json(), ensure_ascii=False).encode())


# --- stored and read back -------------------------------------------------------------------------------------------

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_OBJECT = st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=12), max_size=4)
_SIMPLE: dict[Any, Any] = {
    str: st.text(max_size=12), int: st.integers(0, 20), float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(), bytes: st.binary(max_size=40),
}  # fmt: skip


def of_kind(hint: Any) -> Any:
    """Values of a field's type."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if hint is Sent:
        return st.builds(Sent, st.text(max_size=12), st.binary(min_size=32, max_size=32))
    if is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{one.name: of_kind(hints[one.name]) for one in fields(hint)})
    if origin is tuple:
        return st.lists(of_kind(inner[0]), max_size=5).map(tuple)
    if origin in {typing.Union, types.UnionType}:
        return st.none() | of_kind(inner[0])
    assert origin in {dict, Mapping}, hint
    return _OBJECT


@given(of_kind(ConversationState))
def test_what_is_stored_comes_back(state: ConversationState) -> None:
    assert ConversationState.from_json(stored(state)) == state
    assert state.copy() == state


def test_empty_values_are_not_stored() -> None:
    assert ConversationState().to_json() == {"version": VERSION}
    assert ConversationState().empty
    assert ConversationState("vi", card=Card(near=2)).to_json() == {
        "version": VERSION,
        "language": "vi",
        "card": {"near": 2},
    }


def test_a_copy_is_changed_alone() -> None:
    first = TODAY.copy()
    first.card.step, first.receipt.code = 9, ""
    assert (TODAY.card.step, TODAY.receipt.code) == (1, "289695123456789012341")


# --- of the previous version ----------------------------------------------------------------------------------------


def test_a_state_of_the_previous_version_is_carried_over_key_by_key() -> None:
    assert set(OLD) == set(carried_over.WHERE)
    assert ConversationState.from_json(OLD) == TODAY
    assert ConversationState.from_json(stored(TODAY)) == TODAY


def test_the_signs_of_the_second_version_are_carried_over() -> None:
    kept = {"version": 2, "language": "vi", "signs": {"abroad": True, "mute": True, "young": True}}
    assert ConversationState.from_json(kept) == ConversationState(
        "vi", signs=Signs(speaker="child", place="abroad", mute=True)
    )
    assert ConversationState.from_json({"version": 2, "signs": {"abroad": "yes", "young": None}}).empty
    assert ConversationState.from_json({"version": 2, "signs": 7}).empty


def test_its_mark_of_a_forgotten_draft_is_one_still() -> None:
    assert ConversationState.from_json({"engine": {"draft": {"forgotten": True}}}) == ConversationState(
        draft_forgotten=True
    )


@pytest.mark.parametrize("key", OLD)
@pytest.mark.parametrize("value", [None, object(), [], {}, "x", 1e999, -7, True, [[[]]], {"a": {"b": []}}], ids=repr)
def test_one_broken_key_of_it_costs_no_other(key: str, value: Any) -> None:
    read = ConversationState.from_json({**OLD, key: value}).to_json()
    without = ConversationState.from_json({name: kept for name, kept in OLD.items() if name != key}).to_json()
    top = carried_over.WHERE[key][0]
    assert {name: kept for name, kept in read.items() if name != top} == {
        name: kept for name, kept in without.items() if name != top
    }


# --- hostile and broken ---------------------------------------------------------------------------------------------

_KEYS = st.sampled_from(
    sorted({*carried_over.WHERE, *(one.name for kind in KINDS for one in fields(kind)), "version", "x"})
)
_HOSTILE = st.recursive(
    _JSON, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=8), max_leaves=40
)


def harmless(found: Any) -> ConversationState:
    """Reads anything, and does all that is done with a state."""
    state = ConversationState.from_json(found)
    assert ConversationState.from_json(stored(state)) == state
    assert (state.asked, state.draft, state.in_form) is not None
    assert all(isinstance(one.wire(), dict) for one in state.before)
    state.rested()
    for end in End:
        state.copy().forget(end)
    return state


@given(_HOSTILE)
def test_anything_at_all_can_be_read(found: Any) -> None:
    harmless(found)
    harmless({"version": VERSION, **found} if isinstance(found, dict) else found)


@pytest.mark.parametrize(
    "found",
    [None, 7, "state", [], [["version", 2]], {"version": None}, {"version": "ba", "card": 5}, {"version": 99, "later": {}},
     {"engine": {"events": 5, "draft": [1]}}, {"engine": {"events": [7, None, {"event": "slot"}]}}, {"language": "\ud800"},
     {"version": 2, "engine": {"draft": {"what": "\udfff"}}}, {"sent_at": math.nan, "cried": 10**400, "step": 10**400},
     {"view": {"tip": "x", "key": "không phải base64"}}, {"view": {"tip": "x"}}, {"before": [{"text": "no time"}, 5, None]}],
    ids=repr,
)  # fmt: skip
def test_hostile_states_lose_only_themselves(found: Any) -> None:
    assert harmless(found) in (ConversationState(), ConversationState("?"), ConversationState(engine=found["engine"])
                               if isinstance(found, dict) and "engine" in found else ConversationState())  # fmt: skip


def test_a_broken_part_leaves_the_rest_of_it() -> None:
    state = harmless(
        {"version": 2, "language": "vi", "card": {"near": "two", "cry": "cứu"}, "before": [{"at": 1.0}, {}]}
    )
    assert state == ConversationState("vi", card=Card(cry="cứu"), before=(Told(1.0),))


def test_huge_lists_and_texts_are_cut() -> None:
    told = {"at": 1.0, "text": "a" * 10**6, "files": ["f"] * 10**5}
    many = {"version": 2, "before": [told] * 10**4, "repeats": [{"digest": "d"}] * 10**5, "language": "v" * 10**6,
            "offered": {"choices": ["do:menu"] * 10**5}, "card": {"shown": ["x"] * 10**5, "cry": "c" * 10**6}}  # fmt: skip
    state = harmless(many)
    assert len(json.dumps(state.to_json())) < 150_000
    assert state.language == ""


# --- read by whom, forgotten when -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "one"), FIELDS)
def test_every_field_says_what_it_is_who_reads_it_and_what_ends_it(kind: type, one: Any) -> None:
    said = about(one)
    assert said.what.endswith(".")
    assert said.readers
    assert (End.REST in said.ends) is (one.name != "draft_forgotten")
    for reader in said.readers:
        source = (BOT / f"{reader.replace('.', '/')}.py").read_text(encoding="utf-8")
        assert re.search(rf"\b{one.name}\b", source), reader


def test_nobody_else_reads_a_field() -> None:
    """Every `state.field` and `state.part.field` of the product stands in a module that the field names."""
    top = {one.name: one for one in fields(ConversationState)}
    hints = typing.get_type_hints(ConversationState)
    inner = {name: {f.name: f for f in fields(hint)} for name, hint in hints.items() if is_dataclass(hint)}
    read, strangers = set(), []
    for room in ("dialogue", "gateway", "services", "jobs", "console", "commands"):
        for path in sorted((BOT / room).rglob("*.py")):
            module = ".".join(path.relative_to(BOT).with_suffix("").parts)
            for name, part in re.findall(r"\bstate\.([a-z_]+)\b(?:\.([a-z_]+)\b)?", path.read_text(encoding="utf-8")):
                one = inner.get(name, {}).get(part) or top.get(name)
                if one is not None:
                    read.add(name)
                    strangers += [(module, name, part)] if module not in about(one).readers else []
    assert sorted(set(strangers)) == []
    assert {"card", "receipt", "view", "before", "engine"} <= read


def test_an_hour_of_rest_leaves_a_mark_at_most() -> None:
    assert TODAY.rested() == ConversationState(draft_forgotten=True)
    assert TODAY.rested().rested() == TODAY.rested()
    assert ConversationState("vi", card=Card(2), engine={"events": []}).rested().empty


def test_what_ends_is_gone_and_nothing_else() -> None:
    state = TODAY.copy()
    state.forget(End.TIP)
    assert (state.before, state.card.cry, state.card.item) == ((), "", "emergency_other_person")
    state.forget(End.RECEIPT)
    assert (state.receipt, state.clock) == (Receipt(), Clock(True, 2))
    state.forget(End.CARD)
    assert (state.card, state.signs, state.interview_cards) == (
        Card(),
        Signs(speaker="child", place="abroad", mute=True),
        ("emergency_in_danger",),
    )
    state.forget(End.INTERVIEW)
    assert (state.interview_cards, state.engine) == ((), ENGINE)
