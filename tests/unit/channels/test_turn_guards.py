"""Loops are told off once; a lone number picks what was offered."""

from __future__ import annotations

from dataclasses import replace

from bot.core.messages import Channel, InboundKind, InboundMessage
from bot.dialogue.heard import TurnInput
from bot.dialogue.loop_guard import Verdict, look
from bot.dialogue.numbered import picked
from bot.dialogue.state import ConversationState, Offered


def message(text: str = "", choice: str = "", kind: InboundKind = InboundKind.TEXT) -> InboundMessage:
    return InboundMessage(channel=Channel.ZALO_BOT, sender="p", message_id="m", kind=kind, text=text, choice=choice)


def said(text: str = "", *pieces: str, kind: InboundKind = InboundKind.TEXT) -> TurnInput:
    return TurnInput(
        1, "c", Channel.ZALO_BOT, message(text, kind=kind), ConversationState(), 0, False, 0, False, pieces=pieces
    )


def turn(text: str, offered: list[str], kind: InboundKind = InboundKind.TEXT) -> TurnInput:
    state = ConversationState(offered=Offered(tuple(offered)))
    return TurnInput(1, "c", Channel.ZALO_BOT, message(text, kind=kind), state, 0, False, 0, False)


def test_the_twenty_first_time_is_told_off_and_then_there_is_silence():
    state, verdicts = ConversationState(), []
    for n in range(25):
        guarded = look(state, said("Chào  ".strip()), 1000.0 + n)
        state, verdicts = guarded.state, [*verdicts, guarded.verdict]
    assert verdicts == [Verdict.ANSWER] * 20 + [Verdict.SLOW_DOWN] + [Verdict.SILENCE] * 4
    assert "chào" not in str(state)


def test_after_five_minutes_everything_is_new():
    state = ConversationState()
    for n in range(30):
        state = look(state, said("chào"), 1000.0 + n).state
    assert look(state, said("chào"), 1000.0 + 300).verdict is Verdict.ANSWER


def test_two_machines_with_two_lines_are_caught_too():
    state, verdicts = ConversationState(), []
    for n in range(60):
        guarded = look(state, said(f"câu {n % 2}"), 1000.0 + n)
        state, verdicts = guarded.state, [*verdicts, guarded.verdict]
    assert verdicts.count(Verdict.SLOW_DOWN) == 2
    assert verdicts.count(Verdict.ANSWER) == 40


def test_what_is_taken_together_is_counted_one_by_one():
    state, verdicts = ConversationState(), []
    for n in range(25):
        guarded = look(state, said("a\nb", "a", "b"), 1000.0 + n)
        state, verdicts = guarded.state, [*verdicts, guarded.verdict]
    assert verdicts == [Verdict.ANSWER] * 20 + [Verdict.SLOW_DOWN] + [Verdict.SILENCE] * 4
    assert look(state, said("a\nmới", "a", "mới"), 1030.0).verdict is Verdict.ANSWER


def test_other_words_and_pictures_are_not_counted():
    state = ConversationState()
    for n in range(50):
        guarded = look(state, said(f"câu {n}"), 1000.0)
        state = guarded.state
        assert guarded.verdict is Verdict.ANSWER
        assert look(state, said(kind=InboundKind.ATTACHMENT), 1000.0).verdict is Verdict.ANSWER
    assert len(state.repeats) <= 6


def test_a_number_picks_a_choice():
    for text in ("2", " 2 ", "2.", "2)"):
        found = picked(turn(text, ["ans:yes", "ans:no"]), numbers=True).message
        assert (found.kind, found.choice, found.text) == (InboundKind.CHOICE, "ans:no", "")


def test_a_number_sent_before_the_choices_were_offered_picks_none_of_them():
    """Two quick answers, or one that waited while no engine was there: the second must not send an unread tip."""
    early = turn("1", ["do:submit"])
    early.state.offered.at = 1000.0
    for received, choice in ((999.0, "ans:passed"), (1000.0, "do:submit"), (1003.0, "do:submit")):
        assert picked(replace(early, received_at=received), numbers=True).message.choice == choice


def test_numbers_that_pick_nothing():
    for text, offered in (
        ("3", ["a:b", "a:c"]),
        ("0", ["a:b"]),
        ("2 người", ["a:b", "a:c"]),
        ("113", ["a:b"]),
        ("1", []),
    ):
        assert picked(turn(text, offered), numbers=True).message.text == text
    assert picked(turn("1", ["a:b"]), numbers=False).message.text == "1"
