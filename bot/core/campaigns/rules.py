"""What must hold before a campaign may go to anybody, as codes of what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.campaigns.params import Params, digest
from bot.core.campaigns.schedule import start_problem
from bot.core.text import fold

# Answers for somebody who reported or was harmed. Sent to many, they would make a bystander think so of the receiver.
FOR_ONE_PERSON = frozenset({
    "anonymity_confidentiality", "erase_traces", "reporter_rights", "victim_support_rights", "what_happens_after_report",
})  # fmt: skip
PREVIEW_CHARS = 70  # what a locked phone shows of a message
# Words that, seen over somebody's shoulder, would tell that the receiver reported something or was harmed.
_TELLING = re.compile(
    r"\b(?:tin bao|ban da bao|nguoi bao|ma tra cuu|nan nhan|bi hai|to giac|mua ban nguoi|buon nguoi|victim|traffick\w*|"
    r"your report|receipt code|tip)\b"
)
_PERSONAL = re.compile(
    r"\b(?:tin bao cua ban|ban da bao tin|ban la nan nhan|ma tra cuu cua ban|your report|you are a victim)\b"
)


@dataclass(frozen=True)
class Facts:
    """What the rules look at. people: size of the audience now. channels_on: channels with people that can be sent on.

    channels_off: channels of the audience that cannot. content: '' or why the words cannot be used.
    """

    now: float
    people: int
    channels_off: tuple[str, ...]
    content: str


def problems(params: Params, facts: Facts) -> list[str]:
    """Why a campaign cannot be submitted, approved or started; empty when it can."""
    found = []
    if late := start_problem(params.start_at, facts.now, quiet=params.quiet):
        found.append(late)
    if facts.content:
        found.append(facts.content)
    if facts.people == 0:
        found.append("nobody")
    if facts.channels_off and not params.dry_run:
        found.append("channel_off")
    return found


def approval_problem(
    state: str, authors: frozenset[str], approver: str, approved: str, params: str, frozen: str
) -> str:
    """Why `approver` may not agree: 'not_submitted', 'own_campaign', 'changed', or ''.

    authors: who wrote or submitted it. approved: the digest the approver was shown.
    """
    if state != "submitted":
        return "not_submitted"
    if approver in authors:
        return "own_campaign"
    return "" if approved == digest(params, frozen) else "changed"


def start_refusal(params: Params, raw: str, frozen: str, approved_digest: str, approved_by: str) -> str:
    """Why an approved campaign may not send after all: 'not_approved', 'changed', or ''. A dry run needs no approval."""
    if params.dry_run:
        return ""
    if not approved_by or not approved_digest:
        return "not_approved"
    return "" if approved_digest == digest(raw, frozen) else "changed"


def reveals(text: str) -> str:
    """'preview' when the words a locked phone shows are telling, 'personal' when any sentence is, or ''."""
    folded = fold(text)
    if _TELLING.search(fold(text[:PREVIEW_CHARS])):
        return "preview"
    return "personal" if _PERSONAL.search(folded) else ""
