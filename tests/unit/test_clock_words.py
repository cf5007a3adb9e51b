"""What a reporter is promised about officers being told is what this installation can do."""

from __future__ import annotations

import pytest

from bot.content.phrasebooks import load_phrasebooks
from bot.dialogue.state import Clock, ConversationState
from bot.gateway.closing import completed
from bot.settings import ROOT


class _Renderer:
    """The phrase books, without the parts of a renderer that need a store."""

    def __init__(self) -> None:
        self._books = load_phrasebooks(ROOT / "content" / "dialogue")

    def book(self, language):
        return self._books[language]

    def line(self, book, name, args):
        return book.lines[name]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("urgent", [True, False])
def test_nobody_is_said_to_be_told_where_no_notice_can_be_sent(language, urgent):
    state = ConversationState(clock=Clock(urgent=urgent, hours=24))
    say = {"say": "receipt_saved", "args": {}}
    with_notices, without = (
        completed(say, state, _Renderer(), language, told)["args"]["next"] for told in (True, False)
    )
    assert with_notices != without
    for promise in ("được báo", "mình báo", "is told", "I tell"):
        assert promise not in without
