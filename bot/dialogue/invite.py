"""One button that offers the newsletter, under an answer that has room for it.

It is offered once in a conversation, to somebody who asked twice about a trick or about going to work far away. It never
stands beside a tip, a self-check or an emergency, nor later in such a conversation: whoever is in trouble is not asked to
subscribe to anything.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.messages import MAX_CHOICES, Channel, Choice, OutboundMessage
from bot.dialogue.emergency.after_card import EMERGENCY_ITEMS, STAYING
from bot.dialogue.heard import TurnInput
from bot.dialogue.says import Book
from bot.dialogue.state import ConversationState

# Answers of somebody who looks around, not of somebody who was harmed.
TOPICS = frozenset({
    "light_work_high_pay", "job_abroad_check", "safe_migration", "online_collaborator_scam", "scam_center_cambodia_myanmar",
    "marriage_broker", "study_abroad_or_seasonal_work", "signs_of_trafficking", "digital_safety", "kidnap_online_scam",
    "signs_for_teachers", "signs_for_hotels", "signs_for_neighbours", "signs_for_health_workers", "30_7_day",
    "trafficking_inside_vietnam",
})  # fmt: skip
_QUIET = EMERGENCY_ITEMS | STAYING | {"emergency_line", "ask_human", "victim_support_rights", "returnee_support"}
_QUIET_STARTS = ("tip_", "status_", "receipt_", "screening_", "offer_high", "unsubscribe", "sub_")
ENOUGH = 2  # answers about a topic before the button is shown
JOIN = "do:subscribe"


def remember(state: ConversationState, names: set[str]) -> None:
    """What this turn said, as far as it matters for the button: -1 once it must not be shown any more."""
    seen = state.asked_about
    if names & _QUIET or any(name.startswith(_QUIET_STARTS) for name in names):
        seen = -1
    state.asked_about = seen + len(names & TOPICS) if seen >= 0 else seen


def add(replies: list[OutboundMessage], turn: TurnInput, state: ConversationState, book: Book) -> list[OutboundMessage]:
    """`replies`, the last with the button when this is the moment for it."""
    if turn.channel is Channel.WEB or turn.subscriber or not replies or state.asked_about < ENOUGH:
        return replies
    last = replies[-1]
    troubled = state.in_form or state.card.near or state.view or state.clock or state.receipt.code
    if troubled or last.meta.get("item") not in TOPICS or len(last.choices) >= MAX_CHOICES:
        return replies
    if any(choice.id == JOIN for reply in replies for choice in reply.choices):
        return replies
    state.asked_about = -1
    return [*replies[:-1], replace(last, choices=(*last.choices, Choice(JOIN, book.intents["subscribe"])))]
